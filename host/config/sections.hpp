// SPDX-License-Identifier: Apache-2.0
// The readers of the configuration's parts, one a part, each in a file of its name.
#pragma once

#include "config/host_config.hpp"
#include "config/reading.hpp"

#include <optional>

namespace poolhost::config {

HostConfig read_host(const Value& root);
ListenConfig read_listen(const Value& value);
CapsuleConfig read_capsules(const Value& value);
/// `defaults` holds what the file says for every pool.
PoolConfig read_pool(const Value& value, std::string name, const PoolConfig& defaults);
Processes read_processes(const Value& value);
std::vector<CallSpec> read_calls(const Value& value);
std::vector<EnvEntry> read_env(const Value& value);
CpuAffinity read_cpu_affinity(const Value& value);
Recycle read_recycle(const Value& value);
Limits read_limits(const Value& value);

}  // namespace poolhost::config
