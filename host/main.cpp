// SPDX-License-Identifier: Apache-2.0
// The program poolhost: finds its other halves and wires the command line to the starters.
#include "base/build.hpp"
#include "cli/command_line.hpp"
#include "starters.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>

namespace {

// Beside this program in a build tree, else where the installation put it.
std::filesystem::path find_program(std::string_view name, std::string_view installed) {
    std::error_code unreadable;
    const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", unreadable).parent_path();
    const std::filesystem::path beside = folder / name;
    if (std::filesystem::exists(beside, unreadable)) return beside;
    return (folder / installed).lexically_normal();
}

}  // namespace

int main(int argc, char** argv) {
    using namespace poolhost;
    const std::filesystem::path worker = find_program("poolhost-worker", base::installed_worker);
    const std::filesystem::path aftermath = find_program("poolhost-aftermath", base::installed_aftermath);
    return cli::run(argc, argv, {make_starters(worker), worker, aftermath});
}
