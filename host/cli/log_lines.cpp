// SPDX-License-Identifier: Apache-2.0
#include "cli/log_lines.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace poolhost::cli {
namespace {

using Json = nlohmann::ordered_json;
using pool::WorkerLine;

const char* level_name(std::int32_t level) {
    constexpr std::array names{"debug", "info", "warning", "error"};
    return names[static_cast<std::size_t>(std::clamp<std::int32_t>(level, 0, names.size() - 1))];
}

const char* stream_name(WorkerLine::Stream stream) {
    switch (stream) {
        case WorkerLine::Stream::output:
            return "stdout";
        case WorkerLine::Stream::errors:
            return "stderr";
        case WorkerLine::Stream::log:
            break;
    }
    return "log";
}

// ---- text

// The length of a sequence such as "\x1b[1;31m" at the beginning; 0 where there is none.
std::size_t colour_sequence(std::string_view text) {
    if (!text.starts_with("\x1b[")) return 0;
    const std::size_t end = text.find_first_not_of("0123456789;:", 2);
    return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

// 1 or 2 bytes that a terminal would obey; 0 where it would only show them.
std::size_t control_character(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x20 || first == 0x7F) return first == '\t' ? 0 : 1;
    // U+0080 to U+009F
    const bool second_set = first == 0xC2 && text.size() > 1 && (static_cast<unsigned char>(text[1]) & 0xE0U) == 0x80U;
    return second_set ? 2 : 0;
}

void append_escaped(std::string& text, std::string_view bytes) {
    for (const char byte : bytes) {
        std::array<char, 8> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "\\x%02x", static_cast<unsigned char>(byte));
        text += escaped.data();
    }
}

void append_harmless(std::string& text, std::string_view line) {
    while (!line.empty()) {
        const std::size_t colour = colour_sequence(line);
        const std::size_t control = colour != 0 ? 0 : control_character(line);
        const std::size_t size = std::max<std::size_t>({colour, control, 1});
        if (control != 0) {
            append_escaped(text, line.substr(0, size));
        } else {
            text.append(line.substr(0, size));
        }
        line.remove_prefix(size);
    }
}

std::string prefix(const WorkerLine& line) {
    std::string text = "[";
    text.append(line.pool).append(" ");
    text += line.index == pool::template_rank ? "template" : std::to_string(line.index);
    if (!line.task.empty()) text.append(" ").append(line.task);
    if (line.call) text += " #" + std::to_string(static_cast<std::uint64_t>(*line.call));
    return text + "] ";
}

// ---- JSON

std::string rfc3339(WallTime now) {
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
    const std::time_t time = seconds.count();
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text.data() + size, text.size() - size, ".%03dZ", static_cast<int>((milliseconds - seconds).count()));
    return text.data();
}

Json begin(WallTime now, std::int32_t level, std::string_view pool) {
    Json json;
    json["time"] = rfc3339(now);
    json["level"] = level_name(level);
    if (!pool.empty()) json["pool"] = pool;
    return json;
}

std::string end(Json json, std::string_view text) {
    json["message"] = text;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string text_line(const WorkerLine& line) {
    std::string text = prefix(line);
    if (line.stream == WorkerLine::Stream::log) text.append(level_name(line.level)).append(": ");
    append_harmless(text, line.text);
    return text;
}

std::string text_line(const LogMessage& message) {
    std::string text = "poolhost: ";
    if (!message.pool.empty() || message.level != 1) text.append(level_name(message.level)).append(": ");
    if (!message.pool.empty()) text.append(message.pool).append(": ");
    append_harmless(text, message.text);
    return text;
}

std::string json_line(const WorkerLine& line, WallTime now) {
    Json json = begin(now, line.level, line.pool);
    json["worker"] = line.index == pool::template_rank ? Json("template") : Json(line.index);
    if (line.pid != 0) json["pid"] = line.pid;
    // Text, as the id of an outcome is.
    if (line.call) json["call"] = std::to_string(static_cast<std::uint64_t>(*line.call));
    if (!line.task.empty()) json["task"] = line.task;
    json["stream"] = stream_name(line.stream);
    return end(std::move(json), line.text);
}

std::string json_line(const LogMessage& message, WallTime now) {
    return end(begin(now, message.level, message.pool), message.text);
}

}  // namespace poolhost::cli
