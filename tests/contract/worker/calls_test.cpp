// SPDX-License-Identifier: Apache-2.0
// What a worker owes its host for each call, however it was born.
#include "contract/worker/running_worker.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sched.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using wire::Encoding;
using wire::ResultEncoding;
using Json = nlohmann::json;

class Calls : public RunningWorker {};
POOLHOST_FOR_EVERY_BIRTH(Calls);

TEST_P(Calls, ArgumentsComeInFourEncodings) {
    HostEnd& host = start({own_plugin("math"), test_plugin("echo")});
    EXPECT_EQ(host.call("math.square", {.bytes = "[7]", .encoding = Encoding::json}).value, "49");
    EXPECT_EQ(host.call("math.square", {.bytes = R"({"x":-7})", .encoding = Encoding::json}).value, "49");
    EXPECT_EQ(host.call("math.square", {.bytes = "8", .encoding = Encoding::json_item}).value, "64");
    EXPECT_EQ(host.call("echo.text", {.bytes = "8 \"as it is\"", .encoding = Encoding::text_item}).value,
              R"("8 \"as it is\"")");
    EXPECT_EQ(host.call("math.square", {.bytes = messagepack("[9]"), .encoding = Encoding::messagepack}).value, "81");
}

TEST_P(Calls, ResultsComeInTheEncodingThatWasAskedFor) {
    HostEnd& host = start({own_plugin("math"), test_plugin("echo")});
    EXPECT_EQ(host.call("math.square", {.bytes = "[7]"}, ResultEncoding::messagepack).value, messagepack("49"));
    EXPECT_EQ(host.json("echo.shape", R"([{"name":"t","paint":"green","corners":[{"x":1,"y":2.5}],"layer":null}])"),
              R"({"name":"t","paint":"green","corners":[{"x":1.0,"y":2.5}],"layer":null})");
    EXPECT_EQ(host.json("echo.matrix", "[[[1,2],[3,4]]]"), "[[1.0,2.0],[3.0,4.0]]");
    EXPECT_EQ(host.json("echo.bytes", R"([{"$bytes":"aGk="}])"), R"({"$bytes":"aGk="})");
    EXPECT_EQ(host.json("echo.float64", R"([{"$float":"-inf"}])"), R"({"$float":"-inf"})");
    EXPECT_EQ(host.json("echo.int64", "[-9223372036854775808]"), "-9223372036854775808");
    EXPECT_EQ(host.json("echo.uint64", "[18446744073709551615]"), "18446744073709551615");
    EXPECT_EQ(host.json("echo.value", R"([{"$$own":[1,1.0,"ä",null,true]}])"), R"({"$$own":[1,1.0,"ä",null,true]})");
}

TEST_P(Calls, BadArgumentsAreFoundBeforeTheTask) {
    HostEnd& host = start({own_plugin("math"), test_plugin("echo")});
    EXPECT_THAT(host.json("math.square", "[\"a\"]"),
                HasSubstr("bad_arguments: argument 1 'x': expected int64, got string"));
    EXPECT_THAT(host.json("math.square", "[1.5]"), HasSubstr("bad_arguments"));
    EXPECT_THAT(host.json("math.square", "[1,2]"), HasSubstr("bad_arguments"));
    EXPECT_THAT(host.json("math.square", "[99999999999999999999]"),
                HasSubstr("bad_arguments: argument 1: 99999999999999999999 does not fit in 64 bits"));
    EXPECT_THAT(host.json("math.square", "[1"), HasSubstr("bad_arguments: arguments: parse error at line 1"));
    EXPECT_THAT(host.json("echo.bytes", R"(["text"])"), HasSubstr("bad_arguments"));
}

