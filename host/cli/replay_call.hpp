// SPDX-License-Identifier: Apache-2.0
// A single call over a channel, without a pool: nothing limits or judges the process at its other end.
#pragma once

#include "capsule/capsule_file.hpp"
#include "cli/exit_code.hpp"
#include "pool/worker_link.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::cli {

class ReplayCall final : private pool::LinkListener {
public:
    /// `socket` leads to a worker that is about to start and finds `description` there. `contents` outlives this.
    static base::Result<std::unique_ptr<ReplayCall>> begin(const capsule::Contents& contents,
                                                           std::span<const std::byte> description,
                                                           base::UniqueFd socket);

    [[nodiscard]] int socket() const { return link_->socket(); }

    enum class Going { on, over };
    /// Whenever the socket can be read: takes what came, and goes on. Over: nothing more will come.
    Going look();

    /// Prints what came of the call, once the debugger has ended.
    [[nodiscard]] ExitCode report() const;

private:
    explicit ReplayCall(const capsule::Contents& contents);
    base::Result<void> collect();
    void deliver();

    void on_ready(const wire::Ready& ready) override;
    void on_start_failed(const std::string& cause) override;
    void on_result(pool::Call& call, pool::LinkResult result) override;
    void on_emitted(pool::Call&, std::span<const std::byte>) override {}
    void on_log(const wire::LogLine& line) override;
    void on_retiring(const std::string&) override {}

    const capsule::Contents* contents_;
    channel::BufferPool buffers_;
    pool::Call call_;
    std::optional<pool::WorkerLink> link_;
    bool ready_ = false;
    bool ended_ = false;
    std::string value_;
    std::vector<std::string> failure_;
    ExitCode code_ = ExitCode::failed;
};

}  // namespace poolhost::cli
