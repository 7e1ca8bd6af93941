// SPDX-License-Identifier: Apache-2.0
#include "catalog/elf_notes.hpp"

#include <elf.h>

#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace poolhost::catalog {
namespace {

// Bounds on what a hostile file can make us do; real libraries stay far below them.
constexpr std::uint64_t manifest_limit = 1024 * 1024;
constexpr std::uint32_t build_id_limit = 64;
constexpr std::uint64_t header_limit = 65536;  // program or section headers
constexpr int note_limit = 4096;

constexpr std::string_view manifest_note = "poolhost";
constexpr std::uint32_t manifest_note_type = 1;
constexpr std::string_view gnu_note = "GNU";

#if defined(__x86_64__)
constexpr Elf64_Half machine = EM_X86_64;
constexpr const char* machine_name = "x86-64";
#elif defined(__aarch64__)
constexpr Elf64_Half machine = EM_AARCH64;
constexpr const char* machine_name = "aarch64";
#elif defined(__riscv)
constexpr Elf64_Half machine = EM_RISCV;
constexpr const char* machine_name = "riscv";
#else
#error "say here which ELF machine poolhost is built for"
#endif
static_assert(std::endian::native == std::endian::little);

struct Range {
    std::uint64_t offset;
    std::uint64_t size;
    std::uint64_t alignment;
};

bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t total) {
    return offset <= total && size <= total - offset;
}

template <class T>
base::Result<T> read_struct(const ByteSource& file, std::uint64_t offset) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!fits(offset, sizeof(T), file.size())) return base::Error{"is cut; build or copy it again"};
    T value;
    const auto read = file.read(offset, std::as_writable_bytes(std::span(&value, 1)));
    if (!read) return read.error();
    return value;
}

base::Result<void> check_header(const Elf64_Ehdr& header) {
    const std::string expected = std::string("; build the plugin for ") + machine_name + ", 64 bit";
    if (header.e_ident[EI_CLASS] != ELFCLASS64) return base::Error{"is no 64-bit library" + expected};
    if (header.e_ident[EI_DATA] != ELFDATA2LSB) return base::Error{"is a big-endian library" + expected};
    if (header.e_machine != machine)
        return base::Error{"is built for another machine (ELF machine " + std::to_string(header.e_machine) + ")" +
                           expected};
    if (header.e_type != ET_DYN)
        return base::Error{"is no shared library (ELF type " + std::to_string(header.e_type) +
                           "); link the plugin with -shared, as poolhost_add_plugin() does"};
    return {};
}

// The magic is asked first and alone, so that a text file of three bytes is "no ELF file" and not "cut".
base::Result<Elf64_Ehdr> read_header(const ByteSource& file) {
    const auto magic = read_struct<std::array<char, SELFMAG>>(file, 0);
    if (!magic || std::memcmp(magic->data(), ELFMAG, SELFMAG) != 0)
        return base::Error{file.size() == 0 ? "is empty; build or copy it again"
                                            : "is no ELF file; a plugin is a shared library (.so)"};
    const auto header = read_struct<Elf64_Ehdr>(file, 0);
    if (!header) return header.error();
    if (const auto checked = check_header(*header); !checked) return checked.error();
    return *header;
}

// Calls visit(entry) for each of `count` headers of `stride` bytes.
template <class Entry, class Visit>
base::Result<void> each_header(const ByteSource& file, std::uint64_t offset, std::uint64_t count, std::uint64_t stride,
                               Visit visit) {
    if (count == 0) return {};
    if (count > header_limit || stride < sizeof(Entry) || !fits(offset, count * stride, file.size()))
        return base::Error{"is cut, or its headers are damaged; build or copy it again"};
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto entry = read_struct<Entry>(file, offset + i * stride);
        if (!entry) return entry.error();
        visit(*entry);
    }
    return {};
}

base::Result<std::vector<Range>> note_segments(const ByteSource& file, const Elf64_Ehdr& header) {
    std::vector<Range> ranges;
    const auto seen = each_header<Elf64_Phdr>(
        file, header.e_phoff, header.e_phnum, header.e_phentsize, [&](const Elf64_Phdr& segment) {
            if (segment.p_type == PT_NOTE) ranges.push_back({segment.p_offset, segment.p_filesz, segment.p_align});
        });
    if (!seen) return seen.error();
    return ranges;
}

base::Result<std::vector<Range>> note_sections(const ByteSource& file, const Elf64_Ehdr& header) {
    std::vector<Range> ranges;
    if (header.e_shoff == 0) return ranges;
    std::uint64_t count = header.e_shnum;
    if (count == 0) {  // beyond 65280 sections their number stands in the first one
        const auto first = read_struct<Elf64_Shdr>(file, header.e_shoff);
        if (!first) return first.error();
        count = first->sh_size;
    }
    const auto seen =
        each_header<Elf64_Shdr>(file, header.e_shoff, count, header.e_shentsize, [&](const Elf64_Shdr& section) {
            if (section.sh_type == SHT_NOTE)
                ranges.push_back({section.sh_offset, section.sh_size, section.sh_addralign});
        });
    if (!seen) return seen.error();
    return ranges;
}

