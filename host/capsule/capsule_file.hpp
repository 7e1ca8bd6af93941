// SPDX-License-Identifier: Apache-2.0
// The file that a capsule is kept in: a header, then the call's arguments as they were.
#pragma once

#include "base/error.hpp"
#include "base/shared_memory.hpp"
#include "wire/aftermath.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace poolhost::capsule {

/// Writes a new file with mode 0600 into the folder, under a temporary name until it is whole, then removes the oldest
/// capsules beyond the folder's maximum. `buffers` are the contents of `input.buffers`. Returns its absolute path. An
/// error leaves nothing behind.
base::Result<std::filesystem::path> write(const wire::CapsuleFolder& folder, const wire::Capsule& capsule,
                                          const wire::CallInput& input,
                                          std::span<const std::span<const std::byte>> buffers);

/// A capsule read back. The buffers' contents lie in the mapped file.
struct Contents {
    wire::Capsule capsule;
    wire::CallInput input;
    base::Mapping file;
    std::vector<std::span<const std::byte>> buffers;
};
/// The error says what is wrong with the file: missing, no capsule, of another version, cut short.
base::Result<Contents> read(const std::filesystem::path& file);

}  // namespace poolhost::capsule
