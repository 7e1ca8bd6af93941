// SPDX-License-Identifier: Apache-2.0
// The manifest's text, signatures above all, and the table that says the same.
#include "unit/sdk/fake_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace poolhost::test {

/// The text of the note that the compiler wrote for types_plugin.cpp.
std::string_view types_manifest();

namespace {

using testing::ElementsAre;
using Fields = std::vector<std::string>;

Fields split(std::string_view text, char separator) {
    Fields parts{""};
    for (const char c : text) {
        if (c == separator) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

std::vector<Fields> records() {
    std::string_view text = types_manifest();
    EXPECT_EQ(text.back(), '\0');
    text.remove_suffix(1);
    EXPECT_EQ(text.back(), '\x1e');
    text.remove_suffix(1);
    std::vector<Fields> all;
    for (const std::string& record : split(text, '\x1e')) all.push_back(split(record, '\x1f'));
    return all;
}

Fields task_record(std::string_view name) {
    for (const Fields& record : records()) {
        if (record[0] == "task" && record.at(1) == name) return record;
    }
    return {};
}

struct Signature {
    const char* task;
    const char* text;
};

class Signatures : public testing::TestWithParam<Signature> {};

TEST_P(Signatures, AreWritten) {
    const Fields record = task_record(GetParam().task);
    ASSERT_EQ(record.size(), 5U);
    EXPECT_EQ(record[2], GetParam().text);
}

#define POINT "struct point{x: float64, y: float64}"
#define COLOR "enum color{red, green, blue}"
#define SHAPE "struct shape{name: string, points: list<" POINT ">, fill: " COLOR ", width: optional<int32>}"
#define TREE "struct tree{weight: int32, children: list<value>}"
#define ECHO(TYPE) "(x: " TYPE ") -> " TYPE

INSTANTIATE_TEST_SUITE_P(
    All, Signatures,
    testing::Values(
        Signature{"bool_", ECHO("bool")}, Signature{"int8", ECHO("int8")}, Signature{"int16", ECHO("int16")},
        Signature{"int32", ECHO("int32")}, Signature{"int64", ECHO("int64")}, Signature{"uint8", ECHO("uint8")},
        Signature{"uint16", ECHO("uint16")}, Signature{"uint32", ECHO("uint32")}, Signature{"uint64", ECHO("uint64")},
        Signature{"long_long", ECHO("int64")}, Signature{"float32", ECHO("float32")},
        Signature{"float64", ECHO("float64")}, Signature{"string", ECHO("string")},
        Signature{"string_view", ECHO("string")}, Signature{"bytes", ECHO("bytes")},
        Signature{"byte_span", ECHO("bytes")}, Signature{"span_float64", ECHO("span<float64>")},
        Signature{"vector_bool", ECHO("span<bool>")}, Signature{"vector_vector", ECHO("list<span<float64>>")},
        Signature{"vector_string", ECHO("list<string>")}, Signature{"ndarray_2", ECHO("ndarray<float64, 2>")},
        Signature{"ndarray_view_3", ECHO("ndarray<float32, 3>")}, Signature{"ndarray_bool", ECHO("ndarray<bool, 1>")},
        Signature{"array_3", ECHO("array<int32, 3>")}, Signature{"pair", ECHO("tuple<int32, string>")},
        Signature{"tuple", ECHO("tuple<bool, float64, string>")}, Signature{"optional", ECHO("optional<int32>")},
        Signature{"map", ECHO("map<int32>")}, Signature{"unordered_map", ECHO("map<span<int32>>")},
        Signature{"color", ECHO(COLOR)}, Signature{"level", ECHO("int16")}, Signature{"point", ECHO(POINT)},
        Signature{"shape", ECHO(SHAPE)}, Signature{"tree", ECHO(TREE)}, Signature{"value", ECHO("value")},
        Signature{"deep", ECHO("tuple<map<" SHAPE ">, array<tuple<bool, optional<" COLOR ">>, 1>>")},
        Signature{"nothing", "() -> null"}, Signature{"told", "() -> string"},
        Signature{"allocated", "(rows: uint64, columns: uint64) -> ndarray<float32, 2>"},
        Signature{"allocated_bytes", "(size: uint64) -> bytes"}, Signature{"allocated_text", "() -> string"},
        Signature{"literal", "() -> string"},
        Signature{"join",
                  "(first: string, second: string, third: optional<string>, fourth: "
                  "optional<int32>) -> string"},
        Signature{"moved", "(text: string, numbers: span<int32>) -> string"}));

TEST(Manifest, BeginsWithThePlugin) {
    const std::vector<Fields> all = records();
    EXPECT_THAT(all.at(0), ElementsAre("poolhost-manifest", "1"));
    EXPECT_THAT(all.at(1), ElementsAre("plugin", "types", "1.2.3", "Every type.", "1.0", "0.1.0", "starts threads"));
    EXPECT_EQ(all.size(), 2 + poolhost_plugin_v1()->task_count);
}

TEST(Manifest, HasFlagsAndDocumentation) {
    const Fields resize = task_record("resize");
    EXPECT_EQ(resize.at(3), "idempotent timeout_ns=1500000000");
    EXPECT_EQ(resize.at(4), "Two\nlines.");
    EXPECT_EQ(task_record("join").at(3), "idempotent");
    EXPECT_EQ(task_record("nothing").at(3), "");
}

TEST(Table, SaysWhatTheManifestSays) {
    const poolhost_plugin_table_v1& table = *poolhost_plugin_v1();
    EXPECT_EQ(table.size, sizeof(poolhost_plugin_table_v1));
    EXPECT_EQ(table.abi_major, POOLHOST_ABI_MAJOR);
    EXPECT_STREQ(table.name, "types");
    EXPECT_STREQ(table.version, "1.2.3");
    EXPECT_EQ(table.flags, std::uint32_t{POOLHOST_PLUGIN_NOT_FORK_SAFE});
    const std::vector<Fields> all = records();
    for (std::uint32_t i = 0; i < table.task_count; ++i) EXPECT_EQ(table.tasks[i].name, all.at(2 + i).at(1));

    const poolhost_task_v1& resize = task_named("resize");
    EXPECT_EQ(resize.size, sizeof(poolhost_task_v1));
    EXPECT_EQ(resize.flags, std::uint32_t{POOLHOST_TASK_IDEMPOTENT});
    EXPECT_EQ(resize.timeout_ns, 1500000000);
    EXPECT_EQ(task_named("nothing").flags, 0U);
}

}  // namespace
}  // namespace poolhost::test
