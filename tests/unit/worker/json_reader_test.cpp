// SPDX-License-Identifier: Apache-2.0
#include "worker/json_reader.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <limits>

namespace poolhost::worker {
namespace {

using testing::HasSubstr;

std::string bytes_after_reading(std::string_view text) {
    MessagePackWriter out;
    const auto fault = read_json(text, out);
    EXPECT_FALSE(fault) << text << ": " << fault->message;
    return {reinterpret_cast<const char*>(out.written().data()), out.size()};
}

// As an independent codec understands what was written.
nlohmann::json understood(std::string_view text) { return nlohmann::json::from_msgpack(bytes_after_reading(text)); }

JsonFault fault_of(std::string_view text) {
    MessagePackWriter out;
    auto fault = read_json(text, out);
    EXPECT_TRUE(fault) << text << " was taken";
    return fault ? std::move(*fault) : JsonFault{};
}

TEST(JsonReader, ReadsWhatEveryReaderReads) {
    for (const char* text : {"null",
                             "true",
                             "false",
                             "0",
                             "-0",
                             "7",
                             "-1",
                             "127",
                             "128",
                             "-32",
                             "-33",
                             "255",
                             "65536",
                             "4294967296",
                             "9223372036854775807",
                             "-9223372036854775808",
                             "18446744073709551615",
                             "999999999999999999",
                             "1000000000000000000",
                             "0.5",
                             "-1.5e300",
                             "1e5",
                             "2.0",
                             R"("")",
                             R"("a")",
                             R"("ä€😀")",
                             R"("a\u0000b\n\"\\\/\u00e4\ud83d\ude00")",
                             "[]",
                             "[1]",
                             "[[[]],[],{}]",
                             "{}",
                             R"({"a":1,"b":[2,{"c":null}]})",
                             "  [ 1 , 2 ]  ",
                             "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]"}) {
        EXPECT_EQ(understood(text), nlohmann::json::parse(text)) << text;
    }
}

TEST(JsonReader, KeepsFloatsFloatsAndIntegersIntegers) {
    EXPECT_TRUE(understood("2.0").is_number_float());
    EXPECT_TRUE(understood("1e2").is_number_float());
    EXPECT_TRUE(understood("2").is_number_integer());
    EXPECT_TRUE(std::signbit(understood("-0.0").get<double>()));
}

TEST(JsonReader, ReadsBytesAndFloatsThatJsonHasNoWordFor) {
    EXPECT_EQ(understood(R"({"$bytes":"aGk="})"), nlohmann::json::binary({'h', 'i'}));
    EXPECT_EQ(understood(R"([{"$bytes":""}])"), nlohmann::json::array({nlohmann::json::binary({})}));
    EXPECT_TRUE(std::isnan(understood(R"({"$float":"nan"})").get<double>()));
    EXPECT_EQ(understood(R"({"a":{"$float":"-inf"}})")["a"].get<double>(), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(understood(R"( { "$float" : "inf" } )").get<double>(), std::numeric_limits<double>::infinity());
}

TEST(JsonReader, TakesOneDollarOffAUsersOwnKeys) {
    EXPECT_EQ(understood(R"({"$$bytes":1,"$$$":2,"a$$":3})"), nlohmann::json({{"$bytes", 1}, {"$$", 2}, {"a$$", 3}}));
}

TEST(JsonReader, RefusesIntegersBeyond64Bits) {
    for (const char* text : {"18446744073709551616", "-9223372036854775809", "[1,100000000000000000000]"}) {
        EXPECT_THAT(fault_of(text).message, HasSubstr("does not fit in 64 bits")) << text;
    }
    EXPECT_THAT(fault_of(std::string(400, '9')).message, HasSubstr("does not fit in 64 bits"));
    EXPECT_THAT(fault_of("1e999").message, HasSubstr("1e999 is beyond what a 64-bit float holds"));
}

TEST(JsonReader, RefusesMarkersThatAreNone) {
    EXPECT_THAT(fault_of(R"({"$byte":""})").message, HasSubstr("'$$byte'"));
    EXPECT_THAT(fault_of(R"({"$":1})").message, HasSubstr("'$$'"));
    EXPECT_THAT(fault_of(R"({"$bytes":1})").message, HasSubstr("holds a string of base64"));
    EXPECT_THAT(fault_of(R"({"$bytes":["aGk="]})").message, HasSubstr("holds a string of base64"));
    EXPECT_THAT(fault_of(R"({"$bytes":"aGk"})").message, HasSubstr("no valid base64"));
    EXPECT_THAT(fault_of(R"({"$bytes":"aGk=","x":1})").message, HasSubstr("holds nothing else"));
    EXPECT_THAT(fault_of(R"({"x":1,"$bytes":"aGk="})").message, HasSubstr("holds nothing else"));
    EXPECT_THAT(fault_of(R"({"$float":"NaN"})").message, HasSubstr("'NaN' is not a $float"));
    EXPECT_THAT(fault_of(R"({"$float":1.5})").message, HasSubstr("holds \"nan\""));
    EXPECT_THAT(fault_of(R"({"$float":{}})").message, HasSubstr("holds \"nan\""));
}

TEST(JsonReader, RefusesAKeyThatStandsTwice) {
    EXPECT_THAT(fault_of(R"({"a":1,"b":{"a":2},"a":3})").message, HasSubstr("'a' stands twice"));
    EXPECT_THAT(fault_of(R"([{"":1,"":2}])").message, HasSubstr("'' stands twice"));
    EXPECT_EQ(understood(R"([{"a":1},{"a":2}])").size(), 2U);
}

TEST(JsonReader, SaysWhereTheTextIsNoJson) {
    EXPECT_THAT(fault_of("").message, HasSubstr("line 1, column 1"));
    EXPECT_THAT(fault_of("[1,\n2,,3]").message, HasSubstr("line 2, column 3"));
    EXPECT_THAT(fault_of("[1,\n2,,3]").message, testing::Not(HasSubstr("json.exception")));
    for (const char* text : {"nul", "[1", "{\"a\"}", "[1]]", "'a'", "01", "1.", "+1", "-", "NaN", "Infinity", "\"\t\"",
                             "\"\xff\"", "\"\\ud800\"", "{1:2}", "[1,]", "7 8", "\"", "-01"}) {
        fault_of(text);
    }
}

TEST(JsonReader, SaysWhichElementOrMemberIsAtFault) {
    EXPECT_EQ(fault_of("[1,2,[[99999999999999999999]]]").element, 3U);
    EXPECT_EQ(fault_of(R"({"width":1,"data":{"$bytes":5}})").member, "data");
    EXPECT_EQ(fault_of("99999999999999999999").element, 0U);
}

TEST(JsonReader, BoundsDepth) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_EQ(understood(nested(deepest_json)), nlohmann::json::parse(nested(deepest_json)));
    EXPECT_THAT(fault_of(nested(deepest_json + 1)).message, HasSubstr("nested deeper than 256"));
    fault_of(std::string(1'000'000, '['));
}

TEST(JsonReader, AppendsToWhatIsThere) {
    MessagePackWriter out;
    out.list_of_one();
    EXPECT_FALSE(read_json("[5]", out));
    EXPECT_EQ(
        nlohmann::json::from_msgpack(std::string(reinterpret_cast<const char*>(out.written().data()), out.size())),
        nlohmann::json::parse("[[5]]"));
}

}  // namespace
}  // namespace poolhost::worker
