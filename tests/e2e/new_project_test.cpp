// SPDX-License-Identifier: Apache-2.0
// `poolhost new`: what it writes builds, tests and runs as written, outside this tree, against an installed poolhost.
#include "program.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace poolhost::test {
namespace {

using testing::HasSubstr;

/// An installation of this build below a folder of its own, first on the PATH.
class NewProject : public testing::Test {
protected:
    void SetUp() override {
        const Ended installed =
            in(folder_.path(), {"--install", POOLHOST_BUILD_FOLDER, "--prefix", prefix()}, POOLHOST_CMAKE);
        ASSERT_EQ(installed.exit_code, 0) << installed.out << installed.err;
    }

    [[nodiscard]] std::string prefix() const { return (folder_ / "prefix").string(); }

    Ended in(const std::filesystem::path& folder, const Args& words, const std::string& program = "poolhost") const {
        return run(Command{words, "", folder, {{"PATH", prefix() + "/bin:" + std::getenv("PATH")}}, program});
    }

    void must(const std::filesystem::path& folder, const Args& words, const std::string& program) const {
        const Ended ended = in(folder, words, program);
        ASSERT_EQ(ended.exit_code, 0) << program << "\n" << ended.out << ended.err;
    }

    Folder folder_;
};

TEST_F(NewProject, BuildsTestsAndRunsAsWritten) {
    must(folder_.path(), {"new", "greeter"}, "poolhost");
    const auto project = folder_ / "greeter";
    must(project, {"-B", "build"}, POOLHOST_CMAKE);
    must(project, {"--build", "build"}, POOLHOST_CMAKE);
    must(project, {"--test-dir", "build", "--output-on-failure"}, POOLHOST_CTEST);

    EXPECT_THAT(in(project, {"inspect", "build/libgreeter.so"}).out,
                HasSubstr("greeter.hello(name: string) -> string"));
    EXPECT_EQ(in(project, {"check", "greeter.yaml"}).exit_code, 0);
    const Ended called = in(project, {"call", "greeter.hello", "world", "--config", "greeter.yaml"});
    EXPECT_EQ(called.out, "\"Hello, world!\"\n") << called.err;

    const Ended again = in(folder_.path(), {"new", "greeter"});
    EXPECT_EQ(again.exit_code, 2);
    EXPECT_THAT(again.err, HasSubstr("exists already"));
}

TEST_F(NewProject, AnInstalledProgramFindsItsPlugins) {
    EXPECT_EQ(in("/", {"call", "math.square", "7", "--plugin", "math"}).out, "49\n");
    EXPECT_THAT(in("/", {"inspect", "math"}).out, HasSubstr(prefix()));
}

}  // namespace
}  // namespace poolhost::test
