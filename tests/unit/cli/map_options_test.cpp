// SPDX-License-Identifier: Apache-2.0
#include "cli/map_options.hpp"

#include <gmock/gmock.h>

namespace poolhost::cli {
namespace {

using testing::HasSubstr;

std::string fault(const MapOptions& options, std::string_view signature) {
    const auto checked = check_map_options(options, *catalog::parse_signature(signature));
    return checked ? "" : checked.error().message;
}

MapOptions task(std::vector<std::string> args = {}) {
    MapOptions options;
    options.task = "a.task";
    options.args = std::move(args);
    return options;
}

TEST(MapOptions, TakeTheItemAsTheOnlyArgument) {
    EXPECT_EQ(fault(task(), "(x: int64) -> int64"), "");
    EXPECT_EQ(fault(task(), "(x: int64, y: optional<int64>) -> int64"), "");
    EXPECT_THAT(fault(task(), "(x: int64, y: int64) -> int64"), HasSubstr("--starmap"));
    EXPECT_THAT(fault(task(), "() -> int64"), HasSubstr("()"));
}

TEST(MapOptions, TakeAsManyArgumentsAsTheTask) {
    EXPECT_EQ(fault(task({"{}", "2"}), "(x: int64, y: int64) -> int64"), "");
    EXPECT_THAT(fault(task({"{}"}), "(x: int64, y: int64) -> int64"), HasSubstr("ARGs: 1"));
    EXPECT_THAT(fault(task({"{}", "2", "3"}), "(x: int64, y: int64) -> int64"), HasSubstr("ARGs: 3"));
}

TEST(MapOptions, LeaveTheInputToTheItems) {
    EXPECT_THAT(fault(task({"@-"}), "(data: bytes) -> int64"), HasSubstr("standard input"));
}

TEST(MapOptions, SpreadItemsOrPutThemIntoTemplates) {
    MapOptions options = task({"{}"});
    options.starmap = true;
    EXPECT_THAT(fault(options, "(x: int64) -> int64"), HasSubstr("--starmap"));
    options.args.clear();
    EXPECT_EQ(fault(options, "(x: int64, y: int64) -> int64"), "");
}

TEST(MapOptions, WriteBytesAndTextToFilesOfDifferentNames) {
    MapOptions options = task();
    options.output = "{#}.bin";
    EXPECT_EQ(fault(options, "(x: int64) -> bytes"), "");
    EXPECT_EQ(fault(options, "(x: int64) -> string"), "");
    EXPECT_EQ(fault(options, "(x: int64) -> value"), "");
    EXPECT_THAT(fault(options, "(x: int64) -> int64"), HasSubstr("int64"));
    options.output = "one.bin";
    EXPECT_THAT(fault(options, "(x: int64) -> bytes"), HasSubstr("{#}"));
}

TEST(MapOptions, ResumeNeedsAFile) {
    MapOptions options = task();
    options.resume = true;
    EXPECT_THAT(fault(options, "(x: int64) -> int64"), HasSubstr("--out"));
    options.out = "results";
    EXPECT_EQ(fault(options, "(x: int64) -> int64"), "");
}

TEST(MapOptions, NameTheirProgress) {
    EXPECT_EQ(progress_mode_named("auto"), ProgressMode::automatic);
    EXPECT_EQ(progress_mode_named("bar"), ProgressMode::bar);
    EXPECT_EQ(progress_mode_named("lines"), ProgressMode::lines);
    EXPECT_EQ(progress_mode_named("none"), ProgressMode::none);
    EXPECT_FALSE(progress_mode_named("fancy"));
}

}  // namespace
}  // namespace poolhost::cli
