// SPDX-License-Identifier: Apache-2.0
// Any bytes as a configuration: faults that can be printed, or values that print and load to the same again.
#include "base/error.hpp"
#include "config/effective.hpp"
#include "config/load.hpp"

#include <cstddef>
#include <cstdint>

using namespace poolhost::config;

namespace {

const LoadOptions parse_only{Depth::parse_only, {}, 2};

void print_again(const HostConfig& config) {
    const auto again = load_config_text(print_effective(config), "/elsewhere/g.yaml", parse_only);
    if (!again) poolhost::base::bug("what was printed does not load: " + describe(again.error().front(), "g.yaml"));
    if (*again != config) poolhost::base::bug("what was printed loads to something else");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto result = load_config_text(text, "/folder/f.yaml", parse_only);
    if (result) {
        keys_not_yet_in_effect(*result);
        print_again(*result);
        return 0;
    }
    if (result.error().empty()) poolhost::base::bug("refused without a fault");
    for (const Fault& fault : result.error()) {
        if (describe(fault, "f.yaml").find('\n') != std::string::npos) poolhost::base::bug("a fault of two lines");
    }
    return 0;
}
