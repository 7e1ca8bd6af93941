// SPDX-License-Identifier: Apache-2.0
// What a right configuration means: its values, and the defaults of all that it leaves out.
#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolhost::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

HostConfig load(std::string_view text) {
    const auto result = load_config_text(text, "/etc/poolhost/pools.yaml", LoadOptions{Depth::parse_only, {}, 3});
    if (!result) {
        for (const Fault& fault : result.error()) ADD_FAILURE() << describe(fault, "pools.yaml");
        HostConfig nothing;
        nothing.pools.resize(1);
        return nothing;
    }
    return *result;
}

PoolConfig load_pool(const std::string& keys) {
    return load("pools:\n  a:\n    plugins: []\n    " + keys + "\n").pools[0];
}

TEST(GoodConfiguration, ExampleOfTheContractMeansWhatItSays) {
    const auto host = load(R"(
start_method: forkserver
plugin_path: [../build/plugins]
listen: {socket: poolhost.sock, http: 127.0.0.1:8470}
pools:
  thumbs:
    plugins: [image, ./libmine.so]
    start_method: spawn
    processes: 4
    initializer: {task: image.load, args: ["model.bin"]}
    timeout: 30s
    recycle: {tasks: 1000, memory: 512MiB}
    env: {OMP_NUM_THREADS: "1", CUDA_VISIBLE_DEVICES: "{index}"}
)");
    EXPECT_EQ(host.start_method, StartMethod::forkserver);
    EXPECT_THAT(host.plugin_path, ElementsAre("/etc/build/plugins"));
    EXPECT_EQ(host.listen.socket.path, "poolhost.sock");
    EXPECT_EQ(host.listen.http, Address(TcpAddress{"127.0.0.1", 8470}));

    PoolConfig thumbs;
    thumbs.name = "thumbs";
    thumbs.plugins = {{"image", {}}, {"/etc/poolhost/libmine.so", {}}};
    thumbs.start_method = StartMethod::spawn;
    thumbs.processes = {4, 4, 30s, false};
    thumbs.initializer = {{"image.load", R"(["model.bin"])"}};
    thumbs.timeout = 30s;
    thumbs.recycle.tasks = 1000;
    thumbs.recycle.memory = base::mebibytes(512);
    thumbs.recycle.replacement = Replacement::after;  // for {index}
    thumbs.env = {{"OMP_NUM_THREADS", {"1"}, false}, {"CUDA_VISIBLE_DEVICES", {"{index}"}, false}};
    EXPECT_EQ(host.pools, std::vector{thumbs});
}

