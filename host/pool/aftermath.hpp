// SPDX-License-Identifier: Apache-2.0
// Finds out what a death, or a call that does not end, left behind: in a process of its own, outside host and worker.
#pragma once

#include "base/clock.hpp"
#include "config/host_config.hpp"
#include "pool/remains.hpp"
#include "process/starter.hpp"
#include "wire/aftermath.hpp"

#include <functional>
#include <list>
#include <memory>
#include <string_view>
#include <vector>

namespace poolhost::pool {

/// One that is under way, or waits for its turn. Destroying it ends it, and nobody is told.
class Examination {
public:
    Examination() = default;
    Examination(const Examination&) = delete;
    Examination& operator=(const Examination&) = delete;
    virtual ~Examination() = default;
};

/// Sends the program poolhost-aftermath out, once for each examination and a few at a time, so that a storm of deaths
/// leaves the machine to the calls. Every examination ends within a second. One thread: the host's.
class Aftermath {
public:
    /// Called once, from the loop; may destroy the examination.
    using OnFindings = std::function<void(wire::Findings findings)>;

    Aftermath(boost::asio::io_context& loop, process::Program program, config::CapsuleConfig capsules,
              std::string capsule_folder);
    Aftermath(const Aftermath&) = delete;
    Aftermath& operator=(const Aftermath&) = delete;
    /// Every examination has ended or was destroyed.
    ~Aftermath();

    /// Whether a call that ended like this is to be kept.
    [[nodiscard]] bool keeps(config::CapsuleCause cause) const;
    [[nodiscard]] wire::CapsuleFolder folder() const;

    std::unique_ptr<Examination> examine(Remains remains, OnFindings on_findings);

private:
    class Sent;
    void start_waiting();
    void leave(const Sent& examination);

    boost::asio::io_context* loop_;
    process::Program program_;
    config::CapsuleConfig capsules_;
    std::string capsule_folder_;
    std::list<Sent*> waiting_;  // first come, first served
    std::size_t running_ = 0;
};

}  // namespace poolhost::pool
