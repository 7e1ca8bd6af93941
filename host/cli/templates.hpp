// SPDX-License-Identifier: Apache-2.0
// The files of a new project as the build put them into the program; see templates/ and CMakeLists.txt.
#pragma once

#include <span>
#include <string_view>

namespace poolhost::cli {

struct TemplateFile {
    std::string_view name;  // as in templates/, without ".in"
    std::string_view text;  // @NAME@ stands for the project's name
};

std::span<const TemplateFile> template_files();

}  // namespace poolhost::cli
