// SPDX-License-Identifier: Apache-2.0
// What has to be known of an ELF file before it is believed to be what a dead process had mapped.
#pragma once

#include "aftermath/memory_map.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace poolhost::aftermath {

/// Opens a regular file, whatever its name leads to, without waiting for anything.
base::UniqueFd open_file(const std::string& path);
/// The virtual system calls, which the kernel maps into every process as a file that has no name: this process's, which
/// are the same. None where they have another size than `region`.
base::UniqueFd copy_vdso(const Region& region);

/// Hexadecimal; empty where the file has none.
std::string build_id_of(int fd);
/// What is to be added to the file's own addresses so that its code lies where `region` says. Nothing for what is no
/// program or library of this machine, and where no code of the file lies at the region's offset.
std::optional<std::uint64_t> bias_of(int fd, const Region& region);

}  // namespace poolhost::aftermath
