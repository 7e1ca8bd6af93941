// SPDX-License-Identifier: Apache-2.0
#include "cli/inspection.hpp"

#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

using Json = nlohmann::json;

LoadedTask task_of(const Json& json) {
    return {json.at("name"), json.at("idempotent"), std::chrono::nanoseconds(json.at("timeout_ns"))};
}

}  // namespace

base::Result<LoadedPlugin> parse_inspection(std::string_view line) try {
    const Json json = Json::parse(line.begin(), line.end());
    LoadedPlugin plugin{json.at("name"), json.at("version"), json.at("abi"), json.at("fork_safe"), {}};
    for (const Json& task : json.at("tasks")) plugin.tasks.push_back(task_of(task));
    return plugin;
} catch (const Json::exception& broken) {
    return base::Error{std::string("the process that loaded it wrote something unreadable: ") + broken.what()};
}

}  // namespace poolhost::cli
