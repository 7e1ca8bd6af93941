// SPDX-License-Identifier: Apache-2.0
// Three ways to start a worker, one way it is born.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "process/process.hpp"
#include "process/worker_role.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace poolhost::process {

/// A worker and the host's ends of what connects it. All close-on-exec and in blocking mode; the worker has no copy.
struct Newborn {
    Process process;        // the host's own child, leader of its own process group
    base::UniqueFd socket;  // SOCK_SEQPACKET, the channel's
    base::UniqueFd output;  // reading end of its standard output
    base::UniqueFd errors;  // reading end of its standard error
};

/// Called exactly once for each start(), on the host's thread.
using OnBirth = std::function<void(base::Result<Newborn>)>;

/// Starts workers. All of them need become_supervisor() before. Host's thread only.
class Starter {
public:
    Starter() = default;
    Starter(const Starter&) = delete;
    Starter& operator=(const Starter&) = delete;
    /// Births still under way end with an error, from within the destructor.
    virtual ~Starter() = default;

    /// May call `on_birth` before it returns. What is called may call start() again, but not destroy the starter.
    virtual void start(OnBirth on_birth) = 0;
};

/// A program file and how it is run. `env` is added to the host's own environment.
struct Program {
    std::filesystem::path file;
    std::vector<std::string> arguments;  // without the program's name
    std::vector<std::pair<std::string, std::string>> env;
};

/// Each worker is `program`, started from nothing; it is to call live_as_spawned_worker().
std::unique_ptr<Starter> make_spawn_starter(Program program);

/// Each worker is a fork of this very process and runs `entry`. Refuses while this process has more than one thread.
std::unique_ptr<Starter> make_fork_starter(WorkerEntry entry);

/// Each worker is a fork of a server, which is `program` and is to call serve_forks(). The server is started with the
/// first start() (or prepare()), given `description`, and replaced at the next start() after it died; its workers live
/// on. `start_timeout` bounds its preparation, and then each birth.
class ForkServerStarter : public Starter {
public:
    /// Starts the server now, if there is none. Calls `on_ready` once: when it serves, or with the reason why not.
    virtual void prepare(std::function<void(base::Result<void>)> on_ready) = 0;
    /// The server as it is now: nothing where none runs.
    [[nodiscard]] virtual std::optional<pid_t> server_pid() const = 0;
};
/// Takes the reading ends of what a new server writes. What it prints belongs to no worker.
using OnServerOutput = std::function<void(pid_t server, base::UniqueFd output, base::UniqueFd errors)>;
/// Without `on_output` a server writes to the host's standard error.
std::unique_ptr<ForkServerStarter> make_fork_server_starter(boost::asio::io_context& loop, Program program,
                                                            std::vector<std::byte> description,
                                                            base::Duration start_timeout,
                                                            OnServerOutput on_output = {});

}  // namespace poolhost::process
