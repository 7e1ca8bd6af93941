// SPDX-License-Identifier: Apache-2.0
// The program poolhost as a user runs it: any command, in any folder, with any environment.
#pragma once

#include "map_program.hpp"

#include <optional>
#include <utility>

namespace poolhost::test {

struct Command {
    Args words;  // behind the program's name
    std::string input;
    std::filesystem::path folder = std::filesystem::current_path();
    std::vector<std::pair<std::string, std::string>> env = {};  // besides this process's own
    std::string program = POOLHOST_PROGRAM;
};

/// Runs it to its end.
Ended run(const Command& command);
Ended run(const Args& words);

/// A run that the test wants a hand in.
class Running {
public:
    explicit Running(const Command& command);
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

    void kill(int signal) const;
    /// Waits until it has said this on standard error.
    void read_errors_until(std::string_view text);
    /// The next line of its output, without its end; reads nothing else meanwhile.
    std::string read_output_line();
    /// Goes away as a reader of its output.
    void close_output();
    Ended wait();
    /// The same as a reader of its errors that is much slower than whoever writes them.
    Ended wait_slowly();

private:
    Ended wait_reading(std::size_t bytes_at_once, int pause_ms);

    pid_t pid_ = -1;
    int output_ = -1;
    int errors_ = -1;
    std::string unread_output_;
    std::string unread_errors_;
};

}  // namespace poolhost::test
