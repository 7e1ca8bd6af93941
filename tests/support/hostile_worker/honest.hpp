// SPDX-License-Identifier: Apache-2.0
// As much of a worker's protocol as a liar needs to be believed for a while.
#pragma once

#include "channel/channel.hpp"
#include "wire/records.hpp"

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

namespace poolhost::test {

/// One item of a batch that the host has handed over.
struct Duty {
    std::uint32_t sequence = 0;
    std::uint16_t item = 0;
};

class Honest {
public:
    explicit Honest(channel::Channel& channel) : channel_(&channel) {}

    void say_ready();
    /// Reads what the host wrote, sleeping for it if need be; false when the host is gone, or silent for long.
    bool listen();
    /// What was handed over and is not answered.
    [[nodiscard]] std::deque<Duty>& duties() { return duties_; }
    /// Takes the next item as it should, and answers it.
    void serve_one();

    /// Writes a record; nothing where the ring is full.
    void write(wire::RecordKind kind, std::span<const std::byte> payload);
    void result(wire::ResultHead head, const std::vector<std::uint64_t>& ids, std::span<const std::byte> bytes);
    void emitted(wire::EmittedHead head, std::span<const std::byte> bytes);
    void ring();

private:
    void note(const channel::Record& record);

    channel::Channel* channel_;
    std::deque<Duty> duties_;
};

}  // namespace poolhost::test
