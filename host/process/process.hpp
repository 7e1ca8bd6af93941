// SPDX-License-Identifier: Apache-2.0
// A child of this process, held by its pidfd until it has been reaped.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"
#include "process/exit_status.hpp"

#include <optional>

#include <sys/types.h>

namespace poolhost::process {

/// Until it is reaped, a dead child's pid and process group stay reserved, so no signal sent through this class can hit
/// a stranger. Destroying an unreaped one (unless moved from) is a bug and aborts.
class Process {
public:
    Process() = default;
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Takes over the child `pid`. An error where it is no child of this process, or is held already.
    static base::Result<Process> of_child(pid_t pid);

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Readable once the process has ended. Stays open until this object goes.
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
    [[nodiscard]] bool reaped() const noexcept { return status_.has_value(); }

    /// Signals the process; nothing happens where it has ended but is not reaped yet. After reaping it is a bug.
    void kill(int signal) const;
    /// Signals the process and everything in the group it leads. After reaping it is a bug.
    void kill_group(int signal) const;

    /// Kills it with its group and lets go of it without waiting for its end, so that nothing has to wait for a process
    /// that the kernel is slow to end: reap_orphans() reaps it. Nothing is left in this object.
    void kill_and_leave();

    /// The kernel is taking it down: it runs no instruction of its own any more.
    [[nodiscard]] bool is_ending() const;

    /// Reaps it if it has ended; nothing while it runs. Once reaped, gives the same status again.
    std::optional<ExitStatus> try_reap();
    /// Waits until it has ended.
    ExitStatus reap();

private:
    Process(pid_t pid, base::UniqueFd pidfd);
    std::optional<ExitStatus> wait(int options);
    void require_unreaped() const;

    pid_t pid_ = -1;
    base::UniqueFd pidfd_;
    std::optional<ExitStatus> status_;
};

/// Reaps the ended children that no Process holds: what workers left behind and this process, as a child subreaper,
/// was given. Returns how many there were.
int reap_orphans();

}  // namespace poolhost::process
