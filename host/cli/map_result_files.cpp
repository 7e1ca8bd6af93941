// SPDX-License-Identifier: Apache-2.0
#include "cli/map_result_files.hpp"

#include "base/fd.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <functional>

namespace poolhost::cli {

using base::Error;
using base::Result;

// ---- NameSet

bool NameSet::take(std::string_view name) {
    const std::uint64_t digest = std::hash<std::string_view>{}(name);
    if (3 * (count_ + 1) > 2 * places_.size()) grow();
    return insert(digest == 0 ? 1 : digest);
}

bool NameSet::insert(std::uint64_t digest) {
    const std::size_t mask = places_.size() - 1;
    std::size_t place = digest & mask;
    while (places_[place] != 0) {
        if (places_[place] == digest) return false;
        place = (place + 1) & mask;
    }
    places_[place] = digest;
    ++count_;
    return true;
}

void NameSet::grow() {
    constexpr std::size_t first_size = 1024;
    std::vector<std::uint64_t> old(places_.empty() ? first_size : 2 * places_.size());
    old.swap(places_);
    count_ = 0;
    for (const std::uint64_t digest : old) {
        if (digest != 0) insert(digest);
    }
}

// ---- ResultFiles

namespace {

// The same item written again after a sudden end takes the same temporary name, so that nothing is left behind.
std::filesystem::path temporary_beside(const std::filesystem::path& path) {
    constexpr std::size_t longest_part = 200;  // of the 255 bytes that a name may have
    return path.parent_path() / ("." + path.filename().string().substr(0, longest_part) + ".poolhost-tmp");
}

Result<base::UniqueFd> create(const std::filesystem::path& path) {
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    base::UniqueFd fd(::open(path.c_str(), flags, 0666));
    if (!fd && errno == ENOENT) {
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        if (error) return Error{"cannot make the folder " + path.parent_path().string() + ": " + error.message()};
        fd.reset(::open(path.c_str(), flags, 0666));
    }
    if (!fd) return base::system_error("cannot write " + path.string());
    return fd;
}

Result<void> fill(const base::UniqueFd& fd, std::span<const std::byte> bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(fd.get(), bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return base::system_error("cannot write " + path.string());
        bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
    return {};
}

}  // namespace

Result<void> ResultFiles::claim(const TemplateItem& item) {
    const std::string name = names_.expand(item);
    if (name.empty() || name.ends_with('/')) return Error{"--output gives '" + name + "', which names no file"};
    if (name.find('\0') != std::string::npos) return Error{"--output gives a name with a NUL in it"};
    if (names_.always_different()) return {};
    if (!taken_.take(std::filesystem::path(name).lexically_normal().native())) {
        return Error{"--output gives " + name + " to an earlier item already; {#} would tell them apart"};
    }
    return {};
}

Result<void> write_result_file(const std::string& name, std::span<const std::byte> bytes) {
    const std::filesystem::path path(name);
    const std::filesystem::path temporary = temporary_beside(path);
    Result<void> written;
    {
        const auto fd = create(temporary);
        if (!fd) return fd.error();
        written = fill(*fd, bytes, temporary);
    }
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
        written = base::system_error("cannot rename " + temporary.string() + " to " + path.string());
    }
    if (!written) ::unlink(temporary.c_str());
    return written;
}

}  // namespace poolhost::cli
