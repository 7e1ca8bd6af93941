// SPDX-License-Identifier: Apache-2.0
// What a worker can do with its socket and with descriptors.
#include "support/hostile_worker/malice.hpp"

#include "base/descriptor_passing.hpp"

#include <cstdio>
#include <string>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

struct Notice {
    std::uint64_t notice;
    std::uint64_t id;
    std::uint64_t size;
};

void report(const char* what) { std::fprintf(stderr, "%s%s\n", breach, what); }

int memory_of(std::size_t size, int seals) {
    const int fd = ::memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && ::ftruncate(fd, static_cast<off_t>(size)) == 0) ::fcntl(fd, F_ADD_SEALS, seals);
    return fd;
}

}  // namespace

void attack_host_memory(int memory) {
    const char byte = 'x';
    if (::pwrite(memory, &byte, 1, 8192) > 0) report("wrote the host's memory");
    if (::ftruncate(memory, 0) == 0) report("cut the host's memory");
    if (::fallocate(memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0)
        report("emptied the host's memory");
    if (::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) != MAP_FAILED) {
        report("mapped the host's memory to write it");
    }
    void* const readable = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, memory, 0);
    if (readable != MAP_FAILED && ::mprotect(readable, 4096, PROT_READ | PROT_WRITE) == 0) {
        report("made the host's memory writable");
    }
    const int again = ::open(("/proc/self/fd/" + std::to_string(memory)).c_str(), O_RDWR | O_CLOEXEC);
    if (again >= 0 && ::pwrite(again, &byte, 1, 8192) > 0) report("reopened and wrote the host's memory");
    if (again >= 0) ::close(again);
}

channel::BufferRef Malice::shared_buffer() {
    if (!shared_.empty() && dice_->one_in(2)) return shared_[dice_->below(shared_.size())];
    auto buffer = pool_.acquire(1 + dice_->below(100'000));
    if (!buffer || !channel_->share(*buffer, base::Blocking::no)) return nullptr;
    shared_.push_back(*buffer);
    return *buffer;
}

void Malice::send_frame(std::span<const std::byte> bytes, std::span<const int> descriptors) {
    static_cast<void>(base::send_message(channel_->socket(), bytes, descriptors, base::Blocking::no));
}

void Malice::send_any_frame() {
    const auto bytes = dice_->bytes(dice_->below(dice_->one_in(3) ? 1000 : 30));
    std::vector<int> descriptors(dice_->below(4), STDERR_FILENO);
    send_frame(bytes, descriptors);
}

int Malice::odd_descriptor() {
    const std::size_t size = dice_->evil(4096) % (std::size_t{1} << 62);
    switch (dice_->below(9)) {
        case 0:
            return memory_of(4096, 0);
        case 1:
            return memory_of(0, F_SEAL_SHRINK | F_SEAL_GROW);
        case 2:
            return memory_of(size, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
        case 3:
            return ::open("/", O_DIRECTORY | O_CLOEXEC);
        case 4:
            return ::open("/proc/self/exe", O_PATH | O_CLOEXEC);
        case 5:
            return ::open("/dev/zero", O_RDWR | O_CLOEXEC);
        case 6:
            return ::epoll_create1(EPOLL_CLOEXEC);
        case 7:
            return base::make_socket_pair()->first.release();
        default:
            return memory_of(4096, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    }
}

void Malice::send_odd_descriptor() {
    const int fd = odd_descriptor();
    if (fd < 0) return;
    const Notice notice{2, dice_->evil(1), dice_->one_in(2) ? 4096 : dice_->evil(4096)};
    const std::vector<int> descriptors(dice_->one_in(3) ? 1 + dice_->below(base::max_descriptors) : 1, fd);
    send_frame(std::as_bytes(std::span(&notice, 1)), descriptors);
    ::close(fd);
}

void Malice::send_many_buffers() {
    const int fd = memory_of(4096, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    if (fd < 0) return;
    const std::uint64_t first = dice_->any();
    for (std::uint64_t i = dice_->below(1000); i > 0; --i) {
        const Notice notice{2, first + i, 4096};
        send_frame(std::as_bytes(std::span(&notice, 1)), std::span(&fd, 1));
    }
    ::close(fd);
}

void Malice::flood_doorbells() {
    const std::uint64_t doorbell = 1;
    for (std::size_t i = dice_->below(3000); i > 0; --i) send_frame(std::as_bytes(std::span(&doorbell, 1)), {});
}

}  // namespace poolhost::test
