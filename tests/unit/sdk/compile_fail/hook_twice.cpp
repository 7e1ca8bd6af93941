// SPDX-License-Identifier: Apache-2.0
// EXPECT: on_preload, on_start, on_stop and not_fork_safe stand at most once
#include <poolhost/sdk.hpp>

POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::on_start([](poolhost::worker_context&) {}),
                poolhost::on_start([](poolhost::worker_context&) {}))
