// SPDX-License-Identifier: Apache-2.0
#include "catalog/elf_notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <cstdint>
#include <limits>
#include <random>

#include "unit/catalog/specimen.hpp"

namespace poolhost::catalog {
namespace {

using testing::HasSubstr;
using tests::at;
using tests::bytes_of;
using tests::put;
using tests::source_of;
using tests::specimen;

const std::string manifest_name("poolhost\0", 9);
constexpr std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();

std::string sound() { return bytes_of(specimen("well_behaved")); }

std::string complaint(const std::string& bytes) {
    const auto notes = read_elf_notes(source_of(bytes));
    return notes ? "no complaint" : notes.error().message;
}

// The specimen with its ELF header changed.
template <class Change>
std::string with_header(Change change) {
    std::string bytes = sound();
    auto header = at<Elf64_Ehdr>(bytes, 0);
    change(header);
    put(bytes, 0, header);
    return bytes;
}

// The specimen with every program header changed that is a PT_NOTE.
template <class Change>
std::string with_note_segments(Change change) {
    std::string bytes = sound();
    const auto header = at<Elf64_Ehdr>(bytes, 0);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
        const std::size_t offset = header.e_phoff + i * header.e_phentsize;
        auto segment = at<Elf64_Phdr>(bytes, offset);
        if (segment.p_type == PT_NOTE) change(segment);
        put(bytes, offset, segment);
    }
    return bytes;
}

std::size_t offset_of_manifest_note(const std::string& bytes) { return bytes.find(manifest_name) - sizeof(Elf64_Nhdr); }

std::string one_note(const std::string& name, std::uint32_t type, const std::string& text) {
    const auto padded = [](std::string part) {
        part.resize((part.size() + 3) / 4 * 4);
        return part;
    };
    const Elf64_Nhdr head{static_cast<Elf64_Word>(name.size()), static_cast<Elf64_Word>(text.size()), type};
    std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
    return bytes + padded(name) + padded(text);
}

// A library of one PT_NOTE that holds `notes`, and of nothing else.
std::string library_of(const std::string& notes) {
    std::string bytes(sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), '\0');
    auto header = at<Elf64_Ehdr>(sound(), 0);
    header.e_phoff = sizeof(Elf64_Ehdr);
    header.e_phnum = 1;
    header.e_shoff = 0;
    header.e_shnum = 0;
    put(bytes, 0, header);
    put(bytes, sizeof header, Elf64_Phdr{PT_NOTE, PF_R, bytes.size(), 0, 0, notes.size(), notes.size(), 4});
    return bytes + notes;
}

TEST(ElfNotes, GiveTheManifestAndTheBuildId) {
    const auto notes = read_elf_notes(source_of(sound())).value();
    EXPECT_THAT(notes.manifest, testing::StartsWith("poolhost-manifest\x1f"));
    EXPECT_THAT(notes.manifest, testing::EndsWith("\x1e"));
    EXPECT_THAT(notes.build_id, testing::MatchesRegex("[0-9a-f]{40}"));
}

TEST(ElfNotes, AreThereWhereBoostDllSeesTheSection) {
    for (const auto& entry : std::filesystem::directory_iterator(POOLHOST_TEST_PLUGINS)) {
        if (entry.path().extension() != ".so") continue;
        boost::dll::library_info library(entry.path());
        const auto sections = library.sections();
        const bool expected = std::ranges::find(sections, ".note.poolhost") != sections.end();
        EXPECT_EQ(read_elf_notes(source_of(bytes_of(entry.path()))).has_value(), expected) << entry.path();
    }
}

TEST(ElfNotes, AreFoundWithoutSectionHeaders) {
    const std::string stripped = with_header([](Elf64_Ehdr& header) {
        header.e_shoff = huge;
        header.e_shnum = 9999;
    });
    EXPECT_EQ(complaint(stripped), "no complaint");
}

TEST(ElfNotes, AreFoundThroughSectionsWhereNoSegmentHasThem) {
    const std::string bytes = with_note_segments([](Elf64_Phdr& segment) { segment.p_type = PT_NULL; });
    const auto notes = read_elf_notes(source_of(bytes));
    ASSERT_TRUE(notes) << notes.error().message;
    EXPECT_FALSE(notes->build_id.empty());
}

TEST(ElfNotes, AreFoundInAFileOfOneNoteAndNothingElse) {
    const auto notes = read_elf_notes(source_of(library_of(one_note(manifest_name, 1, "text"))));
    ASSERT_TRUE(notes) << notes.error().message;
    EXPECT_EQ(notes->manifest, "text");
    EXPECT_EQ(notes->build_id, "");
}

TEST(ElfNotes, OfOtherOwnersAndTypesArePassedOver) {
    const std::string others = one_note("GNU" + std::string(1, '\0'), 5, "property") +
                               one_note(manifest_name, 2, "other type") +
                               one_note("poolhose" + std::string(1, '\0'), 1, "other owner") + one_note("", 1, "") +
                               one_note(std::string(100, 'x'), 1, "long name");
    EXPECT_EQ(read_elf_notes(source_of(library_of(others + one_note(manifest_name, 1, "ours"))))->manifest, "ours");
    EXPECT_THAT(complaint(library_of(others)), HasSubstr("has no poolhost manifest"));
}

