// SPDX-License-Identifier: Apache-2.0
// What a plugin says of itself, read from its file without running, loading or mapping it.
#pragma once

#include "base/error.hpp"
#include "catalog/byte_source.hpp"
#include "catalog/signature.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::catalog {

struct TaskManifest {
    std::string name;
    Signature signature;
    std::string signature_text;  ///< as the plugin wrote it
    std::string doc;
    bool idempotent = false;
    std::optional<std::chrono::nanoseconds> timeout;
};

/// All text is valid UTF-8 without control characters other than line feeds and tabs.
struct Manifest {
    std::filesystem::path file;  ///< empty for the built-in tasks
    std::string name;
    std::string version;
    std::string doc;
    std::string abi;            ///< "1.0"; see check_abi(): a manifest of a foreign ABI can be read, not run
    std::string sdk;            ///< "c", or the version of the C++ SDK
    std::string not_fork_safe;  ///< why it must not cross a fork; empty: it may
    std::string build_id;       ///< hexadecimal, from .note.gnu.build-id; empty where the linker wrote none
    std::vector<TaskManifest> tasks;

    /// nullptr where there is none of that (unqualified) name.
    [[nodiscard]] const TaskManifest* find_task(std::string_view task) const;
};

/// Reads the manifest of a shared library. The error says path, cause and remedy, whatever the file holds.
/// Reads only: see check_file_permissions() and check_abi() for whether the plugin may be used.
base::Result<Manifest> read_manifest(const std::filesystem::path& path);
/// The same from bytes; `path` only names them.
base::Result<Manifest> read_manifest(const std::filesystem::path& path, const ByteSource& bytes);

/// Reads the note's text alone: records and fields as plugin.h describes them. Errors do not name the file.
base::Result<Manifest> parse_manifest(std::string_view text);

}  // namespace poolhost::catalog
