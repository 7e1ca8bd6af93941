// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include "channel/layout.hpp"

#include <poolhost/plugin.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

namespace poolhost::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class ArgumentsTest : public testing::Test {
protected:
    ArgumentsTest() {
        std::string name = (std::filesystem::temp_directory_path() / "poolhost-arguments-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~ArgumentsTest() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& text) const {
        const auto path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }

    static catalog::Signature signature(const char* text) { return catalog::parse_signature(text).value(); }

    CallResult<pool::Arguments> make(const std::vector<std::string>& args, const char* signature_text,
                                     const TemplateItem& item = {}, Placeholders placeholders = Placeholders::none) {
        auto compiled = Arguments::compile(args, signature(signature_text), most_, placeholders);
        if (!compiled) return compiled.error();
        return compiled->make(item, {buffers_, most_});
    }

    std::string fault(const std::vector<std::string>& args, const char* signature_text) {
        const auto made = make(args, signature_text);
        return made ? "" : made.error().message;
    }

    static json read(const pool::Arguments& arguments) {
        return json::from_msgpack(arguments.slice.bytes.begin(), arguments.slice.bytes.end());
    }
    static json json_element(const std::string& text) {
        return json::binary({text.begin(), text.end()}, POOLHOST_EXT_JSON);
    }

    std::filesystem::path folder_;
    base::Bytes most_ = base::mebibytes(16);
    channel::BufferPool buffers_{base::Seal::size_and_writers, 0};
};

constexpr const char* mixed = "(name: string, count: int64, maybe: optional<string>) -> null";
constexpr const char* photo = "(jpeg: bytes, width: int32) -> bytes";

TEST_F(ArgumentsTest, TheSignatureDecides) {
    const auto made = make({"7", "7", "true"}, mixed);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->encoding, wire::Encoding::messagepack);
    EXPECT_EQ(read(*made), json::array({"7", json_element("7"), "true"}));
}

TEST_F(ArgumentsTest, TooFewAreTheWorkersToJudge) { EXPECT_EQ(read(*make({"a"}, mixed)), json::array({"a"})); }

TEST_F(ArgumentsTest, TooManyAreAFault) {
    const auto made = make({"a", "1", "b", "c"}, mixed);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message, HasSubstr("takes 3 arguments, got 4"));
    EXPECT_TRUE(std::holds_alternative<wire::BadArguments>(made.error().details));
    EXPECT_THAT(fault({"1"}, "() -> null"), HasSubstr("takes no arguments, got 1"));
}

TEST_F(ArgumentsTest, WhatIsNoJsonIsToldByNumberAndName) {
    const auto made = make({"a", "-Infinity"}, mixed);
    ASSERT_FALSE(made);
    const wire::CallError error = made.error();
    EXPECT_THAT(error.message, HasSubstr("argument 2 'count': \"-Infinity\" is not JSON"));
    const auto& details = std::get<wire::BadArguments>(error.details);
    EXPECT_EQ(details.argument, 2U);
    EXPECT_EQ(details.name, "count");
}

TEST_F(ArgumentsTest, TextsMayLookLikeAnything) {
    EXPECT_EQ(read(*make({"-Infinity"}, mixed)), json::array({"-Infinity"}));
    EXPECT_EQ(read(*make({"[1,"}, mixed)), json::array({"[1,"}));
    EXPECT_EQ(read(*make({"{}"}, mixed)), json::array({"{}"}));
}

TEST_F(ArgumentsTest, AFileIsBytes) {
    const auto made = make({"@" + file("a", std::string("\0\xff", 2)), "3"}, photo);
    ASSERT_TRUE(made);
    EXPECT_EQ(read(*made), json::array({json::binary({0, 0xff}), json_element("3")}));
}

TEST_F(ArgumentsTest, AFileIsTextForAString) {
    EXPECT_EQ(read(*make({"@" + file("a", "hi")}, mixed)), json::array({"hi"}));
}

TEST_F(ArgumentsTest, TwoAtsAreOne) { EXPECT_EQ(read(*make({"@@home"}, mixed)), json::array({"@home"})); }

TEST_F(ArgumentsTest, ALargeFileLiesInABuffer) {
    const std::string text(channel::max_inline + 1, 'x');
    const auto made = make({"@" + file("a", text), "3"}, photo);
    ASSERT_TRUE(made);
    ASSERT_EQ(made->buffers.size(), 1U);
    EXPECT_LT(made->slice.bytes.size(), 100U);
    const auto reference = read(*made)[0].get_binary();
    poolhost_buffer_head head{};
    ASSERT_EQ(reference.size(), sizeof head);
    std::memcpy(&head, reference.data(), sizeof head);
    EXPECT_EQ(head.what, POOLHOST_BUFFER_BYTES);
    EXPECT_EQ(head.id, made->buffers[0]->id());
    EXPECT_EQ(head.size, text.size());
    EXPECT_EQ(std::memcmp(made->buffers[0]->bytes().data(), text.data(), text.size()), 0);
}

