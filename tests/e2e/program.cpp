// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cstdlib>

#include <fcntl.h>

namespace poolhost::test {
namespace {

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    return ends;
}

// A file without a name, so that input of any size waits for whoever reads it.
int input_of(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "poolhost-input-XXXXXX").string();
    const int fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd < 0 || ::unlink(name.c_str()) != 0) std::abort();
    if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
    ::lseek(fd, 0, SEEK_SET);
    return fd;
}

[[noreturn]] void become(const Command& command, int input, int output, int errors) {
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    ::signal(SIGPIPE, SIG_DFL);
    if (::chdir(command.folder.c_str()) != 0) ::_exit(126);
    for (const auto& [name, value] : command.env) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<std::string> words{command.program};
    words.insert(words.end(), command.words.begin(), command.words.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    ::execvp(pointers.front(), pointers.data());
    ::_exit(127);
}

constexpr std::size_t most_at_once = 65536;

bool read_some(int fd, std::string& text, std::size_t at_once = most_at_once) {
    std::array<char, most_at_once> space{};
    const ssize_t size = ::read(fd, space.data(), at_once);
    if (size <= 0) return false;
    text.append(space.data(), static_cast<std::size_t>(size));
    return true;
}

}  // namespace

Running::Running(const Command& command) {
    // Whoever is left behind becomes a child of this process: see nobody_is_left().
    ::prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
    const int input = input_of(command.input);
    const auto output = make_pipe();
    const auto errors = make_pipe();
    pid_ = ::fork();
    if (pid_ == 0) become(command, input, output[1], errors[1]);
    for (const int fd : {input, output[1], errors[1]}) ::close(fd);
    output_ = output[0];
    errors_ = errors[0];
}

Running::~Running() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    close_output();
    ::close(errors_);
}

void Running::kill(int signal) const { ::kill(pid_, signal); }

void Running::read_errors_until(std::string_view text) {
    while (unread_errors_.find(text) == std::string::npos) {
        if (!read_some(errors_, unread_errors_)) return;
    }
}

std::string Running::read_output_line() {
    while (unread_output_.find('\n') == std::string::npos) {
        if (!read_some(output_, unread_output_)) return std::exchange(unread_output_, {});
    }
    const std::size_t end = unread_output_.find('\n');
    std::string line = unread_output_.substr(0, end);
    unread_output_.erase(0, end + 1);
    return line;
}

void Running::close_output() {
    if (output_ >= 0) ::close(output_);
    output_ = -1;
}

Ended Running::wait() { return wait_reading(most_at_once, 0); }

Ended Running::wait_slowly() {
    constexpr std::size_t few = 4096;
    return wait_reading(few, 1);
}

Ended Running::wait_reading(std::size_t bytes_at_once, int pause_ms) {
    Ended ended;
    ended.out = std::exchange(unread_output_, {});
    ended.err = std::exchange(unread_errors_, {});
    std::array<pollfd, 2> entries{{{output_, POLLIN, 0}, {errors_, POLLIN, 0}}};
    while (entries[0].fd >= 0 || entries[1].fd >= 0) {
        ::poll(entries.data(), entries.size(), -1);
        if (entries[0].revents != 0 && !read_some(entries[0].fd, ended.out)) entries[0].fd = -1;
        if (entries[1].revents != 0 && !read_some(entries[1].fd, ended.err, bytes_at_once)) entries[1].fd = -1;
        if (pause_ms > 0) ::poll(nullptr, 0, pause_ms);
    }
    int status = 0;
    rusage usage{};
    ::wait4(pid_, &status, 0, &usage);
    pid_ = -1;
    ended.peak_kilobytes = usage.ru_maxrss;
    if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
    return ended;
}

Ended run(const Command& command) { return Running(command).wait(); }

Ended run(const Args& words) {
    Command command;
    command.words = words;
    return run(command);
}

}  // namespace poolhost::test
