// SPDX-License-Identifier: Apache-2.0
#include "cli/map_results_file.hpp"

#include "cli/map_items.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <string>
#include <string_view>

namespace poolhost::cli {

using base::Error;
using base::Result;

namespace {

Error file_error(const std::filesystem::path& path, const char* doing) {
    return base::system_error("cannot " + std::string(doing) + " " + path.string());
}

Result<base::UniqueFd> open_locked(const std::filesystem::path& path, int flags) {
    base::UniqueFd fd(::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0666));
    if (!fd) return file_error(path, "open");
    // Best effort: not every file system knows locks.
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return Error{path.string() + " is being written by another poolhost map"};
    }
    return fd;
}

Result<void> write_all(const base::UniqueFd& fd, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(fd.get(), bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return file_error(path, "write");
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return {};
}

// The lines of an earlier run, one after another.
class Reading {
public:
    Reading(const base::UniqueFd& fd, const std::filesystem::path& path) : fd_(&fd), path_(&path) {}

    /// Calls `take` with each complete line, its end included. Returns the size of all complete lines.
    template <class Take>
    Result<std::uint64_t> each_line(Take take) {
        ItemSplitter lines('\n');
        std::uint64_t number = 0;
        std::uint64_t complete = 0;
        while (true) {
            const auto space = lines.space();
            const ssize_t size = ::read(fd_->get(), space.data(), space.size());
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) return file_error(*path_, "read");
            if (size == 0) return complete;
            lines.filled(static_cast<std::size_t>(size));
            while (const auto line = lines.next()) {
                complete += line->text.size() + 1;
                const auto recorded = read_recorded_line(line->text);
                if (!recorded) return not_ours(++number);
                ++number;
                if (auto taken = take(*recorded, line->text); !taken) return taken.error();
            }
        }
    }

private:
    [[nodiscard]] Error not_ours(std::uint64_t line) const {
        return Error{path_->string() + ":" + std::to_string(line) +
                     ": not a line of an earlier map: {\"index\": N, \"value\": …} or {\"index\": N, \"item\": …, "
                     "\"error\": {…}}"};
    }

    const base::UniqueFd* fd_;
    const std::filesystem::path* path_;
};

Result<ResultsFile> open_anew(const std::filesystem::path& path) {
    auto fd = open_locked(path, O_WRONLY);
    if (!fd) return fd.error();
    struct stat status {};
    if (::fstat(fd->get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        return Error{path.string() +
                     " holds results already: --resume goes on where they stop, --retry-failed runs the failed items "
                     "again; or remove it, or name another file"};
    }
    return ResultsFile{std::move(*fd), {}};
}

// Reading what a pipe or a device holds would wait for ever.
Result<void> check_regular(const base::UniqueFd& fd, const std::filesystem::path& path) {
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return file_error(path, "look at");
    if (!S_ISREG(status.st_mode)) return Error{path.string() + " is no regular file, so nothing can be resumed in it"};
    return {};
}

Result<ResultsFile> open_to_resume(const std::filesystem::path& path) {
    auto fd = open_locked(path, O_RDWR);
    if (!fd) return fd.error();
    if (auto regular = check_regular(*fd, path); !regular) return regular.error();
    ResultsFile file{std::move(*fd), {}};
    const auto complete = Reading(file.fd, path).each_line([&](const RecordedLine& line, std::string_view) {
        file.earlier.add(line);
        return Result<void>{};
    });
    if (!complete) return complete.error();
    if (::ftruncate(file.fd.get(), static_cast<off_t>(*complete)) != 0) return file_error(path, "cut");
    if (::lseek(file.fd.get(), 0, SEEK_END) < 0) return file_error(path, "write at the end of");
    return file;
}

// Copies what is to stay; the failed items are only remembered.
Result<ResultsFile> copy_successes(const base::UniqueFd& from, const std::filesystem::path& path,
                                   const std::filesystem::path& new_path) {
    auto fd = open_locked(new_path, O_WRONLY | O_TRUNC);
    if (!fd) return fd.error();
    ResultsFile file{std::move(*fd), {}};
    std::string kept;
    const auto complete = Reading(from, path).each_line([&](const RecordedLine& line, std::string_view text) {
        constexpr std::size_t piece = 1 << 20;
        if (!line.failed) {
            file.earlier.add(line);
            kept.append(text) += '\n';
        } else if (line.item_digest) {
            file.earlier.expect(line.index, *line.item_digest);
        }
        if (kept.size() < piece) return Result<void>{};
        auto written = write_all(file.fd, kept, new_path);
        kept.clear();
        return written;
    });
    if (!complete) return complete.error();
    if (auto written = write_all(file.fd, kept, new_path); !written) return written.error();
    return file;
}

// A new file takes the name when it is complete: at no moment is there half a file.
Result<ResultsFile> open_to_retry(const std::filesystem::path& path) {
    const auto old = open_locked(path, O_RDWR);
    if (!old) return old.error();
    if (auto regular = check_regular(*old, path); !regular) return regular.error();
    std::error_code error;
    const std::filesystem::path real_path = std::filesystem::canonical(path, error);
    if (error) return Error{"cannot find " + path.string() + ": " + error.message()};
    const std::filesystem::path new_path = real_path.string() + ".poolhost-tmp";
    auto file = copy_successes(*old, path, new_path);
    if (!file) {
        std::filesystem::remove(new_path, error);
        return file;
    }
    struct stat status {};
    if (::fstat(old->get(), &status) == 0) ::fchmod(file->fd.get(), status.st_mode & 07777U);
    if (::rename(new_path.c_str(), real_path.c_str()) != 0) return file_error(new_path, "rename");
    return file;
}

}  // namespace

Result<ResultsFile> open_results_file(const std::filesystem::path& path, OutMode mode) {
    switch (mode) {
        case OutMode::anew:
            return open_anew(path);
        case OutMode::resume:
            return open_to_resume(path);
        case OutMode::retry_failed:
            return open_to_retry(path);
    }
    base::bug("an unknown mode of --out");
}

}  // namespace poolhost::cli
