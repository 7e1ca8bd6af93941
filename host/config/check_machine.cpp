// SPDX-License-Identifier: Apache-2.0
#include "config/checks.hpp"
#include "config/cpus.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace poolhost::config {
namespace {

void check_folder(Reading& reading, const std::string& path, const std::filesystem::path& folder) {
    std::error_code ignored;
    if (std::filesystem::is_directory(folder, ignored)) return;
    const bool exists = std::filesystem::exists(folder, ignored);
    reading.report_at(path, "'" + folder.string() + "' " + (exists ? "is no folder" : "does not exist"),
                      "name a folder that is there; relative paths are relative to this file");
}

void check_cpus(Reading& reading, const std::string& path, const std::vector<std::uint32_t>& cpus) {
    const auto allowed = allowed_cpus();
    for (const std::uint32_t cpu : cpus) {
        if (std::ranges::find(allowed, cpu) != allowed.end()) continue;
        std::string listed;
        for (const auto one : allowed) listed += (listed.empty() ? "" : ", ") + std::to_string(one);
        reading.report_at(path, "CPU " + std::to_string(cpu) + " is not one that this process may use",
                          "choose among " + listed);
    }
}

// Whether workers may run at a niceness below the host's own.
bool may_lower_niceness(int by) {
    if (::geteuid() == 0) return true;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NICE, &limit) != 0) return false;
    const int reached = std::max(::getpriority(PRIO_PROCESS, 0) + by, -20);
    return static_cast<rlim_t>(20 - reached) <= limit.rlim_cur;
}

}  // namespace

void check_machine(Reading& reading, const PoolConfig& pool) {
    const std::string path = "pools." + pool.name;
    if (pool.working_directory) check_folder(reading, path + ".working_directory", *pool.working_directory);
    check_cpus(reading, path + ".cpu_affinity", pool.cpu_affinity.cpus);
    if (pool.nice < 0 && !may_lower_niceness(pool.nice)) {
        reading.report_at(path + ".nice", "only root may go below the host's niceness", "write 0 or more");
    }
}

void check_machine(Reading& reading, const ListenConfig& listen) {
    std::error_code ignored;
    if (listen.http_token_file && !std::filesystem::is_regular_file(*listen.http_token_file, ignored)) {
        reading.report_at("listen.http_token_file", "'" + listen.http_token_file->string() + "' is no file",
                          "name a file that holds the token");
    }
}

}  // namespace poolhost::config
