// SPDX-License-Identifier: Apache-2.0
// The signal handlers by which a dying worker, or one that is asked, leaves its stack where the host finds it.
#pragma once

#include "channel/channel.hpp"

namespace poolhost::worker {

/// One at a time in a process; made and destroyed on the worker's main thread, and outlived by the channel. What
/// handled the fatal signals before is called after it, as if it had never been there. The handlers stay, without
/// effect, when it is destroyed.
class StackRecorder {
public:
    explicit StackRecorder(channel::Channel& channel);
    ~StackRecorder();
    StackRecorder(const StackRecorder&) = delete;
    StackRecorder& operator=(const StackRecorder&) = delete;
};

}  // namespace poolhost::worker
