// SPDX-License-Identifier: Apache-2.0
// Which shared libraries a library asks the loader for, read from its file.
#pragma once

#include "base/error.hpp"
#include "catalog/byte_source.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace poolhost::catalog {

/// The names of DT_NEEDED, in their order. The error does not name the file.
base::Result<std::vector<std::string>> needed_libraries(const ByteSource& file);
base::Result<std::vector<std::string>> needed_libraries(const std::filesystem::path& file);

}  // namespace poolhost::catalog
