// SPDX-License-Identifier: Apache-2.0
// A real pool in the test's own process, with real workers, and what came of the calls made through it.
#pragma once

#include "cli/private_host.hpp"
#include "pool/pool.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace poolhost::test {

/// An outcome, copied.
struct Seen {
    std::string value;  // JSON
    std::optional<wire::CallError> error;
    std::optional<pool::RunBy> worker;
    std::uint16_t attempt = 0;
    base::Duration run{0};

    [[nodiscard]] std::string kind() const { return error ? wire::kind_name(error->details) : "value"; }
    [[nodiscard]] const std::string& message() const { return error ? error->message : value; }
    template <class Details>
    [[nodiscard]] const Details* details() const {
        return error ? std::get_if<Details>(&error->details) : nullptr;
    }
};

/// A line of a worker or template, copied.
struct Heard {
    std::int32_t index = 0;
    pid_t pid = 0;
    std::optional<pool::CallId> call;
    std::string task;
    pool::WorkerLine::Stream stream{};
    std::string text;
};

class RunningPool : private pool::OutcomeSink, private pool::PoolListener {
public:
    /// `plugins`: names of test plugins. Two workers, unless the configuration says otherwise.
    /// Capsules are kept where a folder for them is given.
    RunningPool(base::StartMethod method, const std::vector<std::string>& plugins, config::PoolConfig config = {},
                const std::filesystem::path& capsules = {},
                const std::filesystem::path& aftermath_program = POOLHOST_AFTERMATH_PROGRAM);
    ~RunningPool() override;

    pool::Pool& operator*() { return *pool_; }
    pool::Pool* operator->() { return pool_; }

    /// Submits; `arguments` is a JSON array. The tag under which the outcome will be seen.
    std::uint64_t submit(const std::string& task, const std::string& arguments, pool::CallRequest request = {});
    pool::CallId id_of(std::uint64_t tag) const { return ids_.at(tag); }
    const Seen& wait_for(std::uint64_t tag);
    Seen call(const std::string& task, const std::string& arguments, pool::CallRequest request = {});
    void wait_until(const std::function<bool()>& done) { host_->run_until(done); }
    void wait_for_all();
    [[nodiscard]] const std::map<std::uint64_t, Seen>& seen() const { return seen_; }
    /// Everything said: workers' lines as "RANK TASK STREAM: text", the pool's own as they are.
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    [[nodiscard]] const std::vector<Heard>& heard() const { return heard_; }
    void stop(pool::Pool::Stop how);

private:
    void on_outcome(pool::Outcome outcome) override;
    void on_worker_line(const pool::WorkerLine& line) override;
    void on_log(std::string_view pool, std::int32_t level, std::string_view text) override;

    std::unique_ptr<cli::PrivateHost> host_;
    pool::Pool* pool_ = nullptr;
    std::uint64_t next_tag_ = 0;
    std::map<std::uint64_t, Seen> seen_;
    std::map<std::uint64_t, pool::CallId> ids_;
    std::vector<std::string> lines_;
    std::vector<Heard> heard_;
};

/// A folder that goes with its test.
class ScratchFolder {
public:
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

/// The direct children of this process, zombies included.
std::vector<pid_t> children();

}  // namespace poolhost::test
