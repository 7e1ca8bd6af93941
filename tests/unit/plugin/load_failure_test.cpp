// SPDX-License-Identifier: Apache-2.0
#include "plugin/load_failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolhost::plugin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Case {
    const char* loader_text;
    const char* cause;
    const char* remedy;
};

class LoaderText : public testing::TestWithParam<Case> {};

TEST_P(LoaderText, BecomesACauseAndARemedy) {
    const base::Error error = explain_load_failure("/p/libmath.so", GetParam().loader_text);
    EXPECT_THAT(error.message, StartsWith("/p/libmath.so: "));
    EXPECT_THAT(error.message, HasSubstr(GetParam().cause));
    EXPECT_THAT(error.message, HasSubstr(GetParam().remedy));
}

INSTANTIATE_TEST_SUITE_P(
    Glibc, LoaderText,
    testing::Values(
        Case{"/p/libmath.so: cannot open shared object file: No such file or directory", "does not exist",
             "correct the path"},
        Case{"/p/libmath.so: cannot open shared object file: Permission denied", "cannot be read", "chmod a+r"},
        Case{"libcuda.so.1: cannot open shared object file: No such file or directory",
             "needs the library libcuda.so.1", "install the package"},
        Case{"/p/libmath.so: undefined symbol: cos_of", "undefined symbol: cos_of;", "target_link_libraries"},
        Case{"/p/libmath.so: undefined symbol: _ZN4deep4mineEi", "undefined symbol: deep::mine(int);",
             "target_link_libraries"},
        Case{"/p/libmath.so: undefined symbol: tls, version LIB_2", "undefined symbol: tls;", "target_link_libraries"},
        Case{"/q/libdeep.so: undefined symbol: mine", "undefined symbol: mine (in /q/libdeep.so)",
             "target_link_libraries"},
        Case{"/lib/libc.so.6: version `GLIBC_2.99' not found (required by /p/libmath.so)", "GLIBC_2.99",
             "build the plugin here"},
        Case{"/p/libmath.so: invalid ELF header", "is no ELF file", "shared library"},
        Case{"/p/libmath.so: file too short", "is cut or empty", "copy it again"},
        Case{"/p/libmath.so: wrong ELF class: ELFCLASS32", "another word size", "build the plugin for this one"},
        Case{"/p/libmath.so: failed to map segment from shared object", "cannot be mapped", "noexec"},
        Case{"/p/libmath.so: cannot enable executable stack as shared object requires: Permission denied",
             "executable stack", "noexecstack"},
        Case{"/p/libmath.so: cannot allocate memory in static TLS block", "thread-local memory", "initial-exec"},
        Case{"something that nobody foresaw", "cannot be loaded: something that nobody foresaw", ""}));

}  // namespace
}  // namespace poolhost::plugin
