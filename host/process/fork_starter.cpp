// SPDX-License-Identifier: Apache-2.0
#include "process/birth.hpp"
#include "process/forked_child.hpp"
#include "process/starter.hpp"
#include "process/threads.hpp"

#include <utility>

#include <unistd.h>

namespace poolhost::process {
namespace {

class ForkStarter final : public Starter {
public:
    explicit ForkStarter(WorkerEntry entry) : entry_(std::move(entry)) {}
    void start(OnBirth on_birth) override { on_birth(give_birth()); }

private:
    base::Result<Newborn> give_birth() const {
        const auto host = supervision();
        if (!host) return host.error();
        if (auto single = require_single_thread("cannot fork"); !single) return single.error();
        auto connections = make_connections();
        if (!connections) return connections.error();
        const Endowment endowment = endow(*connections, **host);
        flush_before_fork();
        const pid_t pid = ::fork();
        if (pid < 0) return base::system_error("cannot fork");
        if (pid == 0) live_as_fork(endowment, entry_);
        // The child does it too; whoever comes first, the group exists before anybody signals it.
        ::setpgid(pid, pid);
        auto process = Process::of_child(pid);
        if (!process) return process.error();
        return newborn(std::move(*process), std::move(*connections));
    }

    WorkerEntry entry_;
};

}  // namespace

std::unique_ptr<Starter> make_fork_starter(WorkerEntry entry) {
    return std::make_unique<ForkStarter>(std::move(entry));
}

}  // namespace poolhost::process
