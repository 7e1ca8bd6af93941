// SPDX-License-Identifier: Apache-2.0
#include "plugin/thrown_text.hpp"

#include <csetjmp>
#include <cstdlib>
#include <exception>

namespace poolhost::plugin {
namespace {

// Where terminate() leaves to, on the one thread that is loading.
thread_local std::jmp_buf* way_out = nullptr;
thread_local std::string terminated_by;
std::terminate_handler handler_before = nullptr;

std::string text_of(const std::exception_ptr& thrown) {
    if (!thrown) return "std::terminate was called";
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "something that is no std::exception";
    }
}

[[noreturn]] void leave() {
    if (way_out == nullptr) {  // a thread that the plugin has started
        if (handler_before != nullptr) handler_before();
        std::abort();
    }
    terminated_by = text_of(std::current_exception());
    std::longjmp(*way_out, 1);
}

std::optional<std::string> caught_from(const std::function<void()>& run) {
    try {
        run();
        return {};
    } catch (...) {
        return text_of(std::current_exception());
    }
}

}  // namespace

std::optional<std::string> thrown_by(const std::function<void()>& run) {
    std::optional<std::string> thrown;
    std::jmp_buf here;
    handler_before = std::set_terminate(leave);
    way_out = &here;
    if (setjmp(here) == 0)
        thrown = caught_from(run);
    else
        thrown = terminated_by;
    way_out = nullptr;
    std::set_terminate(handler_before);
    return thrown;
}

}  // namespace poolhost::plugin