TEST(ElfNotes, OfTwoPluginsInOneLibraryAreRefused) {
    const std::string note = one_note(manifest_name, 1, "text");
    EXPECT_THAT(complaint(library_of(note + note)), HasSubstr("two poolhost manifests"));
}

TEST(ElfNotes, AnswerPlainlyForAForeignFile) {
    EXPECT_THAT(complaint(""), HasSubstr("is empty"));
    EXPECT_THAT(complaint("#!/bin/sh\n"), HasSubstr("is no ELF file"));
    EXPECT_THAT(complaint("\x7f"), HasSubstr("is no ELF file"));
    EXPECT_THAT(complaint("\x7f"
                          "ELF"),
                HasSubstr("is cut"));
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_ident[EI_CLASS] = ELFCLASS32; })),
                HasSubstr("is no 64-bit library; build the plugin for"));
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_ident[EI_DATA] = ELFDATA2MSB; })),
                HasSubstr("is a big-endian library"));
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_machine = EM_S390; })),
                HasSubstr("is built for another machine (ELF machine 22)"));
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_type = ET_REL; })),
                HasSubstr("link the plugin with -shared"));
    EXPECT_THAT(complaint(bytes_of(specimen("no_plugin"))), HasSubstr("has no poolhost manifest; is it a plugin?"));
}

TEST(ElfNotes, DoNotTrustTheTableOfSegments) {
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_phoff = huge; })), HasSubstr("is cut"));
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_phoff = huge - 8; })), HasSubstr("is cut"));
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_phnum = 0xffff; })), HasSubstr("is cut"));
    EXPECT_THAT(complaint(with_header([](Elf64_Ehdr& header) { header.e_phentsize = 1; })), HasSubstr("damaged"));
}

TEST(ElfNotes, DoNotTrustASegment) {
    const auto damaged = [](auto change) { return complaint(with_note_segments(change)); };
    EXPECT_THAT(damaged([](Elf64_Phdr& segment) { segment.p_offset = huge; }), HasSubstr("is cut"));
    EXPECT_THAT(damaged([](Elf64_Phdr& segment) { segment.p_filesz = huge; }), HasSubstr("is cut"));
    EXPECT_THAT(damaged([](Elf64_Phdr& segment) { segment.p_filesz = 100; }), HasSubstr("damaged ELF note"));
    EXPECT_EQ(damaged([](Elf64_Phdr& segment) { segment.p_align = huge; }), "no complaint");
}

TEST(ElfNotes, DoNotTrustTheTableOfSections) {
    const auto damaged = [](auto change) {
        std::string bytes = with_note_segments([](Elf64_Phdr& segment) { segment.p_type = PT_NULL; });
        auto header = at<Elf64_Ehdr>(bytes, 0);
        change(header, bytes);
        put(bytes, 0, header);
        return complaint(bytes);
    };
    EXPECT_THAT(damaged([](Elf64_Ehdr& header, std::string&) { header.e_shoff = huge; }), HasSubstr("is cut"));
    EXPECT_THAT(damaged([](Elf64_Ehdr& header, std::string&) { header.e_shentsize = 0; }), HasSubstr("is cut"));
    EXPECT_THAT(damaged([](Elf64_Ehdr& header, std::string&) { header.e_shoff = 0; }),
                HasSubstr("no poolhost manifest"));
    EXPECT_THAT(damaged([](Elf64_Ehdr& header, std::string& bytes) {
                    header.e_shnum = 0;  // then the first section says how many there are
                    auto first = at<Elf64_Shdr>(bytes, header.e_shoff);
                    first.sh_size = huge / sizeof(Elf64_Shdr) + 2;
                    put(bytes, header.e_shoff, first);
                }),
                HasSubstr("is cut, or its headers are damaged"));
}

TEST(ElfNotes, DoNotTrustTheSizesInANote) {
    const auto damaged = [](std::size_t field, std::uint32_t value) {
        std::string bytes = sound();
        put(bytes, offset_of_manifest_note(bytes) + field, value);
        return complaint(bytes);
    };
    for (const std::uint32_t value : {0xffffffffU, 0xfffffffcU, 0x80000000U, 0x7fffffffU}) {
        EXPECT_THAT(damaged(offsetof(Elf64_Nhdr, n_descsz), value), HasSubstr("damaged ELF note"));
        EXPECT_THAT(damaged(offsetof(Elf64_Nhdr, n_namesz), value), HasSubstr("damaged ELF note"));
    }
}

TEST(ElfNotes, AreNotReadByTheMillion) {
    const std::string empty_notes(12 * 100'000, '\0');
    EXPECT_THAT(complaint(library_of(empty_notes)), HasSubstr("absurd number of ELF notes"));
}

TEST(ElfNotes, BeyondAMebibyteAreNoManifest) {
    EXPECT_EQ(complaint(library_of(one_note(manifest_name, 1, std::string(1 << 20, 'x')))), "no complaint");
    EXPECT_THAT(complaint(library_of(one_note(manifest_name, 1, std::string((1 << 20) + 1, 'x')))),
                HasSubstr("at most 1048576 are read"));
}

}  // namespace
}  // namespace poolhost::catalog
