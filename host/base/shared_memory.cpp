// SPDX-License-Identifier: Apache-2.0
#include "base/shared_memory.hpp"

#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

namespace poolhost::base {

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

Mapping::~Mapping() {
    if (data_ != nullptr) ::munmap(data_, size_);
}

Result<UniqueFd> make_memory(const char* name, std::size_t size) {
    UniqueFd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd) return system_error("cannot create shared memory");
    if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
        return system_error("cannot size shared memory to " + std::to_string(size) + " bytes");
    }
    return fd;
}

Result<Mapping> map_memory(int fd, std::size_t size, Access access) {
    const int protection = access == Access::read_write ? PROT_READ | PROT_WRITE : PROT_READ;
    void* const start = ::mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
    if (start == MAP_FAILED) return system_error("cannot map " + std::to_string(size) + " bytes of shared memory");
    Mapping mapping(static_cast<std::byte*>(start), size);
    // A forked worker must not see another worker's channel.
    if (::madvise(start, size, MADV_DONTFORK) != 0) return system_error("cannot keep shared memory from forks");
    return mapping;
}

Result<void> seal_memory(int fd, Seal seal) {
    const int writers = seal == Seal::size_and_writers ? F_SEAL_FUTURE_WRITE : 0;
    if (::fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | writers) != 0) {
        return system_error("cannot seal shared memory");
    }
    return {};
}

Result<UniqueFd> make_sealed_copy(const char* name, std::span<const std::byte> bytes) {
    auto memory = make_memory(name, bytes.size());
    if (!memory) return memory;
    for (std::size_t done = 0; done < bytes.size();) {
        const auto left = bytes.subspan(done);
        const ssize_t written = ::pwrite(memory->get(), left.data(), left.size(), static_cast<off_t>(done));
        if (written <= 0) return system_error("cannot write shared memory");
        done += static_cast<std::size_t>(written);
    }
    if (const auto sealed = seal_memory(memory->get(), Seal::size_and_writers); !sealed) return sealed.error();
    return memory;
}

Result<std::size_t> sealed_size(int fd) {
    const int seals = ::fcntl(fd, F_GET_SEALS);
    if (seals < 0) return system_error("a descriptor is not shared memory");
    if ((seals & F_SEAL_SHRINK) == 0) return Error{"shared memory is not sealed against shrinking"};
    // Huge pages can run out under a mapping that was there first: SIGBUS, too.
    struct statfs system {};
    if (::fstatfs(fd, &system) != 0 || system.f_type != TMPFS_MAGIC) {
        return Error{"shared memory does not lie in ordinary pages"};
    }
    struct stat status {};
    if (::fstat(fd, &status) != 0) return system_error("cannot read the size of shared memory");
    return static_cast<std::size_t>(status.st_size);
}

}  // namespace poolhost::base
