// SPDX-License-Identifier: Apache-2.0
#include "image/box_filter.hpp"
#include "image/jpeg.hpp"
#include "image/mandelbrot.hpp"
#include "image/png_encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <png.h>

#include <string>
#include <string_view>

namespace {

using image::Pixels;

/// Left half red, right half blue.
Pixels two_halves(std::size_t width, std::size_t height) {
    Pixels pixels{width, height, std::vector<unsigned char>(width * height * image::channels)};
    for (std::size_t i = 0; i < width * height; ++i) pixels.rgb[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
    return pixels;
}

std::string objection_to(std::span<const std::byte> jpeg) {
    try {
        image::decode_jpeg(jpeg, 16);
        return "";
    } catch (const image::jpeg_error& error) {
        return error.what();
    }
}

TEST(BoxFilter, AveragesTheAreaThatAPixelCovers) {
    image::BoxFilter filter(3, 3, 2, 2);
    const std::vector<unsigned char> dark(9, 0);
    const std::vector<unsigned char> bright{0, 0, 0, 90, 90, 90, 240, 240, 240};
    filter.add_row(dark);
    filter.add_row(bright);
    filter.add_row(bright);
    const Pixels result = filter.take();
    // Half of the middle row and column falls to each side: (90 / 2) / 1.5 = 30, a third of it in the upper row.
    EXPECT_THAT(result.rgb, testing::ElementsAre(10, 10, 10, 63, 63, 63, 30, 30, 30, 190, 190, 190));
}

TEST(BoxFilter, FillsTheLastRowWhateverTheRatio) {
    for (std::size_t source = 1; source < 60; ++source) {
        for (std::size_t target = 1; target <= source; ++target) {
            image::BoxFilter filter(1, source, 1, target);
            for (std::size_t y = 0; y < source; ++y) filter.add_row(std::vector<unsigned char>(3, 200));
            EXPECT_THAT(filter.take().rgb, testing::Each(200)) << source << " to " << target;
        }
    }
}

TEST(Thumbnail, KeepsProportionsAndContent) {
    const auto jpeg = image::encode_jpeg(two_halves(640, 480), 90);
    Pixels small = image::decode_jpeg(jpeg, 100);
    EXPECT_EQ(small.width, 100U);
    EXPECT_EQ(small.height, 75U);
    const auto row = small.row(40);
    EXPECT_GT(row[10 * 3], 240);
    EXPECT_LT(row[10 * 3 + 2], 15);
    EXPECT_GT(row[90 * 3 + 2], 240);
}

TEST(Thumbnail, NeverEnlargesAndNeverVanishes) {
    EXPECT_EQ(image::decode_jpeg(image::encode_jpeg(two_halves(40, 30), 90), 4000).width, 40U);
    const Pixels strip = image::decode_jpeg(image::encode_jpeg(two_halves(2000, 2), 90), 10);
    EXPECT_EQ(strip.width, 10U);
    EXPECT_EQ(strip.height, 1U);
}

TEST(Thumbnail, EveryWidthOfOneSourceWorks) {
    const auto jpeg = image::encode_jpeg(two_halves(97, 61), 80);
    for (std::size_t width = 1; width <= 97; ++width) EXPECT_EQ(image::decode_jpeg(jpeg, width).width, width);
}

TEST(Thumbnail, WhatIsNoJpegIsRefusedInTheWordsOfLibjpeg) {
    EXPECT_EQ(objection_to({}), "Empty input file");
    const std::string_view text = "this is text";
    EXPECT_EQ(objection_to(std::as_bytes(std::span(text))), "Not a JPEG file: starts with 0x74 0x68");
}

TEST(Thumbnail, ADamagedJpegIsRefusedAtEveryCut) {
    const auto jpeg = image::encode_jpeg(two_halves(64, 64), 90);
    for (std::size_t size = 0; size + 2 < jpeg.size(); ++size) {
        EXPECT_NE(objection_to(std::span(jpeg).first(size)), "") << size << " of " << jpeg.size();
    }
    EXPECT_EQ(objection_to(jpeg), "");
}

TEST(Thumbnail, OverwrittenBytesNeverCrash) {
    const auto jpeg = image::encode_jpeg(two_halves(64, 64), 90);
    for (std::size_t at = 0; at < jpeg.size(); ++at) {
        auto damaged = jpeg;
        damaged[at] ^= std::byte{0xff};
        objection_to(damaged);
    }
}

TEST(Png, ReadsBackAsItWasWritten) {
    const Pixels pixels = two_halves(31, 17);
    const auto png = image::encode_png(std::as_bytes(std::span(pixels.rgb)), 31, 17);
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    ASSERT_NE(png_image_begin_read_from_memory(&header, png.data(), png.size()), 0) << header.message;
    EXPECT_EQ(header.width, 31U);
    EXPECT_EQ(header.height, 17U);
    header.format = PNG_FORMAT_RGB;
    std::vector<unsigned char> read(PNG_IMAGE_SIZE(header));
    ASSERT_NE(png_image_finish_read(&header, nullptr, read.data(), 0, nullptr), 0) << header.message;
    EXPECT_EQ(read, pixels.rgb);
}

TEST(Png, AWrongSizeIsAnErrorThatSaysTheRightOne) {
    try {
        image::encode_png(std::vector<std::byte>(10), 2, 2);
        FAIL();
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(error.what(), "2 x 2 pixels are 12 bytes, not 10");
    }
    EXPECT_THROW(image::encode_png({}, 0, 5), std::invalid_argument);
    EXPECT_THROW(image::encode_png({}, std::size_t{1} << 40, std::size_t{1} << 40), std::invalid_argument);
}

TEST(Pixels, AreTheBytesThatWereGiven) {
    const Pixels pixels = two_halves(5, 3);
    EXPECT_EQ(image::pixels_of(std::as_bytes(std::span(pixels.rgb)), 5, 3).rgb, pixels.rgb);
    EXPECT_THROW(image::pixels_of(std::as_bytes(std::span(pixels.rgb)), 3, 3), std::invalid_argument);
}

TEST(Mandelbrot, TilesFitTogether) {
    const image::MandelbrotRow whole{.left = -2, .top = 0.5, .step = 0.0625, .max_iterations = 200, .samples = 2};
    std::vector<std::byte> row(40 * 3);
    image::paint(whole, row);
    std::vector<std::byte> right(24 * 3);
    auto second = whole;
    second.left += 16 * whole.step;
    image::paint(second, right);
    EXPECT_THAT(std::span(row).subspan(16 * 3), testing::ElementsAreArray(right));
}

TEST(Mandelbrot, TheSetIsBlackAndTheRestIsNot) {
    std::vector<std::byte> pixel(3);
    image::paint({.left = -0.1, .top = 0.1, .step = 0.01, .max_iterations = 100, .samples = 1}, pixel);
    EXPECT_THAT(pixel, testing::Each(std::byte{0}));
    image::paint({.left = 1, .top = 1, .step = 0.01, .max_iterations = 100, .samples = 1}, pixel);
    EXPECT_THAT(pixel, testing::Contains(testing::Ne(std::byte{0})));
}

}  // namespace
