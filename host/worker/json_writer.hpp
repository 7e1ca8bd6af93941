// SPDX-License-Identifier: Apache-2.0
// MessagePack to JSON, the way back of json_reader.hpp: one line, no spaces, every number exact, typed arrays as nested
// arrays.
#pragma once

#include "base/error.hpp"
#include "worker/buffer_reference.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace poolhost::worker {

/// Appends `value`, which has to be exactly one MessagePack value, to `text`. After an error what was appended is to be
/// thrown away.
base::Result<void> write_json(std::span<const std::byte> value, const BufferSource& buffers, std::string& text);

}  // namespace poolhost::worker
