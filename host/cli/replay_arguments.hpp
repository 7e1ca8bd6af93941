// SPDX-License-Identifier: Apache-2.0
// A capsule's arguments as a pool takes them.
#pragma once

#include "base/error.hpp"
#include "capsule/capsule_file.hpp"
#include "channel/shared_buffer.hpp"
#include "pool/call.hpp"

namespace poolhost::cli {

/// Copies them into buffers of the pool, and has what refers to the old ones refer to these.
base::Result<pool::Arguments> rebuild_arguments(const capsule::Contents& contents, channel::BufferPool& buffers);

}  // namespace poolhost::cli
