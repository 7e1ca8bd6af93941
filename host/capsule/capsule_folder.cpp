// SPDX-License-Identifier: Apache-2.0
#include "capsule/capsule_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <vector>

#include <sys/stat.h>

namespace poolhost::capsule {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".capsule";
constexpr std::string_view time_form =
    "dddddddd"
    "Tdddddd.dddZ-";  // d: a digit
// Task names may be longer than a file's name.
constexpr std::size_t longest_task = 120;
constexpr auto unfinished_patience = std::chrono::hours(1);

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_plain(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

std::string plain(std::string_view text) {
    std::string result(text.substr(0, longest_task));
    std::ranges::replace_if(
        result, [](char c) { return !is_plain(c); }, '_');
    return result;
}

std::string time_text(std::chrono::milliseconds since_1970) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_1970);
    const std::time_t time = seconds.count();
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d%02d%02dT%02d%02d%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                  static_cast<int>((since_1970 - seconds).count()));
    return text.data();
}

/// The part of a text before its last '-', which is left with what follows it.
std::string_view cut_last_part(std::string_view& text) {
    const auto dash = text.rfind('-');
    const std::string_view last = dash == std::string_view::npos ? std::string_view() : text.substr(dash + 1);
    text = text.substr(0, dash == std::string_view::npos ? 0 : dash);
    return last;
}

bool is_unfinished(std::string_view name) {
    return name.ends_with(unfinished_suffix) && is_file_name(name.substr(0, name.size() - unfinished_suffix.size()));
}

bool is_forgotten(const fs::directory_entry& entry) {
    std::error_code gone;
    const auto changed = entry.last_write_time(gone);
    return !gone && fs::file_time_type::clock::now() - changed > unfinished_patience;
}

void remove_quietly(const fs::path& file) {
    std::error_code ignored;  // somebody else may have removed it, and a capsule too many harms nobody
    fs::remove(file, ignored);
}

}  // namespace

std::string file_name(const wire::Capsule& capsule, std::chrono::milliseconds since_1970, pid_t pid) {
    return time_text(since_1970) + "-" + plain(capsule.task) + "-" + plain(capsule.cause) + "-" + std::to_string(pid) +
           std::string(suffix);
}

bool is_file_name(std::string_view name) {
    if (!name.ends_with(suffix) || name.size() < time_form.size()) return false;
    name.remove_suffix(suffix.size());
    for (const char form : time_form) {
        if (form == 'd' ? !is_digit(name.front()) : name.front() != form) return false;
        name.remove_prefix(1);
        if (name.empty()) return false;
    }
    const std::string_view pid = cut_last_part(name);
    const std::string_view cause = cut_last_part(name);
    return !pid.empty() && std::ranges::all_of(pid, is_digit) && !cause.empty() &&
           std::ranges::all_of(cause, is_plain) && std::ranges::all_of(name, is_plain);
}

base::Result<void> make_folder(const fs::path& folder) {
    fs::path made;
    for (const fs::path& part : folder) {
        made /= part;
        if (::mkdir(made.c_str(), 0700) == 0 || errno == EEXIST) continue;
        // A folder on the way may be there and closed to us, or on a read-only file system.
        const int error = errno;
        std::error_code unreadable;
        if (!fs::is_directory(made, unreadable))
            return base::system_error("cannot make the folder " + made.string(), error);
    }
    std::error_code unreadable;
    if (fs::is_directory(folder, unreadable)) return {};
    return base::Error{folder.string() + " is no folder"};
}

void remove_oldest(const fs::path& folder, std::size_t max, std::string_view newest) {
    std::vector<std::string> names;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
        std::string name = entry.path().filename().string();
        if (is_file_name(name) && name != newest)
            names.push_back(std::move(name));
        else if (is_unfinished(name) && is_forgotten(entry))
            remove_quietly(entry.path());
    }
    std::ranges::sort(names);
    const std::size_t others = max > 0 ? max - 1 : 0;
    if (names.size() <= others) return;
    names.resize(names.size() - others);
    for (const std::string& name : names) remove_quietly(folder / name);
}

}  // namespace poolhost::capsule
