// SPDX-License-Identifier: Apache-2.0
// Starts only while a file is missing, which the environment names.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <cstdlib>
#include <stdexcept>

namespace {

void start(poolhost::worker_context&) {
    const char* const file = std::getenv("START_FAILS_IF");
    if (file != nullptr && ::access(file, F_OK) == 0) throw std::runtime_error("the file is there");
}

std::int64_t process() { return ::getpid(); }

}  // namespace

POOLHOST_PLUGIN(start_fails_if, "1.0.0", "Starts under a condition.",
                poolhost::task("process", process).doc("The number of its process."), poolhost::on_start(start))
