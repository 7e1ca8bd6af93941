// SPDX-License-Identifier: Apache-2.0
#include "worker/log_queue.hpp"

#include "base/error.hpp"
#include "wire/encoder.hpp"
#include "worker/outbox.hpp"

#include <poolhost/plugin.h>

#include <cstdio>
#include <new>
#include <string>

#include <sys/eventfd.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

constexpr std::size_t most_lines = 1000;
constexpr std::size_t longest_line = 8 * 1024;

const char* level_name(std::int32_t level) {
    switch (level) {
        case POOLHOST_LOG_DEBUG:
            return "debug";
        case POOLHOST_LOG_INFO:
            return "info";
        case POOLHOST_LOG_WARNING:
            return "warning";
        default:
            return "error";
    }
}

// One write, so that lines of several processes do not mix.
void write_to_standard_error(std::int32_t level, std::string_view text) {
    const std::string line = std::string("poolhost: ") + level_name(level) + ": " + std::string(text) + "\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

bool LogQueue::on_main_thread() const { return ::pthread_equal(::pthread_self(), main_thread_) != 0; }

void LogQueue::push(std::int32_t level, std::string_view text) noexcept try {
    if (outbox_.load(std::memory_order_acquire) == nullptr) return write_to_standard_error(level, text);
    enqueue(level, text.substr(0, longest_line));
    if (on_main_thread()) {
        flush();
        outbox_.load(std::memory_order_relaxed)->ring();
    } else if (main_sleeps_.load()) {
        ::eventfd_write(wake_.get(), 1);
    }
} catch (const std::bad_alloc&) {
    const std::lock_guard lock(mutex_);
    ++dropped_;
}

void LogQueue::enqueue(std::int32_t level, std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (lines_.size() >= most_lines) {
        ++dropped_;
        return;
    }
    lines_.push_back({level, std::string(text)});
    waiting_.store(lines_.size());
}

void LogQueue::attach(Outbox& outbox) {
    main_thread_ = ::pthread_self();
    wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_) base::bug("no descriptor for the log");
    outbox_.store(&outbox, std::memory_order_release);
}

void LogQueue::detach() { outbox_.store(nullptr, std::memory_order_release); }

void LogQueue::flush() {
    const std::lock_guard lock(mutex_);
    std::size_t sent = 0;
    Outbox& outbox = *outbox_.load(std::memory_order_relaxed);
    while (sent < lines_.size() && outbox.try_send(wire::RecordKind::log_line, wire::encode(lines_[sent]))) ++sent;
    lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(sent));
    if (dropped_ != 0 && lines_.empty()) {
        const wire::LogLine note{POOLHOST_LOG_WARNING, std::to_string(dropped_) + " log lines were dropped here"};
        if (outbox.try_send(wire::RecordKind::log_line, wire::encode(note))) dropped_ = 0;
    }
    waiting_.store(lines_.size());
}

bool LogQueue::announce_sleep() {
    main_sleeps_.store(true);
    return waiting_.load() == 0;
}

void LogQueue::announce_awake() { main_sleeps_.store(false); }

void LogQueue::clear_wake() {
    eventfd_t count = 0;
    ::eventfd_read(wake_.get(), &count);
}

LogQueue& log_queue() {
    static LogQueue queue;
    return queue;
}

}  // namespace poolhost::worker
