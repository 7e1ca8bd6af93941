// SPDX-License-Identifier: Apache-2.0
// Vice: it talks, on streams that are not its own.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <cstdio>
#include <string>

namespace {

std::uint64_t say(std::FILE* stream, std::uint64_t lines) {
    for (std::uint64_t line = 0; line < lines; ++line)
        std::fprintf(stream, "line %llu of talk\n", static_cast<unsigned long long>(line));
    return lines;
}

std::uint64_t to_output(std::uint64_t lines) { return say(stdout, lines); }
std::uint64_t to_error(std::uint64_t lines) { return say(stderr, lines); }

void unfinished() {
    std::fputs("a line without an end", stderr);
    std::fputs("another one", stdout);
}

void garbage() {
    const char bytes[] = "\x1b[31m\xff\xfe\0\r";
    static_cast<void>(!::write(STDERR_FILENO, bytes, sizeof bytes));
}

// Past every buffer of stdio, into the descriptor that a program may take for the results.
void one_long_line(std::uint64_t size) {
    const std::string line(size, 'x');
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fputc('\n', stderr);
}

}  // namespace

POOLHOST_PLUGIN(chatter, "1.0.0", "Talks.",
                poolhost::task("to_output", to_output, "lines").doc("Writes so many lines to standard output."),
                poolhost::task("to_error", to_error, "lines").doc("Writes so many lines to standard error."),
                poolhost::task("unfinished", unfinished).doc("Writes lines that do not end."),
                poolhost::task("garbage", garbage).doc("Writes escape sequences, NUL and broken UTF-8."),
                poolhost::task("one_long_line", one_long_line, "size").doc("Writes a line of so many bytes."))
