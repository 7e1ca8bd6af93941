// SPDX-License-Identifier: Apache-2.0
#include "plugin/loaded_plugin.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <system_error>
#include <utility>

#include "plugin/load_failure.hpp"
#include "plugin/table.hpp"
#include "plugin/thrown_text.hpp"

namespace poolhost::plugin {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

constexpr const char* entry_name = "poolhost_plugin_v1";

base::Error about(const fs::path& file, const std::string& what) { return base::Error{file.string() + ": " + what}; }

// Runs what is the library's own code: its static constructors, and the function that gives the table.
template <class Run>
base::Result<void> guarded(const fs::path& file, std::string_view when, const Run& run) {
    const auto thrown = thrown_by(run);
    if (!thrown) return {};
    return about(file, "threw an exception " + std::string(when) + ": " + *thrown +
                           "; let it catch, and fail in on_preload or on_start instead");
}

// dlopen would wait for a writer of a FIFO, for ever.
base::Result<fs::path> regular_file(const fs::path& file) {
    std::error_code failed;
    const fs::file_status status = fs::status(file, failed);
    if (!fs::exists(status))
        return explain_load_failure(
            file, "cannot open shared object file: " + (failed ? failed.message() : "No such file or directory"));
    if (!fs::is_regular_file(status)) return about(file, "is no regular file; name a plugin's shared library");
    fs::path absolute = fs::absolute(file, failed);  // without a '/' dlopen would search the system's folders
    return failed ? file : absolute;
}

base::Result<dll::shared_library> open_library(const fs::path& file) {
    constexpr auto never_unload = static_cast<dll::load_mode::type>(RTLD_NODELETE);
    dll::shared_library library;
    std::error_code failed;
    const auto ran = guarded(file, "while it was loaded", [&] {
        library.load(file, failed, dll::load_mode::rtld_now | dll::load_mode::rtld_local | never_unload);
    });
    if (!ran) return ran.error();
    if (!failed) return library;
    const char* const text = ::dlerror();  // Boost.DLL leaves it for who asks, and says less itself
    return explain_load_failure(file, text ? text : failed.message());
}

base::Result<const poolhost_plugin_table_v1*> table_of(const fs::path& file, const dll::shared_library& library) {
    if (!library.has(entry_name))
        return about(file, std::string("is no plugin: it has no function ") + entry_name +
                               "; write POOLHOST_PLUGIN in one of its sources");
    const poolhost_plugin_table_v1* table = nullptr;
    const auto ran = guarded(file, "when asked for its table",
                             [&] { table = library.get<const poolhost_plugin_table_v1*()>(entry_name)(); });
    if (!ran) return ran.error();
    return table;
}

}  // namespace

LoadedPlugin::LoadedPlugin(fs::path file, const poolhost_plugin_table_v1* table)
    : file_(std::move(file)), table_(table), tasks_(tasks_of(*table)) {}

base::Result<LoadedPlugin> LoadedPlugin::load(const fs::path& file) {
    const auto path = regular_file(file);
    if (!path) return path.error();
    const auto library = open_library(*path);
    if (!library) return library.error();
    const auto table = table_of(*path, *library);
    if (!table) return table.error();
    if (const auto checked = check_table(*table); !checked) return about(*path, checked.error().message);
    return LoadedPlugin(*path, *table);
}

const poolhost_task_v1* LoadedPlugin::find_task(std::string_view name) const {
    const auto found = std::ranges::find_if(tasks_, [&](const poolhost_task_v1* task) { return name == task->name; });
    return found == tasks_.end() ? nullptr : *found;
}

}  // namespace poolhost::plugin
