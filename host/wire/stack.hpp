// SPDX-License-Identifier: Apache-2.0
// A thread's stack as its own signal handler wrote it down: enough to unwind it in another process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace poolhost::wire {

/// Everything in it was the worker's to write: whoever unwinds it believes nothing.
struct StackSample {
    std::int32_t signal = 0;               // that the handler was called for
    std::int32_t code = 0;                 // its si_code
    std::uint64_t address = 0;             // its si_addr, where it is a fault
    std::uint64_t call = 0;                // channel::call_number of the call that ran; 0: none
    std::int32_t thread = 0;               // thread id
    std::uint64_t data_size = 0;           // bytes that RLIMIT_DATA counts
    std::vector<std::uint64_t> registers;  // in the order of this machine's DWARF numbers
    std::uint64_t stack_begin = 0;         // address of the first byte of `stack`
    std::string stack;                     // raw bytes, from just below the stack pointer upwards
    std::string maps;                      // the executable lines of /proc/self/maps
    static void fields(auto& self, auto&& visit) {
        visit(self.signal, self.code, self.address, self.call, self.thread, self.data_size, self.registers,
              self.stack_begin, self.stack, self.maps);
    }
};

}  // namespace poolhost::wire
