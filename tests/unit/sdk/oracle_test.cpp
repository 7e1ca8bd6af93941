// SPDX-License-Identifier: Apache-2.0
// The codec against an independent MessagePack library, over random values and broken bytes.
#include "unit/sdk/fake_call.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

namespace poolhost::test {
namespace {

/// Random JSON-like values with every kind and width that MessagePack has; the same ones in every run.
class Values {
public:
    explicit Values(std::uint32_t seed) : random_(seed) {}

    json next(int depth = 0) {
        switch (below(depth < 5 ? 9 : 7)) {
            case 0:
                return nullptr;
            case 1:
                return below(2) == 0;
            case 2:
                return static_cast<std::int64_t>(bits());
            case 3:
                return bits();
            case 4:
                return number();
            case 5:
                return text();
            case 6:
                return json::binary(octets(below(3) == 0 ? 300 : 20));
            case 7:
                return list(depth);
            default:
                return object(depth);
        }
    }

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

private:
    /// All magnitudes alike.
    std::uint64_t bits() { return random_() >> below(64); }

    double number() {
        const double any = std::bit_cast<double>(random_());
        if (std::isnan(any)) return 0.5;
        return below(2) == 0 ? any : static_cast<double>(static_cast<float>(below(1000)) / 8);
    }

    Octets octets(std::size_t at_most) {
        Octets all(below(at_most + 1));
        for (auto& one : all) one = static_cast<std::uint8_t>(random_());
        return all;
    }

    std::string text() {
        static const std::vector<std::string> pieces = {"a", "ö", "世", "🌍", "\0", "$", "long enough for two words "};
        std::string all;
        for (std::uint64_t left = below(below(20) == 0 ? 3000 : 12); left > 0; --left)
            all += pieces[below(pieces.size())];
        return all;
    }

    json list(int depth) {
        json all = json::array();
        for (std::uint64_t left = below(20); left > 0; --left) all.push_back(next(depth + 1));
        return all;
    }

    json object(int depth) {
        json all = json::object();
        for (std::uint64_t left = below(20); left > 0; --left) all[text()] = next(depth + 1);
        return all;
    }

    std::mt19937_64 random_;
};

TEST(Oracle, AgreesOnRandomValues) {
    Values values(20240607);
    for (int i = 0; i < 3000; ++i) {
        const json value = values.next();
        const Outcome outcome = run("value", json::array({value}));
        ASSERT_EQ(outcome.fault(), "") << value.dump(-1, ' ', true, json::error_handler_t::replace);
        ASSERT_EQ(outcome.value(), value);
    }
}

TEST(Oracle, AgreesThatTheShortestFormIsWritten) {
    Values values(7);
    for (int i = 0; i < 3000; ++i) {
        const json value = values.next();
        if (value.is_structured() || value.is_number_float()) continue;
        ASSERT_EQ(run("value", json::array({value})).reply, json::to_msgpack(value));
    }
}

/// Either the arguments are fine, or there is a fault with a message; never anything else.
void expect_an_answer(std::string_view task, const Octets& stream) {
    const Outcome outcome = run_raw(task, stream);
    EXPECT_NE(outcome.reply.has_value(), outcome.bad_argument.has_value());
    if (outcome.bad_argument) {
        EXPECT_NE(outcome.bad_argument->message, "");
    }
}

TEST(BrokenBytes, AreAlwaysRefusedWhereCutOff) {
    Values values(99);
    for (int i = 0; i < 60; ++i) {
        const Octets whole = json::to_msgpack(json::array({values.next()}));
        for (std::size_t size = 0; size < whole.size(); size += 1 + size / 50) {
            const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            ASSERT_TRUE(run_raw("value", cut).bad_argument);
        }
    }
}

TEST(BrokenBytes, NeverDoHarm) {
    Values values(4711);
    const json array = typed_array<double>(POOLHOST_ELEMENT_FLOAT64, {1, 2, 3});
    const json shape = {{"name", "s"}, {"points", {{{"x", 1}, {"y", 2}}}}, {"fill", "blue"}, {"width", 3}};
    const std::vector<std::pair<const char*, json>> seeds = {{"span_float64", array},
                                                             {"vector_vector", json::array({array, array})},
                                                             {"ndarray_2", {{1, 2}, {3, 4}}},
                                                             {"shape", shape},
                                                             {"deep", {{{"k", shape}}, {{true, "red"}}}},
                                                             {"unordered_map", {{"a", {1}}}},
                                                             {"tuple", {true, 1.5, "x"}},
                                                             {"vector_bool", {true, false}}};
    for (int i = 0; i < 20000; ++i) {
        const auto& [task, seed] = seeds[values.below(seeds.size())];
        Octets stream = json::to_msgpack(json::array({seed}));
        for (std::uint64_t flips = 1 + values.below(4); flips > 0; --flips) {
            stream[values.below(stream.size())] = static_cast<std::uint8_t>(values.below(256));
        }
        expect_an_answer(task, stream);
        expect_an_answer("value", stream);
    }
}

}  // namespace
}  // namespace poolhost::test
