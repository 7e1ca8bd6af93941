// SPDX-License-Identifier: Apache-2.0
#include "cli/file_contents.hpp"

#include "base/fd.hpp"
#include "channel/layout.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolhost::cli {
namespace {

wire::CallError fault(const std::string& what) { return {what, wire::BadArguments{}}; }

wire::CallError failed(const std::string& path, int error_number) {
    return fault("cannot read " + path + ": " + std::strerror(error_number));
}

wire::CallError too_large(const std::string& path, base::Bytes most) {
    return {path + " holds more than max_payload allows, " + std::to_string(most.count) + " bytes", wire::TooLarge{}};
}

struct Opened {
    base::UniqueFd fd;
    struct stat status {};
};

boost::system::result<Opened, wire::CallError> open_file(const std::string& path) {
    Opened file;
    file.fd.reset(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.fd || ::fstat(file.fd.get(), &file.status) != 0) return failed(path, errno);
    if (S_ISDIR(file.status.st_mode)) return failed(path, EISDIR);
    return file;
}

// Fills `space` as far as the file reaches; the number of bytes, or nothing (and errno).
std::optional<std::size_t> read_into(int fd, std::span<std::byte> space) {
    std::size_t filled = 0;
    while (filled < space.size()) {
        const ssize_t count = ::read(fd, space.data() + filled, space.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

FileResult read_to_end(const Opened& file, const std::string& path, base::Bytes most) {
    constexpr std::size_t step = 64 * 1024;
    FileContents contents;
    for (;;) {
        contents.bytes.resize(contents.size + std::max<std::size_t>(step, contents.size));
        const auto space = std::span(contents.bytes).subspan(contents.size);
        const auto count = read_into(file.fd.get(), space);
        if (!count) return failed(path, errno);
        contents.size += *count;
        if (contents.size > most.count) return too_large(path, most);
        if (*count < space.size()) break;
    }
    contents.bytes.resize(contents.size);
    return contents;
}

FileResult read_regular(const Opened& file, const std::string& path, const Destination& destination) {
    const auto size = static_cast<std::uint64_t>(file.status.st_size);
    if (size > destination.most.count) return too_large(path, destination.most);
    auto buffer = destination.buffers.acquire(size);
    if (!buffer) return fault("cannot make room for " + path + ": " + buffer.error().message);
    const auto count = read_into(file.fd.get(), (*buffer)->bytes().first(size));
    if (!count) return failed(path, errno);
    return FileContents{{}, std::move(*buffer), *count};
}

}  // namespace

FileResult read_file(const std::string& path, const Destination& destination) {
    auto file = open_file(path);
    if (!file) return file.error();
    const bool large = S_ISREG(file->status.st_mode) && file->status.st_size > std::int64_t{channel::max_inline};
    if (large) return read_regular(*file, path, destination);
    auto contents = read_to_end(*file, path, destination.most);
    return contents ? into_buffer(*contents, destination) : contents;
}

bool is_stream(const std::string& path) {
    struct stat status {};
    const int known = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
    return known == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

FileResult read_stream(const std::string& path, base::Bytes most) {
    const auto file = open_file(path);
    return file ? read_to_end(*file, path, most) : FileResult(file.error());
}

FileResult into_buffer(const FileContents& contents, const Destination& destination) {
    if (contents.bytes.size() <= channel::max_inline) return contents;
    auto buffer = destination.buffers.acquire(contents.bytes.size());
    if (!buffer) return fault("cannot make room for an argument: " + buffer.error().message);
    std::memcpy((*buffer)->bytes().data(), contents.bytes.data(), contents.bytes.size());
    return FileContents{{}, std::move(*buffer), contents.size};
}

}  // namespace poolhost::cli
