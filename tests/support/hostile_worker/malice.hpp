// SPDX-License-Identifier: Apache-2.0
// The ways in which a worker breaks the protocol, each at random places with random numbers.
#pragma once

#include "support/hostile_worker/dice.hpp"
#include "support/hostile_worker/honest.hpp"

#include <cstddef>

namespace poolhost::test {

/// Says on standard error what it was able to do to the host's memory, as a line that begins with this.
inline constexpr const char* breach = "BREACH: ";
/// Tries to change what is the host's alone, through the descriptor that every worker is given.
void attack_host_memory(int memory);

class Malice {
public:
    Malice(channel::Channel& channel, Honest& honest, Dice& dice);

    /// One act of its repertoire.
    void act();

private:
    using Act = void (Malice::*)();
    static std::vector<Act> choose_acts(Dice& dice);

    // memory
    void scribble_somewhere();
    void scribble_everywhere();
    void forge_positions();
    void forge_words();
    void forge_stack();
    void forge_raw_record();
    // records
    void write_any_record();
    void write_bent_record();
    void lie_in_a_result();
    void lie_about_a_buffer();
    void lie_in_a_partial_result();
    void answer_twice();
    void take_and_keep();
    void flood_records();
    // socket (malice_socket.cpp)
    void send_any_frame();
    void send_odd_descriptor();
    void send_many_buffers();
    void flood_doorbells();
    // output
    void flood_output();

    [[nodiscard]] wire::ResultHead bent_head();
    [[nodiscard]] std::vector<std::byte> any_message();
    channel::BufferRef shared_buffer();
    void send_frame(std::span<const std::byte> bytes, std::span<const int> descriptors);
    [[nodiscard]] int odd_descriptor();

    channel::Channel* channel_;
    Honest* honest_;
    Dice* dice_;
    std::span<std::byte> memory_;  // all that it can write
    std::vector<Act> repertoire_;
    channel::BufferPool pool_;
    std::vector<channel::BufferRef> shared_;
};

}  // namespace poolhost::test
