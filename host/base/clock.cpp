// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

namespace poolhost::base {

std::string in_seconds(Duration duration) {
    std::string text = std::to_string(std::chrono::duration<double>(duration).count());
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + " s";
}

}  // namespace poolhost::base