class NoteReader {
public:
    explicit NoteReader(const ByteSource& file) : file_(file) {}

    base::Result<void> read(const Range& range) {
        if (!fits(range.offset, range.size, file_.size())) return base::Error{"is cut; build or copy it again"};
        const std::uint64_t alignment = range.alignment == 8 ? 8 : 4;
        const auto aligned = [&](std::uint64_t offset) { return (offset + alignment - 1) / alignment * alignment; };
        std::uint64_t at = 0;
        while (range.size - at >= sizeof(Elf64_Nhdr)) {
            if (++notes_ > note_limit) return base::Error{"has an absurd number of ELF notes; build it again"};
            const auto head = read_struct<Elf64_Nhdr>(file_, range.offset + at);
            if (!head) return head.error();
            const std::uint64_t name_at = at + sizeof(Elf64_Nhdr);
            const std::uint64_t text_at = aligned(name_at + head->n_namesz);
            if (!fits(text_at, head->n_descsz, range.size))
                return base::Error{"has a damaged ELF note; build or copy it again"};
            const auto taken = take(*head, range.offset + name_at, range.offset + text_at);
            if (!taken) return taken.error();
            at = aligned(text_at + head->n_descsz);
            if (at > range.size) break;  // the last padding may be missing
        }
        return {};
    }

    [[nodiscard]] bool has_manifest() const { return manifest_.has_value(); }

    ElfNotes notes() {
        while (manifest_ && manifest_->ends_with('\0')) manifest_->pop_back();
        return {.manifest = std::move(manifest_).value_or(std::string()), .build_id = build_id_};
    }

private:
    base::Result<void> take(const Elf64_Nhdr& head, std::uint64_t name_at, std::uint64_t text_at) {
        if (is_named(head, name_at, manifest_note) && head.n_type == manifest_note_type)
            return take_manifest(text_at, head.n_descsz);
        if (is_named(head, name_at, gnu_note) && head.n_type == NT_GNU_BUILD_ID && build_id_.empty() &&
            head.n_descsz <= build_id_limit)
            return take_build_id(text_at, head.n_descsz);
        return {};
    }

    // n_namesz counts the terminating NUL.
    bool is_named(const Elf64_Nhdr& head, std::uint64_t name_at, std::string_view name) {
        if (head.n_namesz != name.size() + 1) return false;
        std::array<char, 16> read{};
        const std::span<char> field(read.data(), head.n_namesz);
        return file_.read(name_at, std::as_writable_bytes(field)).has_value() && name == read.data();
    }

    base::Result<void> take_manifest(std::uint64_t at, std::uint64_t size) {
        if (manifest_)
            return base::Error{"has two poolhost manifests; a shared library is one plugin: link only one into it"};
        if (size > manifest_limit)
            return base::Error{"has a manifest of " + std::to_string(size) + " bytes; at most " +
                               std::to_string(manifest_limit) + " are read: shorten its docs"};
        auto text = read_bytes(at, size);
        if (!text) return text.error();
        manifest_ = std::move(*text);
        return {};
    }

    base::Result<void> take_build_id(std::uint64_t at, std::uint64_t size) {
        const auto id = read_bytes(at, size);
        if (!id) return id.error();
        constexpr std::string_view digits = "0123456789abcdef";
        for (const char c : *id) {
            const auto byte = static_cast<unsigned char>(c);
            build_id_ += digits[byte >> 4U];
            build_id_ += digits[byte & 15U];
        }
        return {};
    }

    base::Result<std::string> read_bytes(std::uint64_t at, std::uint64_t size) {
        std::string bytes(size, '\0');
        const auto read = file_.read(at, std::as_writable_bytes(std::span(bytes)));
        if (!read) return read.error();
        return bytes;
    }

    const ByteSource& file_;
    std::optional<std::string> manifest_;
    std::string build_id_;
    int notes_ = 0;
};

base::Result<bool> read_all(const std::vector<Range>& ranges, NoteReader& reader) {
    for (const Range& range : ranges)
        if (const auto read = reader.read(range); !read) return read.error();
    return reader.has_manifest();
}

}  // namespace

base::Result<ElfNotes> read_elf_notes(const ByteSource& file) {
    const auto header = read_header(file);
    if (!header) return header.error();

    // Segments first: they survive stripping, and it is what the loader goes by. Sections only where they have nothing.
    const auto segments = note_segments(file, *header);
    if (!segments) return segments.error();
    NoteReader from_segments(file);
    const auto found = read_all(*segments, from_segments);
    if (!found) return found.error();
    if (*found) return from_segments.notes();

    const auto sections = note_sections(file, *header);
    if (!sections) return sections.error();
    NoteReader from_sections(file);
    const auto found_there = read_all(*sections, from_sections);
    if (!found_there) return found_there.error();
    if (*found_there) return from_sections.notes();

    return base::Error{
        "has no poolhost manifest; is it a plugin? POOLHOST_PLUGIN in C++, or POOLHOST_MANIFEST in C, writes one"};
}

}  // namespace poolhost::catalog
