// SPDX-License-Identifier: Apache-2.0
#include "cli/map_display.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace poolhost::cli {

using namespace std::chrono_literals;

MapDisplay::MapDisplay(Parts parts) : parts_(parts), timer_(parts.loop, [this] { show(); }) {}

void MapDisplay::start(std::function<ProgressNumbers()> numbers) {
    if (parts_.style == ProgressStyle::none) return;
    numbers_ = std::move(numbers);
    rate_.add(base::Clock::now(), numbers_().done);
    timer_.arm_after(parts_.style == ProgressStyle::bar ? 100ms : 1s);
}

void MapDisplay::finish() {
    timer_.disarm();
    wipe();
}

void MapDisplay::show() {
    ProgressNumbers numbers = numbers_();
    rate_.add(base::Clock::now(), numbers.done);
    numbers.rate = rate_.rate();
    if (parts_.style == ProgressStyle::bar) {
        draw(bar_text(numbers, width()));
        timer_.arm_after(200ms);
    } else {
        parts_.messages.say(line_text(numbers));
        timer_.arm_after(1s);
    }
}

// A terminal that is held (Ctrl-S) misses a picture or two, and holds nobody up. Lines that wait come first.
void MapDisplay::draw(const std::string& text) {
    if (!parts_.log.flush()) return;
    pollfd entry{parts_.fd, POLLOUT, 0};
    if (::poll(&entry, 1, 0) != 1 || (entry.revents & POLLOUT) == 0) return;
    const std::string picture = "\r" + text + "\x1b[K";
    drawn_ = ::write(parts_.fd, picture.data(), picture.size()) > 0 && !text.empty();
}

void MapDisplay::wipe() {
    if (drawn_) draw({});
}

std::size_t MapDisplay::width() const {
    constexpr std::size_t usual = 80;
    winsize size{};
    if (::ioctl(parts_.fd, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return usual;
    return size.ws_col - 1U;  // a full line would break
}

void MapDisplay::on_worker_line(const pool::WorkerLine& line) {
    wipe();
    parts_.messages.on_worker_line(line);
}

void MapDisplay::on_log(std::string_view pool, std::int32_t level, std::string_view text) {
    wipe();
    parts_.messages.on_log(pool, level, text);
}

}  // namespace poolhost::cli
