// SPDX-License-Identifier: Apache-2.0
#include "catalog/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>

namespace poolhost::catalog {
namespace {

const char* kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a FIFO";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

base::Result<std::uint64_t> regular_size(const struct stat& status) {
    if (!S_ISREG(status.st_mode))
        return base::Error{std::string("is ") + kind_of(status.st_mode) +
                           ", not a file; name a plugin's shared library"};
    return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

base::Result<void> MemorySource::read(std::uint64_t offset, std::span<std::byte> into) const {
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset) return base::Error{"read beyond the end"};
    if (!into.empty()) std::memcpy(into.data(), bytes_.data() + offset, into.size());
    return {};
}

base::Result<std::unique_ptr<FileSource>> FileSource::open(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return base::system_error("cannot be found");
    if (const auto regular = regular_size(status); !regular) return regular.error();

    // O_NONBLOCK and the second look: the name may lead to a FIFO by now.
    base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd) return base::system_error("cannot be opened");
    if (::fstat(fd.get(), &status) != 0) return base::system_error("cannot be looked at");
    const auto size = regular_size(status);
    if (!size) return size.error();
    return std::unique_ptr<FileSource>(new FileSource(std::move(fd), *size));
}

base::Result<void> FileSource::read(std::uint64_t offset, std::span<std::byte> into) const {
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());
    if (into.size() > largest || offset > largest - into.size()) return base::Error{"read beyond the end"};
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t count =
            ::pread(fd_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return base::system_error("cannot be read");
        if (count == 0) return base::Error{"ends too early"};
        done += static_cast<std::size_t>(count);
    }
    return {};
}

}  // namespace poolhost::catalog
