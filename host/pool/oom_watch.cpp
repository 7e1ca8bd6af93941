// SPDX-License-Identifier: Apache-2.0
#include "pool/oom_watch.hpp"

#include <sstream>
#include <utility>

namespace poolhost::pool {
namespace {

// A worker's death is noticed within moments of its kill.
constexpr base::Duration recent = std::chrono::seconds(5);
// More than anybody asks for; a bound, since the counter is not ours.
constexpr std::size_t most_remembered = 4096;

}  // namespace

OomWatch::OomWatch(base::ReadFile read, base::TimePoint now) : read_(std::move(read)), file_(find_counter()) {
    look(now);
    unexplained_.clear();
}

OomWatch& OomWatch::of_this_process() {
    static OomWatch watch(base::read_small_file, base::Clock::now());
    return watch;
}

// The root group of version 2 counts nothing, nor do old kernels in version 1.
std::string OomWatch::find_counter() const {
    for (const base::ControlGroup& group : base::control_groups(read_, "memory")) {
        const std::string file = group.folders.front() + (group.unified ? "/memory.events" : "/memory.oom_control");
        if (count_in(file)) return file;
    }
    const std::string whole_machine = "/proc/vmstat";
    return count_in(whole_machine) ? whole_machine : std::string();
}

std::optional<std::uint64_t> OomWatch::count_in(const std::string& file) const {
    const auto text = read_(file);
    if (!text) return std::nullopt;
    std::istringstream words(*text);
    std::string name;
    std::uint64_t number = 0;
    while (words >> name >> number) {
        if (name == "oom_kill") return number;
    }
    return std::nullopt;
}

void OomWatch::look(base::TimePoint now) {
    const auto count = file_.empty() ? std::nullopt : count_in(file_);
    if (!count) return;
    const std::uint64_t before = std::exchange(counted_, *count);
    for (std::uint64_t i = before; i < *count && unexplained_.size() < most_remembered; ++i) {
        unexplained_.push_back(now);
    }
}

bool OomWatch::explains_a_kill(base::TimePoint now) {
    look(now);
    while (!unexplained_.empty() && now - unexplained_.front() > recent) unexplained_.pop_front();
    if (unexplained_.empty()) return false;
    unexplained_.pop_front();
    return true;
}

}  // namespace poolhost::pool
