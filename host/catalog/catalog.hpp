// SPDX-License-Identifier: Apache-2.0
// The plugins of a pool and the tasks that they offer, by name, without having loaded one of them.
#pragma once

#include "base/error.hpp"
#include "catalog/manifest.hpp"

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::catalog {

/// The tasks that every pool has: poolhost.start_method, poolhost.ping, poolhost.echo, poolhost.worker_info.
const Manifest& built_in_manifest();

/// Pointers that it hands out are valid as long as the catalog, whatever is added.
class Catalog {
public:
    /// Reads the manifest of `file` and takes it in, if its permissions and its ABI allow. The same file again is no
    /// fault: its manifest is returned once more.
    base::Result<const Manifest*> add(const std::filesystem::path& file);
    /// Takes a manifest in; refuses a name that another file has taken already, and the built-in "poolhost".
    base::Result<const Manifest*> add(Manifest manifest);

    /// In the order of adding; without the built-in one.
    [[nodiscard]] const std::deque<Manifest>& plugins() const { return plugins_; }
    /// nullptr where there is none; "poolhost" is always there.
    [[nodiscard]] const Manifest* find_plugin(std::string_view name) const;
    /// By its qualified name, "plugin.task"; nullptr where there is none.
    [[nodiscard]] const TaskManifest* find_task(std::string_view qualified_name) const;
    /// All qualified names: plugins in the order of adding, then the built-in tasks.
    [[nodiscard]] std::vector<std::string> task_names() const;
    /// The task that somebody probably meant: by the whole name, or by the part behind the dot.
    [[nodiscard]] std::optional<std::string> nearest_task(std::string_view name) const;

private:
    std::deque<Manifest> plugins_;  // a deque keeps addresses
};

}  // namespace poolhost::catalog
