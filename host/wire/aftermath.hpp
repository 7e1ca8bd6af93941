// SPDX-License-Identifier: Apache-2.0
// What the host asks of the aftermath, a process of its own for each death, and what that finds.
#pragma once

#include "wire/call_input.hpp"
#include "wire/capsule.hpp"
#include "wire/stack.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::wire {

/// Where capsules are kept.
struct CapsuleFolder {
    std::string path;            // made, with mode 0700, where it is missing
    std::uint32_t max = 0;       // capsules; the oldest goes
    std::uint64_t max_size = 0;  // bytes of one; a larger one is not written
    static void fields(auto& self, auto&& visit) { visit(self.path, self.max, self.max_size); }
};

struct AftermathRequest {
    std::optional<StackSample> stack;  // to be unwound and named
    std::vector<PluginFile> plugins;   // whose build ids the files must still have, to be believed
    std::optional<Capsule> capsule;    // to be written, once the stack is named
    CapsuleFolder folder;              // where to
    CallInput input;                   // for the capsule and the digest
    bool wants_digest = false;         // of the input
    static void fields(auto& self, auto&& visit) {
        visit(self.stack, self.plugins, self.capsule, self.folder, self.input, self.wants_digest);
    }
};

/// Sent twice or more, each time with more in it: the newest one counts.
struct Findings {
    std::vector<std::string> stack;                      // one frame a line, innermost first
    std::string stack_missing;                           // why there is none
    std::optional<std::string> capsule;                  // its path
    std::string capsule_missing;                         // why it could not be written
    std::optional<std::array<std::uint64_t, 2>> digest;  // see base/digest.hpp
    static void fields(auto& self, auto&& visit) {
        visit(self.stack, self.stack_missing, self.capsule, self.capsule_missing, self.digest);
    }
};

}  // namespace poolhost::wire
