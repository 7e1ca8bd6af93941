// SPDX-License-Identifier: Apache-2.0
#include "kept_call.hpp"

#include "catalog/manifest.hpp"

#include <stdexcept>

namespace poolhost::test {
namespace {

constexpr std::uint64_t most_bytes = 64 << 20;

}  // namespace

KeptCall::KeptCall(std::string task, const std::filesystem::path& plugin_file, std::string_view json_arguments) {
    const auto manifest = catalog::read_manifest(plugin_file);
    if (!manifest) throw std::runtime_error(manifest.error().message);
    capsule.poolhost_version = "0.1.0";
    capsule.written_unix_ns = 1'795'396'500'123'456'789;
    capsule.call_id = "17";
    capsule.task = std::move(task);
    capsule.plugin_build = manifest->build_id;
    capsule.worker.pool = "kept";
    capsule.worker.start_method = "spawn";
    capsule.worker.worker_index = 0;
    capsule.worker.plugins = {{manifest->name, plugin_file.string(), manifest->build_id, false}};
    capsule.cause = "crash";
    capsule.message = "the worker was killed by SIGSEGV";
    capsule.signal = "SIGSEGV";
    capsule.stack = {"parse(char const*) at parse.cpp:12"};
    capsule.errors = {"its last word"};
    input.bytes = json_arguments;
    input.encoding = wire::Encoding::json;
}

std::string KeptCall::write(const Folder& folder) const {
    std::vector<std::span<const std::byte>> contents;
    for (const std::string& buffer : buffers) contents.push_back(std::as_bytes(std::span(buffer)));
    const auto file = capsule::write({folder.path().string(), 100, most_bytes}, capsule, input, contents);
    if (!file) throw std::runtime_error(file.error().message);
    return file->string();
}

Ended replay(const std::string& capsule, Args options) {
    options.insert(options.begin(), {"replay", capsule});
    return run(options);
}

}  // namespace poolhost::test
