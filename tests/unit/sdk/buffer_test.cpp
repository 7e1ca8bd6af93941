// SPDX-License-Identifier: Apache-2.0
// Arguments and results in shared memory: used in place, never beyond their end.
#include "unit/sdk/fake_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

namespace poolhost::test {
namespace {

using testing::StartsWith;

constexpr std::uint64_t id = 5;

class Buffers : public testing::Test {
protected:
    Outcome run(std::string_view task, const json& argument) {
        return call.run(task_named(task).run, json::to_msgpack(json::array({argument})));
    }
    [[nodiscard]] std::uintptr_t begin() { return reinterpret_cast<std::uintptr_t>(memory.data()); }

    FakeCall call;
    SharedMemory& memory = call.add_buffer(id, 256);
};

json doubles_at(std::uint64_t offset, std::uint64_t count) {
    return buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_FLOAT64, {count}, id, offset, 8 * count);
}

TEST_F(Buffers, AreLookedAtInPlace) {
    EXPECT_EQ(run("address", doubles_at(0, 32)).value(), begin());
    EXPECT_EQ(run("address", doubles_at(64, 4)).value(), begin() + 64);
    EXPECT_EQ(run("byte_address", buffer_reference(POOLHOST_BUFFER_BYTES, 0, {}, id, 3, 200)).value(), begin() + 3);
    EXPECT_EQ(run("text_address", buffer_reference(POOLHOST_BUFFER_TEXT, 0, {}, id, 1, 5)).value(), begin() + 1);
}

TEST_F(Buffers, AreCopiedWhereTheyAreNotAligned) {
    const std::uintptr_t address = run("address", doubles_at(4, 4)).value();
    EXPECT_TRUE(address < begin() || address >= begin() + 256);
    EXPECT_EQ(address % 64, 0U);
}

TEST_F(Buffers, CarryTheirContents) {
    const double values[] = {0.5, -1, 3};
    std::memcpy(memory.data() + 8, values, sizeof(values));
    EXPECT_EQ(run("span_float64", doubles_at(8, 3)).value(),
              typed_array<double>(POOLHOST_ELEMENT_FLOAT64, {0.5, -1, 3}));
    std::memcpy(memory.data(), "shared", 6);
    EXPECT_EQ(run("string", buffer_reference(POOLHOST_BUFFER_TEXT, 0, {}, id, 0, 6)).value(), "shared");
    EXPECT_EQ(run("value", buffer_reference(POOLHOST_BUFFER_TEXT, 0, {}, id, 0, 6)).value(), "shared");
    EXPECT_EQ(run("bytes", buffer_reference(POOLHOST_BUFFER_BYTES, 0, {}, id, 0, 2)).value(), json::binary({'s', 'h'}));
    EXPECT_EQ(run("ndarray_view_3",
                  buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_FLOAT32, {2, 1, 2}, id, 64, 16))
                  .value(),
              typed_array(POOLHOST_ELEMENT_FLOAT32, {2, 1, 2}, std::vector<std::byte>(16)));
}

TEST_F(Buffers, AreNeverLeft) {
    const std::vector<json> beyond = {
        doubles_at(0, 33),
        doubles_at(256, 1),
        doubles_at(UINT64_MAX, 1),
        doubles_at(UINT64_MAX - 7, 1),
        buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_FLOAT64, {2}, id, 0, 8),
        buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_FLOAT64, {1}, id + 1, 0, 8),
        buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, 0, {1}, id, 0, 8),
        buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_FLOAT64, {}, id, 0, 8),
        buffer_reference(9, 0, {}, id, 0, 8),
        buffer_reference(POOLHOST_BUFFER_BYTES, 0, {1}, id, 0, 8),
        json::binary({0, 0, 0}, POOLHOST_EXT_BUFFER)};
    for (const json& reference : beyond) {
        EXPECT_THAT(run("span_float64", reference).fault(), StartsWith("argument 1 'x': malformed MessagePack: "))
            << reference;
    }
}

TEST_F(Buffers, OfAWrongTypeAreNamedByTheirType) {
    EXPECT_EQ(run("int32", doubles_at(0, 1)).fault(), "argument 1 'x': expected int32, got span<float64>");
    EXPECT_EQ(run("bytes", buffer_reference(POOLHOST_BUFFER_TEXT, 0, {}, id, 0, 1)).fault(),
              "argument 1 'x': expected bytes, got string");
}

TEST(InlineArrays, AreAlignedForTheTask) {
    for (std::size_t shift = 0; shift < 16; ++shift) {
        const json map = {{std::string(shift + 1, 'k'), typed_array<double>(POOLHOST_ELEMENT_FLOAT64, {1, 2})}};
        Octets stream = json::to_msgpack(json::array({map.begin().value()}));
        const Outcome outcome = run_raw("address", stream);
        EXPECT_EQ(outcome.value().get<std::uintptr_t>() % alignof(double), 0U);
    }
}

TEST(Allocated, MemoryIsTheResultItself) {
    FakeCall call;
    const Outcome outcome = call.run(task_named("allocated").run, json::to_msgpack(json{3, 2}));
    EXPECT_EQ(outcome.value(),
              buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_FLOAT32, {3, 2}, 1000, 0, 24));
    float last = 0;
    std::memcpy(&last, call.buffer(1000).data() + 20, sizeof(last));
    EXPECT_EQ(last, 5.0F);
}

TEST(Allocated, BytesAndTextAreWhatTheyAre) {
    EXPECT_EQ(run("allocated_bytes", {64}).value(), buffer_reference(POOLHOST_BUFFER_BYTES, 0, {}, 1000, 0, 32));
    EXPECT_EQ(run("allocated_text", json::array()).value(), buffer_reference(POOLHOST_BUFFER_TEXT, 0, {}, 1000, 0, 2));
}

TEST(Allocated, MemoryThatIsNotToBeHadIsBadAlloc) {
    FakeCall call;
    call.out_of_memory = true;
    const Outcome outcome = call.run(task_named("allocated").run, json::to_msgpack(json{3, 2}));
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->type, "std::bad_alloc");
    const Outcome too_large = run("allocated", {std::uint64_t{1} << 62, 16});
    ASSERT_TRUE(too_large.failure);
    EXPECT_EQ(too_large.failure->type, "std::bad_array_new_length");
}

}  // namespace
}  // namespace poolhost::test
