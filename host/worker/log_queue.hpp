// SPDX-License-Identifier: Apache-2.0
// Lines that plugins log, on their way from any thread to the host.
#pragma once

#include "base/fd.hpp"
#include "wire/records.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <vector>

#include <pthread.h>

namespace poolhost::worker {

class Outbox;

/// Bounded: what does not fit is counted, and the count is logged. Until attach(), that is in a template, lines go to
/// standard error, since there is no channel yet.
class LogQueue {
public:
    /// Any thread; never waits for the host. Lines of the main thread are in the ring when it returns, if there is
    /// room.
    void push(std::int32_t level, std::string_view text) noexcept;

    /// From now on, on this thread, which is the main one, lines go to the host.
    void attach(Outbox& outbox);
    /// The main thread is about to leave the channel.
    void detach();
    /// Main thread: moves lines into the ring as far as there is room. Rings no doorbell.
    void flush();
    [[nodiscard]] bool is_empty() const { return waiting_.load(std::memory_order_relaxed) == 0; }

    /// Main thread, around its sleep: readable as soon as another thread has logged a line.
    [[nodiscard]] int wake_fd() const { return wake_.get(); }
    /// False: there are lines, do not sleep.
    [[nodiscard]] bool announce_sleep();
    void announce_awake();
    /// Takes the news from wake_fd().
    void clear_wake();

private:
    void enqueue(std::int32_t level, std::string_view text);
    [[nodiscard]] bool on_main_thread() const;

    std::mutex mutex_;
    std::vector<wire::LogLine> lines_;
    std::size_t dropped_ = 0;
    std::atomic<std::size_t> waiting_ = 0;
    std::atomic<bool> main_sleeps_ = false;
    base::UniqueFd wake_;
    pthread_t main_thread_{};
    std::atomic<Outbox*> outbox_ = nullptr;
};

/// The one of this process: the C interface's log() has no place for another.
LogQueue& log_queue();

}  // namespace poolhost::worker
