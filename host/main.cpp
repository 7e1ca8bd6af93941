// SPDX-License-Identifier: Apache-2.0
// The program poolhost: finds its other half and wires the command line to the starters.
#include "base/build.hpp"
#include "cli/command_line.hpp"
#include "starters.hpp"

#include <filesystem>
#include <system_error>

namespace {

// Beside this program in a build tree, else where the installation put it.
std::filesystem::path find_worker_program() {
    std::error_code unreadable;
    const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", unreadable).parent_path();
    const std::filesystem::path beside = folder / "poolhost-worker";
    if (std::filesystem::exists(beside, unreadable)) return beside;
    return (folder / poolhost::base::installed_worker).lexically_normal();
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path worker_program = find_worker_program();
    return poolhost::cli::run(argc, argv, {poolhost::make_starters(worker_program), worker_program});
}
