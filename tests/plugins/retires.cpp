// SPDX-License-Identifier: Apache-2.0
// A plugin whose every call asks for another worker.
#include <poolhost/sdk.hpp>

#include <unistd.h>

static std::int64_t once(poolhost::context& context) {
    context.retire("its library heals in a new process only");
    return ::getpid();
}

POOLHOST_PLUGIN(retires, "1.0.0", "Wants to be replaced.",
                poolhost::task("once", once).doc("Its process id; the worker is replaced afterwards."))
