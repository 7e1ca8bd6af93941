// SPDX-License-Identifier: Apache-2.0
#include "config/source_text.hpp"

#include "base/fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace poolhost::config {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

Faults whole_file(std::string cause, std::string remedy) {
    return {Fault{Place{1, 1}, "", std::move(cause), std::move(remedy)}};
}

Faults too_large() {
    return whole_file("the file is larger than 1MiB", "a configuration is a few kilobytes: name another file");
}

Faults cannot(std::string_view verb, int error_number) {
    const std::string reason = std::generic_category().message(error_number);
    return whole_file("the file cannot be " + std::string(verb) + ": " + reason,
                      error_number == ENOENT ? "name a file that exists" : "make it a file that you may read");
}

boost::system::result<std::string, Faults> read_bounded(int fd) {
    std::string text(SourceText::max_size + 1, '\0');
    std::size_t filled = 0;
    while (filled < text.size()) {
        const ssize_t got = ::read(fd, text.data() + filled, text.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot("read", errno);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    text.resize(filled);
    return text;
}

// Length of the well-formed UTF-8 sequence at the beginning (RFC 3629: no overlong forms, no surrogates); 0: none.
std::size_t utf8_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    const unsigned first = at(0);
    const unsigned second = at(1);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4 || !follows(1)) return 0;
    if (first < 0xE0) return 2;
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || !follows(2)) return 0;
    if (first < 0xF0) return 3;
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) || !follows(3)) return 0;
    return 4;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

}  // namespace

SourceText::SourceText(std::string text) : text_(std::move(text)), line_starts_{0} {
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') line_starts_.push_back(i + 1);
        if ((text_[i] & 0xC0) == 0x80) continuations_.push_back(i);
    }
}

boost::system::result<SourceText, Faults> SourceText::read(const std::filesystem::path& file) {
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    const base::UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd) return cannot("opened", errno);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return cannot("read", errno);
    if (S_ISDIR(status.st_mode)) return whole_file("this is a folder", "name the YAML file itself");
    if (!S_ISREG(status.st_mode)) return whole_file("this is no regular file", "name a YAML file");
    auto text = read_bounded(fd.get());
    if (!text) return text.error();
    return from(*text);
}

boost::system::result<SourceText, Faults> SourceText::from(std::string_view text) {
    if (text.size() > max_size) return too_large();
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    SourceText source{std::string(text)};
    Faults faults = source.first_doubtful_byte();
    if (!faults.empty()) return faults;
    return source;
}

Faults SourceText::first_doubtful_byte() const {
    for (std::size_t i = 0; i < text_.size();) {
        const std::size_t length = utf8_length(std::string_view(text_).substr(i, 4));
        if (length != 0 && !is_control(text_[i])) {
            i += length;
            continue;
        }
        const auto line =
            static_cast<std::size_t>(std::ranges::upper_bound(line_starts_, i) - line_starts_.begin()) - 1;
        const Place where = place(line, i - line_starts_[line]);
        if (length == 0) return {Fault{where, "", "this is not UTF-8", "save the file as UTF-8"}};
        const std::string which = text_[i] == '\0' ? "a NUL byte" : "a control character";
        return {Fault{where, "", which + " stands here", "remove it; in double quotes, an escape may say it"}};
    }
    return {};
}

std::string_view SourceText::line_at(std::size_t line) const {
    if (line >= line_starts_.size()) return {};
    const std::size_t end = line + 1 < line_starts_.size() ? line_starts_[line + 1] : text_.size();
    return std::string_view(text_).substr(line_starts_[line], end - line_starts_[line]);
}

Place SourceText::place(std::size_t line, std::size_t byte_column) const {
    if (line >= line_starts_.size()) return place(line_starts_.size() - 1, text_.size() - line_starts_.back());
    const std::size_t start = line_starts_[line];
    const std::size_t column = std::min(byte_column, line_at(line).size());
    const auto first = std::ranges::lower_bound(continuations_, start);
    const auto last = std::ranges::lower_bound(continuations_, start + column);
    return Place{static_cast<int>(line) + 1, static_cast<int>(column) - static_cast<int>(last - first) + 1};
}

bool SourceText::is_indented_by_tab(std::size_t line) const {
    const auto text = line_at(line);
    const auto blanks = text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
    return blanks.find('\t') != std::string_view::npos;
}

}  // namespace poolhost::config
