// SPDX-License-Identifier: Apache-2.0
#include "cli/failure_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace poolhost::cli {
namespace {

using Lines = std::vector<std::string>;

// What a task says may hold anything; a terminal shall not obey it.
std::string visible(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if ((octet >= 0x20 && octet != 0x7f) || c == '\t' || c == '\n') {
            shown += c;
            continue;
        }
        std::array<char, 8> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "\\x%02x", octet);
        shown += escaped.data();
    }
    return shown;
}

void add_list(Lines& lines, const std::string& heading, const std::vector<std::string>& entries) {
    if (entries.empty()) return;
    lines.push_back("  " + heading + ":");
    for (const std::string& entry : entries) lines.push_back("    " + entry);
}

bool is_poolhosts_own(const std::string& frame) {
    constexpr std::string_view own = "poolhost::detail::";  // the SDK around the task; behind it comes the worker
    return frame.find(own) != std::string::npos;
}

// For people: the user's own frames. `--json` has them all.
void add_stack(Lines& lines, const std::vector<std::string>& stack, const std::string& missing) {
    const auto own = std::ranges::find_if(stack, is_poolhosts_own);
    std::vector<std::string> shown(stack.begin(), own == stack.begin() ? stack.end() : own);
    const std::size_t hidden = stack.size() - shown.size();
    if (hidden > 0) shown.push_back("… and " + std::to_string(hidden) + " frames of poolhost's own");
    add_list(lines, "stack", shown);
    if (stack.empty() && !missing.empty()) lines.push_back("  no stack: " + missing);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

struct AddDetails {
    Lines& lines;

    void operator()(const wire::TaskError& error) const {
        if (!error.type.empty()) lines.push_back("  thrown: " + error.type);
        if (error.code != 0) lines.push_back("  code: " + std::to_string(error.code));
        if (error.retryable) lines.emplace_back("  the task says that trying again may help");
    }
    void operator()(const wire::BadArguments&) const {}
    void operator()(const wire::UnknownTask& error) const {
        // With a near name at hand, the message says what was meant.
        if (!error.nearest) lines.push_back("  there are: " + joined(error.loaded));
    }
    void operator()(const wire::UnknownPool& error) const {
        if (!error.nearest) lines.push_back("  there are: " + joined(error.loaded));
    }
    void operator()(const wire::WorkerLost& error) const {
        std::string how = std::string("  cause: ") + wire::cause_name(error.cause);
        if (!error.signal.empty()) how += ", " + error.signal;
        if (error.exit_code) how += ", exit code " + std::to_string(*error.exit_code);
        lines.push_back(how);
        add_list(lines, "its last words", error.errors);
        add_stack(lines, error.stack, error.stack_missing);
        add_capsule(error.capsule);
    }
    void operator()(const wire::TimedOut& error) const {
        add_stack(lines, error.stack, error.stack_missing);
        add_capsule(error.capsule);
    }
    void operator()(const wire::Cancelled&) const {}
    void operator()(const wire::QueueFull&) const {}
    void operator()(const wire::PoolUnavailable&) const {}
    void operator()(const wire::Quarantined& error) const { add_list(lines, "kept in", error.capsules); }
    void operator()(const wire::HostLost&) const {}
    void operator()(const wire::ShuttingDown&) const {}
    void operator()(const wire::TooLarge&) const {}
    void operator()(const wire::ProtocolError&) const {}

    void add_capsule(const std::optional<std::string>& capsule) const {
        if (capsule) lines.push_back("  run it again: poolhost replay " + *capsule);
    }
};

}  // namespace

std::vector<std::string> failure_text(const wire::CallError& error) {
    Lines lines{std::string(wire::kind_name(error.details)) + ": " + error.message};
    std::visit(AddDetails{lines}, error.details);
    for (std::string& line : lines) line = visible(line);
    return lines;
}

}  // namespace poolhost::cli
