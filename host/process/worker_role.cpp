// SPDX-License-Identifier: Apache-2.0
#include "process/worker_role.hpp"

#include <cstdio>
#include <exception>
#include <iostream>
#include <utility>

#include <cxxabi.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

bool is_message_socket(int fd) {
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

int run(const WorkerEntry& entry, base::UniqueFd socket) {
    try {
        return entry(std::move(socket));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "poolhost: the worker ended by an exception: %s\n", error.what());
    } catch (const abi::__forced_unwind&) {
        throw;  // pthread_exit: nothing may stop it
    } catch (...) {
        std::fprintf(stderr, "poolhost: the worker ended by an exception of unknown type\n");
    }
    return exception_exit_code;
}

}  // namespace

base::Result<base::UniqueFd> take_birth_socket() {
    if (!is_message_socket(socket_number) || ::fcntl(lifeline_number, F_GETFD) < 0) {
        return base::Error{"this program is started by poolhost, not by hand: it was given no socket to a host"};
    }
    for (const int fd : {socket_number, lifeline_number}) {
        if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return base::system_error("cannot keep a socket to oneself");
    }
    return base::UniqueFd(socket_number);
}

void live_as_worker(const WorkerEntry& entry, base::UniqueFd socket) {
    const int code = run(entry, std::move(socket));
    std::cout.flush();
    std::fflush(nullptr);
    ::_exit(code);
}

void live_as_spawned_worker(const WorkerEntry& entry) {
    auto socket = take_birth_socket();
    if (!socket) {
        std::fprintf(stderr, "%s\n", socket.error().message.c_str());
        ::_exit(2);
    }
    live_as_worker(entry, std::move(*socket));
}

}  // namespace poolhost::process
