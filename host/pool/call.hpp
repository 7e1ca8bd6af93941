// SPDX-License-Identifier: Apache-2.0
// A call on its way through the host: what was asked, where it is, and what came of it.
#pragma once

#include "base/clock.hpp"
#include "channel/channel.hpp"
#include "wire/call_error.hpp"
#include "wire/records.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace poolhost::pool {

/// A task of one pool; see Pool::resolve().
enum class TaskId : std::uint32_t {};
/// Unique in its pool for the host's life.
enum class CallId : std::uint64_t {};
/// Whoever submits; calls of different clients take turns.
enum class ClientId : std::uint32_t {};

/// Bytes that several calls may share, such as the lines of one read. `owner` keeps them alive.
struct Slice {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;
};

/// The arguments of a call. Either `slice` holds them, or they lie at `place` in one of `buffers`.
struct Arguments {
    wire::Encoding encoding = wire::Encoding::messagepack;
    Slice slice;
    std::optional<wire::BufferPlace> place;
    std::vector<channel::BufferRef> buffers;  // that `place`, or references within the arguments, name
};

/// What a caller asks for.
struct CallRequest {
    TaskId task{};
    Arguments arguments;
    wire::ResultEncoding result_encoding = wire::ResultEncoding::json;
    base::Duration timeout{0};  // running time of an attempt; 0: the task's or the pool's own. The shorter one holds
    base::TimePoint deadline = base::TimePoint::max();
    ClientId client{};
};

/// Keeps a worker's buffer from being written again, as long as it lives. Its contents were the worker's to write until
/// then: copy before you look at anything twice.
class BufferLease {
public:
    BufferLease(std::shared_ptr<const channel::PeerBuffer> buffer, std::shared_ptr<channel::PendingIds> released)
        : buffer_(std::move(buffer)), released_(std::move(released)) {}
    BufferLease(BufferLease&&) = default;
    BufferLease& operator=(BufferLease&&) = delete;
    ~BufferLease() {
        if (buffer_) released_->ids.push_back(buffer_->id);
    }

    [[nodiscard]] std::uint64_t id() const { return buffer_->id; }
    [[nodiscard]] int fd() const { return buffer_->fd.get(); }
    [[nodiscard]] std::span<const std::byte> bytes() const { return buffer_->mapping.bytes(); }

private:
    std::shared_ptr<const channel::PeerBuffer> buffer_;
    std::shared_ptr<channel::PendingIds> released_;
};

/// Which worker ran a call.
struct RunBy {
    pid_t pid = 0;
    std::int32_t index = 0;
    friend bool operator==(const RunBy&, const RunBy&) = default;
};

/// What came of a call. Valid while the sink is being told; whoever needs more copies, or moves `leases` away.
struct Outcome {
    CallId id{};
    std::uint64_t tag = 0;
    std::string_view task;  // plugin.task
    std::string_view pool;
    const wire::CallError* error = nullptr;  // null: `value` is the result
    std::span<const std::byte> value;        // as the request's result_encoding says
    std::vector<BufferLease> leases;         // that the value lies in, or refers to
    std::optional<RunBy> worker;             // absent where it never reached one
    std::string_view plugin_build;
    std::uint16_t attempt = 1;
    base::Duration queued{0};
    base::Duration run{0};
    std::optional<base::Duration> cpu;          // where it ran for 1 ms or more
    std::optional<std::int64_t> memory_growth;  // bytes; likewise
};

/// Where outcomes go. Called on the host's thread, exactly once a call, possibly before submit() returns.
class OutcomeSink {
public:
    OutcomeSink() = default;
    OutcomeSink(const OutcomeSink&) = delete;
    OutcomeSink& operator=(const OutcomeSink&) = delete;
    virtual ~OutcomeSink() = default;

    virtual void on_outcome(Outcome outcome) = 0;
    /// A partial result, before the outcome.
    virtual void on_emitted(std::uint64_t tag, std::span<const std::byte> value);
};

enum class CallState : std::uint8_t {
    unused,
    queued,
    delivered,
    ended,  // without an outcome yet: it is being found out why
};

/// Why a call that is with a worker shall end.
enum class EndReason : std::uint8_t { none, cancelled, timed_out };

class Worker;

/// What happens to a call at a certain time.
struct Limit {
    CallId call;
    enum class Kind { deadline, grace } kind;
};
using Limits = std::multimap<base::TimePoint, Limit>;

/// The pool's own record of a call, from submit() to its outcome. Lives in the CallTable.
struct Call {
    CallRequest request;
    OutcomeSink* sink = nullptr;
    std::uint64_t tag = 0;
    base::TimePoint submitted;
    base::TimePoint delivered;
    base::Duration limit{0};   // running time allowed to an attempt; 0: unlimited
    Worker* worker = nullptr;  // that it was delivered to
    Call* next = nullptr;      // in its queue
    std::uint32_t index = 0;
    std::uint32_t generation = 0;
    std::uint16_t attempt = 1;  // deaths of its workers are what begins a new one
    CallState state = CallState::unused;
    EndReason end = EndReason::none;
    bool logged_as_slow = false;
    std::optional<Limits::iterator> deadline_entry;  // goes with the call, so that there are never more than calls

    [[nodiscard]] CallId id() const { return CallId{std::uint64_t{generation} << 32 | index}; }
};

}  // namespace poolhost::pool
