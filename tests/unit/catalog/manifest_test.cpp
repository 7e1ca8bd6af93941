// SPDX-License-Identifier: Apache-2.0
#include "catalog/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace poolhost::catalog {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string record(const std::vector<std::string>& fields) {
    std::string text;
    for (const std::string& field : fields) text += (text.empty() ? "" : "\x1f") + field;
    return text + "\x1e";
}

const std::string head = record({"poolhost-manifest", "1"});
const std::string plugin = record({"plugin", "math", "1.0.0", "Arithmetic.", "1.0", "0.1.0", ""});

std::string task(const std::string& name, const std::string& signature = "() -> null", const std::string& flags = "",
                 const std::string& doc = "") {
    return record({"task", name, signature, flags, doc});
}

std::string complaint(const std::string& text) {
    const auto manifest = parse_manifest(text);
    return manifest ? "no complaint" : manifest.error().message;
}

TEST(Manifest, HoldsWhatThePluginSaysOfItself) {
    const Manifest manifest =
        parse_manifest(head + record({"plugin", "math", "1.2.3", "Two\nlines.", "1.0", "0.1.0", "CUDA"}) +
                       task("square", "(x: int64) -> int64", "idempotent timeout_ns=1500000000", "The square of x.") +
                       task("mean", "(values: span<float64>) -> float64"))
            .value();
    EXPECT_EQ(manifest.name, "math");
    EXPECT_EQ(manifest.version, "1.2.3");
    EXPECT_EQ(manifest.doc, "Two\nlines.");
    EXPECT_EQ(manifest.abi, "1.0");
    EXPECT_EQ(manifest.sdk, "0.1.0");
    EXPECT_EQ(manifest.not_fork_safe, "CUDA");
    ASSERT_THAT(manifest.tasks, SizeIs(2));
    EXPECT_TRUE(manifest.tasks[0].idempotent);
    EXPECT_EQ(manifest.tasks[0].timeout, std::chrono::milliseconds(1500));
    EXPECT_EQ(manifest.tasks[0].doc, "The square of x.");
    EXPECT_EQ(to_string(manifest.tasks[0].signature), manifest.tasks[0].signature_text);
    EXPECT_FALSE(manifest.tasks[1].idempotent);
    EXPECT_FALSE(manifest.tasks[1].timeout);
    EXPECT_EQ(manifest.find_task("mean"), &manifest.tasks[1]);
    EXPECT_EQ(manifest.find_task("median"), nullptr);
}

TEST(Manifest, MayHaveNoTask) { EXPECT_THAT(parse_manifest(head + plugin).value().tasks, SizeIs(0)); }

TEST(Manifest, ThatIsCutIsRefusedAtEveryLength) {
    const std::string whole = head + plugin + task("square") + task("mean");
    const std::vector<std::size_t> ends_of_records = {(head + plugin).size(), (head + plugin + task("square")).size()};
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const bool between_records = testing::Value(length, testing::AnyOfArray(ends_of_records));
        EXPECT_EQ(parse_manifest(whole.substr(0, length)).has_value(), between_records) << length;
    }
}

TEST(Manifest, FaultsAreNamed) {
    EXPECT_THAT(complaint(""), HasSubstr("its last record does not end"));
    EXPECT_THAT(complaint(record({"something", "1"})), HasSubstr("does not begin with 'poolhost-manifest'"));
    EXPECT_THAT(complaint(record({"poolhost-manifest", "2"}) + plugin), HasSubstr("update poolhost"));
    EXPECT_THAT(complaint(head), HasSubstr("no 'plugin' record"));
    EXPECT_THAT(complaint(head + task("square")), HasSubstr("no 'plugin' record of seven fields"));
    EXPECT_THAT(complaint(head + record({"plugin", "math", "1"})), HasSubstr("seven fields"));
    EXPECT_THAT(complaint(head + record({"plugin", "a.b", "1", "", "1.0", "c", ""})),
                HasSubstr("'a.b' cannot name a plugin"));
    EXPECT_THAT(complaint(head + record({"plugin", "", "1", "", "1.0", "c", ""})), HasSubstr("cannot name a plugin"));
    EXPECT_THAT(complaint(head + record({"plugin", "a", "1", "", "one", "c", ""})),
                HasSubstr("'one' is no ABI version"));
    EXPECT_THAT(complaint(head + plugin + record({"task", "square"})), HasSubstr("fewer than five fields"));
    EXPECT_THAT(complaint(head + plugin + task("1st")), HasSubstr("'1st' cannot name a task"));
    EXPECT_THAT(complaint(head + plugin + task("a") + task("a")), HasSubstr("task 'a' stands twice"));
    EXPECT_THAT(complaint(head + plugin + task("a", "(x) -> null")),
                HasSubstr("task 'a': signature '(x) -> null', column 3"));
    EXPECT_THAT(complaint(head + plugin + task("a", "() -> null", "idempotnet")),
                HasSubstr("unknown flag 'idempotnet'"));
    EXPECT_THAT(complaint(head + plugin + task("a", "() -> null", "timeout_ns=-1")), HasSubstr("timeout_ns"));
    EXPECT_THAT(complaint(head + plugin + task("a", "() -> null", "timeout_ns=1s")), HasSubstr("timeout_ns"));
    EXPECT_THAT(complaint(head + plugin + plugin), HasSubstr("unknown record 'plugin'"));
}

TEST(Manifest, OfANewerAbiIsReadAsFarAsItIsUnderstood) {
    const Manifest manifest =
        parse_manifest(head + record({"plugin", "later", "1", "", "1.7", "2.0", "", "a new field"}) +
                       task("old", "(x: int64) -> int64", "teleports idempotent") +
                       task("new", "(x: quaternion) -> null") + record({"resource", "gpu"}))
            .value();
    ASSERT_THAT(manifest.tasks, SizeIs(2));
    EXPECT_TRUE(manifest.tasks[0].idempotent);
    EXPECT_EQ(manifest.tasks[1].signature_text, "(x: quaternion) -> null");
}

TEST(Manifest, CarriesNoEscapeSequencesToTerminalsAndNoBrokenTextToDocuments) {
    const auto doc = [](const std::string& text) {
        return complaint(head + plugin + task("a", "() -> null", "", text));
    };
    EXPECT_EQ(doc("tab\tand line feed\n\xc3\xbc \xe2\x82\xac \xf0\x9f\x8e\x89"), "no complaint");
    for (const std::string text :
         {"\x1b[31m", "\r", "\x7f", "\xc2\x9b", "\xff", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
          "\xf4\x90\x80\x80", "\xf0\x80\x80\x80", "\x80", "\xe2\x82", "\xf0\x9f\x8e"})
        EXPECT_THAT(doc(text), HasSubstr("control characters or text that is not UTF-8"));
    EXPECT_THAT(doc(std::string("\0", 1)), HasSubstr("control characters"));
}

}  // namespace
}  // namespace poolhost::catalog