TEST(GoodConfiguration, WhatIsLeftOutHasTheDefaultsOfTheContract) {
    const auto host = load("pools: {a: {plugins: []}}");
    EXPECT_EQ(host.drain_timeout, 30s);
    EXPECT_EQ(host.result_ttl, 5min);
    EXPECT_EQ(host.max_payload, base::gibibytes(4));
    EXPECT_EQ(host.listen.socket.mode, 0600U);
    EXPECT_EQ(host.capsules.max, 100U);
    EXPECT_EQ(host.capsules.max_size, base::mebibytes(64));
    EXPECT_THAT(host.capsules.on, ElementsAre(CapsuleCause::crash, CapsuleCause::timeout));
    const PoolConfig& pool = host.pools[0];
    EXPECT_EQ(pool.start_method, StartMethod::forkserver);
    EXPECT_EQ(pool.processes, (Processes{3, 3, 30s, true}));  // of three usable CPUs
    EXPECT_EQ(pool.grace, 2s);
    EXPECT_EQ(pool.start_timeout, 60s);
    EXPECT_EQ(pool.restart, (RestartPolicy{5, 10s}));
    EXPECT_EQ(pool.quarantine, 3U);
    EXPECT_EQ(pool.queue_limit, 100'000U);
    EXPECT_EQ(pool.recycle.jitter_percent, 10U);
}

TEST(GoodConfiguration, PoolsTakeTheStartMethodOfTheFileWhereverItStands) {
    const auto host = load("pools:\n  a: {plugins: []}\n  b: {plugins: [], start_method: fork}\nstart_method: spawn\n");
    EXPECT_EQ(host.pools[0].start_method, StartMethod::spawn);
    EXPECT_EQ(host.pools[1].start_method, StartMethod::fork);
}

TEST(GoodConfiguration, PoolsKeepTheOrderOfTheFile) {
    const auto host = load("pools:\n  z: {plugins: []}\n  a: {plugins: []}\n  m: {plugins: []}\n");
    std::vector<std::string> names;
    for (const auto& pool : host.pools) names.push_back(pool.name);
    EXPECT_THAT(names, ElementsAre("z", "a", "m"));
}

TEST(GoodConfiguration, ProcessesMayComeAndGo) {
    EXPECT_EQ(load_pool("processes: {min: 0, max: 8}").processes, (Processes{0, 8, 30s, false}));
    EXPECT_EQ(load_pool("processes: {min: 1, max: 2, idle_timeout: 500ms}").processes, (Processes{1, 2, 500ms, false}));
}

TEST(GoodConfiguration, AliasesRepeatWholeValues) {
    const auto host = load("pools:\n  a: &a {plugins: [math], nice: 3}\n  b: *a\n");
    EXPECT_EQ(host.pools[1].nice, 3);
    EXPECT_EQ(host.pools[1].plugins[0].name_or_path, "math");
}

TEST(GoodConfiguration, ArgumentsBecomeJson) {
    const auto arguments = [](const std::string& yaml) {
        return load_pool("initializer: {task: a.b, args: " + yaml + "}").initializer.at(0).arguments;
    };
    EXPECT_EQ(arguments("[]"), "[]");
    EXPECT_EQ(arguments("[1, -2, +3, 007, 18446744073709551615, -9223372036854775808]"),
              "[1, -2, 3, 7, 18446744073709551615, -9223372036854775808]");
    EXPECT_EQ(arguments("[1.5, .5, 2., -1e3, 6.02e+23]"), "[1.5, 0.5, 2.0, -1.0e3, 6.02e+23]");
    EXPECT_EQ(arguments("[.inf, -.inf, .nan]"), R"([{"$float": "inf"}, {"$float": "-inf"}, {"$float": "nan"}])");
    EXPECT_EQ(arguments("[true, False, ~, null]"), "[true, false, null, null]");
    EXPECT_EQ(arguments(R"([yes, "1", 'true', 1_000, 0x10, 12:30])"),
              R"(["yes", "1", "true", "1_000", "0x10", "12:30"])");
    EXPECT_EQ(arguments(R"(["a\"b\\c\n", ö])"), R"(["a\"b\\c\u000a", "ö"])");
    EXPECT_EQ(arguments("{width: 3, deep: {list: [[1], [2, [3]]]}}"),
              R"({"width": 3, "deep": {"list": [[1], [2, [3]]]}})");
}

TEST(GoodConfiguration, CallsMayBeListed) {
    const auto pool = load_pool("preload: [{task: a.b}, {task: c.d, args: {x: 1}}]");
    EXPECT_THAT(pool.preload, ElementsAre(CallSpec{"a.b", "[]"}, CallSpec{"c.d", R"({"x": 1})"}));
}

TEST(GoodConfiguration, NoneTakesBackWhatIsOptional) {
    const auto pool = load_pool("timeout: none\n    slow: none\n    preload: none\n    limits: {memory: none}");
    EXPECT_EQ(pool.timeout, std::nullopt);
    EXPECT_EQ(pool.limits, Limits{});
    // In quotation marks it is a name like any other.
    EXPECT_EQ(load_pool("working_directory: \"none\"").working_directory, "/etc/poolhost/none");
}

TEST(GoodConfiguration, ZeroNeedsNoUnit) {
    EXPECT_EQ(load_pool("spin: 0").spin, Duration(0));
    EXPECT_EQ(load_pool("grace: 0").grace, Duration(0));
    EXPECT_EQ(load_pool("limits: {core: 0}").limits.core, Bytes{0});
}

TEST(GoodConfiguration, VariablesGoByRank) {
    const auto pool = load_pool("processes: 2\n    env: {A: x, B: 'gpu{index}-{index}', C: [p, 'q{index}'], D: ''}");
    EXPECT_FALSE(pool.env[0].depends_on_rank());
    EXPECT_EQ(pool.env[0].value_for(1), "x");
    EXPECT_TRUE(pool.env[1].depends_on_rank());
    EXPECT_EQ(pool.env[1].value_for(12), "gpu12-12");
    EXPECT_TRUE(pool.env[2].depends_on_rank());
    EXPECT_EQ(pool.env[2].value_for(0), "p");
    EXPECT_EQ(pool.env[2].value_for(1), "q1");
    EXPECT_EQ(pool.env[3].value_for(0), "");
}

TEST(GoodConfiguration, WorkersOfOneRankDoNotOverlapWhereRanksMatter) {
    EXPECT_EQ(load_pool("cpu_affinity: spread").recycle.replacement, Replacement::after);
    EXPECT_EQ(load_pool("env: {A: '{index}'}\n    recycle: {replacement: after}").recycle.replacement,
              Replacement::after);
    EXPECT_EQ(load_pool("env: {A: x}").recycle.replacement, Replacement::before);
}

TEST(GoodConfiguration, HttpBeyondThisMachineIsFineWithAToken) {
    const auto host = load("listen: {http: '0.0.0.0:80', http_token_file: token}\npools: {a: {plugins: []}}");
    EXPECT_EQ(host.listen.http_token_file, "/etc/poolhost/token");
    EXPECT_EQ(load("listen: {http: '[::1]:80'}\npools: {a: {plugins: []}}").listen.http,
              Address(TcpAddress{"::1", 80}));
    EXPECT_EQ(load("listen: {http: 'unix:h.sock'}\npools: {a: {plugins: []}}").listen.http,
              Address(UnixAddress{"/etc/poolhost/h.sock"}));
}

TEST(GoodConfiguration, ByteOrderMarkAndWindowsLineEndsAreNoFaults) {
    EXPECT_EQ(load("\xEF\xBB\xBFpools:\r\n  a:\r\n    plugins: []\r\n    nice: 4\r\n").pools[0].nice, 4);
}

}  // namespace
}  // namespace poolhost::config
