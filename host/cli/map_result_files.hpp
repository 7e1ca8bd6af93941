// SPDX-License-Identifier: Apache-2.0
// The files that --output writes: complete, or not there at all.
#pragma once

#include "base/error.hpp"
#include "cli/map_template.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

/// Remembers 64 bits of each name: eight to sixteen bytes of memory an item.
class NameSet {
public:
    /// False where the name was taken before.
    bool take(std::string_view name);

private:
    bool insert(std::uint64_t digest);
    void grow();

    std::vector<std::uint64_t> places_;  // open addressing; 0: empty
    std::size_t count_ = 0;
};

/// Folders that are missing are made. Under a temporary name beside it first, so that nobody ever sees half a file; a
/// file of that name is replaced.
base::Result<void> write_result_file(const std::string& name, std::span<const std::byte> bytes);

/// The names of the files, one an item.
class ResultFiles {
public:
    explicit ResultFiles(Template names) : names_(std::move(names)) {}

    [[nodiscard]] std::string name(const TemplateItem& item) const { return names_.expand(item); }
    /// Before the item runs: an error where it has no name that a file can have, or where an earlier item of the input
    /// has the same one.
    base::Result<void> claim(const TemplateItem& item);

private:
    Template names_;
    NameSet taken_;
};

}  // namespace poolhost::cli
