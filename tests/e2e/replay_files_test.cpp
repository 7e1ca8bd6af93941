// SPDX-License-Identifier: Apache-2.0
// `poolhost replay` shows and extracts capsules, and refuses what is none.
#include "kept_call.hpp"

#include <poolhost/plugin.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

namespace poolhost::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

/// {"text": …, "data": a buffer's bytes, "values": [float32 1, 2], "small": nan, "$key": null}
KeptCall call_with_everything() {
    KeptCall call("math.square", plugin("math"));
    const poolhost_buffer_head head{POOLHOST_BUFFER_BYTES, 0, 0, {}, 5, 0, 1000};
    std::string text = "\x85\xa4text\xd9\xff" + std::string(255, 't') +
                       "\xa4"
                       "data\xc7\x20\x02";
    text.append(reinterpret_cast<const char*>(&head), sizeof head);
    text += std::string("\xa6values\xc7\x18\x01\x0a\x01\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\x80\x3f\0\0\0\x40", 34);
    text += std::string("\xa5small\xcb\x7f\xf8\0\0\0\0\0\0", 15) + "\xa4$key\xc0";
    call.input = {text, {}, {5}, wire::Encoding::messagepack};
    call.buffers = {std::string(1000, 'b')};
    return call;
}

class ReplayFiles : public testing::Test {
protected:
    Folder folder_;
};

TEST_F(ReplayFiles, ShowsEverything) {
    KeptCall call("math.square", plugin("math"), R"([7, "short"])");
    call.capsule.worker.environment = {{"KEPT", "as it was"}};
    call.capsule.worker.initializer = {{"math.square", "[1]"}};
    const Ended ended = replay(call.write(folder_), {"--show"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const json shown = json::parse(ended.out);
    EXPECT_EQ(shown["task"], "math.square");
    EXPECT_EQ(shown["signal"], "SIGSEGV");
    EXPECT_EQ(shown["stack"], json({"parse(char const*) at parse.cpp:12"}));
    EXPECT_EQ(shown["stderr"], json({"its last word"}));
    EXPECT_EQ(shown["written"], "2026-11-23T01:15:00Z");
    EXPECT_EQ(shown["worker"]["env"]["KEPT"], "as it was");
    EXPECT_EQ(shown["worker"]["initializer"][0]["task"], "math.square");
    EXPECT_EQ(shown["worker"]["plugins"][0]["build_id"], call.capsule.plugin_build);
    EXPECT_EQ(shown["arguments"], json({7, "short"}));
}

TEST_F(ReplayFiles, ShortensWhatIsLong) {
    const Ended ended = replay(call_with_everything().write(folder_), {"--show"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const json arguments = json::parse(ended.out)["arguments"];
    EXPECT_EQ(arguments["text"], json({{"$text", std::string(200, 't')}, {"size", 255}}));
    EXPECT_EQ(arguments["data"]["size"], 1000);
    EXPECT_EQ(arguments["values"]["element"], "float32");
    EXPECT_EQ(arguments["values"]["shape"], json({2}));
    EXPECT_EQ(arguments["small"], json({{"$float", "nan"}}));
    EXPECT_EQ(arguments["$$key"], json());
    EXPECT_LT(ended.out.size(), 3000U);

    std::string numbers = "[[0";
    for (int i = 1; i < 1000; ++i) numbers += "," + std::to_string(i);
    const Ended list = replay(KeptCall("math.mean", plugin("math"), numbers + "]]").write(folder_), {"--show"});
    const json shortened = json::parse(list.out)["arguments"][0];
    EXPECT_EQ(shortened.size(), 51U);
    EXPECT_EQ(shortened[50], json({{"$more", 950}}));
}

TEST_F(ReplayFiles, ExtractsEverything) {
    const KeptCall call = call_with_everything();
    const auto into = folder_ / "out";
    const Ended ended = replay(call.write(folder_), {"--extract", into});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(json::parse(read_text(into / "circumstances.json"))["task"], "math.square");
    EXPECT_EQ(read_text(into / "arguments.msgpack"), call.input.bytes);
    const json arguments = json::parse(read_text(into / "arguments.json"));
    EXPECT_EQ(read_text(into / arguments["text"]["$file"].get<std::string>()), std::string(255, 't'));
    EXPECT_EQ(read_text(into / arguments["data"]["$file"].get<std::string>()), std::string(1000, 'b'));
    EXPECT_EQ(read_text(into / arguments["values"]["$file"].get<std::string>()).size(), 8U);
    struct stat status {};
    ASSERT_EQ(::stat((into / "arguments.json").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(ReplayFiles, ExtractsJsonAsItWas) {
    const auto into = folder_ / "out";
    const std::string text = "[ 12345678901234567890123, 1.10 ]";
    ASSERT_EQ(replay(KeptCall("math.square", plugin("math"), text).write(folder_), {"--extract", into}).exit_code, 0);
    EXPECT_EQ(read_text(into / "arguments.json"), text);
}

TEST_F(ReplayFiles, OverwritesNothing) {
    const std::string file = KeptCall("math.square", plugin("math"), "[7]").write(folder_);
    const Ended ended = replay(file, {"--extract", folder_.path()});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("is there already, and not empty"));
}

TEST_F(ReplayFiles, ShowsACapsuleWhoseArgumentsAreNonsense) {
    KeptCall call("math.square", plugin("math"), "\xc1");
    call.input.encoding = wire::Encoding::messagepack;
    const json shown = json::parse(replay(call.write(folder_), {"--show"}).out);
    EXPECT_EQ(shown["arguments"], json());
    EXPECT_THAT(shown["arguments_missing"].get<std::string>(), HasSubstr("no MessagePack"));
}

TEST_F(ReplayFiles, DepthWithoutEndIsRefused) {
    KeptCall packed("math.square", plugin("math"), std::string(100'000, '\x91') + "\x01");
    packed.input.encoding = wire::Encoding::messagepack;
    EXPECT_EQ(replay(packed.write(folder_), {"--show"}).exit_code, 0);
    const KeptCall written("math.square", plugin("math"), std::string(100'000, '['));
    EXPECT_EQ(replay(written.write(folder_), {"--show"}).exit_code, 0);
}

TEST_F(ReplayFiles, WhatIsNoCapsuleIsRefused) {
    const auto file = folder_ / "file";
    write_text(file, "no capsule at all");
    const Ended ended = replay(file);
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, StartsWith("poolhost: " + file.string() + ": the file is no capsule"));

    const std::string whole = read_text(KeptCall("math.square", plugin("math"), "[7]").write(folder_));
    write_text(file, whole.substr(0, whole.size() / 2));
    EXPECT_THAT(replay(file).err, HasSubstr("the capsule was cut short"));
    EXPECT_EQ(replay(folder_ / "none").exit_code, 2);
}

TEST_F(ReplayFiles, OptionsThatContradictEachOtherAreRefused) {
    EXPECT_EQ(run({"replay"}).exit_code, 2);
    EXPECT_EQ(run({"replay", "x", "--show", "--gdb"}).exit_code, 2);
    EXPECT_EQ(run({"replay", "x", "--extract", "y", "--plugin", "z"}).exit_code, 2);
}

}  // namespace
}  // namespace poolhost::test
