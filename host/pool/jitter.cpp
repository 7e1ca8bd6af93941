// SPDX-License-Identifier: Apache-2.0
#include "pool/jitter.hpp"

#include <random>

namespace poolhost::pool {

double jitter() {
    static std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace poolhost::pool
