// SPDX-License-Identifier: Apache-2.0
#include "cli/capsule_view.hpp"

#include "base/base64.hpp"
#include "base/fd.hpp"
#include "cli/capsule_values.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolhost::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Bytes = std::span<const std::byte>;

constexpr std::size_t longest_text = 200;
constexpr std::size_t longest_list = 50;
constexpr std::size_t first_bytes = 48;
// Smaller values stay within arguments.json.
constexpr std::size_t smallest_file = 64;

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string indented(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

std::string base64(Bytes bytes) {
    std::string text;
    base::append_base64(text, bytes);
    return text;
}

std::string time_text(std::int64_t unix_ns) {
    const std::time_t time = unix_ns / 1'000'000'000;
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    text[std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)] = '\0';
    return text.data();
}

// ---- circumstances

Json tasks_json(const std::vector<wire::StartTask>& tasks) {
    Json list = Json::array();
    for (const wire::StartTask& task : tasks) list.push_back({{"task", task.task}, {"args", task.arguments}});
    return list;
}

Json or_null(const auto& value) { return value ? Json(*value) : Json(); }

Json worker_json(const wire::WorkerDescription& worker) {
    Json json{{"pool", worker.pool}, {"index", worker.worker_index}, {"start_method", worker.start_method}};
    json["plugins"] = Json::array();
    for (const wire::PluginFile& plugin : worker.plugins) {
        json["plugins"].push_back({{"name", plugin.name}, {"path", plugin.path}, {"build_id", plugin.build_id}});
    }
    json["preload"] = tasks_json(worker.preload);
    json["initializer"] = tasks_json(worker.initializer);
    json["env"] = Json::object();
    for (const auto& [name, value] : worker.environment) json["env"][name] = value;
    json["working_directory"] = worker.working_directory.empty() ? Json() : Json(worker.working_directory);
    json["nice"] = worker.nice;
    json["cpu_affinity"] = worker.cpu_affinity;
    const wire::ResourceLimits& limits = worker.limits;
    json["limits"] = {{"memory", or_null(limits.memory)},
                      {"cpu_seconds", or_null(limits.cpu_seconds)},
                      {"open_files", or_null(limits.open_files)},
                      {"stack", or_null(limits.stack)},
                      {"core", or_null(limits.core)}};
    return json;
}

Json circumstances(const wire::Capsule& capsule) {
    Json json{{"task", capsule.task}, {"plugin_build", capsule.plugin_build}, {"cause", capsule.cause}};
    json["message"] = capsule.message;
    json["signal"] = capsule.signal.empty() ? Json() : Json(capsule.signal);
    json["exit_code"] = or_null(capsule.exit_code);
    json["stack"] = capsule.stack.empty() ? Json() : Json(capsule.stack);
    if (capsule.stack.empty()) json["stack_missing"] = capsule.stack_missing;
    json["stderr"] = capsule.errors;
    json["call"] = capsule.call_id;
    json["attempt"] = capsule.attempt;
    json["timeout_s"] = capsule.timeout_ns > 0 ? Json(static_cast<double>(capsule.timeout_ns) / 1e9) : Json();
    json["written"] = time_text(capsule.written_unix_ns);
    json["poolhost"] = capsule.poolhost_version;
    json["worker"] = worker_json(capsule.worker);
    return json;
}

// ---- shortened values

Json shortened_text(std::string_view text) {
    if (text.size() <= longest_text) return text;
    return {{"$text", text.substr(0, longest_text)}, {"size", text.size()}};
}

Json shortened_blob(const Blob& blob) {
    if (blob.kind == Blob::Kind::text) return shortened_text(text_of(blob.bytes));
    Json json{{"$bytes", base64(blob.bytes.first(std::min(blob.bytes.size(), first_bytes)))}};
    if (blob.kind == Blob::Kind::typed_array) {
        json["element"] = blob.element;
        json["shape"] = blob.shape;
    }
    if (blob.bytes.size() > first_bytes) json["size"] = blob.bytes.size();
    return json;
}

// What came as JSON is shortened where it is long.
void shorten(Json& json) {
    if (json.is_string()) json = shortened_text(json.get_ref<const std::string&>());
    if (!json.is_structured()) return;
    const std::size_t size = json.size();
    if (json.is_array() && size > longest_list) {
        json.erase(json.begin() + longest_list, json.end());
        json.push_back({{"$more", size - longest_list}});
    }
    for (Json& value : json) shorten(value);
}

// ---- files

base::Result<void> write_file(const fs::path& file, Bytes bytes) {
    const base::UniqueFd fd(::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return base::system_error("cannot write " + file.string());
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return base::system_error("cannot write " + file.string());
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

base::Result<void> write_file(const fs::path& file, const std::string& text) {
    return write_file(file, std::as_bytes(std::span(text)));
}

base::Result<void> make_empty_folder(const fs::path& folder) {
    std::error_code failed;
    if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), failed);
    if (::mkdir(folder.c_str(), 0700) == 0) return {};
    if (errno != EEXIST) return base::system_error("cannot make the folder " + folder.string());
    if (fs::is_directory(folder, failed) && fs::is_empty(folder, failed)) return {};
    return base::Error{folder.string() + " is there already, and not empty; name a new folder"};
}

/// Puts what is large into files of its own.
class Extraction {
public:
    explicit Extraction(fs::path folder) : folder_(std::move(folder)) {}

    Json write(const Blob& blob) {
        const bool is_array = blob.kind == Blob::Kind::typed_array;
        if (blob.kind == Blob::Kind::text && blob.bytes.size() < smallest_file) return text_of(blob.bytes);
        const char* const suffix = blob.kind == Blob::Kind::text ? ".txt" : ".bin";
        const std::string name = "argument-" + std::to_string(++files_) + suffix;
        if (auto written = write_file(folder_ / name, blob.bytes); !written && outcome_) outcome_ = written;
        Json json{{"$file", name}, {"size", blob.bytes.size()}};
        if (is_array) {
            json["element"] = blob.element;
            json["shape"] = blob.shape;
        }
        return json;
    }
    /// The first thing that went wrong.
    [[nodiscard]] const base::Result<void>& outcome() const { return outcome_; }

private:
    fs::path folder_;
    int files_ = 0;
    base::Result<void> outcome_;
};

}  // namespace

std::string capsule_json(const capsule::Contents& contents) {
    Json json = circumstances(contents.capsule);
    auto arguments = arguments_of(contents, shortened_blob);
    if (arguments) {
        shorten(*arguments);
        json["arguments"] = std::move(*arguments);
    } else {
        json["arguments"] = nullptr;
        json["arguments_missing"] = arguments.error().message;
    }
    return indented(json);
}

base::Result<void> extract_capsule(const capsule::Contents& contents, const fs::path& folder) {
    if (auto made = make_empty_folder(folder); !made) return made;
    if (auto done = write_file(folder / "circumstances.json", indented(circumstances(contents.capsule)) + "\n"); !done)
        return done;
    const auto raw = wire::arguments_of(contents.input, contents.buffers);
    if (raw && contents.input.encoding == wire::Encoding::json) return write_file(folder / "arguments.json", *raw);
    if (raw && contents.input.encoding == wire::Encoding::messagepack) {
        if (auto done = write_file(folder / "arguments.msgpack", *raw); !done) return done;
    }
    Extraction extraction(folder);
    const auto arguments = arguments_of(contents, [&](const Blob& blob) { return extraction.write(blob); });
    if (!arguments) return arguments.error();
    if (!extraction.outcome()) return extraction.outcome();
    return write_file(folder / "arguments.json", indented(*arguments) + "\n");
}

}  // namespace poolhost::cli
