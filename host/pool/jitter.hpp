// SPDX-License-Identifier: Apache-2.0
// Chance, for what shall not happen to all at once.
#pragma once

namespace poolhost::pool {

/// From 0 to 1, another each time.
double jitter();

}  // namespace poolhost::pool
