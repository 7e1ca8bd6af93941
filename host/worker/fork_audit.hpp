// SPDX-License-Identifier: Apache-2.0
// Whether a template may be forked: threads do not survive it, and open descriptors are shared by all its copies.
#pragma once

#include "base/error.hpp"

#include <map>
#include <string>

namespace poolhost::worker {

/// Open descriptors from 3 on, and what /proc/self/fd says of each: "socket:[77]".
using Descriptors = std::map<int, std::string>;
Descriptors open_descriptors();

/// Looks at this process again and again while it loads and prepares plugins, and names who did what.
class ForkAudit {
public:
    /// What is open now is nobody's fault.
    ForkAudit();

    /// An error, naming the threads, where there are others than the main one. New descriptors are logged as warnings.
    /// `step` is what has just run: "on_preload of plugin 'x'".
    base::Result<void> after(const std::string& step);

private:
    Descriptors known_;
};

}  // namespace poolhost::worker
