// SPDX-License-Identifier: Apache-2.0
#include "worker/arguments.hpp"

#include <poolhost/plugin.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace poolhost::worker {
namespace {

using testing::HasSubstr;
using wire::Encoding;
using Json = nlohmann::json;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

Json converted(Encoding encoding, std::string_view text) {
    ArgumentConverter converter;
    const auto arguments = converter.convert(encoding, bytes_of(text));
    EXPECT_TRUE(arguments) << arguments.error().message;
    return Json::from_msgpack(std::string(reinterpret_cast<const char*>(arguments->data()), arguments->size()));
}

wire::CallError fault_of(Encoding encoding, std::string_view text) {
    ArgumentConverter converter;
    const auto arguments = converter.convert(encoding, bytes_of(text));
    EXPECT_FALSE(arguments) << text << " was taken";
    return arguments ? wire::CallError{} : arguments.error();
}

std::string messagepack(const Json& json) {
    const auto bytes = Json::to_msgpack(json);
    return {bytes.begin(), bytes.end()};
}

std::string json_element(std::string_view text) {
    return std::string{'\xc7', static_cast<char>(text.size()), POOLHOST_EXT_JSON} + std::string(text);
}

TEST(Arguments, JsonIsAnArrayOrAnObject) {
    EXPECT_EQ(converted(Encoding::json, "[1,\"a\"]"), Json::parse("[1,\"a\"]"));
    EXPECT_EQ(converted(Encoding::json, R"({"x":1})"), Json::parse(R"({"x":1})"));
    EXPECT_THAT(fault_of(Encoding::json, "7").message, HasSubstr("got a number"));
    EXPECT_THAT(fault_of(Encoding::json, "\"a\"").message, HasSubstr("got a string"));
    EXPECT_THAT(fault_of(Encoding::json, R"({"$bytes":""})").message, HasSubstr("got bytes"));
}

TEST(Arguments, AnItemIsTheOnlyArgument) {
    EXPECT_EQ(converted(Encoding::json_item, "7"), Json::parse("[7]"));
    EXPECT_EQ(converted(Encoding::json_item, "[1,2]"), Json::parse("[[1,2]]"));
    EXPECT_EQ(converted(Encoding::text_item, "7 \"as it stands\""), Json::array({"7 \"as it stands\""}));
    EXPECT_EQ(converted(Encoding::text_item, ""), Json::array({""}));
    EXPECT_EQ(converted(Encoding::text_item, "\xff"), Json::array({Json::binary({0xff})}));
}

TEST(Arguments, MessagePackIsPassedOnAsItLies) {
    const std::string sent = messagepack(Json::parse(R"([1,[2,[3]],{"a":[4]}])"));
    ArgumentConverter converter;
    const auto arguments = converter.convert(Encoding::messagepack, bytes_of(sent));
    ASSERT_TRUE(arguments);
    EXPECT_EQ(arguments->data(), bytes_of(sent).data());
    EXPECT_EQ(arguments->size(), sent.size());
}

TEST(Arguments, JsonElementsAreConverted) {
    EXPECT_EQ(converted(Encoding::messagepack, "\x93\x01" + json_element(R"({"a":[2]})") + "\xa1z"),
              Json::parse(R"([1,{"a":[2]},"z"])"));
    EXPECT_EQ(converted(Encoding::messagepack, "\x82\xa1x" + json_element("5") + "\xa1y\x92\x01\x02"),
              Json::parse(R"({"x":5,"y":[1,2]})"));
    EXPECT_EQ(converted(Encoding::messagepack, "\x92\x91\x01" + json_element("null")), Json::parse("[[1],null]"));
}

TEST(Arguments, FaultsNameTheirArgument) {
    const auto by_position = fault_of(Encoding::json, "[1,99999999999999999999]");
    EXPECT_EQ(std::get<wire::BadArguments>(by_position.details).argument, 2U);
    EXPECT_EQ(by_position.message, "argument 2: 99999999999999999999 does not fit in 64 bits");
    const auto by_name = fault_of(Encoding::json, R"({"width":99999999999999999999})");
    EXPECT_EQ(std::get<wire::BadArguments>(by_name.details).name, "width");
    EXPECT_THAT(by_name.message, HasSubstr("argument 'width'"));
    const auto item = fault_of(Encoding::json_item, "{");
    EXPECT_EQ(std::get<wire::BadArguments>(item.details).argument, 1U);
    const auto element = fault_of(Encoding::messagepack, "\x92\x01" + json_element("["));
    EXPECT_EQ(std::get<wire::BadArguments>(element.details).argument, 2U);
    const auto member = fault_of(Encoding::messagepack, "\x81\xa1x" + json_element("["));
    EXPECT_EQ(std::get<wire::BadArguments>(member.details).name, "x");
}

TEST(Arguments, BrokenMessagePackIsAFaultToo) {
    for (const std::string& broken : {std::string(), std::string("\xc1"), std::string("\x92\x01"), std::string("\x01"),
                                      std::string("\xdd\xff\xff\xff\xff"), "\x93" + json_element("1") + "\x01"}) {
        EXPECT_STREQ(wire::kind_name(fault_of(Encoding::messagepack, broken).details), "bad_arguments");
    }
}

TEST(Arguments, AConverterStartsAfreshEachTime) {
    ArgumentConverter converter;
    static_cast<void>(converter.convert(Encoding::json, bytes_of("[1,2,")));
    const auto arguments = converter.convert(Encoding::json_item, bytes_of("3"));
    ASSERT_TRUE(arguments);
    EXPECT_EQ(arguments->size(), 2U);
}

}  // namespace
}  // namespace poolhost::worker
