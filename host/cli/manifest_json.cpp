// SPDX-License-Identifier: Apache-2.0
#include "cli/inspect.hpp"

#include "catalog/describe.hpp"

#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json seconds_or_null(std::chrono::nanoseconds duration) {
    return duration.count() == 0 ? Json() : Json(std::chrono::duration<double>(duration).count());
}

Json parameters_of(const catalog::Signature& signature) {
    Json list = Json::array();
    for (const catalog::Parameter& parameter : signature.parameters) {
        list.push_back({{"name", parameter.name}, {"type", to_string(parameter.type)}});
    }
    return list;
}

Json task_of(const catalog::Manifest& manifest, const catalog::TaskManifest& task) {
    return {{"name", manifest.name + "." + task.name},
            {"signature", task.signature_text},
            {"parameters", parameters_of(task.signature)},
            {"returns", to_string(task.signature.result)},
            {"doc", task.doc},
            {"idempotent", task.idempotent},
            {"timeout_s", seconds_or_null(task.timeout.value_or(std::chrono::nanoseconds(0)))}};
}

Json task_of(const LoadedPlugin& plugin, const LoadedTask& task) {
    return {{"name", plugin.name + "." + task.name},
            {"signature", nullptr},
            {"doc", ""},
            {"idempotent", task.idempotent},
            {"timeout_s", seconds_or_null(task.timeout)}};
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string manifest_json(const catalog::Manifest& manifest) {
    Json tasks = Json::array();
    for (const catalog::TaskManifest& task : manifest.tasks) tasks.push_back(task_of(manifest, task));
    return text_of({{"name", manifest.name},
                    {"version", manifest.version},
                    {"doc", manifest.doc},
                    {"abi", manifest.abi},
                    {"build_id", or_null(manifest.build_id)},
                    {"sdk", or_null(manifest.sdk)},
                    {"file", or_null(manifest.file.string())},
                    {"not_fork_safe", or_null(manifest.not_fork_safe)},
                    {"tasks", std::move(tasks)}});
}

std::string loaded_json(const LoadedPlugin& loaded, const std::filesystem::path& file) {
    Json tasks = Json::array();
    for (const LoadedTask& task : loaded.tasks) tasks.push_back(task_of(loaded, task));
    return text_of({{"name", loaded.name},
                    {"version", loaded.version},
                    {"doc", ""},
                    {"abi", loaded.abi},
                    {"build_id", nullptr},
                    {"sdk", nullptr},
                    {"file", file.string()},
                    {"fork_safe", loaded.fork_safe},
                    {"tasks", std::move(tasks)}});
}

std::string describe_loaded(const LoadedPlugin& loaded, const std::filesystem::path& file) {
    std::string text = loaded.name + " " + loaded.version + " (no manifest: loaded to see)\n";
    text += "  ABI " + loaded.abi + ", " + (loaded.fork_safe ? "may be forked" : "must not cross a fork") + "\n";
    text += "  file " + file.string() + "\n";
    for (const LoadedTask& task : loaded.tasks) {
        text += "\n  " + loaded.name + "." + task.name;
        if (task.idempotent) text += ", idempotent";
        if (task.timeout.count() != 0) text += ", timeout " + catalog::describe(task.timeout);
    }
    return text + "\n";
}

}  // namespace poolhost::cli
