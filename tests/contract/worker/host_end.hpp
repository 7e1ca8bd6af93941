// SPDX-License-Identifier: Apache-2.0
// A host reduced to the end of one channel, so that tests can hold a worker to what it owes any host.
#pragma once

#include "base/clock.hpp"
#include "channel/batch_word.hpp"
#include "channel/channel.hpp"
#include "wire/description.hpp"
#include "wire/records.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sys/types.h>

namespace poolhost::test {

enum class Birth { spawn, fork };

/// A result, with what it refers to copied out.
struct Result {
    wire::ResultHead head{};
    std::string value;  // also where it came in a buffer
    std::optional<wire::CallError> error;
    std::vector<std::uint64_t> buffers;

    [[nodiscard]] bool in_buffer() const { return (head.flags & wire::result_in_buffer) != 0; }
};

struct Emitted {
    wire::EmittedHead head{};
    std::string value;
};

/// What a worker said, in order.
using Said =
    std::variant<wire::Ready, wire::StartFailed, Result, Emitted, wire::LogLine, wire::Retiring, wire::ForgetBuffers>;

struct Item {
    std::string bytes;
    wire::Encoding encoding = wire::Encoding::json;
    bool in_buffer = false;
    std::int64_t timeout_ns = 0;
};

/// The path of a test plugin, or of one of this tree.
std::string test_plugin(const std::string& name);
std::string own_plugin(const std::string& name);
/// The plugins of this folder.
std::string demanding();
std::string late_logger();
wire::WorkerDescription describe(std::vector<std::string> plugin_files);

class HostEnd {
public:
    /// Starts a worker: the program, or a fork of this process that runs `live` (by default run_worker, on an empty
    /// template).
    HostEnd(Birth birth, const wire::WorkerDescription& description, std::function<int(base::UniqueFd)> live = nullptr);
    /// Kills and reaps it where the test has not.
    ~HostEnd();
    HostEnd(const HostEnd&) = delete;
    HostEnd& operator=(const HostEnd&) = delete;

    channel::Channel& channel() { return *channel_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

    /// The next thing that it says; nothing once it has ended, or after half a minute.
    std::optional<Said> hear();
    /// The next of one sort; what comes before it is kept for heard().
    template <class T>
    std::optional<T> hear_a() {
        while (auto said = hear()) {
            if (auto* const wanted = std::get_if<T>(&*said)) return std::move(*wanted);
            others_.push_back(std::move(*said));
        }
        return std::nullopt;
    }
    /// What was logged before that which hear_a() waited for.
    [[nodiscard]] std::vector<std::string> log_lines() const;
    /// Its first words have to be Ready.
    wire::Ready expect_ready();
    /// Its first words have to be StartFailed; its cause.
    std::string expect_start_failure();

    /// Hands over a batch without waiting for anything. Returns its sequence.
    std::uint32_t submit(const std::string& task, const std::vector<Item>& items,
                         wire::ResultEncoding encoding = wire::ResultEncoding::json);
    /// Writes a batch and rings no doorbell.
    std::uint32_t write_batch(const std::string& task, const std::vector<Item>& items, wire::ResultEncoding encoding);
    void ring();
    Result call(const std::string& task, Item item, wire::ResultEncoding encoding = wire::ResultEncoding::json);
    /// Arguments and result as JSON; an error as "kind: message".
    std::string json(const std::string& task, const std::string& arguments);

    void send(wire::RecordKind kind, const std::vector<std::byte>& encoded);
    channel::Word64& batch_word(std::uint32_t sequence) {
        return channel_->worker_control().batches[sequence % channel::batch_words];
    }
    /// Puts bytes into a buffer of this side and makes it known; the item that names them.
    Item in_buffer(std::string_view bytes, wire::Encoding encoding);
    std::uint64_t share(std::string_view bytes);

    void close() { channel_.reset(); }
    /// Tells it to stop and waits for its end: its exit code, or minus its signal.
    int stop();
    int reap();

private:
    std::uint32_t define(const std::string& task);
    std::optional<Said> read();
    std::string value_of(const wire::ResultView& view);
    std::string text_at(std::span<const std::byte> place);

    pid_t pid_ = -1;
    std::optional<int> status_;
    std::optional<channel::Channel> channel_;
    channel::BufferPool pool_{base::Seal::size_and_writers, 1 << 30};
    std::vector<channel::BufferRef> shared_;
    std::map<std::string, std::uint32_t> tasks_;
    std::uint32_t next_sequence_ = 1;
    std::vector<Said> others_;
};

/// MessagePack of a JSON text, made by an independent codec.
std::string messagepack(const std::string& json);

}  // namespace poolhost::test
