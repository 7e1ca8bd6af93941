// SPDX-License-Identifier: Apache-2.0
// From what the handler writes to what the aftermath says: of this test's own thread, and of samples that were changed.
#include "aftermath/memory_map.hpp"
#include "aftermath/unwind.hpp"
#include "channel/stack_area.hpp"
#include "unit/catalog/temporary_folder.hpp"
#include "worker/stack_writer.hpp"

#include <gmock/gmock.h>

#include <array>
#include <memory>

#include <sys/stat.h>
#include <ucontext.h>

namespace poolhost::test {

using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Lines = std::vector<std::string>;

wire::StackSample write_and_read(const ucontext_t& context) {
    const auto area = std::make_unique<channel::StackArea>();
    siginfo_t signal{};
    signal.si_signo = SIGSEGV;
    worker::write_stack(*area, worker::Occasion::request, 0, signal, context);
    return channel::read_stack(*area).value();
}

[[gnu::noinline]] wire::StackSample sample_of_this_place() {
    ucontext_t context{};
    ::getcontext(&context);
    return write_and_read(context);
}

Lines name(const wire::StackSample& sample, const std::vector<wire::PluginFile>& plugins = {}) {
    Lines raw;
    auto named = aftermath::name_stack(sample, plugins, [&](const Lines& lines) { raw = lines; });
    EXPECT_TRUE(named) << named.error().message;
    EXPECT_THAT(raw, Not(testing::IsEmpty()));
    for (const std::string& line : raw) EXPECT_THAT(line, testing::AnyOf(StartsWith("0x"), StartsWith("… ")));
    return named ? *named : Lines();
}

// This test's program, in the sample's map.
std::string program_of(const wire::StackSample& sample) {
    const auto map = aftermath::read_memory_map(sample.maps);
    const auto* const region = aftermath::region_at(map, reinterpret_cast<std::uint64_t>(&sample_of_this_place));
    return region == nullptr ? std::string() : region->path;
}

void replace_path(wire::StackSample& sample, const std::string& path) {
    const std::string before = program_of(sample);
    for (std::size_t at = 0; (at = sample.maps.find(before, at)) != std::string::npos; at += path.size()) {
        sample.maps.replace(at, before.size(), path);
    }
}

#if defined(__x86_64__)
constexpr std::size_t stack_pointer = 7;
constexpr std::size_t program_counter = 16;
#else
constexpr std::size_t stack_pointer = 31;
constexpr std::size_t program_counter = 32;
#endif

TEST(Naming, FindsItsWayToTheProgramsBeginning) {
    const Lines stack = name(sample_of_this_place());
    EXPECT_THAT(stack[0], StartsWith("poolhost::test::sample_of_this_place()"));
    EXPECT_THAT(stack, Contains(HasSubstr("Naming_FindsItsWayToTheProgramsBeginning_Test::TestBody()")));
    EXPECT_THAT(stack, Contains(StartsWith("main")));
    EXPECT_THAT(stack.back(), StartsWith("_start"));
}

TEST(Naming, BelievesNoPluginThatHasBeenChangedSince) {
    const wire::StackSample sample = sample_of_this_place();
    const Lines stack = name(sample, {{"", program_of(sample), "0123456789abcdef", false}});
    EXPECT_THAT(stack[0], StartsWith("0x"));
    EXPECT_THAT(stack[0], EndsWith(", a file that has been changed since"));
    EXPECT_THAT(stack, Not(Contains(HasSubstr("sample_of_this_place"))));
}

TEST(Naming, BelievesNoFileThatIsGone) {
    wire::StackSample sample = sample_of_this_place();
    replace_path(sample, program_of(sample) + " (deleted)");
    EXPECT_THAT(name(sample)[0], EndsWith(", a file that has been deleted or replaced"));
    sample = sample_of_this_place();
    replace_path(sample, "/memfd:just in time (deleted)");
    EXPECT_THAT(name(sample)[0], HasSubstr(" in memfd:just in time+0x"));
}

TEST(Naming, WaitsForNoFile) {
    const tests::TemporaryFolder folder;
    const std::string pipe = (folder.path() / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    for (const std::string& path : {pipe, folder.path().string(), std::string("/dev/zero"), std::string("/dev/tty"),
                                    folder.write("text", "no program").string(), std::string("/no/such/file")}) {
        wire::StackSample sample = sample_of_this_place();
        replace_path(sample, path);
        EXPECT_THAT(name(sample)[0], EndsWith(", a file that cannot be read")) << path;
    }
}

TEST(Naming, TellsOfCodeThatNoFileHolds) {
    wire::StackSample sample = sample_of_this_place();
    replace_path(sample, "");
    EXPECT_THAT(name(sample)[0], EndsWith(" in memory that is no file's"));
    sample.maps.clear();
    EXPECT_THAT(name(sample), testing::ElementsAre(EndsWith(" in no module")));
}

TEST(Naming, FollowsAWildCallToItsCaller) {
    wire::StackSample sample = sample_of_this_place();
    sample.registers[program_counter] = 0xdead'beef;
#if defined(__x86_64__)
    // As a call leaves it: the return address on top of the stack.
    const auto here = reinterpret_cast<std::uint64_t>(&sample_of_this_place) + 8;
    std::memcpy(sample.stack.data() + (sample.registers[stack_pointer] - sample.stack_begin), &here, sizeof here);
#endif
    const Lines stack = name(sample);
    EXPECT_EQ(stack[0], "0xdeadbeef in no module");
    ASSERT_THAT(stack, SizeIs(testing::Gt(1U)));
    EXPECT_THAT(stack[1], HasSubstr("poolhost::test::"));
}

TEST(Naming, NeedsRegisters) {
    wire::StackSample sample = sample_of_this_place();
    sample.registers.pop_back();
    const auto named = aftermath::name_stack(sample, {}, [](const Lines&) {});
    ASSERT_FALSE(named);
    EXPECT_THAT(named.error().message, HasSubstr("no registers"));
}

TEST(Naming, AsksNobodyOnTheNetwork) {
    ::setenv("DEBUGINFOD_URLS", "http://127.0.0.1:9", 1);
    name(sample_of_this_place());
    EXPECT_EQ(std::getenv("DEBUGINFOD_URLS"), nullptr);
}

[[gnu::noinline]] wire::StackSample sample_with_stack_at(std::uint64_t address) {
    ucontext_t context{};
    ::getcontext(&context);
#if defined(__x86_64__)
    context.uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(address);
#else
    context.uc_mcontext.sp = address;
#endif
    return write_and_read(context);
}

// Whatever the stack pointer is, the handler reads without a fault.
TEST(StackWriter, BelievesNoStackPointer) {
    for (const std::uint64_t wild : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x1000}, UINT64_MAX,
                                     UINT64_MAX - 4096, UINT64_MAX / 2, UINT64_MAX - (1 << 20)}) {
        const wire::StackSample sample = sample_with_stack_at(wild);
        EXPECT_THAT(sample.stack, SizeIs(0)) << wild;
        EXPECT_THAT(name(sample)[0], HasSubstr("sample_with_stack_at(unsigned long)"));
    }
}

TEST(StackWriter, TakesAsMuchAsThereIsRoomFor) {
    std::array<volatile char, 300 * 1024> deep{};
    for (std::size_t i = 0; i < deep.size(); i += 4096) deep[i] = 1;
    EXPECT_EQ(sample_of_this_place().stack.size(), channel::most_stack);
}

}  // namespace poolhost::test
