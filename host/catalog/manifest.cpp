// SPDX-License-Identifier: Apache-2.0
#include "catalog/manifest.hpp"

#include <algorithm>

#include "catalog/elf_notes.hpp"

namespace poolhost::catalog {
namespace {

base::Error about(const std::filesystem::path& path, const base::Error& error) {
    return base::Error{path.string() + ": " + error.message};
}

}  // namespace

const TaskManifest* Manifest::find_task(std::string_view task) const {
    const auto found = std::ranges::find(tasks, task, &TaskManifest::name);
    return found == tasks.end() ? nullptr : &*found;
}

base::Result<Manifest> read_manifest(const std::filesystem::path& path) {
    const auto file = FileSource::open(path);
    if (!file) return about(path, file.error());
    return read_manifest(path, **file);
}

base::Result<Manifest> read_manifest(const std::filesystem::path& path, const ByteSource& bytes) {
    auto notes = read_elf_notes(bytes);
    if (!notes) return about(path, notes.error());
    auto manifest = parse_manifest(notes->manifest);
    if (!manifest) return about(path, manifest.error());
    manifest->file = path;
    manifest->build_id = std::move(notes->build_id);
    return manifest;
}

}  // namespace poolhost::catalog
