// SPDX-License-Identifier: Apache-2.0
// A task that eats all memory of the control group that the whole host is in: it alone is lost.
#include "base/control_groups.hpp"
#include "program.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <fstream>
#include <optional>

#include <unistd.h>

namespace poolhost::test {
namespace {

using nlohmann::json;

bool write_to(const std::filesystem::path& file, const std::string& text) {
    std::ofstream stream(file);
    stream << text << std::flush;
    return stream.good();
}

/// A control group of its own for one program, gone with its owner.
class SmallGroup {
public:
    /// Nothing where this process may not make one.
    static std::optional<SmallGroup> make(std::uint64_t bytes) {
        for (const auto& group : base::control_groups(base::read_small_file, "memory")) {
            const std::filesystem::path folder =
                std::filesystem::path(group.folders.front()) / ("poolhost-test-" + std::to_string(::getpid()));
            std::error_code refused;
            if (!std::filesystem::create_directory(folder, refused)) continue;
            SmallGroup made(folder);
            const char* const limit = group.unified ? "memory.max" : "memory.limit_in_bytes";
            if (std::filesystem::exists(folder / limit) && write_to(folder / limit, std::to_string(bytes))) return made;
        }
        return std::nullopt;
    }
    explicit SmallGroup(std::filesystem::path folder) : folder_(std::move(folder)) {}
    SmallGroup(SmallGroup&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
    SmallGroup& operator=(SmallGroup&&) = delete;
    ~SmallGroup() {
        if (!folder_.empty()) ::rmdir(folder_.c_str());
    }

    /// The program poolhost, begun within the group.
    [[nodiscard]] Command run(const Args& words, const std::string& input) const {
        Command command;
        command.program = "/bin/sh";
        command.words = {"-c", R"(echo $$ > "$0" && exec "$@")", (folder_ / "cgroup.procs").string(), POOLHOST_PROGRAM};
        command.words.insert(command.words.end(), words.begin(), words.end());
        command.input = input;
        return command;
    }

private:
    std::filesystem::path folder_;
};

class OomUnder : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(EveryStartMethod, OomUnder, testing::Values("spawn", "fork", "forkserver"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(OomUnder, ATaskThatEatsAllMemoryHarmsOnlyItself) {
    const auto group = SmallGroup::make(std::uint64_t{400} << 20U);
    if (!group) GTEST_SKIP() << "no memory control group can be made here";
    const Args words{"map", "greedy.take", "--json",         "--plugin", plugin("greedy"),
                     "-j",  "1",           "--start-method", GetParam()};
    const Ended ended = run(group->run(words, "1000\n100000000000\n2000\n"));
    if (ended.exit_code == 2) GTEST_SKIP() << "this process may not be moved: " << ended.err;
    const std::vector<std::string> lines = lines_of(ended.out);
    ASSERT_EQ(lines.size(), 3U) << ended.err;
    EXPECT_EQ(json::parse(lines[0])["value"], 1000);
    const json error = json::parse(lines[1])["error"];
    EXPECT_EQ(error["kind"], "worker_lost") << lines[1];
    EXPECT_EQ(error["cause"], "oom") << lines[1];
    EXPECT_EQ(error["signal"], "SIGKILL") << lines[1];
    EXPECT_EQ(json::parse(lines[2])["value"], 2000);
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_TRUE(nobody_is_left());
}

}  // namespace
}  // namespace poolhost::test
