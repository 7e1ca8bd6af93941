// SPDX-License-Identifier: Apache-2.0
// What stands in a plugin's list: tasks, hooks and flags, as values of the compiler.
#pragma once

#include "codec_container.hpp"
#include "context.hpp"

namespace poolhost {

namespace detail {

/// The argument as it is held between decoding and the call.
template <class A>
using held = std::remove_cvref_t<A>;

/// One a parameter, so that the compiler's message names the position and the type.
template <std::size_t Position, class A>
struct check_argument {
    static_assert(!std::is_same_v<held<A>, const char*> && !std::is_same_v<held<A>, char*>,
                  "poolhost: a task takes text as std::string_view or std::string, not as char*");
    static_assert(!std::is_lvalue_reference_v<A> || std::is_const_v<std::remove_reference_t<A>>,
                  "poolhost: a task cannot take an argument by reference to non-const: the caller would not see the "
                  "change");
    static_assert(codec<held<A>>::argument,
                  "poolhost: this parameter's type cannot be an argument. These can: bool, integers, float, double, "
                  "std::string, std::string_view, poolhost::bytes, std::span<const T>, std::vector, poolhost::ndarray, "
                  "std::array, pair, tuple, optional, maps with string keys, enums, structs with POOLHOST_STRUCT, "
                  "poolhost::value");
};

template <class R>
struct check_result {
    static_assert(std::is_void_v<R> || codec<std::remove_cvref_t<R>>::result,
                  "poolhost: this task's result type cannot be sent. These can: void, bool, integers, float, double, "
                  "std::string, std::string_view, poolhost::bytes, std::span, std::vector, poolhost::ndarray, "
                  "poolhost::shared_array, std::array, pair, tuple, optional, maps with string keys, enums, structs "
                  "with POOLHOST_STRUCT, poolhost::value");
};

template <class... A>
constexpr bool optionals_are_trailing() {
    bool seen = false;
    bool fine = true;
    ((fine = fine && (!seen || is_optional<held<A>>), seen = seen || is_optional<held<A>>), ...);
    return fine;
}

}  // namespace detail

/// A task: made by poolhost::task().
template <bool WithContext, class R, class... A>
struct task_definition {
    using function_type = std::conditional_t<WithContext, R (*)(context&, A...), R (*)(A...)>;

    const char* name;
    function_type function;
    std::array<const char*, sizeof...(A)> parameters;
    const char* documentation = "";
    std::int64_t timeout_ns = 0;
    bool is_idempotent = false;

    /// One or more sentences for those who call it.
    [[nodiscard]] constexpr task_definition doc(const char* text) const {
        task_definition changed = *this;
        changed.documentation = text;
        return changed;
    }
    /// It may be run again after its worker died.
    [[nodiscard]] constexpr task_definition idempotent() const {
        task_definition changed = *this;
        changed.is_idempotent = true;
        return changed;
    }
    /// No attempt may run longer. Pools and callers may set a shorter time.
    template <class Rep, class Period>
    [[nodiscard]] constexpr task_definition timeout(std::chrono::duration<Rep, Period> limit) const {
        task_definition changed = *this;
        changed.timeout_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(limit).count();
        return changed;
    }
};

namespace detail {

/// In the place of a wrong one, so that a static_assert's message stands alone.
constexpr task_definition<false, void> not_a_task(const char* name) {
    return {name, [] {}, {}};
}

template <bool WithContext, class R, class... A, class... Names>
constexpr auto make_task(const char* name, auto function, Names... names) {
    static_assert(
        sizeof...(Names) >= sizeof...(A),
        "poolhost: this task has a parameter without a name: task(\"name\", function, \"first\", \"second\"…)");
    static_assert(sizeof...(Names) <= sizeof...(A), "poolhost: this task has more names than parameters");
    static_assert(optionals_are_trailing<A...>(),
                  "poolhost: only trailing parameters may be std::optional, since those may be left out");
    if constexpr (sizeof...(Names) == sizeof...(A)) {
        return task_definition<WithContext, R, A...>{name, function, {names...}};
    } else {
        return not_a_task(name);
    }
}

template <class... A, std::size_t... I>
constexpr bool check_arguments(std::index_sequence<I...>) {
    return ((sizeof(check_argument<I + 1, A>) > 0) && ...);
}

template <class R, class... A, class... Names>
constexpr auto bind_task(const char* name, R (*function)(A...), Names... names) {
    static_assert(sizeof(check_result<R>) > 0 && check_arguments<A...>(std::index_sequence_for<A...>{}));
    return make_task<false, R, A...>(name, function, names...);
}

template <class R, class... A, class... Names>
constexpr auto bind_task(const char* name, R (*function)(context&, A...), Names... names) {
    static_assert(sizeof(check_result<R>) > 0 && check_arguments<A...>(std::index_sequence_for<A...>{}));
    return make_task<true, R, A...>(name, function, names...);
}

template <class F>
concept plain_function =
    requires(F function) { requires std::is_function_v<std::remove_pointer_t<decltype(+function)>>; };

}  // namespace detail

/// A task of the plugin: its name, the function (or captureless lambda), then the names of its parameters in order,
/// without the context.
template <class F, std::convertible_to<const char*>... Names>
constexpr auto task(const char* name, F function, Names... parameters) {
    static_assert(detail::plain_function<F>,
                  "poolhost: a task is a function or a lambda without captures, overloads and auto parameters");
    if constexpr (detail::plain_function<F>) {
        return detail::bind_task(name, +function, static_cast<const char*>(parameters)...);
    } else {
        return detail::not_a_task(name);
    }
}

enum class hook : std::uint8_t { preload, start, stop };

template <hook Hook, class Context>
struct hook_definition {
    void (*function)(Context&);
};

/// Once in the template, before any fork; with spawn in every worker. Throwing keeps the pool from starting.
constexpr auto on_preload(void (*function)(preload_context&)) {
    return hook_definition<hook::preload, preload_context>{function};
}
/// Once in every worker, before its first task. Throwing keeps the worker from starting.
constexpr auto on_start(void (*function)(worker_context&)) {
    return hook_definition<hook::start, worker_context>{function};
}
/// At an orderly end of a worker.
constexpr auto on_stop(void (*function)(worker_context&)) {
    return hook_definition<hook::stop, worker_context>{function};
}

struct fork_unsafety {
    const char* reason;
};

/// For libraries that must not cross a fork (CUDA, many thread pools): the plugin is never loaded in a template.
constexpr fork_unsafety not_fork_safe(const char* reason) { return {reason}; }

}  // namespace poolhost
