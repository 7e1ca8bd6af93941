// SPDX-License-Identifier: Apache-2.0
// A running task or hook as the plugin sees it: the C interface of poolhost_call_v1 over an object.
//
// This class by itself serves hooks, for which reply, emit and allocate do nothing; what serves tasks overrides it.
// Nothing is thrown into a plugin: a service that runs out of memory makes the call fail.
#pragma once

#include "wire/call_error.hpp"

#include <poolhost/plugin.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace poolhost::worker {

struct CallRequest {
    std::span<const std::byte> arguments;  // MessagePack; valid until the task returns
    std::uint32_t attempt = 1;
    std::int64_t deadline_ns = 0;  // CLOCK_MONOTONIC; 0: never
};

class Call {
public:
    /// `host` outlives the call.
    explicit Call(const poolhost_host_v1& host);
    virtual ~Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// Runs a task or hook to its end. Nothing where it succeeded.
    std::optional<wire::CallError> run(poolhost_task_function_v1 function, const CallRequest& request);

protected:
    virtual void reply(std::span<const std::byte>) {}
    virtual poolhost_buffer_v1 buffer(std::uint64_t) { return {nullptr, 0, 0}; }
    virtual poolhost_buffer_v1 allocate(std::uint64_t) { return {nullptr, 0, 0}; }
    virtual void emit(std::span<const std::byte>) {}
    virtual void retire(std::string_view) {}
    // On any thread of the plugin's.
    virtual void progress(double, std::string_view) {}
    virtual bool cancelled() { return false; }

    /// The call fails, whatever the task returns. The first reason holds.
    void fail(wire::CallError error);

private:
    struct Services;

    poolhost_call_v1 interface_{};
    std::optional<wire::CallError> reported_;  // what the task says in case it returns POOLHOST_FAILED
    std::optional<wire::CallError> refused_;   // what was wrong with what it did
};

/// For people: "std::runtime_error: no such file"; the message alone where it says all.
std::string in_words(const wire::CallError& error);

}  // namespace poolhost::worker
