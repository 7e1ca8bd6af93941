// SPDX-License-Identifier: Apache-2.0
#include "aftermath/unwinder.hpp"

#include <elfutils/libdwfl.h>

#include <cstring>
#include <optional>

namespace poolhost::aftermath {
namespace {

#if defined(__x86_64__)
constexpr std::size_t register_count = 17;
constexpr std::size_t stack_pointer = 7;
constexpr std::size_t program_counter = 16;
#elif defined(__aarch64__)
constexpr std::size_t register_count = 33;
constexpr std::size_t link_register = 30;
constexpr std::size_t program_counter = 32;
#endif

constexpr pid_t the_process = 1;  // any number: the library asks for one, and nobody is looked at
// More than fit into the bytes of a sample: a forged stack may lead in circles.
constexpr std::size_t most_frames = 32 * 1024;

std::optional<std::uint64_t> word_at(const wire::StackSample& sample, std::uint64_t address) {
    std::uint64_t word = 0;
    const std::uint64_t offset = address - sample.stack_begin;
    if (address < sample.stack_begin || offset > sample.stack.size() || sample.stack.size() - offset < sizeof word) {
        return std::nullopt;
    }
    std::memcpy(&word, sample.stack.data() + offset, sizeof word);
    return word;
}

/// What the library calls back for; one thread, whose registers are known.
struct Unwinding {
    const wire::StackSample& sample;
    const Modules& modules;
    std::vector<Dwarf_Word> registers;
    bool begins_in_call = false;  // the program counter lies in a call and not behind it
    Unwound found = {};

    static pid_t next_thread(Dwfl*, void* self, void** thread) {
        if (*thread != nullptr) return 0;
        *thread = self;
        return the_process;
    }
    static bool read_memory(Dwfl*, Dwarf_Addr address, Dwarf_Word* word, void* self) {
        Unwinding& unwinding = *static_cast<Unwinding*>(self);
        const wire::StackSample& sample = unwinding.sample;
        const auto found = word_at(sample, address);
        if (found) *word = *found;
        // Just above: where the next frame is.
        const std::uint64_t end = sample.stack_begin + sample.stack.size();
        constexpr std::uint64_t one_frame = 1024 * 1024;
        if (!found && address + sizeof(Dwarf_Word) > end && address - end < one_frame) unwinding.found.goes_on = true;
        return found.has_value();
    }
    static bool set_registers(Dwfl_Thread* thread, void* self) {
        const auto& registers = static_cast<Unwinding*>(self)->registers;
        constexpr unsigned numbered = program_counter == 16 ? 17 : program_counter;
        if (!::dwfl_thread_state_registers(thread, 0, numbered, registers.data())) return false;
        ::dwfl_thread_state_register_pc(thread, registers[program_counter]);
        return true;
    }
    static int take_frame(Dwfl_Frame* state, void* self) { return static_cast<Unwinding*>(self)->take(state); }

    int take(Dwfl_Frame* state) {
        Dwarf_Addr address = 0;
        bool is_activation = false;
        if (!::dwfl_frame_pc(state, &address, &is_activation)) return DWARF_CB_ABORT;
        Frame frame{address, !is_activation};
        if (begins_in_call) {
            frame = {address + 1, true};
            begins_in_call = false;
        }
        found.frames.push_back(frame);
        if (modules.is_code(frame.within()) && found.frames.size() < most_frames) return DWARF_CB_OK;
        // What follows an address where nothing can have run would be guessed.
        found.goes_on = false;
        return DWARF_CB_ABORT;
    }
};

constexpr Dwfl_Thread_Callbacks thread_callbacks = {
    .next_thread = Unwinding::next_thread,
    .get_thread = nullptr,
    .memory_read = Unwinding::read_memory,
    .set_initial_registers = Unwinding::set_registers,
    .detach = nullptr,
    .thread_detach = nullptr,
};

// After a call to where there is no code, nothing but the call has happened. False where it leads nowhere.
bool step_back_to_caller(Unwinding& unwinding) {
    auto& registers = unwinding.registers;
#if defined(__x86_64__)
    const auto caller = word_at(unwinding.sample, registers[stack_pointer]);
    registers[stack_pointer] += sizeof(Dwarf_Word);
#elif defined(__aarch64__)
    const std::optional<std::uint64_t> caller = registers[link_register];
#endif
    if (!caller || !unwinding.modules.is_code(*caller - 1)) return false;
    registers[program_counter] = *caller - 1;
    unwinding.begins_in_call = true;
    return true;
}

}  // namespace

Unwound unwind(const wire::StackSample& sample, const Modules& modules) {
    if (sample.registers.size() != register_count) return {};
    Unwinding unwinding{sample, modules, {sample.registers.begin(), sample.registers.end()}};
    const Frame innermost{sample.registers[program_counter], false};
    if (!modules.is_code(innermost.address)) {
        unwinding.found.frames.push_back(innermost);
        if (!step_back_to_caller(unwinding)) return unwinding.found;
    }
    if (::dwfl_attach_state(modules.dwfl(), nullptr, the_process, &thread_callbacks, &unwinding)) {
        ::dwfl_getthread_frames(modules.dwfl(), the_process, Unwinding::take_frame, &unwinding);
    }
    if (unwinding.found.frames.empty()) unwinding.found.frames.push_back(innermost);
    return unwinding.found;
}

}  // namespace poolhost::aftermath
