// SPDX-License-Identifier: Apache-2.0
// The environment of this process, as something that can be set and put back.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"

#include <string>
#include <utility>
#include <vector>

namespace poolhost::worker {

base::Result<void> set_environment(const std::vector<std::pair<std::string, std::string>>& variables);

/// Changes nothing where it is empty.
base::Result<void> enter_working_directory(const std::string& path);

/// All variables as they were at one moment.
class EnvironmentSnapshot {
public:
    static EnvironmentSnapshot take();
    void restore() const;

private:
    std::vector<std::string> variables_;  // NAME=value
};

/// Puts environment and working directory back when it ends: the host's own, after it has loaded a `fork` pool.
class BorrowedSurroundings {
public:
    BorrowedSurroundings();
    ~BorrowedSurroundings();
    BorrowedSurroundings(const BorrowedSurroundings&) = delete;
    BorrowedSurroundings& operator=(const BorrowedSurroundings&) = delete;

private:
    EnvironmentSnapshot environment_;
    base::UniqueFd directory_;
};

}  // namespace poolhost::worker
