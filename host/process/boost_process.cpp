// SPDX-License-Identifier: Apache-2.0
// The one place where the non-template part of Boost.Process is compiled.
#include <boost/process/v2/src.hpp>
