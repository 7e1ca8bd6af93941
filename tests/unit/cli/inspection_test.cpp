// SPDX-License-Identifier: Apache-2.0
#include "cli/inspection.hpp"
#include "cli/check.hpp"
#include "cli/inspect.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* line =
    R"({"name":"a","version":"1","abi":"1.0","fork_safe":true,"tasks":[{"name":"t","idempotent":true,"timeout_ns":5}]})";

catalog::Manifest manifest() {
    catalog::Manifest made;
    made.file = "/x/liba.so";
    made.name = "a";
    made.version = "1";
    made.abi = "1.0";
    catalog::TaskManifest task;
    task.name = "t";
    task.signature_text = "(x: int64) -> string";
    task.signature = catalog::parse_signature(task.signature_text).value();
    task.doc = "Does it.";
    task.idempotent = true;
    task.timeout = std::chrono::nanoseconds(5);
    made.tasks.push_back(std::move(task));
    return made;
}

TEST(Inspection, ReadsWhatTheProcessPrinted) {
    const auto loaded = parse_inspection(line);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->name, "a");
    ASSERT_EQ(loaded->tasks.size(), 1U);
    EXPECT_TRUE(loaded->tasks[0].idempotent);
    EXPECT_EQ(loaded->tasks[0].timeout, std::chrono::nanoseconds(5));
}

TEST(Inspection, NothingUnreadableIsBelieved) {
    for (const char* broken : {"", "{}", "[1]", R"({"name":1})", R"({"name":"a","version":"1","abi":"1.0"})"}) {
        EXPECT_FALSE(parse_inspection(broken)) << broken;
    }
}

TEST(Inspection, ManifestAndCodeThatAgreeDoNotDiffer) {
    EXPECT_THAT(differences(manifest(), *parse_inspection(line)), IsEmpty());
}

TEST(Inspection, EveryDifferenceIsTold) {
    auto loaded = *parse_inspection(line);
    loaded.version = "2";
    loaded.fork_safe = false;
    loaded.tasks[0].name = "u";
    EXPECT_THAT(differences(manifest(), loaded),
                ElementsAre("the version is 1 in its manifest, 2 in its code",
                            "whether it may be forked is yes in its manifest, no in its code",
                            "task 't' is in its manifest, but not in its code",
                            "task 'u' is in its code, but not in its manifest"));
    loaded = *parse_inspection(line);
    loaded.tasks[0].idempotent = false;
    loaded.tasks[0].timeout = std::chrono::nanoseconds(0);
    EXPECT_THAT(differences(manifest(), loaded),
                ElementsAre(HasSubstr("idempotent of task 't' is yes in its manifest, no in its code"),
                            HasSubstr("the timeout of task 't' is 5 ns in its manifest, none in its code")));
}

TEST(Inspection, AManifestAsJson) {
    const auto read = nlohmann::json::parse(manifest_json(manifest()));
    EXPECT_EQ(read["name"], "a");
    EXPECT_TRUE(read["build_id"].is_null());
    EXPECT_EQ(read["tasks"][0]["name"], "a.t");
    EXPECT_EQ(read["tasks"][0]["parameters"][0]["type"], "int64");
    EXPECT_EQ(read["tasks"][0]["returns"], "string");
    EXPECT_EQ(read["tasks"][0]["timeout_s"], 5e-9);
}

TEST(Inspection, WhatWasLoadedInWords) {
    const std::string text = describe_loaded(*parse_inspection(line), "/x/liba.so");
    EXPECT_THAT(text, HasSubstr("a.t, idempotent"));
    EXPECT_THAT(text, HasSubstr("/x/liba.so"));
    EXPECT_EQ(nlohmann::json::parse(loaded_json(*parse_inspection(line), "/x/liba.so"))["tasks"][0]["name"], "a.t");
}

TEST(CheckSummary, SaysWhatWouldRun) {
    PlannedPool pool;
    pool.config.name = "thumbs";
    pool.config.start_method = base::StartMethod::spawn;
    pool.config.processes = {1, 4, std::chrono::seconds(30), false};
    pool.config.timeout = std::chrono::seconds(30);
    pool.config.initializer.push_back({"a.t", "[1]"});
    auto catalog = std::make_shared<catalog::Catalog>();
    ASSERT_TRUE(catalog->add(manifest()));
    pool.catalog = catalog;
    const std::string text = summary(pool);
    EXPECT_THAT(text, HasSubstr("pool thumbs: spawn, 1 to 4 processes, idle ones end after 30s\n"));
    EXPECT_THAT(text, HasSubstr("  a 1, 1 task, no build id, /x/liba.so\n"));
    EXPECT_THAT(text, HasSubstr("  initializer a.t [1]\n"));
    EXPECT_THAT(text, HasSubstr("  timeout 30s, grace 2s"));
}

}  // namespace
}  // namespace poolhost::cli
