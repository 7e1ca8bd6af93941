// SPDX-License-Identifier: Apache-2.0
// Parts of a pool or of the host that are not right: each fault with its place, its cause and its remedy.
#include "faulty_configuration.hpp"

namespace poolhost::config {
namespace {

using namespace std::string_literals;

const std::vector<Case> cases{
    Case{"plugins_without_list",
         R"(pools:
  a:
    plugins: math
    nice: 0
)",
         {"3:14: pools.a.plugins: expected a list, got 'math'; write [math]"}},
    Case{"faulty_plugins",
         R"(pools:
  a:
    plugins: [math, math, {a: b}, libx.so, '']
    nice: 0
)",
         {"3:21: pools.a.plugins[1]: the plugin stands here a second time; keep one of the two",
          "3:27: pools.a.plugins[2]: expected a text, got a map; write a text",
          "3:35: pools.a.plugins[3]: 'libx.so' is neither a name nor a path; write ./libx.so for a file beside this "
          "one, or the plugin's name without lib and .so",
          "3:44: pools.a.plugins[4]: the text is empty; write a text, or remove the key"}},
    Case{"initializer_as_text",
         R"(pools:
  a:
    plugins: []
    initializer: image.load
)",
         {"4:18: pools.a.initializer: expected a map, got 'image.load'; write {task: PLUGIN.TASK, args: […]}"}},
    Case{"initializer_without_task",
         R"(pools:
  a:
    plugins: []
    initializer: {args: [1]}
)",
         {"4:18: pools.a.initializer.task: the key is missing; name the task, as in task: image.load"}},
    Case{"faulty_initializers",
         R"(pools:
  a:
    plugins: []
    initializer: [{task: load}, {task: a.b, args: 5}, {task: a.b, arg: []}]
)",
         {"4:26: pools.a.initializer[0].task: 'load' is no name of a task; write PLUGIN.TASK, as in image.load",
          "4:51: pools.a.initializer[1].args: expected a list or a map, got '5'; write a list of arguments, as in [1, "
          "\"two\"], or a map by name, as in {width: 1}",
          "4:67: pools.a.initializer[2].arg: there is no key of this name; did you mean 'args'?"}},
    Case{"arguments_beyond_64_bits",
         R"(pools:
  a:
    plugins: []
    preload: {task: a.b, args: [99999999999999999999, 1e999]}
)",
         {"4:33: pools.a.preload.args[0]: '99999999999999999999' is beyond what 64 bits can hold; write a smaller "
          "number, or quote a text",
          "4:55: pools.a.preload.args[1]: '1e999' is beyond what 64 bits can hold; write a smaller number, or quote a "
          "text"}},
    Case{"faulty_recycle",
         R"(pools:
  a:
    plugins: []
    recycle: {tasks: 0, memory: 5, jitter: 10, replacement: befor, ages: 1h}
)",
         {"4:22: pools.a.recycle.tasks: '0' is too small; write a whole number from 1 on",
          "4:33: pools.a.recycle.memory: '5' has no unit; write 5MiB if that is meant, or another unit",
          "4:44: pools.a.recycle.jitter: expected a percentage, got '10'; write 0% to 100%, as in 10%",
          ("4:61: pools.a.recycle.replacement: 'befor' is not known here; did you mean 'before'? It is one of before, "
           "after"),
          "4:68: pools.a.recycle.ages: there is no key of this name; did you mean 'age'?"}},
    Case{"replacement_before_with_index",
         R"(pools:
  a:
    plugins: []
    recycle: {replacement: before}
    env: {G: '{index}'}
)",
         {"4:28: pools.a.recycle.replacement: two workers of one rank would live at once, while env or cpu_affinity go "
          "by rank; write after, or remove the key"}},
    Case{"replacement_before_with_spread",
         R"(pools:
  a:
    plugins: []
    recycle: {replacement: before}
    cpu_affinity: spread
)",
         {"4:28: pools.a.recycle.replacement: two workers of one rank would live at once, while env or cpu_affinity go "
          "by rank; write after, or remove the key"}},
    Case{"too_few_entries_for_the_ranks",
         R"(pools:
  a:
    plugins: []
    processes: 4
    env: {G: [a, b]}
)",
         {"5:14: pools.a.env.G: the list has 2 entries for up to 4 workers; write one entry a worker, or lower "
          "processes"}},
    Case{"faulty_variables",
         R"(pools:
  a:
    plugins: []
    env: {G: {a: b}, H: , 'A=B': c, '': d}
)",
         {"4:14: pools.a.env.G: expected a text, got a map; write a text, \"\" for an empty one",
          "4:22: pools.a.env.H: the key has no value; write a text, \"\" for an empty one, or remove the key",
          "4:27: pools.a.env.A=B: this is no name of a variable; write a name without '='",
          "4:37: pools.a.env.: this is no name of a variable; write a name without '='"}},
    Case{"variable_list_with_null",
         R"(pools:
  a:
    plugins: []
    env: {A: 1, B: [1, ~]}
)",
         {"4:24: pools.a.env.B[1]: the key has no value; write a text, \"\" for an empty one, or remove the key"}},
    Case{"env_as_list",
         R"(pools:
  a:
    plugins: []
    env: [A=1]
)",
         {"4:10: pools.a.env: expected a map, got a list; write NAME: value, one a line below it"}},
    Case{"unknown_affinity",
         R"(pools:
  a:
    plugins: []
    cpu_affinity: sprad
)",
         {"4:19: pools.a.cpu_affinity: expected a list of CPUs, got 'sprad'; write all, spread, or a list of CPUs, as "
          "in [0, 1]"}},
    Case{"faulty_cpus",
         R"(pools:
  a:
    plugins: []
    cpu_affinity: [0, 0, -1, x]
)",
         {"4:23: pools.a.cpu_affinity[1]: the CPU stands here a second time; keep one of the two",
          "4:26: pools.a.cpu_affinity[2]: '-1' is too small; write a whole number from 0 to 1023",
          "4:30: pools.a.cpu_affinity[3]: 'x' is no whole number; write a whole number from 0 to 1023"}},
    Case{"no_cpus",
         R"(pools:
  a:
    plugins: []
    cpu_affinity: []
)",
         {"4:19: pools.a.cpu_affinity: the list is empty; write all, spread, or a list of CPUs, as in [0, 1]"}},
    Case{"niceness_out_of_range",
         R"(pools:
  a:
    plugins: []
    nice: 30
)",
         {"4:11: pools.a.nice: '30' is too large; write a whole number from -20 to 19"}},
    Case{"faulty_restart",
         R"(pools:
  a:
    plugins: []
    restart: {max: -1, within: 0s, x: 1}
)",
         {"4:20: pools.a.restart.max: '-1' is too small; write a whole number from 0 to 1000000",
          "4:32: pools.a.restart.within: it must be more than zero; write a number with a unit, such as 500ms, 30s, 5m "
          "or 1h",
          "4:36: pools.a.restart.x: there is no key of this name; the keys here are max, within"}},
    Case{"numbers_out_of_range",
         R"(pools:
  a:
    plugins: []
    queue_limit: 0
    prefetch: -1
    spin: 5
    retries: 1000000
)",
         {"4:18: pools.a.queue_limit: '0' is too small; write a whole number from 1 on",
          "5:15: pools.a.prefetch: '-1' is too small; write a whole number from 0 to 1000000",
          "6:11: pools.a.spin: '5' has no unit; write 5s if that is meant, or another unit",
          "7:14: pools.a.retries: '1000000' is too large; write a whole number from 0 to 1000"}},
    Case{"faulty_listen",
         R"(listen: {socket: {path: '', mode: 0999, allow_users: bob}, http: 8470}
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:25: listen.socket.path: the text is empty; write a text, or remove the key",
          "1:35: listen.socket.mode: expected a file mode in octal, got '0999'; write four octal digits, as in 0600",
          "1:54: listen.socket.allow_users: expected a list, got 'bob'; write [bob]",
          "1:66: listen.http: the port is missing; write HOST:PORT, as in 127.0.0.1:8470 or [::1]:8470, or unix:PATH"}},
    Case{"http_for_all_without_token",
         R"(listen: {http: '0.0.0.0:8470', metrics: 'example.org:1'}
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:16: listen.http: beyond this machine, HTTP needs a token; add http_token_file, or listen on 127.0.0.1",
          "1:41: listen.metrics: 'example.org' is no literal address; write HOST:PORT, as in 127.0.0.1:8470 or "
          "[::1]:8470, or unix:PATH"}},
    Case{"faulty_addresses",
         R"(listen: {http: ':8470', metrics: '127.0.0.1:99999'}
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:16: listen.http: '' is no literal address; write HOST:PORT, as in 127.0.0.1:8470 or [::1]:8470, or "
          "unix:PATH",
          "1:34: listen.metrics: '99999' is no port from 0 to 65535; write HOST:PORT, as in 127.0.0.1:8470 or "
          "[::1]:8470, or unix:PATH"}},
    Case{
        "socket_path_too_long",
        R"(listen: {socket: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, http: 'unix:'}
pools:
  a:
    plugins: []
    nice: 0
)",
        {"1:18: listen.socket: the path of the socket has 200 bytes; choose one of at most 107",
         "1:226: listen.http: the path is empty; write HOST:PORT, as in 127.0.0.1:8470 or [::1]:8470, or unix:PATH"}},
    Case{"unknown_log_words",
         R"(log: {level: warn, format: xml}
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:14: log.level: 'warn' is not known here; write one of debug, info, warning, error",
          "1:28: log.format: 'xml' is not known here; write one of text, json"}},
    Case{"log_as_text",
         R"(log: info
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:6: log: expected a map, got 'info'; write its keys below it, one 'key: value' a line"}},
    Case{"faulty_capsules",
         R"(capsules: {max: -1, max_size: 10, on: [crash, segv], dir: [x]}
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:17: capsules.max: '-1' is too small; write a whole number from 0 to 1000000",
          "1:31: capsules.max_size: '10' has no unit; write 10MiB if that is meant, or another unit",
          "1:47: capsules.on[1]: 'segv' is not known here; write one of crash, oom, limit, killed, exit, timeout",
          "1:59: capsules.dir: expected a text, got a list; write a text"}},
    Case{"capsule_causes_without_list",
         R"(capsules: {on: crash}
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:16: capsules.on: expected a list, got 'crash'; write a list, as in [crash, timeout]"}},
    Case{"faulty_pool_names",
         R"(pools:
  a b: {plugins: []}
  -x: {plugins: []}
)",
         {"2:3: pools.a b: this is no name of a pool; write up to 64 letters, digits, '_' and '-', the first no '-'",
          "3:3: pools.-x: this is no name of a pool; write up to 64 letters, digits, '_' and '-', the first no '-'"}},
    Case{"columns_count_characters",
         R"(pools:
  a: {plugins: [], env: {ä: ö, nice: 1}, nise: 1}
)",
         {"2:42: pools.a.nise: there is no key of this name; did you mean 'nice'?"}},
    Case{"plugin_path_without_list",
         R"(plugin_path: ../x
pools:
  a:
    plugins: []
    nice: 0
)",
         {"1:14: plugin_path: expected a list, got '../x'; write [../x]"}},
    Case{"long_values_are_cut",
         R"(pools:
  a:
    plugins: []
    timeout: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
)",
         {"4:14: pools.a.timeout: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' is no duration; "
          "write a number with a unit, such as 500ms, 30s, 5m or 1h"}},
    Case{"control_characters_are_made_visible",
         R"(pools:
  a:
    plugins: []
    start_method: "a\e[31m\nb"
)",
         {"4:19: pools.a.start_method: 'a\\x1b[31m\\x0ab' is not known here; write one of spawn, fork, forkserver"}},
};

INSTANTIATE_TEST_SUITE_P(Structure, FaultyConfiguration, testing::ValuesIn(cases), name_of_case);

}  // namespace
}  // namespace poolhost::config
