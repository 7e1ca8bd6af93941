// SPDX-License-Identifier: Apache-2.0
#include "catalog/describe.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace poolhost::catalog {
namespace {

// Continuation lines stand below the first one.
std::string indented(std::string_view text, std::string_view indent) {
    std::string result(indent);
    for (const char c : text) {
        result += c;
        if (c == '\n') result += indent;
    }
    return result + "\n";
}

std::string line(std::string_view label, std::string_view value) {
    constexpr std::size_t width = 10;
    if (value.empty()) return {};
    std::string text(label);
    text.resize(width, ' ');
    return text + std::string(value) + "\n";
}

std::string flags(const TaskManifest& task) {
    std::string text;
    if (task.idempotent) text += "idempotent";
    if (task.timeout) text += (text.empty() ? "timeout " : ", timeout ") + describe(*task.timeout);
    return text;
}

std::string describe(const Manifest& plugin, const TaskManifest& task) {
    std::string text = "\n" + plugin.name + "." + task.name + task.signature_text + "\n";
    if (!task.doc.empty()) text += indented(task.doc, "    ");
    if (const std::string words = flags(task); !words.empty()) text += indented(words, "    ");
    return text;
}

}  // namespace

std::string describe(const Manifest& manifest) {
    std::string text = manifest.name + " " + manifest.version + "\n";
    if (!manifest.doc.empty()) text += indented(manifest.doc, "");
    text += "\n";
    text += line("file", manifest.file.string());
    text += line("build id", manifest.build_id.empty() ? "none" : manifest.build_id);
    text += line("ABI", manifest.abi);
    text += line("SDK", manifest.sdk);
    text += line("fork", manifest.not_fork_safe.empty() ? "safe" : "not safe: " + manifest.not_fork_safe);
    text += line("tasks", std::to_string(manifest.tasks.size()));
    for (const TaskManifest& task : manifest.tasks) text += describe(manifest, task);
    return text;
}

std::string describe(std::chrono::nanoseconds duration) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 6> units{{{3'600'000'000'000, "h"},
                                                                              {60'000'000'000, "m"},
                                                                              {1'000'000'000, "s"},
                                                                              {1'000'000, "ms"},
                                                                              {1'000, "us"},
                                                                              {1, "ns"}}};
    std::string text;
    std::int64_t rest = duration.count();
    for (const auto& [size, unit] : units) {
        if (rest / size != 0) text += std::to_string(rest / size) + std::string(unit);
        rest %= size;
    }
    return text.empty() ? "0s" : text;
}

}  // namespace poolhost::catalog
