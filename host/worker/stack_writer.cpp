// SPDX-License-Identifier: Apache-2.0
#include "worker/stack_writer.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

using channel::StackArea;

// Every page of every machine begins at a multiple of it.
constexpr std::uint64_t step = 4096;
// The kernel's gap below a stack: how far below the last page of it an overflown stack pointer may be.
constexpr std::uint64_t furthest_gap = 1024 * 1024;

#if defined(__x86_64__)
// Leaf functions use this much below the stack pointer.
constexpr std::uint64_t red_zone = 128;

constexpr int in_dwarf_order[] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
                                  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};

void write_registers(StackArea& area, const ucontext_t& context) {
    area.register_count = std::size(in_dwarf_order);
    for (std::size_t i = 0; i < std::size(in_dwarf_order); ++i) {
        area.registers[i] = static_cast<std::uint64_t>(context.uc_mcontext.gregs[in_dwarf_order[i]]);
    }
}
std::uint64_t stack_pointer(const ucontext_t& context) {
    return static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RSP]);
}
#elif defined(__aarch64__)
constexpr std::uint64_t red_zone = 0;

// x0 to x30, then sp, then pc.
void write_registers(StackArea& area, const ucontext_t& context) {
    constexpr std::size_t general = 31;
    area.register_count = general + 2;
    for (std::size_t i = 0; i < general; ++i) area.registers[i] = context.uc_mcontext.regs[i];
    area.registers[general] = context.uc_mcontext.sp;
    area.registers[general + 1] = context.uc_mcontext.pc;
}
std::uint64_t stack_pointer(const ucontext_t& context) { return context.uc_mcontext.sp; }
#else
#error "the registers of this machine are not known here"
#endif

/// A file of /proc, read to its end by raw reads.
class ProcFile {
public:
    ProcFile(const char* path, Occasion occasion) : fd_(::open(path, O_RDONLY | O_CLOEXEC)) {
        if (fd_ >= 0 || errno != EMFILE || occasion != Occasion::death) return;
        ::close(STDIN_FILENO);  // a thread that dies of too many files needs one more, and its input no longer
        fd_ = ::open(path, O_RDONLY | O_CLOEXEC);
    }
    ProcFile(const ProcFile&) = delete;
    ProcFile& operator=(const ProcFile&) = delete;
    ~ProcFile() {
        if (fd_ >= 0) ::close(fd_);
    }

    std::string_view read() {
        ssize_t size = -1;
        do {
            size = ::read(fd_, text_, sizeof text_);
        } while (size < 0 && errno == EINTR);
        return {text_, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }
    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
    char text_[4096];
};

/// Reads this process's memory without touching it.
class OwnMemory {
public:
    OwnMemory() = default;
    OwnMemory(const OwnMemory&) = delete;
    OwnMemory& operator=(const OwnMemory&) = delete;
    ~OwnMemory() {
        if (file_ >= 0) ::close(file_);
    }

    /// The bytes that it got; fewer than asked for, or none, where the memory ends.
    std::size_t read(std::uint64_t from, char* to, std::size_t size) {
        if (file_ < 0) {
            const iovec local{to, size};
            const iovec remote{std::bit_cast<void*>(from), size};
            const ssize_t got = ::process_vm_readv(::getpid(), &local, 1, &remote, 1, 0);
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != ENOSYS && errno != EPERM) return 0;
            file_ = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);  // where a system call filter is in the way
        }
        const ssize_t got = ::pread(file_, to, size, static_cast<off_t>(from));
        return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }

private:
    int file_ = -1;
};

std::uint64_t to_page_end(std::uint64_t address) { return step - address % step; }

// From the stack pointer to the end of the stack, or of the space. A stack that has overflown begins further up.
void write_stack_bytes(StackArea& area, OwnMemory& memory, std::uint64_t stack_pointer) {
    std::uint64_t begin = stack_pointer - red_zone;
    std::size_t size = memory.read(begin, area.stack.data(), to_page_end(begin));
    for (std::uint64_t skipped = 0; size == 0 && skipped < furthest_gap; skipped += step) {
        begin += to_page_end(begin);
        size = memory.read(begin, area.stack.data(), step);
    }
    area.stack_begin = begin;
    for (;;) {
        const std::uint64_t next = begin + size;
        const std::size_t wanted = std::min<std::uint64_t>(to_page_end(next), area.stack.size() - size);
        const std::size_t got = size == 0 || wanted == 0 ? 0 : memory.read(next, area.stack.data() + size, wanted);
        size += got;
        if (got == 0 || got < wanted) break;
    }
    area.stack_size = static_cast<std::uint32_t>(size);
}

bool is_executable(std::string_view line) {
    const std::size_t space = line.find(' ');  // "begin-end rwxp offset …"
    return space != std::string_view::npos && space + 3 < line.size() && line[space + 3] == 'x';
}

// Each line is written where it would stay, and given up at its end where it is not wanted.
void write_maps(StackArea& area, Occasion occasion) {
    ProcFile file("/proc/self/maps", occasion);
    std::size_t line = 0;
    std::size_t end = 0;
    for (std::string_view text = file.read(); !text.empty(); text = file.read()) {
        for (const char each : text) {
            if (end == area.maps.size()) {
                area.maps_size = static_cast<std::uint32_t>(line);
                return;
            }
            area.maps[end++] = each;
            if (each != '\n') continue;
            if (!is_executable({area.maps.data() + line, end - line})) end = line;
            line = end;
        }
    }
    area.maps_size = static_cast<std::uint32_t>(line);
}

// What RLIMIT_DATA counts: "VmData:    1234 kB". 0 where it cannot be told.
std::uint64_t read_data_size(Occasion occasion) {
    constexpr std::string_view name = "\nVmData:";
    ProcFile file("/proc/self/status", occasion);
    const std::string_view text = file.read();
    std::size_t at = text.find(name);
    if (at == std::string_view::npos) return 0;
    at = text.find_first_of("0123456789", at);
    std::uint64_t kibibytes = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
        kibibytes = kibibytes * 10 + static_cast<std::uint64_t>(text[at] - '0');
    }
    return kibibytes * 1024;
}

}  // namespace

void write_stack(StackArea& area, Occasion occasion, std::uint64_t call, const siginfo_t& signal,
                 const ucontext_t& context) noexcept {
    const std::uint64_t writing = area.version.load(std::memory_order_relaxed) | 1;
    area.version.store(writing, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    area.signal = signal.si_signo;
    area.code = signal.si_code;
    area.address = signal.si_code > 0 ? reinterpret_cast<std::uint64_t>(signal.si_addr) : 0;
    area.call = call;
    area.thread = ::gettid();
    write_registers(area, context);
    OwnMemory memory;
    write_stack_bytes(area, memory, stack_pointer(context));
    write_maps(area, occasion);
    area.data_size = read_data_size(occasion);
    area.version.store(writing + 1, std::memory_order_release);
}

}  // namespace poolhost::worker
