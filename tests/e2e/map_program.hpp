// SPDX-License-Identifier: Apache-2.0
// `poolhost map` as a user runs it: the real program with its input, its output and its end.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::test {

using Args = std::vector<std::string>;

/// How it ended.
struct Ended {
    int exit_code = -1;  // -1 where a signal ended it
    int signal = 0;
    std::string out;
    std::string err;
    long peak_kilobytes = 0;  // resident memory of the host alone
};

/// A folder that is gone with its owner.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, std::string_view text);
/// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);
/// first, first + 1, … as `count` lines.
std::string number_lines(std::uint64_t count, std::uint64_t first = 0);

/// One run of the program, with a pipe at each of its standard descriptors. Ends it at the latest when destroyed.
class Map {
public:
    explicit Map(const Args& args);
    Map(const Map&) = delete;
    Map& operator=(const Map&) = delete;
    ~Map();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Waits while the program does not read.
    void send(std::string_view text) const;
    void close_input() { close(input_); }
    /// The next line of its output, without its end; waits for it.
    std::string read_line();
    /// Waits until it has said this on standard error.
    void read_errors_until(std::string_view text);
    /// Goes away as a reader.
    void close_output() { close(output_); }
    void kill(int signal) const;
    /// Reads what is left and waits for the end.
    Ended wait();

private:
    static void close(int& fd);
    void drain(Ended& ended);

    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
    int errors_ = -1;
    std::string unread_;
    std::string unread_errors_;
};

/// Gives it the whole input, as a pipe would, and waits for its end.
Ended map(const Args& args, std::string_view input);
/// With a regular file for its input.
Ended map_file(const Args& args, const std::filesystem::path& input);

/// After a program's end: waits until none of the processes that it started is left. True where none was left any more.
bool nobody_is_left();

/// The path of a plugin of the tree, or of a misbehaving one of tests/plugins.
std::string plugin(std::string_view name);

}  // namespace poolhost::test
