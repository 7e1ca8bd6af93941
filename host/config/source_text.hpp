// SPDX-License-Identifier: Apache-2.0
// The bytes of a configuration file: read within bounds, known to be clean UTF-8, with the place of every byte.
#pragma once

#include "config/fault.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::config {

class SourceText {
public:
    static constexpr std::size_t max_size = 1U << 20U;

    static boost::system::result<SourceText, Faults> read(const std::filesystem::path& file);
    /// A byte order mark is dropped; any other doubtful byte is a fault.
    static boost::system::result<SourceText, Faults> from(std::string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }
    /// From a line and a column of bytes, both counted from 0; what lies beyond the end is the end.
    [[nodiscard]] Place place(std::size_t line, std::size_t byte_column) const;
    /// Whether a tab stands among the blanks at the beginning of this line, counted from 0.
    [[nodiscard]] bool is_indented_by_tab(std::size_t line) const;

private:
    explicit SourceText(std::string text);
    [[nodiscard]] std::string_view line_at(std::size_t line) const;
    [[nodiscard]] Faults first_doubtful_byte() const;

    std::string text_;
    std::vector<std::size_t> line_starts_;
    std::vector<std::size_t> continuations_;  // where the bytes lie that begin no character
};

}  // namespace poolhost::config
