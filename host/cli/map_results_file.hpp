// SPDX-License-Identifier: Apache-2.0
// The file that --out names: made anew, or taken up where an earlier run stopped.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"
#include "cli/map_earlier.hpp"

#include <filesystem>

namespace poolhost::cli {

enum class OutMode {
    anew,          // the file must not hold anything yet: results of hours are not to be lost by a repeated command
    resume,        // items with an outcome in the file are done, failed ones too
    retry_failed,  // the lines of failed items are taken out of the file, and those items are run again
};

/// Open at its end and locked against a second run for as long as it is open.
struct ResultsFile {
    base::UniqueFd fd;
    EarlierRun earlier;
};

/// A last line that was cut off by a sudden end is removed. The error names the file, and the line where there is one.
base::Result<ResultsFile> open_results_file(const std::filesystem::path& path, OutMode mode);

}  // namespace poolhost::cli
