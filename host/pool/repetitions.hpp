// SPDX-License-Identifier: Apache-2.0
// Says a thing that happens again and again once, and then how often.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace poolhost::pool {

class Repetitions {
public:
    /// It happened once more. What to say: the text at the first time, with the count at the 10th, the 100th and so on,
    /// else nothing.
    std::optional<std::string> happened(const std::string& text);
    /// It is over: what was left unsaid, as "; it happened 7 times"; empty where nothing was. The next time is the
    /// first.
    std::string over();

private:
    std::map<std::string, std::uint64_t> times_;
    std::uint64_t unsaid_ = 0;
};

}  // namespace poolhost::pool
