// SPDX-License-Identifier: Apache-2.0
#include "worker/environment.hpp"

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace poolhost::worker {

base::Result<void> set_environment(const std::vector<std::pair<std::string, std::string>>& variables) {
    for (const auto& [name, value] : variables) {
        if (::setenv(name.c_str(), value.c_str(), 1) != 0) return base::system_error("cannot set env '" + name + "'");
    }
    return {};
}

base::Result<void> enter_working_directory(const std::string& path) {
    if (!path.empty() && ::chdir(path.c_str()) != 0) {
        return base::system_error("cannot enter working_directory '" + path + "'");
    }
    return {};
}

EnvironmentSnapshot EnvironmentSnapshot::take() {
    EnvironmentSnapshot snapshot;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        snapshot.variables_.emplace_back(*variable);
    }
    return snapshot;
}

void EnvironmentSnapshot::restore() const {
    ::clearenv();
    for (const std::string& variable : variables_) {
        const std::size_t equals = variable.find('=');
        if (equals == std::string::npos) continue;
        ::setenv(variable.substr(0, equals).c_str(), variable.c_str() + equals + 1, 1);
    }
}

BorrowedSurroundings::BorrowedSurroundings()
    : environment_(EnvironmentSnapshot::take()), directory_(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

BorrowedSurroundings::~BorrowedSurroundings() {
    environment_.restore();
    if (directory_ && ::fchdir(directory_.get()) != 0) {
        base::bug("the working directory of the host cannot be entered again");
    }
}

}  // namespace poolhost::worker
