// SPDX-License-Identifier: Apache-2.0
#include "cli/print.hpp"

#include "base/error.hpp"

#include <cerrno>

#include <unistd.h>

namespace poolhost::cli {

ExitCode print(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && errno == EPIPE) return ExitCode::output_gone;
        if (size < 0) {
            complain(base::system_error("cannot write to standard output").message);
            return ExitCode::failed;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
    return ExitCode::success;
}

ExitCode print(std::string_view text) { return print(std::as_bytes(std::span(text))); }

void complain_as_written(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t size = ::write(STDERR_FILENO, rest.data(), rest.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return;
        rest.remove_prefix(static_cast<std::size_t>(size));
    }
}

void complain(const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    std::vector<std::string> written = lines;
    written.front().insert(0, "poolhost: ");
    complain_as_written(written);
}

void complain(const std::string& text) { complain(std::vector{text}); }

}  // namespace poolhost::cli
