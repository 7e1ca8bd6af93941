// SPDX-License-Identifier: Apache-2.0
// Keys, numbers, durations and sizes that are not right: each fault with its place, its cause and its remedy.
#include "faulty_configuration.hpp"

namespace poolhost::config {
namespace {

using namespace std::string_literals;

const std::vector<Case> cases{
    Case{"unknown_key_with_a_near_one",
         R"(pools:
  a:
    plugins: []
    procesess: 4
)",
         {"4:5: pools.a.procesess: there is no key of this name; did you mean 'processes'?"}},
    Case{"required_key_misspelt",
         R"(pool:
  a: {plugins: []}
)",
         {"1:1: pool: there is no key of this name; did you mean 'pools'?"}},
    Case{"unknown_key_like_no_other",
         R"(pools:
  a:
    plugins: []
    zzz: 1
)",
         {"4:5: pools.a.zzz: there is no key of this name; the keys here are plugins, start_method, processes, "
          "preload, initializer, timeout, grace, start_timeout, retries, restart, quarantine, recycle, queue_limit, "
          "prefetch, spin, slow, env, working_directory, nice, cpu_affinity, limits"}},
    Case{"no_plugins",
         R"(pools:
  a: {nice: 1}
)",
         {"2:3: pools.a.plugins: the key is missing; name the pool's plugins, as in plugins: [math], or [] for the "
          "built-in tasks alone"}},
    Case{"no_pools",
         "start_method: spawn\n",
         {"1:1: pools: the key is missing; describe at least one pool: 'pools:', then its name, then its plugins"}},
    Case{"empty_pools",
         "pools: {}\n",
         {"1:8: pools: there is no pool; describe at least one: a name, and its plugins below it"}},
    Case{"pools_without_value",
         "pools:\n",
         {"1:1: pools: the key has no value; write the name of each pool, its keys below it, or remove the key"}},
    Case{"pool_without_keys",
         R"(pools:
  a:
)",
         {"2:3: pools.a: the key has no value; write its keys below it, one 'key: value' a line, or remove the key"}},
    Case{"unknown_start_methods",
         R"(start_method: forksever
pools:
  a:
    plugins: []
    start_method: thread
)",
         {"1:15: start_method: 'forksever' is not known here; did you mean 'forkserver'? It is one of spawn, fork, "
          "forkserver",
          "5:19: pools.a.start_method: 'thread' is not known here; write one of spawn, fork, forkserver"}},
    Case{"negative_processes",
         R"(pools:
  a:
    plugins: []
    processes: -1
)",
         {"4:16: pools.a.processes: '-1' is too small; write a whole number from 1 to 4096"}},
    Case{"zero_processes",
         R"(pools:
  a:
    plugins: []
    processes: 0
)",
         {"4:16: pools.a.processes: '0' is too small; write a whole number from 1 to 4096"}},
    Case{"overflowing_processes",
         R"(pools:
  a:
    plugins: []
    processes: 99999999999999999999
)",
         {"4:16: pools.a.processes: '99999999999999999999' is too large; write a whole number from 1 to 4096"}},
    Case{"fractional_processes",
         R"(pools:
  a:
    plugins: []
    processes: 2.5
)",
         {"4:16: pools.a.processes: '2.5' is no whole number; write a whole number from 1 to 4096"}},
    Case{"quoted_number",
         R"(pools:
  a:
    plugins: []
    processes: "4"
)",
         {"4:16: pools.a.processes: '4' is a text, because of its quotation marks; write it without them"}},
    Case{"word_for_processes",
         R"(pools:
  a:
    plugins: []
    processes: many
)",
         {"4:16: pools.a.processes: 'many' is no number of workers; write auto, a number, or {min: 1, max: 4}"}},
    Case{"min_above_max",
         R"(pools:
  a:
    plugins: []
    processes: {min: 8, max: 4}
)",
         {"4:22: pools.a.processes.min: min is 8, more than max, which is 4; write a min of at most max"}},
    Case{"max_alone",
         R"(pools:
  a:
    plugins: []
    processes: {max: 4}
)",
         {"4:16: pools.a.processes.min: the key is missing; write how many workers stay when there is nothing to do; 0 "
          "is allowed"}},
    Case{"zero_max",
         R"(pools:
  a:
    plugins: []
    processes: {min: 0, max: 0}
)",
         {"4:30: pools.a.processes.max: '0' is too small; write a whole number from 1 to 4096"}},
    Case{"list_for_processes",
         R"(pools:
  a:
    plugins: []
    processes: [1,2]
)",
         {"4:16: pools.a.processes: expected a number, got a list; write a whole number from 1 to 4096"}},
    Case{"duration_without_unit",
         R"(pools:
  a:
    plugins: []
    timeout: 30
)",
         {"4:14: pools.a.timeout: '30' has no unit; write 30s if that is meant, or another unit"}},
    Case{"duration_with_unknown_unit",
         R"(pools:
  a:
    plugins: []
    timeout: 30sec
)",
         {"4:14: pools.a.timeout: '30sec' has the unknown unit 'sec'; write a number with a unit, such as 500ms, 30s, "
          "5m or 1h"}},
    Case{"negative_duration",
         R"(pools:
  a:
    plugins: []
    timeout: -5s
)",
         {"4:14: pools.a.timeout: '-5s' is negative; write a number with a unit, such as 500ms, 30s, 5m or 1h"}},
    Case{
        "zero_timeout",
        R"(pools:
  a:
    plugins: []
    timeout: 0s
)",
        {"4:14: pools.a.timeout: it must be more than zero; write a number with a unit, such as 500ms, 30s, 5m or 1h"}},
    Case{"endless_duration",
         R"(pools:
  a:
    plugins: []
    timeout: 999999999h
)",
         {"4:14: pools.a.timeout: '999999999h' is too long or too fine; write at most 87600h, down to 1us"}},
    Case{"word_for_a_duration",
         R"(pools:
  a:
    plugins: []
    timeout: soon
)",
         {"4:14: pools.a.timeout: 'soon' is no duration; write a number with a unit, such as 500ms, 30s, 5m or 1h"}},
    Case{"key_without_value",
         R"(pools:
  a:
    plugins: []
    timeout:
)",
         {"4:5: pools.a.timeout: the key has no value; write a number with a unit, such as 500ms, 30s, 5m or 1h, or "
          "remove the key"}},
    Case{"too_fine_a_duration",
         R"(pools:
  a:
    plugins: []
    spin: 0.5us
)",
         {"4:11: pools.a.spin: '0.5us' is too long or too fine; write at most 87600h, down to 1us"}},
    Case{"units_in_wrong_order",
         R"(pools:
  a:
    plugins: []
    timeout: 5s1h
)",
         {"4:14: pools.a.timeout: '5s1h' is no duration; write a number with a unit, such as 500ms, 30s, 5m or 1h"}},
    Case{"empty_duration",
         R"(pools:
  a:
    plugins: []
    timeout: ""
)",
         {"4:14: pools.a.timeout: '' is no duration; write a number with a unit, such as 500ms, 30s, 5m or 1h"}},
    Case{"size_without_unit",
         R"(pools:
  a:
    plugins: []
    limits: {memory: 512}
)",
         {"4:22: pools.a.limits.memory: '512' has no unit; write 512MiB if that is meant, or another unit"}},
    Case{"decimal_size",
         R"(pools:
  a:
    plugins: []
    limits: {memory: 512MB}
)",
         {"4:22: pools.a.limits.memory: '512MB' has the unknown unit 'MB'; write a whole number with a unit, such as "
          "64KiB, 512MiB or 2GiB"}},
    Case{"fractional_size",
         R"(pools:
  a:
    plugins: []
    limits: {memory: 1.5GiB}
)",
         {"4:22: pools.a.limits.memory: '1.5GiB' is no size; write a whole number with a unit, such as 64KiB, 512MiB "
          "or 2GiB"}},
    Case{"zero_size",
         R"(max_payload: 0B
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:14: max_payload: it must be more than zero; write a whole number with a unit, such as 64KiB or 512MiB"}},
    Case{"too_large_size",
         R"(pools:
  a:
    plugins: []
    limits: {memory: 99999999999TiB, core: 0, stack: 8m}
)",
         {"4:22: pools.a.limits.memory: '99999999999TiB' is too large; write less than 8 EiB (8388608TiB)",
          "4:54: pools.a.limits.stack: '8m' has the unknown unit 'm'; write a whole number with a unit, such as 64KiB, "
          "512MiB or 2GiB"}},
};

INSTANTIATE_TEST_SUITE_P(Value, FaultyConfiguration, testing::ValuesIn(cases), name_of_case);

}  // namespace
}  // namespace poolhost::config
