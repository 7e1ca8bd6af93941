// SPDX-License-Identifier: Apache-2.0
// The closed vocabulary that host and worker speak through their rings, and its layout in memory.
//
// Batch and Result are the two that travel once a call: fixed heads, then bytes in place. The others are rare and go
// through the encoder. docs/wire.md describes all of them.
#pragma once

#include "wire/call_error.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace poolhost::wire {

/// How the bytes of a call's arguments are to be understood.
enum class Encoding : std::uint8_t {
    messagepack,  // an array of arguments, or a map of them by name
    json,         // the same as JSON
    json_item,    // one JSON value: the only argument
    text_item,    // text: the only argument, a string
};
constexpr Encoding last_of(Encoding) { return Encoding::text_item; }

/// How the caller wants its result.
enum class ResultEncoding : std::uint8_t { messagepack, json };

enum class RecordKind : std::uint32_t {
    padding = 0,
    // host → worker
    define_task = 1,
    batch = 2,
    release_buffers = 3,
    forget_buffers = 4,
    stop = 5,
    // worker → host
    ready = 16,
    start_failed = 17,
    result = 18,
    emitted = 19,
    log_line = 20,
    retiring = 21,
};

/// Bytes of a shared buffer.
struct BufferPlace {
    std::uint64_t id = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    static void fields(auto& self, auto&& visit) { visit(self.id, self.offset, self.size); }
};

// ---- host → worker

/// From now on `id` stands for the task of that name.
struct DefineTask {
    std::uint32_t id = 0;
    std::string name;
    static void fields(auto& self, auto&& visit) { visit(self.id, self.name); }
};

/// The host has read the results in these buffers of the worker: they may be written again.
struct ReleaseBuffers {
    std::vector<std::uint64_t> ids;
    static void fields(auto& self, auto&& visit) { visit(self.ids); }
};

/// The sender has given these buffers of its own up: unmap them.
struct ForgetBuffers {
    std::vector<std::uint64_t> ids;
    static void fields(auto& self, auto&& visit) { visit(self.ids); }
};

/// Run on_stop and end.
struct Stop {
    static void fields(auto&, auto&&) {}
};

/// Head of a batch of calls of one task; `count` items follow, each an ItemHead and its bytes, padded to eight.
struct BatchHead {
    std::uint32_t sequence;  // its batch word is number sequence % batch_words
    std::uint32_t task;      // as defined before
    std::uint16_t count;     // 1 to max_batch_items
    ResultEncoding result_encoding;
    std::uint8_t reserved;
    std::uint32_t reserved2;
};

struct ItemHead {
    std::uint32_t size;  // of what follows, without padding
    Encoding encoding;
    std::uint8_t in_buffer;    // 1: the bytes are a BufferPlace, and the arguments lie there
    std::uint16_t attempt;     // 1 for the first
    std::int64_t timeout_ns;   // running time; 0: none
    std::int64_t deadline_ns;  // CLOCK_MONOTONIC; 0: none
};

// ---- worker → host

struct LoadedTask {
    std::string name;  // plugin.task
    std::string build_id;
    bool idempotent = false;
    std::int64_t timeout_ns = 0;
    static void fields(auto& self, auto&& visit) { visit(self.name, self.build_id, self.idempotent, self.timeout_ns); }
};

/// The worker has loaded everything and takes calls. Of several such records, since one holds only so many tasks, the
/// last one says so.
struct Ready {
    std::vector<LoadedTask> tasks;
    bool more_follow = false;
    static void fields(auto& self, auto&& visit) { visit(self.tasks, self.more_follow); }
};

/// The worker could not start, for this reason, and ends.
struct StartFailed {
    std::string cause;
    static void fields(auto& self, auto&& visit) { visit(self.cause); }
};

/// A line that a plugin logged; `level` is POOLHOST_LOG_….
struct LogLine {
    std::int32_t level = 0;
    std::string text;
    static void fields(auto& self, auto&& visit) { visit(self.level, self.text); }
};

/// The worker asks to be replaced after the outcome of its running call.
struct Retiring {
    std::string reason;
    static void fields(auto& self, auto&& visit) { visit(self.reason); }
};

enum class ResultStatus : std::uint8_t { value, error };

inline constexpr std::uint8_t result_in_buffer = 1;  // the bytes are a BufferPlace, and the value lies there
inline constexpr std::uint8_t result_measured = 2;   // cpu_ns and memory_growth were measured

/// Buffers that one result may name: the value's own, and those that it refers to.
inline constexpr std::size_t most_result_buffers = 2049;

/// Head of a result; then `buffer_count` ids of the worker's buffers that the value refers to (its own included), then
/// the value, or an encoded CallError.
struct ResultHead {
    std::uint32_t sequence = 0;
    std::uint16_t item = 0;
    ResultStatus status = ResultStatus::value;
    std::uint8_t flags = 0;
    std::uint32_t buffer_count = 0;
    std::uint32_t size = 0;  // of the value or error, without padding
    std::int64_t run_ns = 0;
    std::int64_t cpu_ns = 0;
    std::int64_t memory_growth = 0;  // bytes
};

/// Head of a partial result; the value follows, or a BufferPlace. Its buffer is the worker's again as soon as the host
/// has consumed the record.
struct EmittedHead {
    std::uint32_t sequence = 0;
    std::uint16_t item = 0;
    std::uint8_t flags = 0;  // result_in_buffer or 0
    std::uint8_t reserved = 0;
    std::uint32_t size = 0;  // of the value or place, without padding
    std::uint32_t reserved2 = 0;
};

inline constexpr std::size_t max_batch_items = 1024;

/// A Result as it lies in the ring; valid until the record is popped.
struct ResultView {
    ResultHead head;
    std::vector<std::uint64_t> buffers;
    std::span<const std::byte> bytes;
};
struct EmittedView {
    EmittedHead head;
    std::span<const std::byte> bytes;
};

/// Everything that a worker may say.
using WorkerMessage = std::variant<Ready, StartFailed, ResultView, EmittedView, LogLine, Retiring, ForgetBuffers>;
/// Nothing where the record is not one that a worker of this build writes.
std::optional<WorkerMessage> read_worker_message(RecordKind kind, std::span<const std::byte> payload);

struct ItemView {
    ItemHead head;
    std::span<const std::byte> bytes;
};
struct BatchView {
    BatchHead head;
    std::vector<ItemView> items;
};

/// Everything that a host may say.
using HostMessage = std::variant<DefineTask, BatchView, ReleaseBuffers, ForgetBuffers, Stop>;
std::optional<HostMessage> read_host_message(RecordKind kind, std::span<const std::byte> payload);

/// Rounded up to the eight bytes that everything in a ring is aligned to.
constexpr std::size_t padded(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

}  // namespace poolhost::wire
