// SPDX-License-Identifier: Apache-2.0
// A capsule with something in every field, for tests.
#pragma once

#include "wire/aftermath.hpp"
#include "wire/encoder.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace poolhost::test {

inline wire::Capsule sample_capsule() {
    wire::Capsule capsule;
    capsule.poolhost_version = "0.1.0";
    capsule.written_unix_ns = 1'795'396'500'123'456'789;  // 2026-11-23 01:15:00.123
    capsule.call_id = "4294967297";
    capsule.task = "image.thumbnail";
    capsule.plugin_build = "0123abcd";
    capsule.attempt = 2;
    capsule.timeout_ns = 5'000'000'000;
    capsule.worker.pool = "thumbs";
    capsule.worker.start_method = "forkserver";
    capsule.worker.worker_index = 3;
    capsule.worker.plugins = {{"image", "/plugins/libimage.so", "0123abcd", false}};
    capsule.worker.initializer = {{"image.load", R"(["model.bin"])"}};
    capsule.worker.environment = {{"OMP_NUM_THREADS", "1"}};
    capsule.worker.limits.memory = 1 << 30;
    capsule.cause = "crash";
    capsule.message = "the worker was killed by SIGSEGV";
    capsule.signal = "SIGSEGV";
    capsule.stack = {"decode(int) at jpeg.cpp:12"};
    capsule.errors = {"its last word"};
    return capsule;
}

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

inline std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Whether two structs of the wire say the same.
template <class T>
bool same(const T& a, const T& b) {
    return wire::encode(a) == wire::encode(b);
}

}  // namespace poolhost::test
