// SPDX-License-Identifier: Apache-2.0
#include "pool/call_table.hpp"

namespace poolhost::pool {

void OutcomeSink::on_emitted(std::uint64_t, std::span<const std::byte>) {}

Call& CallTable::create() {
    if (free_.empty()) {
        Call& call = calls_.emplace_back();
        call.index = static_cast<std::uint32_t>(calls_.size() - 1);
        return call;
    }
    Call& call = calls_[free_.back()];
    free_.pop_back();
    return call;
}

void CallTable::release(Call& call) {
    const std::uint32_t index = call.index;
    const std::uint32_t generation = call.generation + 1;
    call = Call{};
    call.index = index;
    call.generation = generation;
    free_.push_back(call.index);
}

Call* CallTable::find(CallId id) {
    const auto index = static_cast<std::uint32_t>(static_cast<std::uint64_t>(id));
    const auto generation = static_cast<std::uint32_t>(static_cast<std::uint64_t>(id) >> 32);
    if (index >= calls_.size()) return nullptr;
    Call& call = calls_[index];
    return call.generation == generation && call.state != CallState::unused ? &call : nullptr;
}

}  // namespace poolhost::pool
