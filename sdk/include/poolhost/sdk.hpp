// SPDX-License-Identifier: Apache-2.0
// All of the SDK: what a plugin includes.
//
//     #include <poolhost/sdk.hpp>
//
//     static std::int64_t square(std::int64_t x) { return x * x; }
//
//     POOLHOST_PLUGIN(math, "1.0.0", "Arithmetic, one task a line.",
//         poolhost::task("square", square, "x").doc("The square of x.").idempotent())
//
// Argument and result types, how they convert and how they travel: docs/abi.md.
#pragma once

#include "plugin.h"
#include "sdk/array.hpp"
#include "sdk/codec.hpp"
#include "sdk/codec_array.hpp"
#include "sdk/codec_container.hpp"
#include "sdk/codec_user.hpp"
#include "sdk/context.hpp"
#include "sdk/error.hpp"
#include "sdk/plugin_definition.hpp"
#include "sdk/task.hpp"
#include "sdk/value.hpp"
#include "sdk/version.hpp"
