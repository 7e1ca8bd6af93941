// SPDX-License-Identifier: Apache-2.0
#include "image/jpeg.hpp"

#include "image/box_filter.hpp"

#include <cstdio>  // jpeglib.h needs it first

#include <jpeglib.h>

#include <jerror.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdlib>

namespace image {
namespace {

/// libjpeg's error handler: it must not return, and must not throw through C, so it jumps.
struct Errors {
    jpeg_error_mgr interface;  // first: libjpeg knows only this
    std::jmp_buf jump;
    std::array<char, JMSG_LENGTH_MAX> message;
};

[[noreturn]] void on_error(j_common_ptr codec) {
    auto* errors = reinterpret_cast<Errors*>(codec->err);
    codec->err->format_message(codec, errors->message.data());
    std::longjmp(errors->jump, 1);
}

// libjpeg goes on after these with grey where the picture should be; a thumbnail of that would hide the damage.
bool is_damage(int message) {
    return message == JWRN_JPEG_EOF || message == JWRN_HIT_MARKER || message == JWRN_HUFF_BAD_CODE ||
           message == JWRN_MUST_RESYNC || message == JWRN_ARITH_BAD_CODE;
}

void on_message(j_common_ptr codec, int level) {
    if (level < 0 && is_damage(codec->err->msg_code)) on_error(codec);
}

jpeg_error_mgr* prepare(Errors& errors) {
    jpeg_std_error(&errors.interface);
    errors.interface.error_exit = on_error;
    errors.interface.emit_message = on_message;
    return &errors.interface;
}

/// Runs one step of libjpeg and throws what it objects to. A jump ends `step` without destructors, so it must own
/// nothing.
template <class Step>
void guarded(Errors& errors, const Step& step) {
    if (setjmp(errors.jump) != 0) throw jpeg_error(errors.message.data());
    step();
}

class Decoder {
public:
    explicit Decoder(std::span<const std::byte> jpeg) {
        codec_.err = prepare(errors_);
        guarded(errors_, [&] { jpeg_create_decompress(&codec_); });
        try {
            guarded(errors_, [&] {
                jpeg_mem_src(&codec_, reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size());
                jpeg_read_header(&codec_, TRUE);
            });
        } catch (...) {
            jpeg_destroy_decompress(&codec_);
            throw;
        }
    }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    ~Decoder() { jpeg_destroy_decompress(&codec_); }

    [[nodiscard]] std::size_t width() const { return codec_.image_width; }
    [[nodiscard]] std::size_t height() const { return codec_.image_height; }
    [[nodiscard]] std::size_t scaled_width() const { return codec_.output_width; }
    [[nodiscard]] std::size_t scaled_height() const { return codec_.output_height; }

    /// Lets the inverse DCT do the coarse part: the smallest of its eight scales that is not below the wanted size.
    void start(std::size_t width, std::size_t height) {
        guarded(errors_, [&] {
            codec_.out_color_space = JCS_RGB;
            codec_.scale_denom = 8;
            for (codec_.scale_num = 1; codec_.scale_num < 8; ++codec_.scale_num) {
                jpeg_calc_output_dimensions(&codec_);
                if (codec_.output_width >= width && codec_.output_height >= height) break;
            }
            jpeg_start_decompress(&codec_);
        });
    }

    void read(std::span<unsigned char> row) {
        guarded(errors_, [&] {
            JSAMPROW rows[] = {row.data()};
            jpeg_read_scanlines(&codec_, rows, 1);
        });
    }

    void finish() {
        guarded(errors_, [&] { jpeg_finish_decompress(&codec_); });
    }

private:
    Errors errors_{};
    jpeg_decompress_struct codec_{};
};

class Encoder {
public:
    Encoder() {
        codec_.err = prepare(errors_);
        guarded(errors_, [&] { jpeg_create_compress(&codec_); });
    }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
    ~Encoder() {
        jpeg_destroy_compress(&codec_);
        std::free(memory_);
    }

    /// The JPEG; lives as long as the encoder.
    std::span<const std::byte> encode(Pixels& pixels, int quality) {
        guarded(errors_, [&] {
            jpeg_mem_dest(&codec_, &memory_, &size_);
            codec_.image_width = static_cast<JDIMENSION>(pixels.width);
            codec_.image_height = static_cast<JDIMENSION>(pixels.height);
            codec_.input_components = static_cast<int>(channels);
            codec_.in_color_space = JCS_RGB;
            jpeg_set_defaults(&codec_);
            jpeg_set_quality(&codec_, quality, TRUE);
            jpeg_start_compress(&codec_, TRUE);
            while (codec_.next_scanline < codec_.image_height) {
                JSAMPROW rows[] = {pixels.row(codec_.next_scanline).data()};
                jpeg_write_scanlines(&codec_, rows, 1);
            }
            jpeg_finish_compress(&codec_);
        });
        return {reinterpret_cast<const std::byte*>(memory_), size_};
    }

private:
    Errors errors_{};
    jpeg_compress_struct codec_{};
    unsigned char* memory_ = nullptr;
    unsigned long size_ = 0;
};

std::size_t in_proportion(std::size_t height, std::size_t width, std::size_t new_width) {
    return std::max<std::size_t>(1, (height * new_width + width / 2) / width);
}

}  // namespace

Pixels decode_jpeg(std::span<const std::byte> jpeg, std::size_t width) {
    if (jpeg.empty()) throw jpeg_error("Empty input file");
    Decoder decoder(jpeg);
    width = std::min(width, decoder.width());
    const std::size_t height = in_proportion(decoder.height(), decoder.width(), width);
    decoder.start(width, height);

    BoxFilter filter(decoder.scaled_width(), decoder.scaled_height(), width, height);
    std::vector<unsigned char> row(decoder.scaled_width() * channels);
    for (std::size_t y = 0; y < decoder.scaled_height(); ++y) {
        decoder.read(row);
        filter.add_row(row);
    }
    decoder.finish();
    return filter.take();
}

std::vector<std::byte> encode_jpeg(Pixels pixels, int quality) {
    Encoder encoder;
    const auto jpeg = encoder.encode(pixels, quality);
    return {jpeg.begin(), jpeg.end()};
}

}  // namespace image
