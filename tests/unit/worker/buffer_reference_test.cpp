// SPDX-License-Identifier: Apache-2.0
#include "worker/buffer_reference.hpp"

#include <poolhost/sdk/encoder.hpp>

#include <gmock/gmock.h>

#include <array>

namespace poolhost::worker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Every id below 10 is a buffer of 100 bytes.
class Buffers : public BufferSource {
public:
    [[nodiscard]] std::span<const std::byte> memory(std::uint64_t id) const override {
        return id < 10 ? std::span<const std::byte>(bytes_) : std::span<const std::byte>();
    }

private:
    std::array<std::byte, 100> bytes_{};
};

auto references(std::string_view value) { return referenced_buffers(std::as_bytes(std::span(value)), Buffers()); }

void bytes_in(detail::encoder& out, std::uint64_t id) { out.buffer({POOLHOST_BUFFER_BYTES, 0, 0, {}, id, 10, 90}, {}); }

TEST(BufferReferences, AreFoundWhereverTheyStand) {
    detail::encoder out;
    out.list(3);
    bytes_in(out, 7);
    out.map(1);
    out.string("a");
    out.list(2);
    bytes_in(out, 3);
    bytes_in(out, 7);
    out.null();
    EXPECT_THAT(*references(out.written()), ElementsAre(7, 3));
}

TEST(BufferReferences, AreNoneInMostValues) {
    for (const std::string_view value : {std::string_view("\xc0"), std::string_view("\x92\x01\x02"),
                                         std::string_view("\xc4\x03\xd4\x02\x01"), std::string_view("\xa2\xc7\x20")}) {
        EXPECT_THAT(*references(value), ElementsAre());
    }
}

TEST(BufferReferences, AreCheckedAsTheValueIs) {
    detail::encoder unknown;
    bytes_in(unknown, 11);
    EXPECT_THAT(references(unknown.written()).error().message, HasSubstr("not allocated"));
    detail::encoder beyond;
    beyond.buffer({POOLHOST_BUFFER_BYTES, 0, 0, {}, 1, 50, 51}, {});
    EXPECT_THAT(references(beyond.written()).error().message, HasSubstr("beyond the end"));
    detail::encoder shape;
    const std::size_t extents[] = {5};
    shape.buffer({POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_INT32, 1, {}, 1, 0, 19}, extents);
    EXPECT_THAT(references(shape.written()).error().message, HasSubstr("does not fit"));
    EXPECT_THAT(references("").error().message, HasSubstr("cut off"));
    EXPECT_THAT(references("\x01\x01").error().message, HasSubstr("something follows"));
    EXPECT_THAT(references("\xd4\x01\x01").error().message, HasSubstr("typed array"));
}

}  // namespace
}  // namespace poolhost::worker
