// SPDX-License-Identifier: Apache-2.0
// The program poolhost-aftermath: sent out by a host for one death; answers what it finds, and ends.
#include "aftermath/run_aftermath.hpp"
#include "base/bytes.hpp"
#include "process/errand.hpp"
#include "wire/encoder.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace poolhost;

// The host waits for a second; these end what goes wrong where the host does not.
constexpr unsigned most_seconds = 10;
constexpr rlim_t most_cpu_seconds = 5;
// Of memory of its own: call frame tables and symbols of large programs. Mapped files and buffers do not count.
constexpr auto most_memory = base::gibibytes(2);

void limit(decltype(RLIMIT_CPU) resource, rlim_t value) {
    rlimit limits{};
    if (::getrlimit(resource, &limits) != 0) return;
    limits.rlim_cur = limits.rlim_max = std::min(limits.rlim_max, value);
    ::setrlimit(resource, &limits);
}

// It reads what a crashed process has left behind, and private input: it shall neither last nor leave a core.
void bound_itself() {
    ::alarm(most_seconds);
    limit(RLIMIT_CPU, most_cpu_seconds);
    limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which keep books of terabytes
    limit(RLIMIT_DATA, most_memory.count);
#endif
    ::prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
    // A file that grows beyond its limit is an error like a full disk.
    ::signal(SIGXFSZ, SIG_IGN);
    // Else symbols are looked for in the network.
    ::unsetenv("DEBUGINFOD_URLS");
}

int refuse(const std::string& why) {
    std::fprintf(stderr, "poolhost-aftermath: %s\n", why.c_str());
    return EXIT_FAILURE;
}

int run() {
    const auto orders = process::take_errand();
    if (!orders) return refuse(orders.error().message);
    const auto request = wire::decode<wire::AftermathRequest>(orders->request);
    if (!request) return refuse("the host's request is of another version");
    // Where nobody listens any more, there is nobody to tell that to.
    const auto tell = [&](const wire::Findings& findings) {
        static_cast<void>(process::answer_errand(*orders, wire::encode(findings)));
    };
    aftermath::run_aftermath(*request, orders->descriptors, aftermath::name_stack, tell);
    return EXIT_SUCCESS;
}

}  // namespace

int main() {
    bound_itself();
    int code = EXIT_FAILURE;
    try {
        code = run();
    } catch (const std::exception& error) {
        refuse(error.what());
    }
    // What was told stands; tearing down maps of large files would only take time.
    std::fflush(nullptr);
    ::_exit(code);
}
