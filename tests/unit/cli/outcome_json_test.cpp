// SPDX-License-Identifier: Apache-2.0
#include "cli/outcome_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

using nlohmann::json;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

pool::Outcome outcome(std::string_view value) {
    pool::Outcome made;
    made.id = pool::CallId{12};
    made.task = "math.square";
    made.pool = "main";
    made.value = bytes_of(value);
    made.worker = pool::RunBy{4711, 2};
    made.plugin_build = "abc";
    made.queued = std::chrono::microseconds(100);
    made.run = std::chrono::milliseconds(20);
    return made;
}

json of(wire::ErrorDetails details) { return json::parse(error_json({"why", std::move(details)})); }

TEST(OutcomeJson, HoldsEveryFieldOfTheContract) {
    auto made = outcome("49");
    made.cpu = std::chrono::milliseconds(19);
    made.memory_growth = -4096;
    EXPECT_EQ(json::parse(outcome_json(made)),
              json::parse(R"({"id": "12", "task": "math.square", "value": 49, "pool": "main",
                "worker": {"pid": 4711, "index": 2}, "plugin_build": "abc", "attempt": 1, "queued_s": 0.0001,
                "run_s": 0.02, "cpu_s": 0.019, "memory_growth": -4096})"));
}

TEST(OutcomeJson, TheValueStandsAsTheWorkerWroteIt) {
    const std::string text = outcome_json(outcome("[18446744073709551615,1e400]"));
    EXPECT_NE(text.find(R"("value":[18446744073709551615,1e400])"), std::string::npos) << text;
}

TEST(OutcomeJson, WhatThereIsNoneOfIsNull) {
    auto made = outcome("1");
    made.worker.reset();
    made.plugin_build = {};
    const json read = json::parse(outcome_json(made));
    for (const char* field : {"worker", "plugin_build", "cpu_s", "memory_growth"})
        EXPECT_TRUE(read.at(field).is_null()) << field;
}

TEST(OutcomeJson, AnErrorTakesTheValuesPlace) {
    auto made = outcome("");
    const wire::CallError error{"thrown", wire::TaskError{"std::domain_error", 3, true}};
    made.error = &error;
    const json read = json::parse(outcome_json(made));
    EXPECT_FALSE(read.contains("value"));
    EXPECT_EQ(read["error"], json::parse(R"({"kind": "task_error", "message": "thrown", "type": "std::domain_error",
                "code": 3, "retryable": true})"));
    EXPECT_EQ(read["pool"], "main");
}

TEST(OutcomeJson, OneLineWhateverTheMessageHolds) {
    const wire::CallError error{"two\nlines and \xff\x01", wire::TaskError{}};
    const std::string text = refusal_json("a.b", error);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(json::parse(text)["task"], "a.b");
}

TEST(OutcomeJson, AFileStandsForItsValue) {
    EXPECT_EQ(json::parse(outcome_json(outcome("x"), file_json("a \"b\"")))["value"], json({{"$file", "a \"b\""}}));
}

TEST(ErrorJson, CarriesWhatEachKindPromises) {
    EXPECT_EQ(of(wire::BadArguments{2, "width", "int32", "string"}),
              json::parse(R"({"kind": "bad_arguments", "message": "why", "argument": 2, "name": "width",
                "expected": "int32", "got": "string"})"));
    EXPECT_EQ(of(wire::UnknownTask{"a.b", {"a.b"}, {"x.so"}}),
              json::parse(R"({"kind": "unknown_task", "message": "why", "nearest": "a.b", "loaded": ["a.b"],
                "searched": ["x.so"]})"));
    EXPECT_EQ(of(wire::UnknownPool{{}, {"p"}}),
              json::parse(R"({"kind": "unknown_pool", "message": "why", "nearest": null, "loaded": ["p"]})"));
    EXPECT_EQ(of(wire::TimedOut{wire::CallPhase::running, 1'500'000'000, {}, "blocked", {}}),
              json::parse(R"({"kind": "timeout", "message": "why", "while": "running", "limit": 1.5, "stack": null,
                "stack_missing": "blocked", "capsule": null})"));
    EXPECT_EQ(of(wire::TimedOut{wire::CallPhase::running, 1'500'000'000, {"spin"}, "", "a.capsule"}),
              json::parse(R"({"kind": "timeout", "message": "why", "while": "running", "limit": 1.5,
                "stack": ["spin"], "capsule": "a.capsule"})"));
    EXPECT_EQ(of(wire::Cancelled{true}), json::parse(R"({"kind": "cancelled", "message": "why", "begun": true})"));
    EXPECT_EQ(of(wire::QueueFull{5, 4}),
              json::parse(R"({"kind": "queue_full", "message": "why", "length": 5, "limit": 4})"));
    EXPECT_EQ(of(wire::PoolUnavailable{"no"}),
              json::parse(R"({"kind": "pool_unavailable", "message": "why", "cause": "no"})"));
    EXPECT_EQ(of(wire::HostLost{wire::Begun::unknown})["begun"], "unknown");
    EXPECT_EQ(of(wire::HostLost{wire::Begun::no})["begun"], false);
    EXPECT_EQ(of(wire::ShuttingDown{})["kind"], "shutting_down");
    EXPECT_EQ(of(wire::TooLarge{})["kind"], "too_large");
    EXPECT_EQ(of(wire::ProtocolError{})["kind"], "protocol");
    EXPECT_EQ(of(wire::Quarantined{{"c"}})["capsules"], json::array({"c"}));
}

TEST(ErrorJson, ALostWorkerIsExplained) {
    const json lost = of(wire::WorkerLost{wire::LossCause::crash, "SIGSEGV", {}, {}, "no symbols", {"last"}, {}});
    EXPECT_EQ(lost["cause"], "crash");
    EXPECT_EQ(lost["signal"], "SIGSEGV");
    EXPECT_TRUE(lost["exit_code"].is_null());
    EXPECT_TRUE(lost["stack"].is_null());
    EXPECT_EQ(lost["stack_missing"], "no symbols");
    EXPECT_EQ(lost["stderr"], json::array({"last"}));
    const json exited = of(wire::WorkerLost{wire::LossCause::exit, "", 3, {"main"}, "", {}, "c.tar"});
    EXPECT_TRUE(exited["signal"].is_null());
    EXPECT_EQ(exited["exit_code"], 3);
    EXPECT_EQ(exited["stack"], json::array({"main"}));
    EXPECT_EQ(exited["capsule"], "c.tar");
}

TEST(IsJson, IsOneValueAndNothingElse) {
    for (const char* good : {"1", "null", "\"a\"", "[1,2]", " {} "}) EXPECT_TRUE(is_json(good)) << good;
    for (const char* bad : {"", "a", "1 2", "NaN", "[1,]", "'a'"}) EXPECT_FALSE(is_json(bad)) << bad;
}

}  // namespace
}  // namespace poolhost::cli
