// SPDX-License-Identifier: Apache-2.0
#include "cli/map_lines.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

using nlohmann::json;

TEST(MapLine, IsThePlainValue) {
    std::string out = "1\n";
    append_value_line(out, LineStyle::plain, 7, "[2]");
    EXPECT_EQ(out, "1\n[2]\n");
}

TEST(MapLine, SaysWhichItemItBelongsTo) {
    std::string out;
    append_value_line(out, LineStyle::indexed, UINT64_MAX, "null");
    EXPECT_EQ(out, "{\"index\": 18446744073709551615, \"value\": null}\n");
}

TEST(MapLine, IsAnErrorInPlaceOfAValue) {
    const wire::CallError error{"too\nbad", wire::TaskError{"std::runtime_error", 3, true}};
    std::string out;
    append_error_line(out, LineStyle::plain, 1, "unused", error);
    append_error_line(out, LineStyle::indexed, 1, "[1]", error);
    const std::size_t first_end = out.find('\n');
    const json plain = json::parse(out.substr(0, first_end));
    EXPECT_EQ(plain.size(), 1U);
    EXPECT_EQ(plain.at("error").at("kind"), "task_error");
    EXPECT_EQ(plain.at("error").at("message"), "too\nbad");
    const json indexed = json::parse(out.substr(first_end + 1));
    EXPECT_EQ(indexed.at("index"), 1);
    EXPECT_EQ(indexed.at("item"), json::array({1}));
    EXPECT_EQ(indexed.at("error").at("code"), 3);
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 2);
}

TEST(MapItemJson, IsTheJsonThatCameIn) {
    EXPECT_EQ(item_json(ItemKind::json, "12345678901234567890123"), "12345678901234567890123");
    EXPECT_EQ(item_json(ItemKind::json, " {\"a\" : 1}\r"), " {\"a\" : 1}\r");
}

TEST(MapItemJson, StaysOnOneLine) { EXPECT_EQ(item_json(ItemKind::json, "[1,\n2]"), "[1, 2]"); }

TEST(MapItemJson, IsAStringForTextAndForWhatIsNoJson) {
    EXPECT_EQ(item_json(ItemKind::text, "7"), "\"7\"");
    EXPECT_EQ(item_json(ItemKind::text, "a\"b\n"), "\"a\\\"b\\n\"");
    EXPECT_EQ(item_json(ItemKind::json, "[1,"), "\"[1,\"");
    EXPECT_EQ(item_json(ItemKind::json, ""), "\"\"");
}

TEST(MapItemJson, IsBase64WhereItIsNoUtf8) {
    EXPECT_EQ(item_json(ItemKind::text, "\xff"), "{\"$bytes\": \"/w==\"}");
    EXPECT_EQ(item_json(ItemKind::text, "\xff\xfe"), "{\"$bytes\": \"//4=\"}");
    EXPECT_EQ(item_json(ItemKind::text, "caf\xe9!!"), "{\"$bytes\": \"Y2Fm6SEh\"}");
}

}  // namespace
}  // namespace poolhost::cli
