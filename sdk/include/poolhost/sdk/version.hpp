// SPDX-License-Identifier: Apache-2.0
// The SDK's version, as it goes into every plugin's manifest.
#pragma once

#define POOLHOST_SDK_VERSION "0.1.0"
