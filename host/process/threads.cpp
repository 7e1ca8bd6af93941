// SPDX-License-Identifier: Apache-2.0
#include "process/threads.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace poolhost::process {
namespace {

const std::filesystem::path tasks = "/proc/self/task";

// Numeric order puts the main thread first, whose number is the process's and thus mostly the lowest.
std::vector<int> thread_ids() {
    std::vector<int> ids;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(tasks, error)) {
        ids.push_back(std::stoi(entry.path().filename().string()));
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace

std::vector<std::string> thread_names() {
    std::vector<std::string> names;
    for (const int id : thread_ids()) {
        std::ifstream file(tasks / std::to_string(id) / "comm");
        // A thread that has just ended has no name any more, and is no thread.
        if (std::string name; std::getline(file, name)) names.push_back(name);
    }
    return names;
}

base::Result<void> require_single_thread(std::string_view what) {
    const auto names = thread_names();
    if (names.size() == 1) return {};
    if (names.empty()) return base::Error{std::string(what) + ": /proc/self/task cannot be read"};
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return base::Error{std::string(what) + ": this process has " + std::to_string(names.size()) + " threads (" + list +
                       "), and a fork copies only one"};
}

std::vector<pid_t> children() {
    std::vector<pid_t> pids;
    for (const int id : thread_ids()) {
        std::ifstream file(tasks / std::to_string(id) / "children");
        for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
    }
    return pids;
}

}  // namespace poolhost::process
