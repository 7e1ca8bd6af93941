// SPDX-License-Identifier: Apache-2.0
#include "config/scalars.hpp"
#include "config/sections.hpp"

namespace poolhost::config {
namespace {

constexpr std::int64_t most_workers = 4096;

Processes read_elastic(const Value& value) {
    Section section(value);
    Processes processes;
    processes.automatic = false;
    processes.max = section.get("max", processes.max, number_in<std::uint32_t>({1, most_workers}));
    processes.min = section.get("min", processes.min, number_in<std::uint32_t>({0, most_workers}));
    processes.idle_timeout = section.get("idle_timeout", processes.idle_timeout, duration_with(Zero::allowed));
    section.require("min", "write how many workers stay when there is nothing to do; 0 is allowed");
    section.require("max", "write how many workers there may be");
    section.finish();
    if (processes.min > processes.max && !value.reading->is_faulty(value.path)) {
        value.reading->report_at(
            value.path + ".min",
            "min is " + std::to_string(processes.min) + ", more than max, which is " + std::to_string(processes.max),
            "write a min of at most max");
    }
    return processes;
}

}  // namespace

Processes read_processes(const Value& value) {
    if (value.node->kind == Node::Kind::map) return read_elastic(value);
    Processes processes;
    processes.min = processes.max = value.reading->usable_cpus;
    if (value.is_word("auto")) return processes;
    if (value.is_scalar() && !value.node->text.empty() &&
        std::isdigit(static_cast<unsigned char>(value.node->text[0])) == 0 && value.node->text[0] != '-') {
        value.fault(what_stands(*value.node) + " is no number of workers", "write auto, a number, or {min: 1, max: 4}");
        return processes;
    }
    const auto count = number_in<std::uint32_t>({1, most_workers})(value);
    if (!count) return processes;
    processes.automatic = false;
    processes.min = processes.max = *count;
    return processes;
}

}  // namespace poolhost::config
