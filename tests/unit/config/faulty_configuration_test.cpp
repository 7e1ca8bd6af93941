// SPDX-License-Identifier: Apache-2.0
#include "faulty_configuration.hpp"

namespace poolhost::config {
namespace {

TEST_P(FaultyConfiguration, IsReportedWithPlaceCauseAndRemedy) {
    const auto result = load_config_text(GetParam().text, "/folder/f.yaml", LoadOptions{Depth::parse_only, {}, 2});
    EXPECT_THAT(fault_lines(result), testing::ElementsAreArray(GetParam().lines));
}

}  // namespace
}  // namespace poolhost::config
