// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace poolhost::base {

Error system_error(std::string_view what) { return system_error(what, errno); }

Error system_error(std::string_view what, int error_number) {
    return Error{std::string(what) + ": " + std::generic_category().message(error_number)};
}

void bug(std::string_view message) {
    std::fprintf(stderr, "poolhost: bug: %.*s\n", static_cast<int>(message.size()), message.data());
    std::abort();
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
    bug("unchecked result: " + error.message);
}

}  // namespace poolhost::base
