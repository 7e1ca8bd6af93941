// SPDX-License-Identifier: Apache-2.0
#include "catalog/describe.hpp"

#include <gtest/gtest.h>

namespace poolhost::catalog {
namespace {

using namespace std::chrono_literals;

TEST(Describe, SaysEverythingThatInspectPromises) {
    Manifest manifest;
    manifest.file = "/plugins/libmath.so";
    manifest.name = "math";
    manifest.version = "1.0.0";
    manifest.doc = "Arithmetic.\nOne task a line.";
    manifest.abi = "1.0";
    manifest.sdk = "0.1.0";
    manifest.build_id = "00ff";
    manifest.not_fork_safe = "CUDA";
    TaskManifest square;
    square.name = "square";
    square.signature_text = "(x: int64) -> int64";
    square.doc = "The square of x.\nNothing else.";
    square.idempotent = true;
    square.timeout = 90s;
    TaskManifest bare;
    bare.name = "bare";
    bare.signature_text = "() -> null";
    manifest.tasks = {square, bare};

    EXPECT_EQ(describe(manifest),
              "math 1.0.0\n"
              "Arithmetic.\n"
              "One task a line.\n"
              "\n"
              "file      /plugins/libmath.so\n"
              "build id  00ff\n"
              "ABI       1.0\n"
              "SDK       0.1.0\n"
              "fork      not safe: CUDA\n"
              "tasks     2\n"
              "\n"
              "math.square(x: int64) -> int64\n"
              "    The square of x.\n"
              "    Nothing else.\n"
              "    idempotent, timeout 1m30s\n"
              "\n"
              "math.bare() -> null\n");
}

TEST(Describe, SaysWhereThereIsNoBuildId) {
    EXPECT_NE(describe(Manifest{}).find("build id  none\n"), std::string::npos);
    EXPECT_NE(describe(Manifest{}).find("fork      safe\n"), std::string::npos);
}

TEST(Describe, WritesDurationsAsTheConfigurationDoes) {
    EXPECT_EQ(describe(0ns), "0s");
    EXPECT_EQ(describe(250ms), "250ms");
    EXPECT_EQ(describe(2h), "2h");
    EXPECT_EQ(describe(1h + 1s + 1ns), "1h1s1ns");
    EXPECT_EQ(describe(1500us), "1ms500us");
}

}  // namespace
}  // namespace poolhost::catalog
