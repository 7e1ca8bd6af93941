// SPDX-License-Identifier: Apache-2.0
// What `check --print` shows: everything, and so that it loads to the same again. And what has no effect yet.
#include "config/effective.hpp"
#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace poolhost::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::filesystem::path shipped = POOLHOST_CONFIG_FOLDER;
const LoadOptions parse_only{Depth::parse_only, {}, 3};

ConfigResult reloaded(const HostConfig& config) {
    return load_config_text(print_effective(config), "/somewhere/else/printed.yaml", parse_only);
}

void expect_round_trip(const ConfigResult& config) {
    ASSERT_TRUE(config.has_value()) << describe(config.error().front(), "the original");
    const auto again = reloaded(*config);
    ASSERT_TRUE(again.has_value()) << describe(again.error().front(), "printed") << "\n" << print_effective(*config);
    EXPECT_EQ(*again, *config) << print_effective(*config);
    EXPECT_EQ(print_effective(*again), print_effective(*config));
}

class ShippedConfiguration : public testing::TestWithParam<const char*> {};

TEST_P(ShippedConfiguration, LoadsAndPrintsAndLoadsAgain) {
    expect_round_trip(load_config(shipped / GetParam(), parse_only));
}

INSTANTIATE_TEST_SUITE_P(All, ShippedConfiguration,
                         testing::Values("minimal.yaml", "default.yaml", "mixed.yaml", "demo.yaml", "reference.yaml"));

TEST(ShippedConfigurations, AreAllTestedHere) {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(shipped)) found.insert(entry.path().filename());
    EXPECT_THAT(found, ElementsAre("default.yaml", "demo.yaml", "minimal.yaml", "mixed.yaml", "reference.yaml"));
}

TEST(ShippedConfigurations, DefaultSaysNothingOfStartMethods) {
    EXPECT_EQ(load_config(shipped / "default.yaml", parse_only)->pools[0].start_method, StartMethod::forkserver);
}

TEST(ShippedConfigurations, MixedHasAPoolOfItsOwnContext) {
    const auto mixed = load_config(shipped / "mixed.yaml", parse_only);
    EXPECT_EQ(mixed->start_method, StartMethod::spawn);
    EXPECT_EQ(mixed->pools[0].start_method, StartMethod::spawn);
    EXPECT_EQ(mixed->pools[1].name, "forked");
    EXPECT_EQ(mixed->pools[1].start_method, StartMethod::fork);
}

TEST(ShippedConfigurations, ReferenceHasTheDefaultsThroughout) {
    const auto plain = load_config_text("pools: {main: {plugins: []}}", shipped / "x.yaml", parse_only);
    EXPECT_EQ(*load_config(shipped / "reference.yaml", parse_only), *plain);
}

// Every key that is printed is a key of the schema; the printer is held to that by the round trip.
TEST(ShippedConfigurations, ReferenceAndDocumentNameEveryKey) {
    const auto reference = load_config(shipped / "reference.yaml", parse_only);
    const auto printed = reloaded(*reference);
    std::ifstream file(shipped / "../docs/configuration.md");
    const std::string document(std::istreambuf_iterator<char>(file), {});
    constexpr std::string_view pool = "pools.main.";
    for (const auto& [path, place] : printed->origin.places) {
        EXPECT_TRUE(reference->origin.places.contains(path)) << path << " is missing in reference.yaml";
        if (path == "pools.main" || path.ends_with(']')) continue;
        const std::string key = path.starts_with(pool) ? path.substr(pool.size()) : path;
        EXPECT_NE(document.find("`" + key + "`"), std::string::npos) << key << " is missing in docs/configuration.md";
    }
}

TEST(Printed, EveryKeyWithAValueOfItsOwnComesBack) {
    expect_round_trip(load_config_text(R"(
start_method: spawn
plugin_path: [a, "/b c", "ö: #x"]
listen:
  socket: {path: x.sock, mode: 0660, group: staff, allow_users: [ann, "1000"], allow_groups: ["a, b"]}
  http: "[::]:80"
  http_token_file: token
  metrics: unix:m.sock
log: {level: debug, format: json}
capsules: {dir: c, max: 0, max_size: 1KiB, on: [oom, limit, killed, exit]}
drain_timeout: 0
result_ttl: 1h30m
max_payload: 1234567B
pools:
  one:
    plugins: [math, ./x.so]
    start_method: fork
    processes: {min: 0, max: 2, idle_timeout: 1500us}
    preload: {task: a.b, args: {x: [1, .nan, "q\"\\\n\u00e4"], y: {z: ~}}}
    initializer: [{task: a.b}, {task: c.d, args: ["none", 1e5, -0]}]
    timeout: 1500ms
    grace: 0
    start_timeout: 90m
    retries: 2
    restart: {max: 0, within: 1h}
    quarantine: 0
    recycle: {tasks: 5, memory: 1TiB, age: 24h, jitter: 0%, replacement: after}
    queue_limit: 9223372036854775807
    prefetch: 0
    spin: 50us
    slow: 10s
    env: {A: "", B: "{index}", "C.D": [x, "- y"], "E F": "none", G: "a: b # c"}
    working_directory: "."
    nice: -5
    cpu_affinity: [5, 1, 3]
    limits: {memory: 1GiB, cpu_seconds: 60, open_files: 64, stack: 8MiB, core: 0}
  two: {plugins: [], cpu_affinity: spread, processes: 7}
  "3": {plugins: [], processes: {min: 2, max: 2, idle_timeout: 1s}, timeout: 1us}
)",
                                       "/folder/f.yaml", parse_only));
}

TEST(NotYetInEffect, NamesWhatTheUserWroteAndNothingElse) {
    const auto config = load_config_text(R"(listen:
  socket: x.sock
log: {format: text}
result_ttl: 1m
pools:
  a: {plugins: [], env: {result_ttl: "1"}}
)",
                                         "/f.yaml", parse_only);
    std::vector<std::string> keys;
    for (const NotYet& key : keys_not_yet_in_effect(*config)) {
        keys.push_back(std::to_string(key.place.line) + " " + key.key_path);
    }
    EXPECT_THAT(keys, ElementsAre("2 listen.socket", "4 result_ttl"));
}

TEST(NotYetInEffect, HasNothingToSayOfDefaults) {
    const auto config = load_config_text("pools: {a: {plugins: []}}", "/f.yaml", parse_only);
    EXPECT_THAT(keys_not_yet_in_effect(*config), IsEmpty());
}

TEST(NotYetInEffect, HasNothingToSayOfWhatHasAnEffect) {
    const auto config =
        load_config_text("log: {format: json}\npools: {a: {plugins: [], slow: 1s, retries: 1, recycle: {tasks: 5}}}",
                         "/f.yaml", parse_only);
    EXPECT_THAT(keys_not_yet_in_effect(*config), IsEmpty());
}

}  // namespace
}  // namespace poolhost::config
