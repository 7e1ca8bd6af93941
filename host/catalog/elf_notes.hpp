// SPDX-License-Identifier: Apache-2.0
// The notes of an ELF shared library that poolhost cares for, found without trusting a single number in the file.
#pragma once

#include "base/error.hpp"
#include "catalog/byte_source.hpp"

#include <string>

namespace poolhost::catalog {

struct ElfNotes {
    std::string manifest;  ///< the descriptor of the poolhost note, without trailing NULs
    std::string build_id;  ///< lower-case hexadecimal; empty where the linker wrote none
};

/// Errors say what is wrong with the file and what would be right, without naming the file: the caller knows it.
base::Result<ElfNotes> read_elf_notes(const ByteSource& file);

}  // namespace poolhost::catalog
