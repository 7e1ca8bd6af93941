// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <gtest/gtest.h>

#include <random>

namespace poolhost::base {
namespace {

std::string encoded(std::string_view bytes) {
    std::string text;
    append_base64(text, std::as_bytes(std::span(bytes)));
    return text;
}

TEST(Base64, WritesTheVectorsOfTheRfc) {
    EXPECT_EQ(encoded(""), "");
    EXPECT_EQ(encoded("f"), "Zg==");
    EXPECT_EQ(encoded("fo"), "Zm8=");
    EXPECT_EQ(encoded("foo"), "Zm9v");
    EXPECT_EQ(encoded("foob"), "Zm9vYg==");
    EXPECT_EQ(encoded("fooba"), "Zm9vYmE=");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
    EXPECT_EQ(encoded("\xff\xfe\xfd"), "//79");
}

TEST(Base64, ReadsWhatItWrites) {
    std::mt19937_64 random(3);
    for (std::size_t size = 0; size < 200; ++size) {
        std::string bytes(size, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        EXPECT_EQ(decode_base64(encoded(bytes)), bytes);
    }
}

TEST(Base64, RefusesEverythingElse) {
    for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v=", "Zh==", "Zm9=", "Zm 9", "Zm9v\n",
                             "Zm-_", "Zg==Zg==", "Zm=v", "\xff\xff\xff\xff"}) {
        EXPECT_EQ(decode_base64(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace poolhost::base