TEST_F(ArgumentsTest, ALargeTextLiesInABufferAsText) {
    const auto made = make({"@" + file("a", std::string(channel::max_inline + 1, 'x'))}, mixed);
    ASSERT_TRUE(made);
    EXPECT_EQ(read(*made)[0].get_binary()[0], POOLHOST_BUFFER_TEXT);
}

TEST_F(ArgumentsTest, AMissingFileIsToldWithItsArgument) {
    const auto message = fault({"@/nowhere/a.jpg", "3"}, photo);
    EXPECT_THAT(message, HasSubstr("argument 1 'jpeg': cannot read /nowhere/a.jpg: No such file"));
}

TEST_F(ArgumentsTest, AFolderIsNoFile) {
    EXPECT_THAT(fault({"@" + folder_.string(), "3"}, photo), HasSubstr("Is a directory"));
}

TEST_F(ArgumentsTest, AFileBeyondTheLimitIsTooLarge) {
    most_ = base::Bytes{10};
    const auto made = make({"@" + file("a", "12345678901"), "3"}, photo);
    ASSERT_FALSE(made);
    EXPECT_TRUE(std::holds_alternative<wire::TooLarge>(made.error().details));
}

TEST_F(ArgumentsTest, AnEmptyFileIsNoBytes) {
    EXPECT_EQ(read(*make({"@" + file("a", ""), "3"}, photo))[0], json::binary({}));
}

TEST_F(ArgumentsTest, AStreamIsReadToItsEnd) {
    EXPECT_TRUE(is_stream("/dev/null"));
    EXPECT_FALSE(is_stream(file("a", "x")));
    EXPECT_EQ(read(*make({"@/dev/null", "3"}, photo))[0], json::binary({}));
}

TEST_F(ArgumentsTest, AStreamWithoutEndIsTooLarge) {
    const auto made = make({"@/dev/zero", "3"}, photo);
    ASSERT_FALSE(made);
    EXPECT_TRUE(std::holds_alternative<wire::TooLarge>(made.error().details));
}

TEST_F(ArgumentsTest, TemplatesTakeTheItem) {
    const auto made = make({"<{/.}>", "{#}"}, mixed, {"/a/b.txt", 4}, Placeholders::replaced);
    ASSERT_TRUE(made);
    EXPECT_EQ(read(*made), json::array({"<b>", json_element("5")}));
}

TEST_F(ArgumentsTest, ATemplateNamesAFileForEachItem) {
    const std::string a = file("a", "first");
    const std::string b = file("b", "second");
    auto compiled =
        Arguments::compile(std::vector<std::string>{"@{}", "8"}, signature(photo), most_, Placeholders::replaced);
    ASSERT_TRUE(compiled);
    EXPECT_EQ(read(*compiled->make({a, 0}, {buffers_, most_}))[0].get_binary().size(), 5U);
    EXPECT_EQ(read(*compiled->make({b, 1}, {buffers_, most_}))[0].get_binary().size(), 6U);
    const auto missing = compiled->make({"/nowhere", 2}, {buffers_, most_});
    EXPECT_THAT(missing.error().message, HasSubstr("argument 1 'jpeg'"));
}

TEST_F(ArgumentsTest, WhatIsTheSameForAllItemsIsReadOnce) {
    const std::string path = file("model", std::string(channel::max_inline + 1, 'x'));
    auto compiled =
        Arguments::compile(std::vector<std::string>{"@" + path, "{}"}, signature(photo), most_, Placeholders::replaced);
    ASSERT_TRUE(compiled);
    const auto first = compiled->make({"1", 0}, {buffers_, most_});
    std::filesystem::remove(path);
    const auto second = compiled->make({"2", 1}, {buffers_, most_});
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    EXPECT_EQ(first->buffers[0]->id(), second->buffers[0]->id());
}

TEST(ArgumentsFromJson, TakesArraysAndObjects) {
    for (const char* text : {"[1, 2]", " {\"x\": 7}", "[]"}) {
        const auto made = arguments_from_json(text);
        ASSERT_TRUE(made) << text;
        EXPECT_EQ(made->encoding, wire::Encoding::json);
        EXPECT_EQ(made->slice.bytes.size(), std::strlen(text));
    }
}

TEST(ArgumentsFromJson, RefusesEverythingElse) {
    for (const char* text : {"", "7", "[1,", "{x: 1}", "[1] 2"}) {
        const auto made = arguments_from_json(text);
        ASSERT_FALSE(made) << text;
        EXPECT_TRUE(std::holds_alternative<wire::BadArguments>(made.error().details));
    }
    EXPECT_THAT(arguments_from_json("7").error().message, HasSubstr("neither an array nor an object"));
    EXPECT_THAT(arguments_from_json("[1,").error().message, HasSubstr("is not JSON"));
}

}  // namespace
}  // namespace poolhost::cli
