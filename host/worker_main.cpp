// SPDX-License-Identifier: Apache-2.0
// The program poolhost-worker: what its first argument says it is.
#include "process/fork_server.hpp"
#include "process/worker_role.hpp"
#include "worker/current_step.hpp"
#include "worker/inspect_plugin.hpp"
#include "worker/run_worker.hpp"
#include "worker/template.hpp"

#include <cstdio>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace {

using poolhost::base::UniqueFd;

constexpr int usage_exit_code = 2;

// Plugins keep pointers into it, and nothing of it is destroyed while they are there.
poolhost::worker::Template& the_template() {
    static poolhost::worker::Template instance;
    return instance;
}

int run(UniqueFd socket) { return poolhost::worker::run_worker(std::move(socket), the_template()); }

int serve_forks() {
    auto socket = poolhost::process::take_birth_socket();
    if (!socket) {
        std::fprintf(stderr, "%s\n", socket.error().message.c_str());
        return usage_exit_code;
    }
    const poolhost::process::ForkServerRole role{
        .prepare = [](std::span<const std::byte> description) { return the_template().prepare(description); },
        .worker = run,
        .step = poolhost::worker::current_step()};
    return poolhost::process::serve_forks(std::move(*socket), role);
}

int usage() {
    std::fputs("poolhost-worker is started by poolhost. Its roles: worker | fork-server | inspect FILE\n", stderr);
    return usage_exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view role = argc > 1 ? argv[1] : "";
    if (role == "worker" && argc == 2) poolhost::process::live_as_spawned_worker(run);
    int code = usage_exit_code;
    if (role == "fork-server" && argc == 2) {
        code = serve_forks();
    } else if (role == "inspect" && argc == 3) {
        code = poolhost::worker::inspect_plugin(argv[2]);
    } else {
        code = usage();
    }
    std::fflush(nullptr);
    ::_exit(code);
}
