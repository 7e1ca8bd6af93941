// SPDX-License-Identifier: Apache-2.0
#include "chaos/load.hpp"

#include <array>
#include <chrono>
#include <iterator>

namespace poolhost::chaos {
namespace {

using namespace std::chrono_literals;
using Errand = Load::Errand;
using test::Dice;

// A sanitizer's shadow takes terabytes: memory cannot be limited there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

std::string list(const std::string& inside) { return "[" + inside + "]"; }

Errand quick(Dice& dice) {
    const std::string number = std::to_string(dice.below(1'000'000));
    return {.task = "poolhost.echo", .arguments = list(number), .value = number};
}

Errand large_argument(Dice& dice) {
    const std::string text =
        '"' + std::string(30'000 + dice.below(200'000), static_cast<char>('a' + dice.below(26))) + '"';
    return {.task = "poolhost.echo", .arguments = list(text), .value = text};
}

Errand large_result(Dice& dice) {
    const std::uint64_t size = 20'000 + dice.below(300'000);
    return {.task = "large.text", .arguments = list(std::to_string(size)), .size = size + 2};
}

Errand shared_result(Dice& dice) {
    return {.task = "large.shared",
            .arguments = list(std::to_string(1 + dice.below(300'000))),
            .encoding = wire::ResultEncoding::messagepack};
}

Errand parts(Dice& dice) {
    const std::string count = std::to_string(dice.below(200));
    return {.task = "large.parts", .arguments = list(count), .value = count};
}

std::string seconds(base::Duration duration) { return std::to_string(std::chrono::duration<double>(duration).count()); }

Errand nap(Dice& dice) {
    const auto length = base::Duration(100us * (1 + dice.below(40)));
    return {.task = dice.one_in(2) ? "slow.sleep" : "slow.sleep_again", .arguments = list(seconds(length))};
}

Errand hurried(Dice& dice) {
    Errand errand = nap(dice);
    const auto limit = base::Duration(50us * (1 + dice.below(40)));
    (dice.one_in(2) ? errand.timeout : errand.deadline) = limit;
    return errand;
}

Errand obedient(Dice& dice) {
    return {.task = "slow.until_cancelled", .timeout = base::Duration(1ms * (1 + dice.below(30)))};
}

Errand throwing(Dice&) {
    return {.task = "throwing.runtime_error", .arguments = R"(["as it was told"])", .may_throw = true};
}

Errand deadly(Dice& dice) {
    constexpr std::array<std::array<const char*, 2>, 8> ways{{{"crash.segv", "[]"},
                                                              {"crash.segv_again", "[]"},
                                                              {"crash.abort", "[]"},
                                                              {"crash.trap", "[]"},
                                                              {"crash.exit", "[3]"},
                                                              {"crash.exit_at_once", "[4]"},
                                                              {"crash.kill", "[9]"},
                                                              {"crash.kill", "[15]"}}};
    const auto& [task, arguments] = ways[dice.below(ways.size())];
    return {.task = task, .arguments = arguments};
}

Errand hanging(Dice& dice) {
    constexpr std::array<const char*, 5> ways{"hang.spin", "hang.spin_deaf", "hang.sleep", "hang.sleep_deaf",
                                              "hang.stop"};
    return {.task = ways[dice.below(ways.size())], .timeout = base::Duration(1ms * (5 + dice.below(50)))};
}

Errand greedy(Dice& dice) {
    if (sanitized) return quick(dice);
    return {.task = dice.one_in(2) ? "greedy.eat_memory" : "greedy.eat_carelessly", .may_throw = true};
}

struct Kind {
    std::size_t weight;
    Errand (*make)(Dice& dice);
};
constexpr std::array<Kind, 11> kinds{{{8000, quick},
                                      {300, large_argument},
                                      {300, large_result},
                                      {200, shared_result},
                                      {100, parts},
                                      {500, nap},
                                      {300, hurried},
                                      {100, obedient},
                                      {100, throwing},
                                      {40, deadly},
                                      {20, hanging}}};
// Rare: each takes as long as a thousand others.
constexpr std::size_t one_greedy_in = 5000;

Errand choose(Dice& dice) {
    if (dice.one_in(one_greedy_in)) return greedy(dice);
    std::size_t sum = 0;
    for (const Kind& kind : kinds) sum += kind.weight;
    std::size_t place = dice.below(sum);
    for (const Kind& kind : kinds) {
        if (place < kind.weight) return kind.make(dice);
        place -= kind.weight;
    }
    return quick(dice);
}

}  // namespace

Load::Load(test::RealPools& pools, pool::Pool& pool, std::uint64_t seed, Tally& tally)
    : pools_(&pools), pool_(&pool), dice_(seed), tally_(&tally) {}

void Load::top_up(std::size_t open) {
    // What is refused has its outcome at once, so not all of them stay open.
    for (std::size_t i = open_.size(); i < open; ++i) submit_one();
}

void Load::submit_one() {
    const Errand errand = choose(dice_);
    pool::CallRequest request;
    request.timeout = errand.timeout;
    request.result_encoding = errand.encoding;
    if (errand.deadline > 0ns) request.deadline = base::Clock::now() + errand.deadline;
    const std::uint64_t serial = next_++;
    open_[serial] = {};
    const auto on_outcome = [this, errand, serial](const pool::Outcome& outcome) {
        open_.erase(serial);
        judge(errand, outcome);
    };
    ++tally_->submitted;
    const pool::CallId id = pools_->submit(*pool_, errand.task, errand.arguments, on_outcome, request);
    if (const auto still = open_.find(serial); still != open_.end()) still->second = id;
}

void Load::judge(const Errand& errand, const pool::Outcome& outcome) {
    const std::string kind = outcome.error == nullptr ? "value" : wire::kind_name(outcome.error->details);
    ++tally_->outcomes;
    ++tally_->by_pool[pool_->name()][kind];
    if (outcome.error == nullptr) {
        const std::string value(reinterpret_cast<const char*>(outcome.value.data()), outcome.value.size());
        const bool wrong =
            (!errand.value.empty() && value != errand.value) || (errand.size != 0 && value.size() != errand.size);
        if (wrong) tally_->fault(errand.task + " answered wrongly: " + value.substr(0, 100));
        return;
    }
    const bool expected = kind == "worker_lost" || kind == "timeout" || kind == "cancelled" || kind == "queue_full" ||
                          kind == "pool_unavailable" || kind == "quarantined" ||
                          (kind == "task_error" && errand.may_throw);
    if (!expected) tally_->fault(pool_->name() + ": " + errand.task + ": " + kind + ": " + outcome.error->message);
}

void Load::cancel_one(Dice& dice) {
    if (open_.empty()) return;
    const auto chosen = std::next(open_.begin(), static_cast<std::ptrdiff_t>(dice.below(open_.size())));
    ++tally_->havoc["cancelled a call"];
    pool_->cancel(chosen->second);
}

}  // namespace poolhost::chaos
