// SPDX-License-Identifier: Apache-2.0
// A call that killed its worker, or did not end: all that is needed to run it again, alone.
#pragma once

#include "wire/description.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::wire {

/// The arguments themselves follow it in the file, see capsule/capsule_file.hpp.
struct Capsule {
    std::string poolhost_version;
    std::int64_t written_unix_ns = 0;
    std::string call_id;
    std::string task;          // plugin.task
    std::string plugin_build;  // of the task's plugin, hexadecimal
    std::uint16_t attempt = 1;
    std::int64_t timeout_ns = 0;  // 0: none
    WorkerDescription worker;     // pool, plugins, preload, initializer, env, limits as the worker had them

    std::string cause;                      // "crash", "oom", "limit", "killed", "exit" or "timeout"
    std::string message;                    // the error in words
    std::string signal;                     // such as SIGSEGV; or empty
    std::optional<std::int32_t> exit_code;  // where it exited
    std::vector<std::string> stack;         // one frame a line, innermost first
    std::string stack_missing;              // why there is none
    std::vector<std::string> errors;        // the last lines of its standard error

    static void fields(auto& self, auto&& visit) {
        visit(self.poolhost_version, self.written_unix_ns, self.call_id, self.task, self.plugin_build, self.attempt,
              self.timeout_ns, self.worker, self.cause, self.message, self.signal, self.exit_code, self.stack,
              self.stack_missing, self.errors);
    }
};

}  // namespace poolhost::wire
