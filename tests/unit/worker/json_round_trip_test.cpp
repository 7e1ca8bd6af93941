// SPDX-License-Identifier: Apache-2.0
// Random values there and back, judged by an independent JSON and MessagePack library.
#include "worker/json_reader.hpp"
#include "worker/json_writer.hpp"

#include "unit/worker/no_buffers.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <random>

namespace poolhost::worker {
namespace {

using Json = nlohmann::json;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    std::uint64_t bits() { return random_() >> below(64); }

    Json scalar() {
        switch (below(6)) {
            case 0:
                return nullptr;
            case 1:
                return below(2) == 1;
            case 2:
                return bits();
            case 3:
                return -static_cast<std::int64_t>(bits() >> 1) - 1;
            case 4:
                return number();
            default:
                return text();
        }
    }
    Json value(int depth) {
        if (depth == 0 || below(3) == 0) return scalar();
        Json made = below(2) == 0 ? Json::array() : Json::object();
        const auto count = below(6);
        for (std::uint64_t i = 0; i < count; ++i) {
            if (made.is_array()) {
                made.push_back(value(depth - 1));
            } else {
                made[text()] = value(depth - 1);
            }
        }
        return made;
    }

private:
    double number() {
        const auto number = std::bit_cast<double>(random_());
        return std::isfinite(number) ? number : 0.25;
    }
    // From all of Unicode, with a liking for what needs care.
    std::string text() {
        static constexpr const char* pieces[] = {"a", "$", "\"", "\\", "\n", "\x01", "ä", "€", "😀", "\x7f", "/", " "};
        std::string text;
        for (std::uint64_t left = below(8); left > 0; --left) text += pieces[below(std::size(pieces))];
        return text;
    }

    std::mt19937_64 random_;
};

std::string written_as_json(std::span<const std::byte> messagepack) {
    std::string text;
    const auto written = write_json(messagepack, no_buffers(), text);
    EXPECT_TRUE(written) << written.error().message;
    return text;
}

TEST(JsonRoundTrip, EveryValueSurvives) {
    Dice dice(20251122);
    for (int i = 0; i < 20'000; ++i) {
        const Json made = dice.value(5);
        const auto sent = Json::to_msgpack(made);
        const std::string text = written_as_json(std::as_bytes(std::span(sent)));
        MessagePackWriter back;
        const auto fault = read_json(text, back);
        ASSERT_FALSE(fault) << text << ": " << fault->message;
        const std::string received(reinterpret_cast<const char*>(back.written().data()), back.size());
        ASSERT_EQ(Json::from_msgpack(received), made) << text;
        ASSERT_EQ(text.find('\n'), std::string::npos);
        ASSERT_TRUE(Json::accept(text)) << text;
    }
}

TEST(JsonRoundTrip, EveryFloatSurvivesToItsLastBit) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 100'000; ++i) {
        const auto number = std::bit_cast<double>(random());
        MessagePackWriter sent;
        sent.float64(number);
        MessagePackWriter back;
        ASSERT_FALSE(read_json(written_as_json(sent.written()), back));
        const auto received =
            Json::from_msgpack(std::string(reinterpret_cast<const char*>(back.written().data()), back.size()));
        ASSERT_TRUE(received.is_number_float());
        if (std::isnan(number)) {
            ASSERT_TRUE(std::isnan(received.get<double>()));
        } else {
            ASSERT_EQ(std::bit_cast<std::uint64_t>(received.get<double>()), std::bit_cast<std::uint64_t>(number));
        }
    }
}

TEST(JsonRoundTrip, RandomBytesNeverBreakEitherWay) {
    std::mt19937_64 random(11);
    for (int i = 0; i < 100'000; ++i) {
        std::string noise(random() % 40, '\0');
        for (char& byte : noise) byte = static_cast<char>(random());
        std::string text;
        if (write_json(std::as_bytes(std::span(noise)), no_buffers(), text)) {
            ASSERT_TRUE(Json::accept(text)) << text;
        }
        MessagePackWriter out;
        static_cast<void>(read_json(noise, out));
    }
}

}  // namespace
}  // namespace poolhost::worker
