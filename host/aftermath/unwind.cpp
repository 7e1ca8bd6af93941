// SPDX-License-Identifier: Apache-2.0
#include "aftermath/unwind.hpp"

namespace poolhost::aftermath {

base::Result<std::vector<std::string>> name_stack(const wire::StackSample&, std::span<const wire::PluginFile>,
                                                  const std::function<void(const std::vector<std::string>&)>&) {
    return base::Error{"this version unwinds no stacks"};
}

}  // namespace poolhost::aftermath
