// SPDX-License-Identifier: Apache-2.0
#include "cli/new_project.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace poolhost::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class NewProject : public testing::Test {
protected:
    NewProject() {
        std::string name = (std::filesystem::temp_directory_path() / "poolhost-new-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~NewProject() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
};

std::string fault(std::string_view name) {
    const auto checked = check_project_name(name);
    return checked ? "" : checked.error().message;
}

TEST_F(NewProject, EveryFileIsAboutItsName) {
    const auto files = project_files("greeter");
    std::vector<std::string> names;
    for (const ProjectFile& file : files) {
        names.push_back(file.name);
        EXPECT_THAT(file.text, Not(HasSubstr("@NAME@"))) << file.name;
        EXPECT_FALSE(file.text.empty()) << file.name;
    }
    EXPECT_THAT(names, testing::UnorderedElementsAre("CMakeLists.txt", "README.md", "greeter.yaml", ".gitignore",
                                                     "greeter.cpp", "greeter.hpp", "greeter_test.cpp"));
}

TEST_F(NewProject, IsWrittenIntoANewFolder) {
    const auto project = folder_ / "greeter";
    ASSERT_TRUE(write_project(project, project_files("greeter")));
    EXPECT_TRUE(std::filesystem::exists(project / "CMakeLists.txt"));
    EXPECT_TRUE(std::filesystem::exists(project / "greeter.cpp"));
}

TEST_F(NewProject, OverwritesNothing) {
    std::ofstream(folder_ / "mine") << "precious";
    const auto written = write_project(folder_, project_files("greeter"));
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("exists already"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "CMakeLists.txt"));
}

TEST_F(NewProject, AnEmptyFolderWillDo) { EXPECT_TRUE(write_project(folder_, project_files("greeter"))); }

TEST_F(NewProject, ItsFolderHasToBePossible) {
    EXPECT_FALSE(write_project(folder_ / "no" / "parent", project_files("greeter")));
}

TEST_F(NewProject, NamesAreChecked) {
    EXPECT_EQ(fault("greeter"), "");
    EXPECT_THAT(fault("my-plugin"), HasSubstr("'my_plugin' would do"));
    EXPECT_THAT(fault("2fast"), HasSubstr("'_2fast' would do"));
    EXPECT_THAT(fault("../up"), HasSubstr("cannot be called"));
    EXPECT_NE(fault(""), "");
    EXPECT_THAT(fault("poolhost"), HasSubstr("built-in"));
    EXPECT_THAT(fault("test"), HasSubstr("CMake"));
}

}  // namespace
}  // namespace poolhost::cli
