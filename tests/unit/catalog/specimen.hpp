// SPDX-License-Identifier: Apache-2.0
// The plugins of tests/plugins, as files and as bytes to be damaged.
#pragma once

#include "catalog/byte_source.hpp"

#include <elf.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

namespace poolhost::tests {

inline std::filesystem::path specimen(const std::string& name) {
    return std::filesystem::path(POOLHOST_TEST_PLUGINS) / ("lib" + name + ".so");
}

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline catalog::MemorySource source_of(const std::string& bytes) {
    return catalog::MemorySource(std::as_bytes(std::span(bytes)));
}

/// The struct at an offset, to be written back with put().
template <class T>
T at(const std::string& bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template <class T>
void put(std::string& bytes, std::size_t offset, const T& value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

}  // namespace poolhost::tests
