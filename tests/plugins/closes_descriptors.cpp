// SPDX-License-Identifier: Apache-2.0
// Vice: it closes descriptors that are not its own.
#include <poolhost/sdk.hpp>

#include <unistd.h>

namespace {

void close_all() { ::close_range(0, ~0U, 0); }
void close_others() { ::close_range(3, ~0U, 0); }

}  // namespace

POOLHOST_PLUGIN(closes_descriptors, "1.0.0", "Closes what is not its own.",
                poolhost::task("close_all", close_all).doc("Closes every descriptor."),
                poolhost::task("close_others", close_others).doc("Closes all but the standard streams."))
