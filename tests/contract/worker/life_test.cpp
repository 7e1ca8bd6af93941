// SPDX-License-Identifier: Apache-2.0
// How a worker begins and ends, and what a template has prepared for it.
#include "contract/worker/running_worker.hpp"
#include "worker/run_worker.hpp"
#include "worker/template.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::json;

class Life : public RunningWorker {
protected:
    static std::string why_not(const wire::WorkerDescription& description) {
        HostEnd host(GetParam(), description);
        const std::string cause = host.expect_start_failure();
        EXPECT_EQ(host.reap(), worker::start_failed_exit_code);
        return cause;
    }
};
POOLHOST_FOR_EVERY_BIRTH(Life);

TEST_P(Life, ReadySaysWhatIsLoaded) {
    HostEnd host(GetParam(), describe({test_plugin("well_behaved")}));
    std::vector<std::string> names;
    for (const auto& task : host.expect_ready().tasks) {
        names.push_back(task.name);
        if (task.name != "well_behaved.same") continue;
        EXPECT_EQ(task.build_id, "b0b0");
        EXPECT_TRUE(task.idempotent);
        EXPECT_EQ(task.timeout_ns, 1'500'000'000);
    }
    EXPECT_THAT(names,
                AllOf(Contains("well_behaved.same"), Contains("well_behaved.nothing"), Contains("poolhost.ping")));
    EXPECT_EQ(host.stop(), 0);
}

TEST_P(Life, DescriptionIsApplied) {
    const auto folder = std::filesystem::canonical(std::filesystem::temp_directory_path());
    auto description = describe({test_plugin("surroundings")});
    description.pool = "thumbs";
    description.worker_index = 3;
    description.environment = {{"POOLHOST_TEST", "a=b"}};
    description.working_directory = folder;
    description.nice = 5;
    description.limits.open_files = 200;
    description.limits.core = 0;
    description.limits.stack = 1 << 20;
    HostEnd& host = start_as(description);
    EXPECT_EQ(host.json("surroundings.environment", "[\"POOLHOST_TEST\"]"), "\"a=b\"");
    EXPECT_EQ(host.json("surroundings.directory", "[]"), Json(folder.string()).dump());
    EXPECT_EQ(host.json("surroundings.niceness", "[]"), std::to_string(::getpriority(PRIO_PROCESS, 0) + 5));
    EXPECT_EQ(host.json("surroundings.rank", "[]"), "3");
    const Json facts = Json::parse(host.json("poolhost.worker_info", "[]"));
    EXPECT_EQ(facts["pool"], "thumbs");
    EXPECT_EQ(facts["limits"],
              Json({{"memory", facts["limits"]["memory"]}, {"open_files", 200}, {"stack", 1 << 20}, {"core", 0}}));
}

TEST_P(Life, AffinityIsApplied) {
    HostEnd& any = start({});
    const Json cpus = Json::parse(any.json("poolhost.worker_info", "[]"))["cpu_affinity"];
    auto description = describe({});
    description.cpu_affinity = {cpus.back().get<std::int32_t>()};
    HostEnd& host = start_as(description);
    EXPECT_EQ(Json::parse(host.json("poolhost.worker_info", "[]"))["cpu_affinity"], Json::array({cpus.back()}));
}

TEST_P(Life, HooksAndStartTasksRunInOrder) {
    auto description = describe({test_plugin("surroundings"), test_plugin("throwing")});
    description.preload = {{"throwing.unless_negative", "[1]"}};
    description.initializer = {{"throwing.unless_negative", R"({"value":2})"}, {"poolhost.ping", ""}};
    HostEnd& host = start_as(description);
    const std::string pid = std::to_string(host.pid());
    // A fork of a process that had it loaded already remembers that one's hooks, too.
    EXPECT_THAT(host.json("surroundings.hooks", "[]"),
                testing::EndsWith("\"preload " + pid + "\",\"start " + pid + "\"]"));
}

TEST_P(Life, WhatFailsAtStartIsSaidVerbatim) {
    EXPECT_EQ(why_not(describe({test_plugin("start_fails")})),
              "on_start of plugin 'start_fails' failed: std::runtime_error: no model found");
    EXPECT_EQ(why_not(describe({test_plugin("preload_fails")})),
              "on_preload of plugin 'preload_fails' failed: std::runtime_error: no weights found");
    EXPECT_THAT(why_not(describe({"/no/such/libx.so"})), HasSubstr("/no/such/libx.so"));
    EXPECT_THAT(why_not(describe({test_plugin("no_plugin")})), HasSubstr("is no plugin"));
}

TEST_P(Life, StartTaskThatFailsIsSaidVerbatim) {
    auto description = describe({test_plugin("throwing")});
    description.initializer = {{"throwing.runtime_error", "[\"too cold\"]"}};
    EXPECT_EQ(why_not(description), "initializer task 'throwing.runtime_error' failed: std::runtime_error: too cold");
    description.initializer = {{"throwing.runtime_eror", "[]"}};
    EXPECT_EQ(why_not(description),
              "initializer task 'throwing.runtime_eror': there is no task "
              "'throwing.runtime_eror'; did you mean 'throwing.runtime_error'?");
    description.initializer = {};
    description.preload = {{"throwing.runtime_error", "[5]"}};
    EXPECT_THAT(why_not(description), AllOf(HasSubstr("preload task 'throwing.runtime_error' failed"),
                                            HasSubstr("expected string, got integer")));
    description.preload = {{"throwing.runtime_error", "{"}};
    EXPECT_THAT(why_not(description), HasSubstr("parse error"));
}

TEST_P(Life, WhatCannotBeAppliedIsSaid) {
    auto description = describe({});
    description.working_directory = "/no/such/folder";
    EXPECT_EQ(why_not(description), "cannot enter working_directory '/no/such/folder': No such file or directory");
    description = describe({});
    description.cpu_affinity = {8000};
    EXPECT_EQ(why_not(description), "cannot set cpu_affinity [8000]: Invalid argument");
}

TEST_P(Life, HostThatIsGoneEndsAnIdleWorker) {
    HostEnd& host = start({});
    host.close();
    EXPECT_EQ(host.reap(), 0);
}

TEST_P(Life, HostThatIsGoneEndsAWorkerAtTheEndOfItsTask) {
    HostEnd& host = start({test_plugin("slow")});
    host.submit("slow.work", {{.bytes = "[0.01]"}});
    host.close();
    EXPECT_EQ(host.reap(), 0);
}

TEST_P(Life, WhatTasksPrintIsThereWhenTheWorkerCrashes) {
    auto ends = base::make_pipe();
    const int saved = ::dup(STDOUT_FILENO);
    std::fflush(stdout);
    ::dup2(ends->second.get(), STDOUT_FILENO);
    HostEnd& host = start({test_plugin("chatter"), test_plugin("crash")});
    std::fflush(stdout);
    ::dup2(saved, STDOUT_FILENO);
    ::close(saved);
    ends->second.reset();
    host.json("chatter.to_output", "[1]");
    host.submit("crash.abort", {{.bytes = "[]"}});
    EXPECT_LT(host.reap(), 0);
    char text[64] = {};
    EXPECT_GT(::read(ends->first.get(), text, sizeof text - 1), 0);
    EXPECT_STREQ(text, "line 0 of talk\n");
}

TEST_P(Life, RetiringWorkerBeginsNothingMore) {
    HostEnd& host = start({demanding()});
    const auto sequence = host.submit("demanding.retire", {{.bytes = "[1]"}, {.bytes = "[2]"}});
    EXPECT_EQ(std::get<wire::Retiring>(*host.hear()).reason, "worn out");
    EXPECT_EQ(std::get<Result>(*host.hear()).value, "1");
    host.submit("poolhost.ping", {{.bytes = "[]"}});
    EXPECT_EQ(host.stop(), 0);
    EXPECT_FALSE(host.hear_a<Result>());
    EXPECT_EQ(channel::read_batch_state(host.batch_word(sequence)).cursor, 1);
}

TEST_P(Life, CpuSecondsOfACallAreLimited) {
    auto description = describe({test_plugin("hang")});
    description.limits.cpu_seconds = 0;
    HostEnd& host = start_as(description);
    host.submit("hang.spin", {{.bytes = "[]"}});
    EXPECT_EQ(host.reap(), -SIGXCPU);
}

// ---- templates

wire::WorkerDescription as_template(wire::WorkerDescription description, const char* method) {
    description.worker_index = -1;
    description.start_method = method;
    return description;
}
wire::WorkerDescription as_worker(wire::WorkerDescription description, const char* method, std::int32_t index) {
    description.worker_index = index;
    description.start_method = method;
    return description;
}

TEST(Templates, AreForkedIntoWorkersWithTheirOwnRankAndEnvironment) {
    static worker::Template prepared;
    auto description = describe({test_plugin("surroundings")});
    description.environment = {{"SHARED", "1"}};
    ::setenv("SHARED", "of the host", 1);
    const auto directory = std::filesystem::current_path();
    description.working_directory = "/";
    const auto ready = prepared.prepare(as_template(description, "fork"));
    ASSERT_TRUE(ready) << ready.error().message;
    EXPECT_STREQ(std::getenv("SHARED"), "of the host");
    EXPECT_EQ(std::filesystem::current_path(), directory);

    for (const int index : {0, 1}) {
        auto mine = as_worker(description, "fork", index);
        mine.environment.emplace_back("RANK", std::to_string(index));
        HostEnd host(Birth::fork, mine,
                     [](base::UniqueFd socket) { return worker::run_worker(std::move(socket), prepared); });
        host.expect_ready();
        EXPECT_EQ(host.json("surroundings.rank", "[]"), std::to_string(index));
        EXPECT_EQ(host.json("surroundings.environment", "[\"RANK\"]"), '"' + std::to_string(index) + '"');
        EXPECT_EQ(host.json("surroundings.environment", "[\"SHARED\"]"), "\"1\"");
        EXPECT_EQ(host.json("surroundings.directory", "[]"), "\"/\"");
        EXPECT_EQ(host.json("poolhost.start_method", "[]"), "\"fork\"");
        EXPECT_EQ(host.json("surroundings.hooks", "[]"),
                  "[\"preload " + std::to_string(::getpid()) + "\",\"start " + std::to_string(host.pid()) + "\"]");
        EXPECT_EQ(host.stop(), 0);
    }
}

TEST(Templates, LeavePluginsThatMustNotBeForkedToTheWorker) {
    static worker::Template prepared;
    auto description = describe({test_plugin("not_fork_safe"), test_plugin("surroundings")});
    description.plugins[0].load_after_fork = true;
    ASSERT_TRUE(prepared.prepare(as_template(description, "forkserver")));
    EXPECT_EQ(prepared.tasks().find("not_fork_safe.same"), nullptr);
    HostEnd host(Birth::fork, as_worker(description, "forkserver", 0),
                 [](base::UniqueFd socket) { return worker::run_worker(std::move(socket), prepared); });
    host.expect_ready();
    EXPECT_EQ(host.json("not_fork_safe.same", "[5]"), "5");
    EXPECT_EQ(host.json("surroundings.rank", "[]"), "0");
}

TEST(Templates, RefuseThreadsThatNoForkTakesAlong) {
    // In a child: the thread would stay in this process.
    const pid_t child = ::fork();
    if (child == 0) {
        static worker::Template prepared;
        const auto ready = prepared.prepare(as_template(describe({test_plugin("thread_at_preload")}), "forkserver"));
        const bool named = !ready && ready.error().message.starts_with(
                                         "on_preload of plugin 'thread_at_preload' left 1 thread(s) running (");
        ::_exit(named ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST(Templates, WarnOfDescriptorsThatEveryForkShares) {
    testing::internal::CaptureStderr();
    static worker::Template prepared;
    const auto ready = prepared.prepare(as_template(describe({test_plugin("descriptor_at_preload")}), "forkserver"));
    const std::string errors = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(ready);
    EXPECT_THAT(errors, HasSubstr("on_preload of plugin 'descriptor_at_preload' left descriptor "));
    EXPECT_THAT(errors, HasSubstr("(a Unix socket) open"));
}

TEST(Templates, SayWhatCouldNotBePrepared) {
    static worker::Template prepared;
    EXPECT_EQ(prepared.prepare(as_template(describe({test_plugin("preload_fails")}), "fork")).error().message,
              "on_preload of plugin 'preload_fails' failed: std::runtime_error: no weights found");
    EXPECT_FALSE(prepared.prepare(std::span<const std::byte>()));
}

}  // namespace
}  // namespace poolhost::test
