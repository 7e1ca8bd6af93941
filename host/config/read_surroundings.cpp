// SPDX-License-Identifier: Apache-2.0
// What a worker finds around itself: its environment and its CPUs.
#include "config/scalars.hpp"
#include "config/sections.hpp"

#include <sched.h>

#include <set>

namespace poolhost::config {
namespace {

// An empty text is a value here.
std::optional<std::string> read_env_text(const Value& value) {
    if (!value.is_scalar()) {
        value.wrong_type("a text", "write a text, \"\" for an empty one");
        return std::nullopt;
    }
    return value.node->text;
}

EnvEntry read_env_entry(const Value& value, std::string name) {
    EnvEntry entry{std::move(name), {}, value.node->kind == Node::Kind::list};
    // A faulty text leaves a gap, so that the length of a list stays what was written.
    for (const Value& item : entry.per_rank ? value.items() : std::vector{value}) {
        entry.values.push_back(item.is_faulty() ? "" : read_env_text(item).value_or(""));
    }
    return entry;
}

}  // namespace

std::vector<EnvEntry> read_env(const Value& value) {
    if (value.node->kind != Node::Kind::map) value.wrong_type("a map", "write NAME: value, one a line below it");
    std::vector<EnvEntry> env;
    for (const MapEntry& entry : value.node->entries) {
        if (entry.key.empty() || entry.key.find('=') != std::string::npos) {
            value.reading->report(entry.key_place, value.path + "." + entry.key, "this is no name of a variable",
                                  "write a name without '='");
        }
        const Value variable{value.reading, entry.value, value.path + "." + entry.key};
        value.reading->origin.places[variable.path] = entry.value->place;
        env.push_back(read_env_entry(variable, entry.key));
    }
    return env;
}

CpuAffinity read_cpu_affinity(const Value& value) {
    CpuAffinity affinity;
    const std::string remedy = "write all, spread, or a list of CPUs, as in [0, 1]";
    if (value.is_word("all")) return affinity;
    if (value.is_word("spread")) {
        affinity.kind = CpuAffinity::Kind::spread;
        return affinity;
    }
    if (value.node->kind != Node::Kind::list) {
        value.wrong_type("a list of CPUs", remedy);
        return affinity;
    }
    if (value.node->items.empty()) value.fault("the list is empty", remedy);
    std::set<std::uint32_t> cpus;
    for (const Value& item : value.items()) {
        const auto cpu = item.is_faulty() ? std::nullopt : number_in<std::uint32_t>({0, CPU_SETSIZE - 1})(item);
        if (cpu && !cpus.insert(*cpu).second) item.fault("the CPU stands here a second time", "keep one of the two");
    }
    affinity.kind = CpuAffinity::Kind::list;
    affinity.cpus.assign(cpus.begin(), cpus.end());
    return affinity;
}

}  // namespace poolhost::config
