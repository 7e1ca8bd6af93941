// SPDX-License-Identifier: Apache-2.0
// The program poolhost-aftermath, sent out as a host does it.
#include "base/shared_memory.hpp"
#include "capsule/capsule_file.hpp"
#include "process/errand.hpp"
#include "process/supervisor.hpp"
#include "unit/capsule/sample_capsule.hpp"
#include "unit/catalog/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <boost/asio/io_context.hpp>

namespace poolhost {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class AftermathProgram : public testing::Test {
protected:
    AftermathProgram() {
        const auto outcome = process::become_supervisor();
        if (!outcome) ADD_FAILURE() << outcome.error().message;
    }

    std::optional<wire::Findings> send(std::span<const std::byte> request, std::span<const int> descriptors = {}) {
        bool ended = false;
        std::optional<wire::Findings> findings;
        const auto errand = process::Errand::send_out(loop_, {AFTERMATH_PROGRAM, {}, {}}, request, descriptors,
                                                      base::Clock::now() + 30s, [&](auto answer) {
                                                          ended = true;
                                                          if (answer) findings = wire::decode<wire::Findings>(*answer);
                                                      });
        EXPECT_TRUE(errand) << errand.error().message;
        while (errand && !ended && loop_.run_one() > 0) {
        }
        return findings;
    }

    tests::TemporaryFolder folder_;
    boost::asio::io_context loop_;
};

TEST_F(AftermathProgram, KeepsACallAndItsBuffers) {
    wire::AftermathRequest request;
    request.capsule = test::sample_capsule();
    request.folder = {folder_.path().string(), 10, 1 << 20};
    request.input.encoding = wire::Encoding::json;
    request.input.place = wire::BufferPlace{5, 0, 9};
    request.input.buffers = {5};
    request.wants_digest = true;
    const auto memory = base::make_sealed_copy("buffer", test::bytes_of("[\"large\"]"));
    const std::vector<int> descriptors{memory->get()};
    const auto findings = send(wire::encode(request), descriptors);
    ASSERT_TRUE(findings);
    ASSERT_TRUE(findings->capsule) << findings->capsule_missing;
    EXPECT_TRUE(findings->digest);
    const auto kept = capsule::read(*findings->capsule);
    ASSERT_TRUE(kept);
    EXPECT_TRUE(test::same(kept->capsule, test::sample_capsule()));
    EXPECT_EQ(test::text_of(kept->buffers.at(0)), "[\"large\"]");
}

TEST_F(AftermathProgram, SaysWhyACallCannotBeKept) {
    wire::AftermathRequest request;
    request.capsule = test::sample_capsule();
    request.folder = {(folder_.write("file", "") / "below").string(), 10, 1 << 20};
    const auto findings = send(wire::encode(request));
    ASSERT_TRUE(findings);
    EXPECT_FALSE(findings->capsule);
    EXPECT_THAT(findings->capsule_missing, HasSubstr("Not a directory"));
}

// Whatever a dying worker wrote down as its stack.
TEST_F(AftermathProgram, SurvivesAStackOfNonsense) {
    wire::AftermathRequest request;
    request.stack.emplace();
    request.stack->registers.assign(17, 0x4141414141414141);
    request.stack->stack_begin = ~0ULL;
    request.stack->stack = std::string(100'000, 'A');
    request.stack->maps = "7fff-0 r-xp nonsense\n\n00400000-00500000 r-xp 00000000 08:01 1 /nowhere/lib.so";
    const auto findings = send(wire::encode(request));
    ASSERT_TRUE(findings);
    EXPECT_FALSE(findings->stack.empty() && findings->stack_missing.empty());
}

TEST_F(AftermathProgram, AnswersNothingToARequestOfAnotherVersion) {
    EXPECT_FALSE(send(test::bytes_of("nonsense")));
    EXPECT_FALSE(send({}));
}

}  // namespace
}  // namespace poolhost
