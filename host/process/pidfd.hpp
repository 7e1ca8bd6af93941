// SPDX-License-Identifier: Apache-2.0
// The C library's pidfd functions, whose header (glibc 2.36) forgets to say that they are C.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/types.h>

extern "C" {
#include <sys/pidfd.h>
}
