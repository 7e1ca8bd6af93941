// SPDX-License-Identifier: Apache-2.0
// Runs a task or hook behind the C interface: nothing is thrown across it.
#pragma once

#include "arguments.hpp"
#include "task.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <typeinfo>

namespace poolhost::detail {

[[gnu::cold]] inline std::string demangled(const std::type_info* type) {
    if (type == nullptr) return "unknown";
    int status = 0;
    char* const name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
    std::string text = name != nullptr ? name : type->name();
    std::free(name);
    return text;
}

[[gnu::cold]] inline void report(const poolhost_call_v1* call, const char* type, const char* message,
                                 std::int64_t code = 0, bool retryable = false) noexcept {
    const poolhost_error_v1 error{sizeof(error), retryable ? 1U : 0U, code, type, message};
    call->fail(call, &error);
}

[[gnu::cold]] inline void report(const poolhost_call_v1* call, const argument_fault& fault) noexcept {
    const poolhost_bad_argument_v1 bad{sizeof(bad),        static_cast<std::uint32_t>(fault.argument),
                                       fault.name.c_str(), fault.expected.c_str(),
                                       fault.got.c_str(),  fault.message.c_str()};
    call->bad_argument(call, &bad);
}

/// Inside a catch block: reports what was thrown. May itself run out of memory.
[[gnu::cold]] inline void report_current_exception(const poolhost_call_v1* call) {
    const std::string type = demangled(abi::__cxa_current_exception_type());
    try {
        throw;
    } catch (const argument_fault& fault) {
        report(call, fault);
    } catch (const task_error& error) {
        report(call, type.c_str(), error.what(), error.code(), error.retryable());
    } catch (const std::exception& error) {
        report(call, type.c_str(), error.what());
    } catch (const std::string& text) {
        report(call, type.c_str(), text.c_str());
    } catch (const char* text) {
        report(call, type.c_str(), text != nullptr ? text : "");
    } catch (...) {
        report(call, type.c_str(), "it was thrown without a message");
    }
}

inline std::int32_t guarded(const poolhost_call_v1* call, void (*body)(const poolhost_call_v1*)) noexcept {
    try {
        body(call);
        return POOLHOST_OK;
    } catch (...) {
        try {
            report_current_exception(call);
        } catch (...) {
            report(call, "std::bad_alloc", "no memory was left to say what the task threw");
        }
    }
    return POOLHOST_FAILED;
}

template <class R>
void reply(const poolhost_call_v1* call, const R& result) {
    encoder out;
    codec<R>::encode(out, result);
    call->reply(call, out.written().data(), out.written().size());
}

/// The same function, but the compiler cannot tell and so cannot put it inline: in a native stack each task has a frame
/// of its own, with its name.
template <class Function>
Function* not_inlined(Function* function) {
    __asm__("" : "+r"(function));
    return function;
}

template <const auto& Plugin, std::size_t Index, bool WithContext, class R, class... A>
void run_typed(const poolhost_call_v1* call, const task_definition<WithContext, R, A...>&) {
    constexpr const auto& task = Plugin.template task<Index>();
    decoder in({call->arguments, call->arguments_size}, call);
    auto arguments = decode_arguments<held<A>...>(in, task.parameters);
    context ctx(call);
    const auto function = not_inlined(task.function);
    const auto run = [&](held<A>&... argument) -> R {
        if constexpr (WithContext) {
            return function(ctx, static_cast<A&&>(argument)...);
        } else {
            return function(static_cast<A&&>(argument)...);
        }
    };
    if constexpr (std::is_void_v<R>) {
        std::apply(run, arguments);
    } else {
        reply<std::remove_cvref_t<R>>(call, std::apply(run, arguments));
    }
}

/// The poolhost_task_v1.run of a task.
template <const auto& Plugin, std::size_t Index>
std::int32_t run_task(const poolhost_call_v1* call) {
    return guarded(call,
                   [](const poolhost_call_v1* same) { run_typed<Plugin, Index>(same, Plugin.template task<Index>()); });
}

template <const auto& Plugin, hook Which, class Context>
std::int32_t run_hook(const poolhost_call_v1* call) {
    return guarded(call, [](const poolhost_call_v1* same) {
        Context ctx(same);
        Plugin.template hook_function<Which, Context>()(ctx);
    });
}

}  // namespace poolhost::detail
