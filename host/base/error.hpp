// SPDX-License-Identifier: Apache-2.0
// An expected failure as a value: what went wrong, in words for the user.
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace poolhost::base {

struct ErrorText {
    std::string message;
};

/// A failure that the caller has to handle. `message` says what failed, on what, and why, as one line without a full
/// stop. Written Error{"…"}. The text lies in a base class so that Error("…") does not compile: were an Error
/// constructible from a string, Result<std::string> would take a plain string for neither value nor error.
struct Error : ErrorText {};

template <class T>
using Result = boost::system::result<T, Error>;

/// "what: reason of errno". Call it right after the failing call.
Error system_error(std::string_view what);
Error system_error(std::string_view what, int error_number);

/// Ends the process with a message: a bug of ours, not a condition of the world.
[[noreturn]] void bug(std::string_view message);

/// What Result::value() throws without a value; only code that has not checked meets it.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& place);

}  // namespace poolhost::base
