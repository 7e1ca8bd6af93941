// SPDX-License-Identifier: Apache-2.0
// Capsules as a host would have written them.
#pragma once

#include "capsule/capsule_file.hpp"
#include "program.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::test {

/// A call of `task`, whose plugin is this file, with JSON arguments.
struct KeptCall {
    KeptCall(std::string task, const std::filesystem::path& plugin_file, std::string_view json_arguments = "[]");

    wire::Capsule capsule;
    wire::CallInput input;
    std::vector<std::string> buffers;

    /// A capsule file in the folder.
    [[nodiscard]] std::string write(const Folder& folder) const;
};

Ended replay(const std::string& capsule, Args options = {});

}  // namespace poolhost::test
