// SPDX-License-Identifier: Apache-2.0
// Vice: it takes as much of everything as it gets.
#include <poolhost/sdk.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::size_t piece = std::size_t{4} << 20;

// Memory that is kept, and touched, so that it is there in truth.
std::vector<void*> kept;

bool take_piece() {
    void* const memory = std::malloc(piece);
    if (memory == nullptr) return false;
    std::memset(memory, 1, piece);
    kept.push_back(memory);
    return true;
}

// Ends by std::bad_alloc where there is a limit, by the kernel where there is none.
[[noreturn]] void eat_memory() {
    std::vector<std::vector<char>> eaten;
    for (;;) eaten.emplace_back(piece, 'x');
}

// Does not look at what malloc() answers.
void eat_carelessly() {
    while (take_piece()) {
    }
    static_cast<volatile char*>(nullptr)[0] = 1;
}

std::uint64_t take(std::uint64_t bytes) {
    for (std::uint64_t taken = 0; taken < bytes; taken += piece) {
        if (!take_piece()) throw std::bad_alloc();
    }
    return bytes;
}

std::string open_files() {
    std::vector<int> opened;
    int error = 0;
    while (error == 0) {
        const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        fd >= 0 ? opened.push_back(fd) : static_cast<void>(error = errno);
    }
    for (const int fd : opened) ::close(fd);
    return std::to_string(opened.size()) + " " + ::strerrorname_np(error);
}

// Not inlined, and not a loop: each round takes its own part of the stack.
[[gnu::noinline]] std::uint64_t descend(std::uint64_t bytes) {
    volatile char room[4096];
    room[0] = 0;
    return bytes <= sizeof room ? sizeof room : descend(bytes - sizeof room) + sizeof room + room[0];
}

std::string own_file(const std::string& name) {
    std::string text;
    std::getline(std::ifstream("/proc/self/" + name), text);
    return text;
}

}  // namespace

POOLHOST_PLUGIN(greedy, "1.0.0", "Takes what it gets.",
                poolhost::task("eat_memory", eat_memory).doc("Takes memory until there is no more."),
                poolhost::task("eat_carelessly", eat_carelessly).doc("The same, and uses what it did not get."),
                poolhost::task("take", take, "bytes").doc("Takes and keeps so much memory."),
                poolhost::task("open_files", open_files).doc("How many files it could open, and what stopped it."),
                poolhost::task("descend", descend, "bytes").doc("Uses so much of the stack."),
                poolhost::task("own_file", own_file, "name").doc("The first line of a file of its own in /proc."))
