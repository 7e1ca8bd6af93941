// SPDX-License-Identifier: Apache-2.0
#include "pool/quarantine.hpp"

#include "pool/remains.hpp"

#include <algorithm>
#include <chrono>

namespace poolhost::pool {
namespace {

constexpr std::chrono::minutes kept{10};
constexpr std::size_t most_killers = 1000;
constexpr std::size_t most_capsules = 10;

}  // namespace

const Quarantine::Killer* Quarantine::find(const InputIdentity& input) const {
    const auto found = std::ranges::find(killers_, input, &Killer::input);
    return found == killers_.end() ? nullptr : &*found;
}

void Quarantine::add(const InputIdentity& input, base::TimePoint now) {
    if (deaths_ == 0) return;
    std::erase_if(killers_, [&](const Killer& killer) { return now - killer.last > kept; });
    const auto known = std::ranges::find(killers_, input, &Killer::input);
    Killer killer{input, 0, now, {}};
    if (known != killers_.end()) {
        killer = std::move(*known);
        killers_.erase(known);
    }
    ++killer.deaths;
    killer.last = now;
    killers_.push_back(std::move(killer));
    if (killers_.size() > most_killers) killers_.pop_front();
}

void Quarantine::add_capsule(const InputIdentity& input, const std::string& capsule) {
    const auto known = std::ranges::find(killers_, input, &Killer::input);
    if (known == killers_.end()) return;
    known->capsules.push_back(capsule);
    if (known->capsules.size() > most_capsules) known->capsules.erase(known->capsules.begin());
}

bool Quarantine::may_hold(const InputOutline& outline) const {
    return std::ranges::any_of(
        killers_, [&](const Killer& killer) { return killer.deaths >= deaths_ && killer.input.outline == outline; });
}

bool Quarantine::holds(const InputIdentity& input, base::TimePoint now) const {
    const Killer* const killer = find(input);
    return killer != nullptr && killer->deaths >= deaths_ && now - killer->last <= kept;
}

std::vector<std::string> Quarantine::capsules_of(const InputIdentity& input) const {
    const Killer* const killer = find(input);
    return killer != nullptr ? killer->capsules : std::vector<std::string>();
}

InputOutline outline_of(const Call& call) {
    const Arguments& arguments = call.request.arguments;
    return {call.request.task, arguments.place ? arguments.place->size : arguments.slice.bytes.size()};
}

base::Digest digest_of(const Arguments& arguments) {
    std::vector<wire::ByteSpan> buffers;
    for (const channel::BufferRef& buffer : arguments.buffers) buffers.emplace_back(buffer->bytes());
    return wire::digest_of(input_of(arguments), buffers);
}

}  // namespace poolhost::pool
