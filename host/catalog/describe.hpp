// SPDX-License-Identifier: Apache-2.0
// A plugin in words, as `poolhost inspect` prints it.
#pragma once

#include "catalog/manifest.hpp"

#include <chrono>
#include <string>

namespace poolhost::catalog {

/// Name, version, ABI, build id, SDK and file, then each task with signature, flags and doc. Ends with a line feed.
std::string describe(const Manifest& manifest);

/// "1m30s", "250ms": a duration in the notation of the configuration, exact.
std::string describe(std::chrono::nanoseconds duration);

}  // namespace poolhost::catalog
