// SPDX-License-Identifier: Apache-2.0
// The text of a manifest: records that end with RS, of fields parted by US.
#include "base/name.hpp"
#include "catalog/abi.hpp"
#include "catalog/manifest.hpp"

#include <charconv>
#include <set>
#include <span>

namespace poolhost::catalog {
namespace {

constexpr char record_end = '\x1e';
constexpr char field_end = '\x1f';
constexpr std::string_view manifest_version = "1";

using Fields = std::vector<std::string_view>;

base::Error damaged(const std::string& what) {
    return base::Error{"has a damaged manifest: " + what + "; build the plugin again with poolhost's SDK"};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;;) {
        const std::size_t end = text.find(separator, at);
        parts.push_back(text.substr(at, end - at));
        if (end == std::string_view::npos) return parts;
        at = end + 1;
    }
}

// The length of the UTF-8 sequence at the beginning of `text`; 0 where none is.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80U) return 1;
    if (first >= 0xC2U && first <= 0xDFU) return follows(1) ? 2 : 0;
    const unsigned lowest = first == 0xE0U ? 0xA0U : first == 0xF0U ? 0x90U : 0x80U;   // no overlong forms
    const unsigned highest = first == 0xEDU ? 0x9FU : first == 0xF4U ? 0x8FU : 0xBFU;  // no surrogates, none too large
    if (first < 0xE0U || first > 0xF4U || byte(1) < lowest || byte(1) > highest || !follows(2)) return 0;
    if (first < 0xF0U) return 3;
    return follows(3) ? 4 : 0;
}

// Fields reach terminals and JSON documents: no escape sequences, no broken text.
bool is_clean(std::string_view field) {
    while (!field.empty()) {
        const std::size_t length = sequence_length(field);
        if (length == 0) return false;
        const auto first = static_cast<unsigned char>(field.front());
        const bool c1 = length == 2 && first == 0xC2U && static_cast<unsigned char>(field[1]) < 0xA0U;
        const bool control = (first < 0x20U && first != '\n' && first != '\t') || first == 0x7FU || c1;
        if (control) return false;
        field.remove_prefix(length);
    }
    return true;
}

base::Result<Fields> fields_of(std::string_view record) {
    Fields fields = split(record, field_end);
    for (const std::string_view field : fields)
        if (!is_clean(field))
            return damaged("record '" + std::string(fields.front() == "task" ? "task" : "plugin") +
                           "' holds control characters or text that is not UTF-8");
    return fields;
}

base::Result<void> check_version(std::string_view record) {
    const Fields fields = split(record, field_end);
    if (fields.size() < 2 || fields[0] != "poolhost-manifest")
        return damaged("it does not begin with 'poolhost-manifest'");
    if (fields[1] != manifest_version)
        return base::Error{
            "has a manifest that this poolhost cannot read (it reads version 1); update poolhost, or "
            "rebuild the plugin with this poolhost's SDK"};
    return {};
}

base::Result<Manifest> parse_plugin(const Fields& fields) {
    if (fields.size() < 7 || fields[0] != "plugin") return damaged("no 'plugin' record of seven fields");
    if (!base::is_valid_name(fields[1]))
        return damaged("'" + std::string(fields[1].substr(0, 255)) + "' cannot name a plugin ([A-Za-z_][A-Za-z0-9_]*)");
    if (const auto abi = parse_abi(fields[4]); !abi) return damaged(abi.error().message);
    Manifest manifest;
    manifest.name = fields[1];
    manifest.version = fields[2];
    manifest.doc = fields[3];
    manifest.abi = fields[4];
    manifest.sdk = fields[5];
    manifest.not_fork_safe = fields[6];
    return manifest;
}

base::Result<std::chrono::nanoseconds> parse_timeout(std::string_view digits) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (error != std::errc{} || end != digits.data() + digits.size() || count <= 0)
        return base::Error{"timeout_ns takes a positive number of nanoseconds, not '" + std::string(digits) + "'"};
    return std::chrono::nanoseconds(count);
}

base::Result<void> take_flag(TaskManifest& task, std::string_view flag) {
    constexpr std::string_view timeout = "timeout_ns=";
    if (flag.empty()) return {};
    if (flag == "idempotent") {
        task.idempotent = true;
        return {};
    }
    if (!flag.starts_with(timeout)) return base::Error{"unknown flag '" + std::string(flag) + "'"};
    const auto parsed = parse_timeout(flag.substr(timeout.size()));
    if (!parsed) return parsed.error();
    task.timeout = *parsed;
    return {};
}

// What a newer ABI may say in words that are not known here is passed over: such a plugin is read, but never run.
enum class Unknown { Fault, PassedOver };

base::Result<TaskManifest> parse_task(const Fields& fields, Unknown unknown) {
    if (fields.size() < 5) return damaged("a 'task' record of fewer than five fields");
    if (!base::is_valid_name(fields[1]))
        return damaged("'" + std::string(fields[1].substr(0, 255)) + "' cannot name a task ([A-Za-z_][A-Za-z0-9_]*)");
    const auto fault = [&](const base::Error& error) {
        return damaged("task '" + std::string(fields[1]) + "': " + error.message);
    };

    TaskManifest task;
    task.name = fields[1];
    task.signature_text = fields[2];
    task.doc = fields[4];
    auto signature = parse_signature(fields[2]);
    if (signature)
        task.signature = std::move(*signature);
    else if (unknown == Unknown::Fault)
        return fault(signature.error());
    for (const std::string_view flag : split(fields[3], ' '))
        if (const auto taken = take_flag(task, flag); !taken && unknown == Unknown::Fault) return fault(taken.error());
    return task;
}

base::Result<std::vector<TaskManifest>> parse_tasks(std::span<const std::string_view> records, Unknown unknown) {
    std::vector<TaskManifest> tasks;
    std::set<std::string, std::less<>> names;
    for (const std::string_view record : records) {
        const auto fields = fields_of(record);
        if (!fields) return fields.error();
        if (fields->front() != "task") {
            if (unknown == Unknown::PassedOver) continue;
            return damaged("unknown record '" + std::string(fields->front().substr(0, 40)) + "'");
        }
        auto task = parse_task(*fields, unknown);
        if (!task) return task.error();
        if (!names.insert(task->name).second) return damaged("task '" + task->name + "' stands twice");
        tasks.push_back(std::move(*task));
    }
    return tasks;
}

}  // namespace

base::Result<Manifest> parse_manifest(std::string_view text) {
    if (!text.ends_with(record_end)) return damaged("its last record does not end");
    text.remove_suffix(1);
    const std::vector<std::string_view> records = split(text, record_end);
    if (const auto version = check_version(records[0]); !version) return version.error();
    if (records.size() < 2) return damaged("no 'plugin' record");

    const auto fields = fields_of(records[1]);
    if (!fields) return fields.error();
    auto manifest = parse_plugin(*fields);
    if (!manifest) return manifest.error();
    const Unknown unknown = check_abi(manifest->abi) ? Unknown::Fault : Unknown::PassedOver;
    auto tasks = parse_tasks(std::span(records).subspan(2), unknown);
    if (!tasks) return tasks.error();
    manifest->tasks = std::move(*tasks);
    return manifest;
}

}  // namespace poolhost::catalog
