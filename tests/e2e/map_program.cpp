// SPDX-License-Identifier: Apache-2.0
#include "map_program.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace poolhost::test {

namespace {

struct Pipe {
    int read = -1;
    int write = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    return {ends[0], ends[1]};
}

[[noreturn]] void become_program(const Args& args, int input, int output, int errors) {
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    std::vector<std::string> words{POOLHOST_PROGRAM, "map"};
    words.insert(words.end(), args.begin(), args.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    ::execv(pointers.front(), pointers.data());
    ::_exit(127);
}

pid_t start(const Args& args, int input, int output, int errors) {
    // Whoever is left behind becomes our child: see nobody_is_left().
    ::prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
    ::signal(SIGPIPE, SIG_IGN);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::signal(SIGPIPE, SIG_DFL);
        become_program(args, input, output, errors);
    }
    return pid;
}

// Appends what can be read; false at the end.
bool read_some(int fd, std::string& text) {
    std::array<char, 65536> space{};
    const ssize_t size = ::read(fd, space.data(), space.size());
    if (size <= 0) return false;
    text.append(space.data(), static_cast<std::size_t>(size));
    return true;
}

}  // namespace

// ---- files and texts

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "poolhost-map-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
}
Folder::~Folder() { std::filesystem::remove_all(path_); }

std::string read_text(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

void write_text(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::string number_lines(std::uint64_t count, std::uint64_t first) {
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i) text += std::to_string(first + i) += '\n';
    return text;
}

std::string plugin(std::string_view name) {
    const std::string file = "lib" + std::string(name) + ".so";
    for (const char* folder : {POOLHOST_PLUGINS, POOLHOST_TEST_PLUGINS}) {
        const std::filesystem::path path = std::filesystem::path(folder) / file;
        if (std::filesystem::exists(path)) return path.string();
    }
    ADD_FAILURE() << "there is no plugin " << name;
    return file;
}

// ---- the program

Map::Map(const Args& args) {
    const Pipe input = make_pipe();
    const Pipe output = make_pipe();
    const Pipe errors = make_pipe();
    pid_ = start(args, input.read, output.write, errors.write);
    for (const int end : {input.read, output.write, errors.write}) ::close(end);
    input_ = input.write;
    output_ = output.read;
    errors_ = errors.read;
}

Map::~Map() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (int* fd : {&input_, &output_, &errors_}) close(*fd);
}

void Map::close(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
}

void Map::send(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t size = ::write(input_, text.data(), text.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return;  // it reads no more; what it has to say about that, it says itself
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

std::string Map::read_line() {
    std::size_t end = unread_.find('\n');
    while (end == std::string::npos) {
        if (!read_some(output_, unread_)) return std::exchange(unread_, {});
        end = unread_.find('\n');
    }
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

void Map::read_errors_until(std::string_view text) {
    while (unread_errors_.find(text) == std::string::npos) {
        if (!read_some(errors_, unread_errors_)) return;
    }
}

void Map::kill(int signal) const { ::kill(pid_, signal); }

void Map::drain(Ended& ended) {
    ended.out = std::exchange(unread_, {});
    ended.err = std::exchange(unread_errors_, {});
    std::array<pollfd, 2> entries{{{output_, POLLIN, 0}, {errors_, POLLIN, 0}}};
    while (entries[0].fd >= 0 || entries[1].fd >= 0) {
        ::poll(entries.data(), entries.size(), -1);
        if (entries[0].revents != 0 && !read_some(output_, ended.out)) entries[0].fd = -1;
        if (entries[1].revents != 0 && !read_some(errors_, ended.err)) entries[1].fd = -1;
    }
}

Ended Map::wait() {
    Ended ended;
    drain(ended);
    int status = 0;
    rusage usage{};
    ::wait4(pid_, &status, 0, &usage);
    pid_ = -1;
    ended.peak_kilobytes = usage.ru_maxrss;
    if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
    return ended;
}

Ended map(const Args& args, std::string_view input) {
    Map program(args);
    std::jthread sender([&] {
        program.send(input);
        program.close_input();
    });
    return program.wait();
}

Ended map_file(const Args& args, const std::filesystem::path& input) {
    Args words = args;
    Folder folder;
    const int in = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
    const int out = ::open((folder / "out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const int err = ::open((folder / "err").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const pid_t pid = start(words, in, out, err);
    for (const int fd : {in, out, err}) ::close(fd);
    int status = 0;
    rusage usage{};
    ::wait4(pid, &status, 0, &usage);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
            read_text(folder / "out"), read_text(folder / "err"), usage.ru_maxrss};
}

bool nobody_is_left() {
    bool at_once = true;
    while (::waitpid(-1, nullptr, 0) > 0) at_once = false;
    return at_once;
}

}  // namespace poolhost::test
