// SPDX-License-Identifier: Apache-2.0
#include "text/file.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace text {
namespace {

[[noreturn]] void fail(const char* what, const std::string& path) {
    throw std::system_error(errno, std::generic_category(), std::string(what) + " '" + path + "'");
}

}  // namespace

std::string read_file(const std::string& path) {
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
    if (!file) fail("cannot open", path);
    std::string text;
    std::size_t size = 0;
    do {
        constexpr std::size_t block = 256 * 1024;
        text.resize(size + block);
        size += std::fread(text.data() + size, 1, block, file.get());
    } while (size == text.size());
    if (std::ferror(file.get()) != 0) fail("cannot read", path);
    text.resize(size);
    return text;
}

}  // namespace text