TEST_P(Calls, WhatATaskThrowsIsItsOutcome) {
    HostEnd& host = start({test_plugin("throwing")});
    EXPECT_EQ(host.json("throwing.runtime_error", "[\"too hot\"]"), "task_error: too hot");
    const Result result = host.call("throwing.task_error", {.bytes = "[7,\"later\",true]"});
    const auto& details = std::get<wire::TaskError>(result.error->details);
    EXPECT_EQ(details.type, "poolhost::task_error");
    EXPECT_EQ(details.code, 7);
    EXPECT_TRUE(details.retryable);
    EXPECT_EQ(host.json("throwing.stranger", "[]").substr(0, 12), "task_error: ");
    EXPECT_LT(host.json("throwing.long_message", "[1000000]").size(), 20'000U);
}

TEST_P(Calls, ReplyThatIsNoneFailsItsCallAlone) {
    HostEnd& host = start({test_plugin("garbage_reply"), test_plugin("well_behaved")});
    for (const char* task :
         {"no_messagepack", "cut", "two_values", "twice", "forged_buffer", "silent_failure", "strange_status"}) {
        for (const auto encoding : {ResultEncoding::json, ResultEncoding::messagepack}) {
            const Result result = host.call(std::string("garbage_reply.") + task, {.bytes = "[]"}, encoding);
            ASSERT_TRUE(result.error) << task;
            EXPECT_STREQ(wire::kind_name(result.error->details), "task_error") << task;
        }
    }
    EXPECT_EQ(host.json("well_behaved.same", "[1,{\"a\":2}]"), "[1,{\"a\":2}]");
}

TEST_P(Calls, UnknownTasksAreNamedWithTheirNearest) {
    HostEnd& host = start({own_plugin("math")});
    const Result result = host.call("math.sqare", {.bytes = "[7]"});
    ASSERT_TRUE(result.error);
    const auto& details = std::get<wire::UnknownTask>(result.error->details);
    EXPECT_EQ(details.nearest, "math.square");
    EXPECT_THAT(details.loaded, ElementsAre("poolhost", "math"));
    EXPECT_THAT(details.searched, ElementsAre(own_plugin("math")));
}

TEST_P(Calls, BatchGivesOneResultAnItemInOrder) {
    HostEnd& host = start({test_plugin("throwing")});
    std::vector<Item> items;
    for (int i = -5; i < 1000; ++i) items.push_back({.bytes = std::to_string(i), .encoding = Encoding::json_item});
    const auto sequence = host.submit("throwing.unless_negative", items);
    for (int i = -5; i < 1000; ++i) {
        const auto result = host.hear_a<Result>();
        ASSERT_TRUE(result);
        EXPECT_EQ(result->head.sequence, sequence);
        EXPECT_EQ(result->head.item, i + 5);
        EXPECT_EQ(result->error.has_value(), i < 0);
        EXPECT_TRUE(i < 0 || result->value == std::to_string(i));
    }
}

TEST_P(Calls, ManyBatchesAreServedWithOneDoorbell) {
    HostEnd& host = start({own_plugin("math")});
    for (int batch = 0; batch < 10; ++batch) {
        host.write_batch("math.square", {{.bytes = "[2]"}, {.bytes = "[3]"}}, ResultEncoding::json);
    }
    host.ring();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(host.hear_a<Result>()->value, i % 2 == 0 ? "4" : "9");
}

TEST_P(Calls, RevokedItemsAreNotRun) {
    HostEnd& host = start({own_plugin("math")});
    const auto sequence =
        host.write_batch("math.square", {{.bytes = "[1]"}, {.bytes = "[2]"}, {.bytes = "[3]"}}, ResultEncoding::json);
    const auto state = channel::revoke_items(host.batch_word(sequence), 1);
    ASSERT_EQ(state->limit, 1);
    host.ring();
    EXPECT_EQ(host.hear_a<Result>()->value, "1");
    EXPECT_EQ(host.json("poolhost.ping", "[]"), "\"pong\"");
    EXPECT_EQ(channel::read_batch_state(host.batch_word(sequence)).cursor, 1);
}

// Whoever wins each race, every item is either run once or taken back.
TEST_P(Calls, RevokingRacesWithRunning) {
    HostEnd& host = start({own_plugin("math")});
    for (int round = 0; round < 300; ++round) {
        const std::vector<Item> items(64, {.bytes = "5", .encoding = Encoding::json_item});
        const auto sequence = host.submit("math.square", items);
        for (int i = 0; i < round; ++i) static_cast<void>(channel::read_batch_state(host.batch_word(sequence)));
        const auto state = channel::revoke_items(host.batch_word(sequence), 0);
        for (int item = 0; item < state->limit; ++item) {
            const auto result = host.hear_a<Result>();
            ASSERT_TRUE(result);
            ASSERT_EQ(result->head.sequence, sequence);
            ASSERT_EQ(result->head.item, item);
        }
        ASSERT_EQ(host.json("poolhost.ping", "[]"), "\"pong\"");
    }
}

TEST_P(Calls, DeadWorkerLeavesItsResultsAndItsCursor) {
    HostEnd& host = start({test_plugin("crash")});
    std::vector<Item> items;
    for (int i = 0; i < 10; ++i) items.push_back({.bytes = "[" + std::to_string(i) + ",6]"});
    const auto sequence = host.submit("crash.unless", items);
    EXPECT_LT(host.reap(), 0);
    for (int i = 0; i < 6; ++i) {
        const auto result = host.hear_a<Result>();
        ASSERT_TRUE(result);
        EXPECT_EQ(result->value, std::to_string(i));
    }
    EXPECT_FALSE(host.hear());
    EXPECT_EQ(channel::read_batch_state(host.batch_word(sequence)).cursor, 7);
    EXPECT_EQ(host.channel().worker_control().running.load(), channel::call_number(sequence, 6));
}

TEST_P(Calls, ATaskThatExitsEndsItsWorker) {
    HostEnd& host = start({test_plugin("crash")});
    host.submit("crash.exit", {{.bytes = "[7]"}});
    EXPECT_FALSE(host.hear_a<Result>());
    EXPECT_EQ(host.reap(), 7);
}

TEST_P(Calls, ProgressAndCancellationTravelThroughTheControlPages) {
    HostEnd& host = start({test_plugin("slow")});
    const auto sequence = host.submit("slow.until_cancelled", {{.bytes = "[]"}, {.bytes = "[]"}});
    auto& progress = host.channel().worker_control().progress;
    for (std::uint16_t item = 0; item < 2; ++item) {
        const auto number = channel::call_number(sequence, item);
        while (progress.call.load() != number || progress.version.load() % 2 != 0) ::sched_yield();
        EXPECT_EQ(progress.fraction.load(), 0.5);
        EXPECT_EQ(progress.note[0].load(), 'w');
        EXPECT_EQ(host.channel().worker_control().running.load(), number);
        EXPECT_GT(host.channel().worker_control().began_ns.load(), 0);
        host.channel().host_control().cancelled.store(number);
        EXPECT_EQ(host.hear_a<Result>()->value, "true");
    }
}

TEST_P(Calls, PartialResultsComeBeforeTheFinalOne) {
    HostEnd& host = start({test_plugin("large")});
    const auto sequence = host.submit("large.parts", {{.bytes = "[3]"}});
    for (int part = 0; part < 3; ++part) {
        const auto emitted = std::get<Emitted>(*host.hear());
        EXPECT_EQ(emitted.value, std::to_string(part));
        EXPECT_EQ(emitted.head.sequence, sequence);
    }
    EXPECT_EQ(std::get<Result>(*host.hear()).value, "3");
}

TEST_P(Calls, LongOnesAreMeasuredAndShortOnesAreNot) {
    HostEnd& host = start({test_plugin("slow"), own_plugin("math"), test_plugin("leak")});
    const Result idle = host.call("slow.sleep", {.bytes = "[0.005]"});
    EXPECT_NE(idle.head.flags & wire::result_measured, 0);
    EXPECT_GE(idle.head.run_ns, 5'000'000);
    EXPECT_LT(idle.head.cpu_ns, idle.head.run_ns);
    const Result busy = host.call("slow.work", {.bytes = "[0.02]"});
    EXPECT_GT(busy.head.cpu_ns, 1'000'000);
    const Result leaking = host.call("leak.leak", {.bytes = "[67108864]"});
    EXPECT_GT(leaking.head.memory_growth, 60'000'000);
    const Result brief = host.call("math.square", {.bytes = "[2]"});
    EXPECT_EQ((brief.head.flags & wire::result_measured) != 0, brief.head.run_ns >= 1'000'000);
}

TEST_P(Calls, BuiltInTasksAreThere) {
    HostEnd& host = start({});
    EXPECT_EQ(host.json("poolhost.ping", "[]"), "\"pong\"");
    EXPECT_EQ(host.json("poolhost.start_method", "[]"), "\"spawn\"");
    EXPECT_EQ(host.json("poolhost.echo", R"([{"a":[1,2.5,{"$bytes":"AA=="}]}])"), R"({"a":[1,2.5,{"$bytes":"AA=="}]})");
    const Json facts = Json::parse(host.json("poolhost.worker_info", "[]"));
    EXPECT_EQ(facts["pid"], host.pid());
    EXPECT_EQ(facts["ppid"], ::getpid());
    EXPECT_EQ(facts["pool"], "test");
    EXPECT_EQ(facts["index"], 0);
    EXPECT_EQ(facts["threads"], 1);
}

TEST_P(Calls, WhatPluginsLogReachesTheHost) {
    HostEnd& host = start({test_plugin("well_behaved")});
    EXPECT_EQ(host.stop(), 0);
    EXPECT_FALSE(host.hear_a<Result>());
    EXPECT_THAT(host.log_lines(), ElementsAre("hook", "hook", "hook"));
}

}  // namespace
}  // namespace poolhost::test
