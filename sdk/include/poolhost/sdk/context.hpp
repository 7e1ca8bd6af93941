// SPDX-License-Identifier: Apache-2.0
// What a task, and a hook, can ask of the host while it runs.
#pragma once

#include "codec.hpp"

#include <new>
#include <optional>

// Durations and steady_clock, which libstdc++ has in a header of its own: <chrono> adds calendars and streams, and
// takes longer to compile than the rest of the SDK.
#if __has_include(<bits/chrono.h>)
#include <bits/chrono.h>
#else
#include <chrono>
#endif

namespace poolhost {

enum class log_level : std::int32_t {
    debug = POOLHOST_LOG_DEBUG,
    info = POOLHOST_LOG_INFO,
    warning = POOLHOST_LOG_WARNING,
    error = POOLHOST_LOG_ERROR
};

/// What holds as long as the process lives.
class process_context {
public:
    explicit process_context(const poolhost_call_v1* call) noexcept : call_(call) {}
    process_context(const process_context&) = delete;
    process_context& operator=(const process_context&) = delete;

    [[nodiscard]] std::string_view pool_name() const noexcept { return call_->host->pool_name; }
    /// "spawn", "fork" or "forkserver".
    [[nodiscard]] std::string_view start_method() const noexcept { return call_->host->start_method; }
    /// One line for the host's log. Any thread; never blocks.
    void log(log_level level, std::string_view text) const noexcept {
        call_->host->log(static_cast<std::int32_t>(level), text.data(), text.size());
    }
    /// An extension of the host's interface (plugin.h), or null. Any thread.
    [[nodiscard]] const void* extension(const char* id) const noexcept { return call_->host->get_extension(id); }

protected:
    const poolhost_call_v1* call_;
};

/// For on_preload: once in the template, before any fork; with spawn in every worker.
class preload_context : public process_context {
public:
    using process_context::process_context;
};

/// For on_start and on_stop.
class worker_context : public process_context {
public:
    using process_context::process_context;

    /// The worker's stable rank in its pool, 0 to max-1.
    [[nodiscard]] int worker_index() const noexcept { return call_->host->worker_index; }
};

/// For a task that takes a context& first. Valid until the task returns.
class context : public worker_context {
public:
    using worker_context::worker_context;

    /// How far the task is, 0 to 1; negative where nobody knows. The newest replaces older ones. Any thread.
    void progress(double fraction, std::string_view note = {}) noexcept {
        call_->progress(call_, fraction, note.data(), note.size());
    }
    /// True once the caller cancelled, the time is up or the host stops: end soon, the pool's `grace` is running. Cheap
    /// enough for every turn of a loop. Any thread.
    [[nodiscard]] bool cancelled() const noexcept { return call_->cancelled(call_) != 0; }
    /// When the call times out.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept {
        if (call_->deadline_ns == 0) return std::nullopt;
        return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(call_->deadline_ns));
    }
    /// 1 for the first.
    [[nodiscard]] unsigned attempt() const noexcept { return call_->attempt; }

    /// Memory for a result that is shared with the host already; allocate<float>(rows, columns) has two dimensions.
    /// Throws std::bad_alloc.
    template <class T, std::convertible_to<std::size_t>... Extents>
        requires(sizeof...(Extents) >= 1)
    [[nodiscard]] shared_array<T, sizeof...(Extents)> allocate(Extents... extents) {
        std::size_t size = sizeof(T);
        const bool overflow = (__builtin_mul_overflow(size, static_cast<std::size_t>(extents), &size) || ...);
        if (overflow) throw std::bad_array_new_length();
        const poolhost_buffer_v1 buffer = call_->allocate(call_, size > 0 ? size : 1);
        if (buffer.data == nullptr) throw std::bad_alloc();
        return {static_cast<T*>(buffer.data), {static_cast<std::size_t>(extents)...}, buffer.id};
    }

    /// A partial result, streamed to the caller before the final one.
    template <class T>
    void emit(const T& partial) {
        static_assert(detail::codec<T>::result,
                      "poolhost: emit() cannot send this type; docs/abi.md lists those it can");
        detail::encoder out;
        detail::codec<T>::encode(out, partial);
        call_->emit(call_, out.written().data(), out.written().size());
    }

    /// Deliver this outcome, then replace the worker: for a library that only a new process heals.
    void retire(std::string_view reason) noexcept { call_->retire(call_, reason.data(), reason.size()); }
};

}  // namespace poolhost
