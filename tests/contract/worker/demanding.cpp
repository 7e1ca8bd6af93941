// SPDX-License-Identifier: Apache-2.0
// A plugin that asks its worker for everything that the interface offers.
#include <poolhost/sdk.hpp>

#include <numeric>
#include <thread>

namespace {

using poolhost::context;
using poolhost::log_level;

std::int64_t retire(context& ctx, std::int64_t value) {
    ctx.retire("worn out");
    ctx.retire("twice");
    return value;
}

void log_lines(context& ctx, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) ctx.log(log_level::info, "line " + std::to_string(i));
}

void log_long_line(context& ctx, std::uint64_t size) { ctx.log(log_level::error, std::string(size, 'x')); }

void log_from_thread(context& ctx, std::uint32_t count) {
    std::thread([&ctx, count] {
        for (std::uint32_t i = 0; i < count; ++i) ctx.log(log_level::warning, "line " + std::to_string(i));
    }).join();
}

void emit_text(context& ctx, std::uint64_t size) { ctx.emit(std::string(size, 'x')); }

void emit_many(context& ctx, std::uint32_t count, std::uint64_t size) {
    for (std::uint32_t i = 0; i < count; ++i) ctx.emit(std::string(size, static_cast<char>('a' + i % 26)));
}

void emit_array(context& ctx) { ctx.emit(ctx.allocate<double>(10'000)); }

std::vector<poolhost::shared_array<double>> arrays(context& ctx, std::uint32_t count, std::uint32_t size) {
    std::vector<poolhost::shared_array<double>> all;
    for (std::uint32_t i = 0; i < count; ++i) {
        all.push_back(ctx.allocate<double>(size));
        std::iota(all.back().begin(), all.back().end(), i);
    }
    return all;
}

/// Allocates, and answers with something else.
std::uint64_t waste(context& ctx, std::uint64_t size) { return ctx.allocate<std::byte>(size).size(); }

std::uint64_t address_of(std::span<const std::byte> data) { return reinterpret_cast<std::uintptr_t>(data.data()); }

bool progress_from_threads(context& ctx) {
    const auto report = [&ctx] {
        for (int i = 0; i < 1000; ++i)
            ctx.progress(0.25,
                         "from a thread, with a note that is far too long for the page, "
                         "so that it has to be cut somewhere, ä, and is no text then");
    };
    std::thread one(report);
    std::thread two(report);
    one.join();
    two.join();
    return ctx.cancelled();
}

std::int64_t deadline_in_ns(context& ctx) {
    if (!ctx.deadline()) return 0;
    return (*ctx.deadline() - std::chrono::steady_clock::now()) / std::chrono::nanoseconds(1);
}

}  // namespace

POOLHOST_PLUGIN(demanding, "1.0.0", "Asks for everything.", poolhost::task("retire", retire, "value"),
                poolhost::task("log_lines", log_lines, "count"), poolhost::task("log_long_line", log_long_line, "size"),
                poolhost::task("log_from_thread", log_from_thread, "count"),
                poolhost::task("emit_text", emit_text, "size"), poolhost::task("emit_many", emit_many, "count", "size"),
                poolhost::task("emit_array", emit_array), poolhost::task("arrays", arrays, "count", "size"),
                poolhost::task("waste", waste, "size"), poolhost::task("address_of", address_of, "data"),
                poolhost::task("progress_from_threads", progress_from_threads),
                poolhost::task("deadline_in_ns", deadline_in_ns))
