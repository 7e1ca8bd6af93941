// SPDX-License-Identifier: Apache-2.0
#include "worker/call.hpp"

#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

namespace poolhost::worker {
namespace {

const poolhost_host_v1 nobody{};

std::int32_t succeed(const poolhost_call_v1*) { return POOLHOST_OK; }
std::int32_t fail_silently(const poolhost_call_v1*) { return POOLHOST_FAILED; }
std::int32_t answer_42(const poolhost_call_v1*) { return 42; }

std::int32_t fail_twice(const poolhost_call_v1* call) {
    const poolhost_error_v1 first{sizeof first, 1, 5, "oven", "too hot"};
    const poolhost_error_v1 second{sizeof second, 0, 6, "fridge", "too cold"};
    call->fail(call, &first);
    call->fail(call, &second);
    return POOLHOST_FAILED;
}

std::int32_t refuse_argument(const poolhost_call_v1* call) {
    const poolhost_bad_argument_v1 fault{sizeof fault, 2, "width", "int32", "string", "argument 2 'width': no"};
    call->bad_argument(call, &fault);
    return POOLHOST_FAILED;
}

std::int32_t fail_without_words(const poolhost_call_v1* call) {
    const poolhost_error_v1 error{sizeof error, 0, 0, nullptr, nullptr};
    call->fail(call, &error);
    return POOLHOST_FAILED;
}

std::int32_t reply_to_nobody(const poolhost_call_v1* call) {
    call->reply(call, "\x01", 1);
    call->emit(call, "\x01", 1);
    call->progress(call, 0.5, nullptr, 0);
    call->retire(call, "no", 2);
    const bool none = call->allocate(call, 8).data == nullptr && call->buffer(call, 1).data == nullptr;
    return none && call->cancelled(call) == 0 ? POOLHOST_OK : POOLHOST_FAILED;
}

TEST(Call, SucceedsAsItsTaskSays) { EXPECT_FALSE(Call(nobody).run(succeed, {})); }

TEST(Call, ReportsTheFirstFailure) {
    const auto error = Call(nobody).run(fail_twice, {});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message, "too hot");
    const auto& details = std::get<wire::TaskError>(error->details);
    EXPECT_EQ(details.type, "oven");
    EXPECT_EQ(details.code, 5);
    EXPECT_TRUE(details.retryable);
    EXPECT_EQ(in_words(*error), "oven: too hot");
}

TEST(Call, ReportsABadArgument) {
    const auto error = Call(nobody).run(refuse_argument, {});
    ASSERT_TRUE(error);
    const auto& details = std::get<wire::BadArguments>(error->details);
    EXPECT_EQ(details.argument, 2U);
    EXPECT_EQ(details.name, "width");
    EXPECT_EQ(details.expected, "int32");
    EXPECT_EQ(details.got, "string");
    EXPECT_EQ(in_words(*error), "argument 2 'width': no");
}

TEST(Call, FailsWhereNoReasonWasGiven) {
    for (const auto task : {fail_silently, answer_42, fail_without_words}) {
        const auto error = Call(nobody).run(task, {});
        ASSERT_TRUE(error);
        EXPECT_STREQ(wire::kind_name(error->details), "task_error");
    }
}

TEST(Call, OfAHookOffersNothingButIsHarmless) { EXPECT_FALSE(Call(nobody).run(reply_to_nobody, {})); }

TEST(Call, ForgetsTheCallBefore) {
    Call call(nobody);
    EXPECT_TRUE(call.run(fail_twice, {}));
    EXPECT_FALSE(call.run(succeed, {}));
    EXPECT_EQ(call.run(fail_silently, {})->message, "the task failed without saying why");
}

class OutOfMemory : public Call {
public:
    using Call::Call;

private:
    void reply(std::span<const std::byte>) override { throw std::bad_alloc(); }
};

TEST(Call, FailsWhereItsServicesRunOutOfMemory) {
    const auto replies = [](const poolhost_call_v1* call) -> std::int32_t {
        call->reply(call, "\x01", 1);
        return POOLHOST_OK;
    };
    const auto error = OutOfMemory(nobody).run(replies, {});
    ASSERT_TRUE(error);
    EXPECT_EQ(std::get<wire::TaskError>(error->details).type, "std::bad_alloc");
}

TEST(Call, SaysWhatItWasAskedWith) {
    static const poolhost_call_v1* seen = nullptr;
    const auto look = [](const poolhost_call_v1* call) -> std::int32_t {
        seen = call;
        return call->attempt == 3 && call->deadline_ns == 77 && call->arguments_size == 1 && call->arguments[0] == 0x90
                   ? POOLHOST_OK
                   : POOLHOST_FAILED;
    };
    const std::byte arguments[] = {std::byte{0x90}};
    Call call(nobody);
    EXPECT_FALSE(call.run(look, {.arguments = arguments, .attempt = 3, .deadline_ns = 77}));
    EXPECT_EQ(seen->host, &nobody);
}

}  // namespace
}  // namespace poolhost::worker
