// SPDX-License-Identifier: Apache-2.0
#include "aftermath/modules.hpp"

#include "aftermath/elf_file.hpp"

#include <elfutils/libdwfl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

namespace poolhost::aftermath {
namespace {

// Files are reported as they are opened; nothing else is looked for.
int find_no_elf(Dwfl_Module*, void**, const char*, Dwarf_Addr, char**, Elf**) { return -1; }

const Dwfl_Callbacks callbacks = {
    .find_elf = find_no_elf,
    // What is installed on this machine. It would ask a server, too, if the environment named one: see name_stack().
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = nullptr,
};

// A file has many names.
bool is_same_file(const std::string& one, const std::string& other) {
    std::error_code unknown;
    return one == other || std::filesystem::equivalent(one, other, unknown);
}

const wire::PluginFile* plugin_at(std::span<const wire::PluginFile> plugins, const std::string& path) {
    const auto found =
        std::ranges::find_if(plugins, [&](const auto& plugin) { return is_same_file(plugin.path, path); });
    return found == plugins.end() ? nullptr : &*found;
}

}  // namespace

Modules::Modules(const std::vector<Region>& map, std::span<const wire::PluginFile> plugins)
    : dwfl_(::dwfl_begin(&callbacks)) {
    if (dwfl_ != nullptr) ::dwfl_report_begin(dwfl_);
    for (const Region& region : map) open(mapped_.emplace_back(Mapped{region, std::nullopt}), plugins);
    if (dwfl_ != nullptr) ::dwfl_report_end(dwfl_, nullptr, nullptr);
}

Modules::~Modules() {
    if (dwfl_ != nullptr) ::dwfl_end(dwfl_);
}

void Modules::open(Mapped& mapped, std::span<const wire::PluginFile> plugins) {
    const Region& region = mapped.region;
    const bool is_file = region.path.starts_with('/');
    if (!is_file && region.path != "[vdso]") return;
    base::UniqueFd fd = is_file ? open_file(region.path) : copy_vdso(region);
    const wire::PluginFile* const plugin = is_file && fd ? plugin_at(plugins, region.path) : nullptr;
    const bool is_known = plugin != nullptr && !plugin->build_id.empty();
    const bool is_as_known = is_known && build_id_of(fd.get()) == plugin->build_id;
    if (region.deleted && !is_as_known) {
        mapped.remark = ", a file that has been deleted or replaced";
    } else if (is_known && !is_as_known) {
        mapped.remark = ", a file that has been changed since";
    } else if (!fd || !report(mapped, fd.release())) {
        mapped.remark = ", a file that cannot be read";
    }
}

// Takes the descriptor over. A library of several executable regions is reported for each of them, and is one module.
bool Modules::report(Mapped& mapped, int fd) {
    base::UniqueFd owned(fd);
    const auto bias = bias_of(fd, mapped.region);
    if (!bias || dwfl_ == nullptr) return false;
    const std::string name(mapped.region.name());
    if (::dwfl_report_elf(dwfl_, name.c_str(), mapped.region.path.c_str(), fd, *bias, true) == nullptr) return false;
    (void)owned.release();
    mapped.bias = bias;
    return true;
}

const Modules::Mapped* Modules::find(std::uint64_t address) const {
    const auto after =
        std::ranges::upper_bound(mapped_, address, {}, [](const Mapped& each) { return each.region.begin; });
    if (after == mapped_.begin()) return nullptr;
    const Mapped& before = *std::prev(after);
    return before.region.contains(address) ? &before : nullptr;
}

std::string Modules::place(std::uint64_t address) const {
    const Mapped* const mapped = find(address);
    if (mapped == nullptr) return "no module";
    const Region& region = mapped->region;
    if (region.path.empty()) return "memory that is no file's";
    const std::uint64_t offset = mapped->bias ? address - *mapped->bias : address - region.begin + region.offset;
    return std::string(region.name()) + "+" + hexadecimal(offset) + mapped->remark;
}

std::string hexadecimal(std::uint64_t number) {
    std::array<char, 16> text;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number, 16);
    return "0x" + std::string(text.data(), end);
}

}  // namespace poolhost::aftermath
