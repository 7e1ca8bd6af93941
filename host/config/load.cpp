// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "base/build.hpp"
#include "base/error.hpp"
#include "config/checks.hpp"
#include "config/cpus.hpp"
#include "config/document.hpp"
#include "config/sections.hpp"
#include "config/source_text.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <system_error>

namespace poolhost::config {
namespace {

/// Relative to the folder of the poolhost program, in a build tree.
constexpr std::string_view built_plugins = "../plugins";

std::filesystem::path absolute_path(const std::filesystem::path& file) {
    std::error_code failed;
    const auto path = std::filesystem::absolute(file, failed);
    return (failed ? file : path).lexically_normal();
}

Reading begin_reading(const std::filesystem::path& file, const LoadOptions& options) {
    Reading reading;
    reading.origin.file = absolute_path(file);
    reading.usable_cpus = options.usable_cpus;
    if (reading.usable_cpus == 0) reading.usable_cpus = options.depth == Depth::full ? usable_cpus() : 1;
    return reading;
}

void check(Reading& reading, HostConfig& config, const LoadOptions& options) {
    auto folders = config.plugin_path;
    folders.insert(folders.end(), options.further_plugin_folders.begin(), options.further_plugin_folders.end());
    for (PoolConfig& pool : config.pools) {
        check_plugins(reading, pool, folders);
        check_machine(reading, pool);
    }
    check_machine(reading, config.listen);
}

ConfigResult load(const SourceText& source, const std::filesystem::path& file, const LoadOptions& options) {
    Reading reading = begin_reading(file, options);
    Document document = parse_document(source);
    for (Fault& fault : document.faults) reading.take(std::move(fault));
    if (!document.root || document.root->kind == Node::Kind::nothing) {
        if (reading.faults.empty()) {
            reading.report(Place{1, 1}, "", "the file is empty", "describe at least one pool, below 'pools:'");
        }
        return reading.faults;
    }
    HostConfig config = read_host(Value{&reading, document.root, ""});
    if (options.depth == Depth::full) check(reading, config, options);
    std::ranges::stable_sort(reading.faults, {}, &Fault::place);
    if (!reading.faults.empty()) return reading.faults;
    config.origin = std::move(reading.origin);
    return config;
}

// yaml-cpp, the file system library and memory can throw; nobody outside of this room should notice.
template <class Load>
ConfigResult without_exceptions(Load load_it) {
    try {
        return load_it();
    } catch (const std::exception& failure) {
        return Faults{Fault{Place{1, 1}, "", "the file cannot be taken in: " + std::string(failure.what()),
                            "make it smaller or simpler"}};
    }
}

std::filesystem::path folder_of_this_program() {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    return failed ? std::filesystem::path() : program.parent_path();
}

}  // namespace

ConfigResult load_config(const std::filesystem::path& file, const LoadOptions& options) {
    return without_exceptions([&]() -> ConfigResult {
        const auto source = SourceText::read(file);
        if (!source) return source.error();
        return load(*source, file, options);
    });
}

ConfigResult load_config_text(std::string_view text, const std::filesystem::path& file, const LoadOptions& options) {
    return without_exceptions([&]() -> ConfigResult {
        const auto source = SourceText::from(text);
        if (!source) return source.error();
        return load(*source, file, options);
    });
}

std::vector<std::filesystem::path> standard_plugin_folders() {
    std::vector<std::filesystem::path> folders;
    const char* const listed = std::getenv("POOLHOST_PLUGIN_PATH");
    std::istringstream parts(listed ? listed : "");
    for (std::string folder; std::getline(parts, folder, ':');) {
        if (!folder.empty()) folders.push_back(absolute_path(folder));
    }
    for (const std::string_view place : {base::installed_plugins, built_plugins}) {
        folders.push_back((folder_of_this_program() / place).lexically_normal());
    }
    return folders;
}

void throw_exception_from_error(const Faults& faults, const boost::source_location&) {
    base::bug("unchecked configuration: " + (faults.empty() ? std::string("no fault") : describe(faults.front(), "")));
}

}  // namespace poolhost::config
