// SPDX-License-Identifier: Apache-2.0
// The three ways in which a worker comes into being, as every room names them.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace poolhost::base {

enum class StartMethod {
    spawn,       ///< a new program, started from nothing
    fork,        ///< a copy of the host, which then runs plugin code
    forkserver,  ///< a copy of a template process that has loaded the pool's plugins
};

inline constexpr std::array all_start_methods{StartMethod::fork, StartMethod::spawn, StartMethod::forkserver};
/// As in Python from 3.14 on Linux.
inline constexpr StartMethod default_start_method = StartMethod::forkserver;

std::string_view name_of(StartMethod method);
std::optional<StartMethod> start_method_named(std::string_view name);

}  // namespace poolhost::base
