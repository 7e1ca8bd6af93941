// SPDX-License-Identifier: Apache-2.0
#include "plugin/loaded_plugin.hpp"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace poolhost::plugin {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

fs::path specimen(const std::string& name) { return fs::path(POOLHOST_TEST_PLUGINS) / ("lib" + name + ".so"); }

std::string complaint(const fs::path& file) {
    const auto loaded = LoadedPlugin::load(file);
    return loaded ? "no complaint" : loaded.error().message;
}

std::string complaint_about(const std::string& name) {
    const std::string text = complaint(specimen(name));
    EXPECT_THAT(text, StartsWith(specimen(name).string() + ": ")) << "an error begins with the path";
    return text;
}

TEST(LoadedPlugin, OffersItsTableAndItsTasks) {
    const LoadedPlugin plugin = LoadedPlugin::load(specimen("well_behaved")).value();
    EXPECT_EQ(plugin.file(), specimen("well_behaved"));
    EXPECT_EQ(plugin.name(), "well_behaved");
    EXPECT_EQ(plugin.version(), "1.2.3");
    EXPECT_TRUE(plugin.is_fork_safe());
    EXPECT_NE(plugin.table().on_start, nullptr);
    ASSERT_THAT(plugin.tasks(), SizeIs(2));
    ASSERT_NE(plugin.find_task("same"), nullptr);
    EXPECT_EQ(plugin.find_task("same")->timeout_ns, 1'500'000'000);
    EXPECT_EQ(plugin.find_task("other"), nullptr);
}

TEST(LoadedPlugin, RunsItsTasks) {
    const LoadedPlugin plugin = LoadedPlugin::load(specimen("well_behaved")).value();
    std::string replied;
    const std::string arguments = "\x91\x07";
    poolhost_call_v1 call{};
    call.size = sizeof call;
    call.state = &replied;
    call.arguments = reinterpret_cast<const std::uint8_t*>(arguments.data());
    call.arguments_size = arguments.size();
    call.reply = [](const poolhost_call_v1* at, const void* data, std::size_t size) {
        static_cast<std::string*>(at->state)->assign(static_cast<const char*>(data), size);
    };
    EXPECT_EQ(plugin.find_task("same")->run(&call), POOLHOST_OK);
    EXPECT_EQ(replied, arguments);
}

TEST(LoadedPlugin, StaysLoadedWhenNobodyHoldsItAnyMore) {
    { ASSERT_TRUE(LoadedPlugin::load(specimen("well_behaved"))); }
    void* const handle = ::dlopen(specimen("well_behaved").c_str(), RTLD_NOW | RTLD_NOLOAD);
    EXPECT_NE(handle, nullptr);
    ::dlclose(handle);
}

TEST(LoadedPlugin, KeepsItsSymbolsToItself) {
    ASSERT_TRUE(LoadedPlugin::load(specimen("well_behaved")));
    EXPECT_EQ(::dlsym(RTLD_DEFAULT, "poolhost_plugin_v1"), nullptr);
}

TEST(LoadedPlugin, NamesTheFileThatIsMissing) {
    EXPECT_THAT(complaint_about("nothing"), AllOf(HasSubstr("does not exist"), HasSubstr("correct the path")));
}

TEST(LoadedPlugin, NamesTheLibraryThatIsMissing) {
    EXPECT_THAT(complaint_about("missing_library"),
                AllOf(HasSubstr("needs the library libpoolhost_test_absent.so"), HasSubstr("install the package")));
}

TEST(LoadedPlugin, NamesTheSymbolThatIsMissing) {
    EXPECT_THAT(complaint_about("missing_symbol"),
                AllOf(HasSubstr("undefined symbol: defined_nowhere_at_all"), HasSubstr("target_link_libraries")));
}

TEST(LoadedPlugin, IsRefusedWithAnotherAbi) {
    EXPECT_THAT(complaint_about("abi_too_new"),
                AllOf(HasSubstr("too new"), HasSubstr("ABI 2.0"), HasSubstr("update poolhost")));
    EXPECT_THAT(complaint_about("abi_newer_minor"), HasSubstr("too new"));
    EXPECT_THAT(complaint_about("abi_too_old"), AllOf(HasSubstr("too old"), HasSubstr("rebuild the plugin")));
}

TEST(LoadedPlugin, IsNotMadeOfAnOrdinaryLibrary) {
    EXPECT_THAT(complaint_about("no_plugin"), AllOf(HasSubstr("is no plugin"), HasSubstr("POOLHOST_PLUGIN")));
}

TEST(LoadedPlugin, NeedsATable) { EXPECT_THAT(complaint_about("table_null"), HasSubstr("returned NULL")); }

TEST(LoadedPlugin, IsRefusedWithAFaultyTable) {
    EXPECT_THAT(complaint_about("duplicate_task"), HasSubstr("'nothing' stands twice"));
}

TEST(LoadedPlugin, SaysThatItsFunctionThrew) {
    EXPECT_THAT(complaint_about("throws_when_asked"),
                HasSubstr("when asked for its table: something that is no std::exception"));
}

class OwnFolder : public testing::Test {
protected:
    OwnFolder() {
        if (::mkdtemp(name_) == nullptr) std::abort();
    }
    ~OwnFolder() override { fs::remove_all(name_); }

    [[nodiscard]] fs::path write(const std::string& content) const {
        const fs::path file = fs::path(name_) / "libtest.so";
        std::ofstream(file, std::ios::binary) << content;
        return file;
    }

    // The loader knows a library by its inode: a copy is new to this process, whatever other tests have loaded.
    [[nodiscard]] fs::path copy_of(const std::string& name) const {
        fs::copy_file(specimen(name), fs::path(name_) / "libcopy.so");
        return fs::path(name_) / "libcopy.so";
    }

    char name_[32] = "/tmp/poolhost-test-XXXXXX";
};

// The jump out of dlopen leaves behind what the frames in between had allocated, until the process ends.
class Throwing : public OwnFolder {
#if defined(__SANITIZE_ADDRESS__)
    __lsan::ScopedDisabler leaks_expected_;
#endif
};

TEST_F(Throwing, InAStaticConstructorIsReportedWithItsText) {
    EXPECT_THAT(complaint(copy_of("throws_at_load")),
                HasSubstr("threw an exception while it was loaded: no licence found"));
}

TEST_F(Throwing, LeavesTheLoaderUsable) {
    ASSERT_THAT(complaint(copy_of("throws_at_load")), HasSubstr("no licence found"));
    EXPECT_TRUE(LoadedPlugin::load(specimen("well_behaved")));
    EXPECT_THAT(complaint_about("missing_symbol"), HasSubstr("undefined symbol"));
}

using NoPlugin = OwnFolder;

TEST_F(NoPlugin, IsSaidOfAText) { EXPECT_THAT(complaint(write("hello")), HasSubstr("is cut or empty")); }
TEST_F(NoPlugin, IsSaidOfALongText) {
    EXPECT_THAT(complaint(write(std::string(5000, 'x'))), HasSubstr("is no ELF file"));
}
TEST_F(NoPlugin, IsSaidOfAnEmptyFile) { EXPECT_THAT(complaint(write("")), HasSubstr("is cut or empty")); }
TEST_F(NoPlugin, IsSaidOfAFolder) { EXPECT_THAT(complaint(fs::path(name_)), HasSubstr("is no regular file")); }

TEST_F(NoPlugin, IsSaidOfAFifoWithoutWaitingForAWriter) {
    const fs::path fifo = fs::path(name_) / "fifo.so";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_THAT(complaint(fifo), HasSubstr("is no regular file"));
}

}  // namespace
}  // namespace poolhost::plugin
