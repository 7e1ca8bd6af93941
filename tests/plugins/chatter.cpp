// SPDX-License-Identifier: Apache-2.0
// Vice: it talks, on streams that are not its own.
#include <poolhost/sdk.hpp>

#include <poll.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
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

void last_words() {
    std::fputs("the last", stdout);
    std::fputs("words", stderr);
    std::fflush(stdout);
    std::abort();
}

// It talks on when its worker is dead: it has left the process group.
std::int64_t grandchild_talks() {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::setsid();
    for (;;) {
        std::fputs("still here\n", stderr);
        ::poll(nullptr, 0, 10);
    }
}

void log(poolhost::context& ctx, const std::string& text) { ctx.log(poolhost::log_level::warning, text); }

void numbered(std::uint64_t lines, std::uint64_t width) {
    const std::string rest(width, '.');
    for (std::uint64_t i = 0; i < lines; ++i) {
        std::printf("%llu %s\n", static_cast<unsigned long long>(i), rest.c_str());
    }
}

// Past every buffer of stdio, into the descriptor that a program may take for the results.
void one_long_line(std::uint64_t size) {
    const std::string line(size, 'x');
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fputc('\n', stderr);
}

}  // namespace

POOLHOST_PLUGIN(
    chatter, "1.0.0", "Talks.",
    poolhost::task("to_output", to_output, "lines").doc("Writes so many lines to standard output."),
    poolhost::task("to_error", to_error, "lines").doc("Writes so many lines to standard error."),
    poolhost::task("unfinished", unfinished).doc("Writes lines that do not end."),
    poolhost::task("garbage", garbage).doc("Writes escape sequences, NUL and broken UTF-8."),
    poolhost::task("last_words", last_words).doc("Writes and aborts."),
    poolhost::task("grandchild_talks", grandchild_talks).doc("Leaves a child that writes for ever; its pid."),
    poolhost::task("log", log, "text").doc("Logs a warning."),
    poolhost::task("numbered", numbered, "lines", "width").doc("Writes long lines to standard output."),
    poolhost::task("one_long_line", one_long_line, "size").doc("Writes a line of so many bytes."))
