// SPDX-License-Identifier: Apache-2.0
// Why a call failed: the closed set of error kinds, and what each of them carries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace poolhost::wire {

/// The function threw.
struct TaskError {
    std::string type;
    std::int64_t code = 0;
    bool retryable = false;
    static void fields(auto& self, auto&& visit) { visit(self.type, self.code, self.retryable); }
};

/// Count, type or range; found before the function was called.
struct BadArguments {
    std::uint32_t argument = 0;  // from 1; 0: none in particular
    std::string name;
    std::string expected;
    std::string got;
    static void fields(auto& self, auto&& visit) { visit(self.argument, self.name, self.expected, self.got); }
};

struct UnknownTask {
    std::optional<std::string> nearest;
    std::vector<std::string> loaded;
    std::vector<std::string> searched;
    static void fields(auto& self, auto&& visit) { visit(self.nearest, self.loaded, self.searched); }
};

struct UnknownPool {
    std::optional<std::string> nearest;
    std::vector<std::string> loaded;
    static void fields(auto& self, auto&& visit) { visit(self.nearest, self.loaded); }
};

enum class LossCause : std::uint8_t { crash, oom, limit, killed, exit };
constexpr LossCause last_of(LossCause) { return LossCause::exit; }

/// The worker died while running the call.
struct WorkerLost {
    LossCause cause = LossCause::crash;
    std::string signal;  // such as SIGSEGV; empty where it exited
    std::optional<std::int32_t> exit_code;
    std::vector<std::string> stack;   // one frame a line, innermost first
    std::string stack_missing;        // why there is none; empty where there is one
    std::vector<std::string> errors;  // the last lines that it wrote to standard error
    std::optional<std::string> capsule;
    static void fields(auto& self, auto&& visit) {
        visit(self.cause, self.signal, self.exit_code, self.stack, self.stack_missing, self.errors, self.capsule);
    }
};

enum class CallPhase : std::uint8_t { queued, running };
constexpr CallPhase last_of(CallPhase) { return CallPhase::running; }

struct TimedOut {
    CallPhase phase = CallPhase::queued;
    std::int64_t limit_ns = 0;
    std::vector<std::string> stack;  // at that moment; one frame a line, innermost first
    std::string stack_missing;       // why there is none; empty where there is one, or it was queued
    std::optional<std::string> capsule;
    static void fields(auto& self, auto&& visit) {
        visit(self.phase, self.limit_ns, self.stack, self.stack_missing, self.capsule);
    }
};

struct Cancelled {
    bool begun = false;
    static void fields(auto& self, auto&& visit) { visit(self.begun); }
};

struct QueueFull {
    std::uint64_t length = 0;
    std::uint64_t limit = 0;
    static void fields(auto& self, auto&& visit) { visit(self.length, self.limit); }
};

struct PoolUnavailable {
    std::string cause;
    static void fields(auto& self, auto&& visit) { visit(self.cause); }
};

struct Quarantined {
    std::vector<std::string> capsules;
    static void fields(auto& self, auto&& visit) { visit(self.capsules); }
};

enum class Begun : std::uint8_t { no, yes, unknown };
constexpr Begun last_of(Begun) { return Begun::unknown; }

struct HostLost {
    Begun begun = Begun::unknown;
    static void fields(auto& self, auto&& visit) { visit(self.begun); }
};

struct ShuttingDown {
    static void fields(auto&, auto&&) {}
};

struct TooLarge {
    static void fields(auto&, auto&&) {}
};

struct ProtocolError {
    static void fields(auto&, auto&&) {}
};

using ErrorDetails =
    std::variant<TaskError, BadArguments, UnknownTask, UnknownPool, WorkerLost, TimedOut, Cancelled, QueueFull,
                 PoolUnavailable, Quarantined, HostLost, ShuttingDown, TooLarge, ProtocolError>;

struct CallError {
    std::string message;
    ErrorDetails details;
    static void fields(auto& self, auto&& visit) { visit(self.message, self.details); }
};

/// The kind as users read it: "task_error", "worker_lost", …
const char* kind_name(const ErrorDetails& details);
/// "crash", "oom", "limit", "killed" or "exit".
const char* cause_name(LossCause cause);

}  // namespace poolhost::wire
