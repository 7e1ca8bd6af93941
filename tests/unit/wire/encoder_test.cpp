// SPDX-License-Identifier: Apache-2.0
#include "wire/encoder.hpp"

#include "wire/call_error.hpp"
#include "wire/description.hpp"

#include <gtest/gtest.h>

#include <random>

namespace poolhost::wire {
namespace {

WorkerDescription full_description() {
    WorkerDescription description;
    description.pool = "thumbs";
    description.start_method = "forkserver";
    description.worker_index = 3;
    description.plugins = {{"math", "/plugins/libmath.so", "abc", false}, {"gpu", "/plugins/libgpu.so", "", true}};
    description.initializer = {{"image.load", R"(["model.bin"])"}};
    description.environment = {{"OMP_NUM_THREADS", "1"}};
    description.cpu_affinity = {0, 1};
    description.limits.memory = 1 << 20;
    return description;
}

TEST(Encoder, ADescriptionArrivesAsItWas) {
    const auto decoded = decode<WorkerDescription>(encode(full_description()));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->pool, "thumbs");
    EXPECT_EQ(decoded->worker_index, 3);
    ASSERT_EQ(decoded->plugins.size(), 2U);
    EXPECT_TRUE(decoded->plugins[1].load_after_fork);
    EXPECT_EQ(decoded->initializer.front().arguments, R"(["model.bin"])");
    EXPECT_EQ(decoded->environment.front().second, "1");
    EXPECT_EQ(decoded->limits.memory, std::uint64_t{1} << 20);
    EXPECT_FALSE(decoded->limits.core);
}

TEST(Encoder, EveryErrorKindKeepsItsDetails) {
    const CallError error{"no", BadArguments{2, "width", "int32", "string"}};
    const auto decoded = decode<CallError>(encode(error));
    ASSERT_TRUE(decoded);
    EXPECT_STREQ(kind_name(decoded->details), "bad_arguments");
    EXPECT_EQ(std::get<BadArguments>(decoded->details).expected, "int32");
}

TEST(Decoder, RefusesWhatIsCutAtAnyPlace) {
    const auto whole = encode(full_description());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        ASSERT_FALSE(decode<WorkerDescription>(std::span(whole).first(size))) << size;
    }
}

TEST(Decoder, RefusesWhatNoEnumHas) {
    WorkerLost details;
    details.cause = LossCause::exit;
    const CallError lost{"gone", details};
    auto bytes = encode(lost);
    ASSERT_TRUE(decode<CallError>(bytes));
    const std::size_t cause = sizeof(std::uint32_t) + lost.message.size() + sizeof(std::uint32_t);
    for (const int beyond : {5, 255}) {
        bytes[cause] = static_cast<std::byte>(beyond);
        EXPECT_FALSE(decode<CallError>(bytes)) << beyond;
    }
}

TEST(Decoder, RefusesWhatIsLeftOver) {
    auto bytes = encode(full_description());
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(decode<WorkerDescription>(bytes));
}

TEST(Decoder, RefusesAVariantThatDoesNotExist) {
    const auto bytes = encode(std::pair(std::string("message"), std::uint32_t{99}));
    EXPECT_FALSE(decode<CallError>(bytes));
}

TEST(Decoder, AForgedCountAllocatesNothing) {
    const auto bytes = encode(std::uint32_t{0xffffffff});
    EXPECT_FALSE(decode<std::vector<std::string>>(bytes));
    EXPECT_FALSE(decode<std::string>(bytes));
}

TEST(Decoder, SurvivesRandomBytes) {
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::byte> bytes(random() % 200);
        for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() % 4);
        (void)decode<WorkerDescription>(bytes);
        (void)decode<CallError>(bytes);
    }
}

}  // namespace
}  // namespace poolhost::wire
