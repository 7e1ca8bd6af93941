// SPDX-License-Identifier: Apache-2.0
// The arguments of a kept call as JSON.
#pragma once

#include "base/error.hpp"
#include "capsule/capsule_file.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

/// A value that may be large: how it is written is the reader's choice.
struct Blob {
    enum class Kind { text, bytes, typed_array };
    Kind kind = Kind::bytes;
    std::span<const std::byte> bytes;  // of an array: its elements as they lie
    std::string_view element = {};     // of an array: "float32"
    std::vector<std::size_t> shape = {};
};
using BlobWriter = std::function<nlohmann::ordered_json(const Blob&)>;

/// An array of arguments, or an object of them by name. An error where they are not what their encoding says; deeper
/// than anybody nests is one, too.
base::Result<nlohmann::ordered_json> arguments_of(const capsule::Contents& contents, const BlobWriter& write);

}  // namespace poolhost::cli
