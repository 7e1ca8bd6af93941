// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.hpp"

#include <algorithm>
#include <system_error>

#include "base/nearest.hpp"
#include "catalog/abi.hpp"
#include "catalog/permissions.hpp"

namespace poolhost::catalog {
namespace {

constexpr std::string_view built_in_name = "poolhost";

TaskManifest built_in(std::string name, std::string signature, std::string doc) {
    TaskManifest task;
    task.name = std::move(name);
    task.signature = parse_signature(signature).value();
    task.signature_text = std::move(signature);
    task.doc = std::move(doc);
    task.idempotent = true;
    return task;
}

Manifest make_built_in_manifest() {
    Manifest manifest;
    manifest.name = built_in_name;
    manifest.doc = "What every pool can do.";
    manifest.abi = std::to_string(base::host_abi.major) + "." + std::to_string(base::host_abi.minor);
    manifest.tasks = {
        built_in("start_method", "() -> string", "How the worker was started: spawn, fork or forkserver."),
        built_in("ping", "() -> string", "Answers \"pong\"."),
        built_in("echo", "(value: value) -> value", "Answers what it was given."),
        built_in("worker_info", "() -> value", "What a worker knows of itself as a process."),
    };
    return manifest;
}

bool is_same_file(const Manifest& a, const Manifest& b) {
    std::error_code failed;
    return a.file == b.file || std::filesystem::equivalent(a.file, b.file, failed);
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

const Manifest& built_in_manifest() {
    static const Manifest manifest = make_built_in_manifest();
    return manifest;
}

base::Result<const Manifest*> Catalog::add(const std::filesystem::path& file) {
    auto manifest = read_manifest(file);
    if (!manifest) return manifest.error();
    if (const auto safe = check_file_permissions(file); !safe) return safe.error();
    if (const auto abi = check_abi(manifest->abi); !abi)
        return base::Error{file.string() + ": plugin '" + manifest->name + "' is " + abi.error().message};
    return add(std::move(*manifest));
}

base::Result<const Manifest*> Catalog::add(Manifest manifest) {
    if (manifest.name == built_in_name)
        return base::Error{manifest.file.string() +
                           ": a plugin cannot be called 'poolhost', the name of the built-in tasks; give it another"};
    if (const Manifest* const taken = find_plugin(manifest.name)) {
        if (is_same_file(*taken, manifest)) return taken;
        return base::Error{"two plugins are called '" + manifest.name + "': " + taken->file.string() + " and " +
                           manifest.file.string() + "; leave one out, or rename it"};
    }
    return &plugins_.emplace_back(std::move(manifest));
}

const Manifest* Catalog::find_plugin(std::string_view name) const {
    if (name == built_in_name) return &built_in_manifest();
    const auto found = std::ranges::find(plugins_, name, &Manifest::name);
    return found == plugins_.end() ? nullptr : &*found;
}

const TaskManifest* Catalog::find_task(std::string_view qualified_name) const {
    const std::size_t dot = qualified_name.find('.');
    if (dot == std::string_view::npos) return nullptr;
    const Manifest* const plugin = find_plugin(qualified_name.substr(0, dot));
    return plugin ? plugin->find_task(qualified_name.substr(dot + 1)) : nullptr;
}

std::vector<std::string> Catalog::task_names() const {
    std::vector<std::string> names;
    const auto take = [&](const Manifest& plugin) {
        for (const TaskManifest& task : plugin.tasks) names.push_back(plugin.name + "." + task.name);
    };
    std::ranges::for_each(plugins_, take);
    take(built_in_manifest());
    return names;
}

std::optional<std::string> Catalog::nearest_task(std::string_view name) const {
    const std::vector<std::string> names = task_names();
    if (auto nearest = base::nearest_name(name, names)) return nearest;
    const auto same = std::ranges::find(names, last_part(name), last_part);
    return same == names.end() ? std::nullopt : std::optional(*same);
}

}  // namespace poolhost::catalog
