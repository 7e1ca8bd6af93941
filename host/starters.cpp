// SPDX-License-Identifier: Apache-2.0
#include "starters.hpp"

#include "pool/describe_worker.hpp"
#include "wire/encoder.hpp"
#include "worker/run_worker.hpp"
#include "worker/template.hpp"

#include <deque>

namespace poolhost {
namespace {

using StarterOrError = base::Result<std::unique_ptr<process::Starter>>;

process::Program worker_in_role(const std::filesystem::path& worker_program, const char* role,
                                const config::PoolConfig& pool) {
    return process::Program{worker_program, {role}, pool::common_environment(pool)};
}

StarterOrError make_fork(const config::PoolConfig& pool, const catalog::Catalog& catalog) {
    // Plugins keep pointers into their template, and libraries are never unloaded: it stays until the process ends.
    static std::deque<worker::Template> templates;
    worker::Template& prepared = templates.emplace_back();
    if (const auto ready = prepared.prepare(pool::describe_template(pool, catalog)); !ready) return ready.error();
    return process::make_fork_starter(
        [&prepared](base::UniqueFd socket) { return worker::run_worker(std::move(socket), prepared); });
}

}  // namespace

cli::StarterFactory make_starters(std::filesystem::path worker_program) {
    return [worker_program = std::move(worker_program)](boost::asio::io_context& loop, const config::PoolConfig& pool,
                                                        const catalog::Catalog& catalog) -> StarterOrError {
        switch (pool.start_method) {
            case base::StartMethod::spawn:
                return process::make_spawn_starter(worker_in_role(worker_program, "worker", pool));
            case base::StartMethod::fork:
                return make_fork(pool, catalog);
            case base::StartMethod::forkserver:
                break;
        }
        return process::make_fork_server_starter(loop, worker_in_role(worker_program, "fork-server", pool),
                                                 wire::encode(pool::describe_template(pool, catalog)),
                                                 pool.start_timeout);
    };
}

}  // namespace poolhost
