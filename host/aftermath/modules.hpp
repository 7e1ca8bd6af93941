// SPDX-License-Identifier: Apache-2.0
// The files whose code a dead process had mapped, opened for what they know of it: unwind tables, symbols, lines.
#pragma once

#include "aftermath/memory_map.hpp"
#include "wire/description.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct Dwfl;

namespace poolhost::aftermath {

/// A file is used only while it is what the process had mapped: not where its name is another file's by now, nor where
/// a plugin's build id is no longer the one that the host knows.
class Modules {
public:
    Modules(const std::vector<Region>& map, std::span<const wire::PluginFile> plugins);
    ~Modules();
    Modules(const Modules&) = delete;
    Modules& operator=(const Modules&) = delete;

    [[nodiscard]] Dwfl* dwfl() const { return dwfl_; }
    /// Whether there was anything to run.
    [[nodiscard]] bool is_code(std::uint64_t address) const { return find(address) != nullptr; }
    /// Such as "libmine.so+0x1139", with a remark where the file could not be used, or "no module". The number is an
    /// address as the file's own tables have it; where it is not used, an offset in the file.
    [[nodiscard]] std::string place(std::uint64_t address) const;

private:
    struct Mapped {
        Region region;
        std::optional<std::uint64_t> bias;  // added to the file's addresses; nothing where it is not used
        const char* remark = "";            // why it is not
    };
    [[nodiscard]] const Mapped* find(std::uint64_t address) const;
    void open(Mapped& mapped, std::span<const wire::PluginFile> plugins);
    bool report(Mapped& mapped, int fd);

    Dwfl* dwfl_;
    std::vector<Mapped> mapped_;  // in the order of their addresses
};

/// Such as "0x1139".
std::string hexadecimal(std::uint64_t number);

}  // namespace poolhost::aftermath
