// SPDX-License-Identifier: Apache-2.0
#include "worker/fork_audit.hpp"

#include "worker/descriptor_words.hpp"
#include "worker/log_queue.hpp"

#include <poolhost/plugin.h>

#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include <poll.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> other_threads() {
    std::vector<std::string> names;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator("/proc/self/task", gone)) {
        if (entry.path().filename() == std::to_string(::getpid())) continue;
        std::string name;
        std::getline(std::ifstream(entry.path() / "comm"), name);
        names.push_back(name.empty() ? entry.path().filename().string() : name);
    }
    return names;
}

base::Result<void> require_no_threads(const std::string& step) {
    // A thread that was just joined can be listed for a moment still.
    constexpr int moments = 100;
    std::vector<std::string> threads = other_threads();
    for (int i = 0; i < moments && !threads.empty(); ++i) {
        ::poll(nullptr, 0, 1);
        threads = other_threads();
    }
    if (threads.empty()) return {};
    std::string names;
    for (const std::string& name : threads) names += (names.empty() ? "" : ", ") + name;
    return base::Error{step + " left " + std::to_string(threads.size()) + " thread(s) running (" + names +
                       "), which do not survive a fork; use start_method: spawn, or start them in on_start"};
}

}  // namespace

Descriptors open_descriptors() {
    Descriptors found;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd", gone)) {
        const auto target = fs::read_symlink(entry.path(), gone);
        const int number = std::stoi(entry.path().filename());
        // The listing's own descriptor is among them.
        const bool listing = target.string().starts_with("/proc/") && target.filename() == "fd";
        if (number > STDERR_FILENO && !listing) found.emplace(number, target.string());
    }
    return found;
}

ForkAudit::ForkAudit() : known_(open_descriptors()) {}

base::Result<void> ForkAudit::after(const std::string& step) {
    Descriptors now = open_descriptors();
    for (const auto& [number, target] : now) {
        const auto before = known_.find(number);
        if (before != known_.end() && before->second == target) continue;
        log_queue().push(POOLHOST_LOG_WARNING, step + " left descriptor " + describe_descriptor(number, target) +
                                                   " open; all workers forked from here will share it");
    }
    known_ = std::move(now);
    return require_no_threads(step);
}

}  // namespace poolhost::worker
