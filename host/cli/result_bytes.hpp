// SPDX-License-Identifier: Apache-2.0
// The bytes that a task returned, wherever they lie.
#pragma once

#include "base/error.hpp"
#include "pool/call.hpp"

#include <cstddef>
#include <span>

namespace poolhost::cli {

/// Of an outcome that has a value, asked for as MessagePack. Text counts as bytes. Valid as long as the outcome; the
/// worker may still be able to write them, so look at them once. An error where the value is something else.
base::Result<std::span<const std::byte>> result_bytes(const pool::Outcome& outcome);

}  // namespace poolhost::cli
