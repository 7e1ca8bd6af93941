// SPDX-License-Identifier: Apache-2.0
#include "capsule/capsule_file.hpp"

#include "capsule/capsule_folder.hpp"
#include "capsule/format.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolhost::capsule {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// Beyond what any call could carry; what claims to be larger is not even copied.
constexpr std::uint64_t largest_file = std::uint64_t{16} << 30;
// Capsules of one process within a millisecond take the next free one.
constexpr int most_names = 1000;
constexpr std::size_t block_size = 1 << 20;

base::Error cannot(const std::string& what, const fs::path& file) {
    return base::system_error("cannot " + what + " " + file.string());
}

/// A file without a name where the file system knows such, else with one that says so.
class Unfinished {
public:
    static base::Result<Unfinished> open(const fs::path& folder, const std::string& name) {
        base::UniqueFd nameless(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
        if (nameless) return Unfinished(std::move(nameless), {});
        fs::path file = folder / (name + std::string(unfinished_suffix));
        base::UniqueFd named(::open(file.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0600));
        if (!named) return cannot("write", file);
        return Unfinished(std::move(named), std::move(file));
    }
    Unfinished(Unfinished&& other) noexcept : fd_(std::move(other.fd_)), file_(std::exchange(other.file_, {})) {}
    Unfinished& operator=(Unfinished&&) = delete;
    ~Unfinished() {
        if (!file_.empty()) ::unlink(file_.c_str());
    }

    [[nodiscard]] base::Result<void> write(std::span<const std::byte> bytes) const {
        while (!bytes.empty()) {
            const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return base::system_error("cannot write the capsule");
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
        return {};
    }

    /// Gives it this name, unless a file has it already.
    [[nodiscard]] base::Result<bool> name_if_free(const fs::path& name) const {
        const std::string itself = file_.empty() ? "/proc/self/fd/" + std::to_string(fd_.get()) : file_.string();
        const int linked = ::linkat(AT_FDCWD, itself.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
        if (linked == 0) return true;
        if (errno == EEXIST) return false;
        return cannot("write", name);
    }

private:
    Unfinished(base::UniqueFd fd, fs::path file) : fd_(std::move(fd)), file_(std::move(file)) {}

    base::UniqueFd fd_;
    fs::path file_;
};

base::Result<void> write_all(const Unfinished& file, const Layout& layout) {
    if (auto written = file.write(std::as_bytes(std::span(&layout.head, 1))); !written) return written;
    for (const auto piece : layout.pieces) {
        if (auto written = file.write(piece); !written) return written;
    }
    return {};
}

base::Result<fs::path> name(const Unfinished& file, const fs::path& folder, const wire::Capsule& capsule,
                            milliseconds time) {
    for (int i = 0; i < most_names; ++i) {
        const fs::path path = folder / file_name(capsule, time + milliseconds(i), ::getpid());
        const auto named = file.name_if_free(path);
        if (!named) return named.error();
        if (*named) return path;
    }
    return base::Error{"cannot write a capsule: every name for it in " + folder.string() + " is taken"};
}

base::Result<void> check_size(std::uint64_t size, std::uint64_t most) {
    if (size <= most) return {};
    return base::Error{"the capsule would have " + std::to_string(size) + " bytes, more than the " +
                       std::to_string(most) + " of capsules.max_size"};
}

// A copy that nobody can cut short while it is being read.
base::Result<base::Mapping> copy_to_memory(int file, std::uint64_t size) {
    const auto memory = base::make_memory("poolhost-capsule", size);
    if (!memory) return memory.error();
    auto mapping = base::map_memory(memory->get(), size, base::Access::read_write);
    if (!mapping) return mapping.error();
    for (std::size_t done = 0; done < size;) {
        const ssize_t got =
            ::pread(file, mapping->data() + done, std::min(block_size, size - done), static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::system_error("cannot read the capsule");
        if (got == 0) return base::Error{"the capsule was cut short while it was read"};
        done += static_cast<std::size_t>(got);
    }
    return mapping;
}

base::Result<base::Mapping> load(const fs::path& path) {
    const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return base::system_error("cannot open it");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return base::system_error("cannot read it");
    if (!S_ISREG(status.st_mode)) return base::Error{"it is no file"};
    const auto size = static_cast<std::uint64_t>(status.st_size);
    std::array<std::byte, sizeof(FileHead)> beginning{};
    const ssize_t got = ::pread(file.get(), beginning.data(), beginning.size(), 0);
    if (got < 0) return base::system_error("cannot read it");
    const auto head = check_head(std::span(beginning).first(static_cast<std::size_t>(got)), size);
    if (!head) return head.error();
    if (size > largest_file) return base::Error{"the file is larger than any capsule"};
    return copy_to_memory(file.get(), size);
}

base::Error in_file(const fs::path& file, const base::Error& error) { return {file.string() + ": " + error.message}; }

}  // namespace

base::Result<fs::path> write(const wire::CapsuleFolder& folder, const wire::Capsule& capsule,
                             const wire::CallInput& input, std::span<const std::span<const std::byte>> buffers) {
    if (folder.max == 0) return base::Error{"no capsule is kept: capsules.max is 0"};
    const Layout layout = lay_out(capsule, input, {buffers.begin(), buffers.end()});
    if (const auto fits = check_size(layout.head.file_size, folder.max_size); !fits) return fits.error();
    std::error_code no_working_directory;
    const fs::path path = fs::absolute(folder.path, no_working_directory);
    if (const auto made = make_folder(path); !made) return made.error();
    const auto time = std::chrono::duration_cast<milliseconds>(std::chrono::nanoseconds(capsule.written_unix_ns));
    const auto file = Unfinished::open(path, file_name(capsule, time, ::getpid()));
    if (!file) return file.error();
    if (const auto written = write_all(*file, layout); !written) return written.error();
    auto named = name(*file, path, capsule, time);
    if (named) remove_oldest(path, folder.max, named->filename().string());
    return named;
}

base::Result<Contents> read(const fs::path& file) {
    auto mapping = load(file);
    if (!mapping) return in_file(file, mapping.error());
    auto parsed = parse(mapping->bytes());
    if (!parsed) return in_file(file, parsed.error());
    return Contents{std::move(parsed->header.capsule), std::move(parsed->header.input), std::move(*mapping),
                    std::move(parsed->buffers)};
}

}  // namespace poolhost::capsule
