// SPDX-License-Identifier: Apache-2.0
#include "catalog/needed_libraries.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

namespace poolhost::catalog {
namespace {

// Real libraries stay far below them.
constexpr std::uint64_t most_segments = 1000;
constexpr std::uint64_t most_entries = 10'000;
constexpr std::size_t longest_name = 4096;

base::Error damaged() { return {"is cut or damaged; build or copy it again"}; }

template <class T>
std::optional<T> read_struct(const ByteSource& file, std::uint64_t offset) {
    T value;
    if (!file.read(offset, std::as_writable_bytes(std::span(&value, 1)))) return std::nullopt;
    return value;
}

std::optional<std::vector<Elf64_Phdr>> read_segments(const ByteSource& file) {
    const auto header = read_struct<Elf64_Ehdr>(file, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64) {
        return std::nullopt;
    }
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum > most_segments) return std::nullopt;
    std::vector<Elf64_Phdr> segments;
    for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
        const auto segment = read_struct<Elf64_Phdr>(file, header->e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) return std::nullopt;
        segments.push_back(*segment);
    }
    return segments;
}

std::optional<std::uint64_t> offset_of(std::uint64_t address, const std::vector<Elf64_Phdr>& segments) {
    const auto holds = [address](const Elf64_Phdr& segment) {
        return segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz;
    };
    const auto segment = std::ranges::find_if(segments, holds);
    if (segment == segments.end()) return std::nullopt;
    return segment->p_offset + (address - segment->p_vaddr);
}

struct Dynamic {
    std::vector<std::uint64_t> names;        // offsets into the strings
    std::optional<std::uint64_t> strings{};  // address
};

std::optional<Dynamic> read_dynamic(const ByteSource& file, const Elf64_Phdr& segment) {
    Dynamic dynamic;
    const std::uint64_t count = std::min(segment.p_filesz / sizeof(Elf64_Dyn), most_entries);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto entry = read_struct<Elf64_Dyn>(file, segment.p_offset + i * sizeof(Elf64_Dyn));
        if (!entry) return std::nullopt;
        if (entry->d_tag == DT_NULL) break;
        if (entry->d_tag == DT_NEEDED) dynamic.names.push_back(entry->d_un.d_val);
        if (entry->d_tag == DT_STRTAB) dynamic.strings = entry->d_un.d_ptr;
    }
    return dynamic;
}

std::optional<std::string> read_text(const ByteSource& file, std::uint64_t offset) {
    std::string text;
    for (char c = 0; text.size() < longest_name; text += c) {
        if (!file.read(offset + text.size(), std::as_writable_bytes(std::span(&c, 1)))) return std::nullopt;
        if (c == '\0') return text;
    }
    return std::nullopt;
}

}  // namespace

base::Result<std::vector<std::string>> needed_libraries(const ByteSource& file) {
    const auto segments = read_segments(file);
    if (!segments) return damaged();
    std::vector<std::string> libraries;
    const auto dynamic_segment = std::ranges::find(*segments, Elf64_Word{PT_DYNAMIC}, &Elf64_Phdr::p_type);
    if (dynamic_segment == segments->end()) return libraries;
    const auto dynamic = read_dynamic(file, *dynamic_segment);
    if (!dynamic) return damaged();
    for (const std::uint64_t name : dynamic->names) {
        const auto at = dynamic->strings ? offset_of(*dynamic->strings + name, *segments) : std::nullopt;
        auto library = at ? read_text(file, *at) : std::nullopt;
        if (!library) return damaged();
        libraries.push_back(std::move(*library));
    }
    return libraries;
}

base::Result<std::vector<std::string>> needed_libraries(const std::filesystem::path& file) {
    const auto source = FileSource::open(file);
    if (!source) return source.error();
    return needed_libraries(**source);
}

}  // namespace poolhost::catalog
