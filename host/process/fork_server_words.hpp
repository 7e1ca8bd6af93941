// SPDX-License-Identifier: Apache-2.0
// What the host, its fork server and a worker at its birth say to each other.
#pragma once

#include "base/descriptor_passing.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace poolhost::process {

/// Each message is one of these bytes, mostly with nothing but descriptors beside it.
enum class Word : unsigned char {
    describe = 'D',  // host → server, first: a sealed memfd with the template's description
    ready = 'R',     // server → host: prepared
    fork = 'F',      // host → server: the child's socket, output and errors
    hello = 'H',     // worker → host, on its own socket: here I am (the kernel says who)
    welcome = 'W',   // host → worker: known, begin
    failure = 'E',   // server → host, on either socket, with a text: why not
};

struct Heard {
    Word word{};
    std::string text;
    std::vector<base::UniqueFd> descriptors;
    std::optional<pid_t> sender;
};

/// Longer texts of failures are cut.
inline constexpr std::size_t max_failure_text = 16384;

base::Result<base::SendOutcome> say(int socket, Word word, std::string_view text, std::span<const int> descriptors,
                                    base::Blocking blocking);
base::Result<base::SendOutcome> say(int socket, Word word, base::Blocking blocking);

/// The next message; nothing where there is none yet or the other side is gone (`gone` says which).
struct Hearing {
    std::optional<Heard> heard;
    bool gone = false;
};
base::Result<Hearing> hear(int socket, base::Blocking blocking);

}  // namespace poolhost::process
