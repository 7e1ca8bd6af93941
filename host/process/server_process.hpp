// SPDX-License-Identifier: Apache-2.0
// A running fork server as the host sees it: it prepares, serves requests, and ends.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "process/birth.hpp"
#include "process/deadline.hpp"
#include "process/fork_server_words.hpp"
#include "process/readiness.hpp"
#include "process/starter.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace poolhost::process {

/// Killed with its group, and reaped, when destroyed. Nothing that it says can do more harm than end it.
class ServerProcess {
public:
    /// A value: it is ready now. An error: it has ended, and why; it is to be destroyed then, within the call or later.
    using OnChange = std::function<void(const base::Result<void>&)>;

    static base::Result<std::unique_ptr<ServerProcess>> launch(boost::asio::io_context& loop, const Program& program,
                                                               std::span<const std::byte> description,
                                                               base::Duration start_timeout,
                                                               const OnServerOutput& on_output, OnChange on_change);
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;
    ~ServerProcess();

    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }

    /// Asks for one worker. An error where the server is gone or stuck.
    base::Result<void> request(const Connections& connections);

    /// Notices now what the loop would notice in its next turn. May call `on_change`.
    void look();

private:
    ServerProcess(Process process, base::UniqueFd socket, OnChange on_change);
    base::Result<void> begin(boost::asio::io_context& loop, std::span<const std::byte> description,
                             base::Duration start_timeout);
    void tell(const base::Result<void>& change);
    base::Error ended();
    void reap();

    Process process_;
    base::UniqueFd socket_;
    OnChange on_change_;
    bool ready_ = false;
    std::optional<Readiness> readiness_;
    std::optional<Deadline> start_deadline_;
};

}  // namespace poolhost::process
