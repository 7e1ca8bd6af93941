// SPDX-License-Identifier: Apache-2.0
// A host of one call: runs a task through the C interface and keeps everything that it says.
#pragma once

#include "poolhost/plugin.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace poolhost::test {

using nlohmann::json;
using Octets = std::vector<std::uint8_t>;

struct Failure {
    std::string type;
    std::string message;
    std::int64_t code;
    bool retryable;
};

struct BadArgument {
    unsigned argument;
    std::string name;
    std::string expected;
    std::string got;
    std::string message;
};

/// What a call came to.
struct Outcome {
    std::int32_t status = -1;
    std::optional<Octets> reply;
    std::optional<Failure> failure;
    std::optional<BadArgument> bad_argument;
    std::vector<Octets> emitted;
    std::vector<std::pair<double, std::string>> progress;
    std::vector<std::pair<int, std::string>> log;
    std::optional<std::string> retired;

    /// The result, null where the task replied nothing.
    [[nodiscard]] json value() const { return reply ? json::from_msgpack(*reply) : json(); }
    /// "" where the arguments were fine.
    [[nodiscard]] std::string fault() const { return bad_argument ? bad_argument->message : ""; }
};

/// Memory as the host would share it: 64-byte aligned.
class SharedMemory {
public:
    explicit SharedMemory(std::size_t size) : blocks_(size / 64 + 1), size_(size) {}
    [[nodiscard]] std::byte* data() { return reinterpret_cast<std::byte*>(blocks_.data()); }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    struct alignas(64) Block {
        std::byte bytes[64];
    };
    std::vector<Block> blocks_;
    std::size_t size_;
};

class FakeCall {
public:
    FakeCall();
    FakeCall(const FakeCall&) = delete;
    FakeCall& operator=(const FakeCall&) = delete;

    /// A buffer that arguments can name.
    SharedMemory& add_buffer(std::uint64_t id, std::size_t size) {
        return buffers_.try_emplace(id, size).first->second;
    }
    /// What the task has allocated, or was given.
    SharedMemory& buffer(std::uint64_t id) { return buffers_.at(id); }

    Outcome run(poolhost_task_function_v1 function, const Octets& arguments);

    poolhost_call_v1 call{};
    poolhost_host_v1 host{};
    bool cancelled = false;
    bool out_of_memory = false;

private:
    static FakeCall& self(const poolhost_call_v1* of) { return *static_cast<FakeCall*>(of->state); }

    Outcome outcome_;
    std::map<std::uint64_t, SharedMemory> buffers_;
    std::uint64_t next_buffer_ = 1000;
};

/// The task of this program's plugin.
const poolhost_task_v1& task_named(std::string_view name);

/// Runs a task of this program's plugin; a JSON array gives arguments by position, an object by name.
Outcome run(std::string_view task, const json& arguments);
Outcome run_raw(std::string_view task, const Octets& arguments);

/// The extension types, made by hand and not with the SDK.
json typed_array(std::uint8_t element, const std::vector<std::uint64_t>& shape, std::span<const std::byte> elements);
json buffer_reference(std::uint8_t what, std::uint8_t element, const std::vector<std::uint64_t>& shape,
                      std::uint64_t id, std::uint64_t offset, std::uint64_t size);

template <class T>
json typed_array(std::uint8_t element, const std::vector<T>& elements) {
    return typed_array(element, {elements.size()}, std::as_bytes(std::span(elements)));
}

}  // namespace poolhost::test
