// SPDX-License-Identifier: Apache-2.0
// A program that is sent out with one request, answers, and ends; what lasts too long is ended.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "process/starter.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace poolhost::process {

/// The host's side. Needs become_supervisor(). Destroying it kills what still runs, calls nothing, and does not wait:
/// reap_orphans() reaps.
class Errand {
public:
    /// Called once, from the loop: the program's newest complete answer, or nothing where it gave none before its end
    /// or the deadline. Whatever else the program says ends it; its answers stand.
    using OnEnd = std::function<void(std::optional<std::vector<std::byte>> answer)>;

    /// `request` may be of any size, and is copied; of `descriptors`, any number, the program gets duplicates, in this
    /// order. May be destroyed from within `on_end`. The program gets no terminal, no signal of one, and the host's
    /// standard error.
    static base::Result<std::unique_ptr<Errand>> send_out(boost::asio::io_context& loop, const Program& program,
                                                          std::span<const std::byte> request,
                                                          std::span<const int> descriptors, base::TimePoint deadline,
                                                          OnEnd on_end);
    virtual ~Errand() = default;
};

/// The program's side, in main(): what it was sent out with.
struct ErrandOrders {
    base::UniqueFd socket;
    std::vector<std::byte> request;
    std::vector<base::UniqueFd> descriptors;
};
base::Result<ErrandOrders> take_errand();
/// An answer, of up to 64 MiB. A later one replaces it.
base::Result<void> answer_errand(const ErrandOrders& orders, std::span<const std::byte> answer);

}  // namespace poolhost::process
