/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "layout.inc"
