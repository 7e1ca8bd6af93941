// SPDX-License-Identifier: Apache-2.0
// Whether somebody else could have put their code into a plugin file.
#pragma once

#include "base/error.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace poolhost::catalog {

/// Fine when the file belongs to root or to `us`, and neither its group nor everybody can write to it. The error does
/// not name the file.
base::Result<void> check_ownership(const struct stat& file, uid_t us);
/// Fine unless everybody can rename files in the folder: world-writable without the sticky bit.
base::Result<void> check_folder(const struct stat& folder);

/// Both checks, on the file that `path` leads to (links followed) and the folder it lies in. Folders further up and
/// access control lists are not looked at.
base::Result<void> check_file_permissions(const std::filesystem::path& path);

}  // namespace poolhost::catalog
