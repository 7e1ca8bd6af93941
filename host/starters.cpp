// SPDX-License-Identifier: Apache-2.0
#include "starters.hpp"

#include "cli/exit_code.hpp"
#include "pool/describe_worker.hpp"
#include "pool/template_output.hpp"
#include "process/borrowed_output.hpp"
#include "process/step_guard.hpp"
#include "wire/encoder.hpp"
#include "worker/current_step.hpp"
#include "worker/run_worker.hpp"
#include "worker/template.hpp"

#include <deque>
#include <memory>

#include <unistd.h>

namespace poolhost {
namespace {

using StarterOrError = base::Result<std::unique_ptr<process::Starter>>;

/// What a starter is made for.
struct Order {
    boost::asio::io_context& loop;
    const config::PoolConfig& pool;
    const catalog::Catalog& catalog;
    pool::PoolListener& listener;
};

process::Program worker_in_role(const std::filesystem::path& worker_program, const char* role,
                                const config::PoolConfig& pool) {
    return process::Program{worker_program, {role}, pool::common_environment(pool)};
}

// What plugins print here must not pass for the host's own output, least of all for results.
base::Result<void> prepare_here(worker::Template& prepared, const Order& order) {
    auto borrowed = process::BorrowedOutput::begin();
    if (!borrowed) return borrowed.error();
    const process::StepGuard guard({.step = worker::current_step(),
                                    .before = "poolhost: pool_unavailable: ",
                                    .after = "; with start_method: fork that ends the host, forkserver keeps it apart",
                                    .errors = borrowed->real_errors(),
                                    .caught = borrowed->memories(),
                                    .exit_code = static_cast<int>(cli::ExitCode::no_host),
                                    .time_limit = order.pool.start_timeout});
    auto ready = prepared.prepare(pool::describe_template(order.pool, order.catalog));
    const auto caught = borrowed->caught();
    const pool::TemplateOutput output(order.pool.name, order.listener);
    output.tell(::getpid(), pool::WorkerLine::Stream::output, caught.output);
    output.tell(::getpid(), pool::WorkerLine::Stream::errors, caught.errors);
    return ready;
}

StarterOrError make_fork(const Order& order) {
    // Plugins keep pointers into their template, and libraries are never unloaded: it stays until the process ends.
    static std::deque<worker::Template> templates;
    worker::Template& prepared = templates.emplace_back();
    if (const auto ready = prepare_here(prepared, order); !ready) return ready.error();
    return process::make_fork_starter(
        [&prepared](base::UniqueFd socket) { return worker::run_worker(std::move(socket), prepared); });
}

StarterOrError make_fork_server(const process::Program& program, const Order& order) {
    const auto output = std::make_shared<pool::TemplateOutput>(order.pool.name, order.listener);
    return process::make_fork_server_starter(
        order.loop, program, wire::encode(pool::describe_template(order.pool, order.catalog)), order.pool.start_timeout,
        [&loop = order.loop, output](pid_t server, base::UniqueFd words, base::UniqueFd errors) {
            output->listen(loop, server, std::move(words), std::move(errors));
        });
}

}  // namespace

cli::StarterFactory make_starters(std::filesystem::path worker_program) {
    return [worker_program = std::move(worker_program)](boost::asio::io_context& loop, const config::PoolConfig& pool,
                                                        const catalog::Catalog& catalog,
                                                        pool::PoolListener& listener) -> StarterOrError {
        const Order order{loop, pool, catalog, listener};
        switch (pool.start_method) {
            case base::StartMethod::spawn:
                return process::make_spawn_starter(worker_in_role(worker_program, "worker", pool));
            case base::StartMethod::fork:
                return make_fork(order);
            case base::StartMethod::forkserver:
                break;
        }
        return make_fork_server(worker_in_role(worker_program, "fork-server", pool), order);
    };
}

}  // namespace poolhost
