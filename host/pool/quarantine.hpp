// SPDX-License-Identifier: Apache-2.0
// Remembers which inputs killed workers, so that one that did so again and again is not run any more.
//
// Inputs are told apart by a digest, computed for those that killed and for their look-alikes (same task, same size)
// only: other calls pay for nothing.
#pragma once

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "pool/call.hpp"

#include <deque>
#include <string>
#include <vector>

namespace poolhost::pool {

/// An input as far as it is known without reading it.
struct InputOutline {
    TaskId task{};
    std::uint64_t size = 0;  // bytes of the arguments, without buffers that they refer to
    friend bool operator==(const InputOutline&, const InputOutline&) = default;
};

/// A new build of the plugin makes it another input.
struct InputIdentity {
    InputOutline outline;
    std::string plugin_build;
    base::Digest digest{};
    friend bool operator==(const InputIdentity&, const InputIdentity&) = default;
};

class Quarantine {
public:
    /// `deaths`: from how many on an input is not run any more; 0: never.
    explicit Quarantine(std::uint32_t deaths) : deaths_(deaths) {}

    /// A worker died of this input. `capsule`: where the call was kept; may be empty.
    void add(const InputIdentity& input, base::TimePoint now);
    void add_capsule(const InputIdentity& input, const std::string& capsule);

    /// False for nearly every call, at the price of a look at one number.
    [[nodiscard]] bool may_hold(const InputOutline& outline) const;
    [[nodiscard]] bool holds(const InputIdentity& input, base::TimePoint now) const;
    [[nodiscard]] std::vector<std::string> capsules_of(const InputIdentity& input) const;

private:
    struct Killer {
        InputIdentity input;
        std::uint32_t deaths = 0;
        base::TimePoint last;
        std::vector<std::string> capsules;
    };
    [[nodiscard]] const Killer* find(const InputIdentity& input) const;

    std::uint32_t deaths_;
    std::deque<Killer> killers_;  // the one that killed longest ago first
};

/// The size of a call's arguments, and their fingerprint, see wire/call_input.hpp. The latter reads all of them.
InputOutline outline_of(const Call& call);
base::Digest digest_of(const Arguments& arguments);

}  // namespace poolhost::pool
