// SPDX-License-Identifier: Apache-2.0
// The kernel's kills for want of memory, on machines described by their files.
#include "pool/oom_watch.hpp"

#include <gtest/gtest.h>

#include <map>

namespace poolhost::pool {
namespace {

using namespace std::chrono_literals;

const std::string v2_events = "/sys/fs/cgroup/a/memory.events";
const std::string v1_control = "/sys/fs/cgroup/memory/docker/x/memory.oom_control";

class Machine {
public:
    Machine& file(const std::string& path, const std::string& content) {
        files_[path] = content;
        return *this;
    }
    Machine& v2_group() {
        file("/proc/self/cgroup", "0::/a\n");
        file("/proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        return file(v2_events, "low 0\nhigh 0\nmax 7\noom 9\noom_kill 5\noom_group_kill 0\n");
    }
    Machine& v1_group() {
        file("/proc/self/cgroup", "4:memory:/docker/x\n0::/\n");
        file("/proc/self/mountinfo", "33 24 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
        return file(v1_control, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
    }
    Machine& whole(const std::string& count) {
        return file("/proc/vmstat", "nr_free_pages 100\noom_kill " + count + "\nnuma_hit 4\n");
    }
    OomWatch watch() {
        return {[this](const std::string& path) -> std::optional<std::string> {
                    const auto found = files_.find(path);
                    return found == files_.end() ? std::nullopt : std::optional(found->second);
                },
                at(0s)};
    }
    static base::TimePoint at(base::Duration since_start) { return base::TimePoint(1h + since_start); }

private:
    std::map<std::string, std::string> files_;
};

TEST(OomWatch, ExplainsNothingByWhatWasBefore) {
    Machine machine;
    auto watch = machine.v2_group().watch();
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s)));
}

TEST(OomWatch, ExplainsOneDeathByEachKill) {
    Machine machine;
    auto watch = machine.v2_group().watch();
    machine.file(v2_events, "oom 11\noom_kill 7\n");
    EXPECT_TRUE(watch.explains_a_kill(Machine::at(1s)));
    EXPECT_TRUE(watch.explains_a_kill(Machine::at(1s)));
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s)));
}

TEST(OomWatch, ReadsVersionOne) {
    Machine machine;
    auto watch = machine.v1_group().watch();
    machine.file(v1_control, "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n");
    EXPECT_TRUE(watch.explains_a_kill(Machine::at(1s)));
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s)));
}

TEST(OomWatch, PrefersItsGroupToTheMachine) {
    Machine machine;
    auto watch = machine.v2_group().whole("1").watch();
    machine.whole("2");
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s))) << "that was in another group";
}

TEST(OomWatch, FallsBackToTheMachine) {
    Machine machine;
    auto watch = machine.whole("1").watch();
    machine.whole("2");
    EXPECT_TRUE(watch.explains_a_kill(Machine::at(1s)));
    // The root group of version 2 has no such file, and old kernels count nothing in version 1.
    Machine rooted;
    rooted.v1_group().file(v1_control, "oom_kill_disable 0\nunder_oom 0\n").whole("1");
    auto other = rooted.watch();
    rooted.whole("2");
    EXPECT_TRUE(other.explains_a_kill(Machine::at(1s)));
}

TEST(OomWatch, ForgetsKillsThatItNoticedLongAgo) {
    Machine machine;
    auto watch = machine.v2_group().watch();
    machine.file(v2_events, "oom_kill 6\n");
    watch.look(Machine::at(1s));
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1min)));
    machine.file(v2_events, "oom_kill 7\n");
    watch.look(Machine::at(61s));
    EXPECT_TRUE(watch.explains_a_kill(Machine::at(62s)));
}

TEST(OomWatch, KnowsNothingWithoutCounters) {
    Machine machine;
    auto watch = machine.watch();
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s)));
}

TEST(OomWatch, SurvivesCountersThatVanishShrinkOrLie) {
    Machine machine;
    auto watch = machine.v2_group().watch();
    machine.file(v2_events, "");
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s)));
    machine.file(v2_events, "oom_kill x\n");
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s)));
    machine.file(v2_events, "oom_kill 1\n");
    EXPECT_FALSE(watch.explains_a_kill(Machine::at(1s)));
    machine.file(v2_events, "oom_kill 18446744073709551615\n");
    EXPECT_TRUE(watch.explains_a_kill(Machine::at(1s)));
}

TEST(OomWatch, OfThisProcessExplainsNoDeathThatWasNone) {
    EXPECT_FALSE(OomWatch::of_this_process().explains_a_kill(base::Clock::now()));
}

}  // namespace
}  // namespace poolhost::pool
