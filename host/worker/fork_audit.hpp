// SPDX-License-Identifier: Apache-2.0
// Whether a template may be forked: threads do not survive it, and open descriptors are shared by all its copies.
#pragma once

#include "base/error.hpp"

#include <set>
#include <string>

namespace poolhost::worker {

/// Looks at this process again and again while it loads and prepares plugins, and names who did what.
class ForkAudit {
public:
    /// What is open now is nobody's fault.
    ForkAudit();

    /// An error, naming the threads, where there are others than the main one. New descriptors are logged as warnings.
    /// `step` is what has just run: "on_preload of plugin 'x'".
    base::Result<void> after(const std::string& step);

private:
    std::set<std::string> known_;
};

/// Every open descriptor from 3 on, in words: "4 (socket:[77])".
std::set<std::string> open_descriptors();

}  // namespace poolhost::worker
