// SPDX-License-Identifier: Apache-2.0
#include "cli/outcome_json.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>

namespace poolhost::cli {
namespace {

// Keeps the order in which the contract names the fields.
using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json or_null(const auto& value) { return value ? Json(*value) : Json(); }
Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }
Json lines_or_null(const std::vector<std::string>& lines) { return lines.empty() ? Json() : Json(lines); }

double seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

const char* begun_text(wire::Begun begun) { return begun == wire::Begun::unknown ? "unknown" : nullptr; }

// Adds what an error of its kind carries.
struct AddDetails {
    Json& json;

    void operator()(const wire::TaskError& error) const {
        json["type"] = error.type;
        json["code"] = error.code;
        json["retryable"] = error.retryable;
    }
    void operator()(const wire::BadArguments& error) const {
        json["argument"] = error.argument == 0 ? Json() : Json(error.argument);
        json["name"] = or_null(error.name);
        json["expected"] = or_null(error.expected);
        json["got"] = or_null(error.got);
    }
    void operator()(const wire::UnknownTask& error) const {
        json["nearest"] = or_null(error.nearest);
        json["loaded"] = error.loaded;
        json["searched"] = error.searched;
    }
    void operator()(const wire::UnknownPool& error) const {
        json["nearest"] = or_null(error.nearest);
        json["loaded"] = error.loaded;
    }
    void operator()(const wire::WorkerLost& error) const {
        json["cause"] = wire::cause_name(error.cause);
        json["signal"] = or_null(error.signal);
        json["exit_code"] = or_null(error.exit_code);
        json["stack"] = lines_or_null(error.stack);
        if (error.stack.empty()) json["stack_missing"] = or_null(error.stack_missing);
        json["stderr"] = error.errors;
        json["capsule"] = or_null(error.capsule);
    }
    void operator()(const wire::TimedOut& error) const {
        json["while"] = error.phase == wire::CallPhase::queued ? "queued" : "running";
        json["limit"] = seconds(error.limit_ns);
        json["stack"] = lines_or_null(error.stack);
        if (error.stack.empty() && !error.stack_missing.empty()) json["stack_missing"] = error.stack_missing;
        json["capsule"] = or_null(error.capsule);
    }
    void operator()(const wire::Cancelled& error) const { json["begun"] = error.begun; }
    void operator()(const wire::QueueFull& error) const {
        json["length"] = error.length;
        json["limit"] = error.limit;
    }
    void operator()(const wire::PoolUnavailable& error) const { json["cause"] = error.cause; }
    void operator()(const wire::Quarantined& error) const { json["capsules"] = error.capsules; }
    void operator()(const wire::HostLost& error) const {
        const char* const unknown = begun_text(error.begun);
        json["begun"] = unknown != nullptr ? Json(unknown) : Json(error.begun == wire::Begun::yes);
    }
    void operator()(const wire::ShuttingDown&) const {}
    void operator()(const wire::TooLarge&) const {}
    void operator()(const wire::ProtocolError&) const {}
};

// Nine digits: nanoseconds of a call that took a second, and no noise of binary fractions.
std::string seconds_text(base::Duration duration) {
    std::array<char, 32> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), seconds(duration.count()), std::chars_format::general, 9);
    return {text.data(), end.ptr};
}

std::string worker_text(const pool::Outcome& outcome) {
    if (!outcome.worker) return "null";
    return R"({"pid":)" + std::to_string(outcome.worker->pid) + R"(,"index":)" + std::to_string(outcome.worker->index) +
           "}";
}

std::string where_and_how_long(const pool::Outcome& outcome) {
    std::string text = R"(,"pool":)" + json_string(outcome.pool) + R"(,"worker":)" + worker_text(outcome);
    text += R"(,"plugin_build":)" + (outcome.plugin_build.empty() ? "null" : json_string(outcome.plugin_build));
    text += R"(,"attempt":)" + std::to_string(outcome.attempt);
    text += R"(,"queued_s":)" + seconds_text(outcome.queued) + R"(,"run_s":)" + seconds_text(outcome.run);
    text += R"(,"cpu_s":)" + (outcome.cpu ? seconds_text(*outcome.cpu) : "null");
    text += R"(,"memory_growth":)" + (outcome.memory_growth ? std::to_string(*outcome.memory_growth) : "null");
    return text;
}

}  // namespace

std::string error_json(const wire::CallError& error) {
    Json json;
    json["kind"] = wire::kind_name(error.details);
    json["message"] = error.message;
    std::visit(AddDetails{json}, error.details);
    return text_of(json);
}

std::string outcome_json(const pool::Outcome& outcome) {
    return outcome_json(outcome, {reinterpret_cast<const char*>(outcome.value.data()), outcome.value.size()});
}

std::string outcome_json(const pool::Outcome& outcome, std::string_view value) {
    std::string text = R"({"id":")" + std::to_string(static_cast<std::uint64_t>(outcome.id)) + R"(","task":)" +
                       json_string(outcome.task);
    if (outcome.error != nullptr) {
        text += R"(,"error":)" + error_json(*outcome.error);
    } else {
        text += R"(,"value":)";
        text += value;
    }
    return text + where_and_how_long(outcome) + "}";
}

std::string refusal_json(std::string_view task, const wire::CallError& error) {
    return R"({"task":)" + json_string(task) + R"(,"error":)" + error_json(error) + "}";
}

std::string file_json(std::string_view path) { return R"({"$file":)" + json_string(path) + "}"; }

std::string json_string(std::string_view text) { return text_of(Json(std::string(text))); }

bool is_json(std::string_view text) { return nlohmann::json::accept(text.begin(), text.end()); }

}  // namespace poolhost::cli
