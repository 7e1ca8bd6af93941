// SPDX-License-Identifier: Apache-2.0
// One test body for all faulty configurations: the text, and every line that a user is to read.
#pragma once

#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace poolhost::config {

struct Case {
    std::string name;
    std::string text;
    std::vector<std::string> lines;  ///< without the file's name: "4:14: pools.a.timeout: …; …"
};

inline void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }

inline std::string name_of_case(const testing::TestParamInfo<Case>& tested) { return tested.param.name; }

inline std::vector<std::string> fault_lines(const ConfigResult& result) {
    std::vector<std::string> lines;
    if (!result) {
        for (const Fault& fault : result.error()) lines.push_back(describe(fault, "f.yaml").substr(7));
    }
    return lines;
}

class FaultyConfiguration : public testing::TestWithParam<Case> {};

}  // namespace poolhost::config
