// SPDX-License-Identifier: Apache-2.0
#include "base/start_method.hpp"

#include "base/error.hpp"

namespace poolhost::base {

std::string_view name_of(StartMethod method) {
    switch (method) {
        case StartMethod::spawn:
            return "spawn";
        case StartMethod::fork:
            return "fork";
        case StartMethod::forkserver:
            return "forkserver";
    }
    bug("a start method beyond the three");
}

std::optional<StartMethod> start_method_named(std::string_view name) {
    for (const auto method : all_start_methods) {
        if (name_of(method) == name) {
            return method;
        }
    }
    return std::nullopt;
}

}  // namespace poolhost::base
