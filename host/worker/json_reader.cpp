// SPDX-License-Identifier: Apache-2.0
#include "worker/json_reader.hpp"

#include "base/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

namespace poolhost::worker {
namespace {

using Json = nlohmann::json;

constexpr std::string_view bytes_marker = "$bytes";
constexpr std::string_view float_marker = "$float";

// An array or object that is open, or an object that turned out to be a marker for one value.
struct Frame {
    enum class Kind { list, map, bytes, number, marked };  // marked: the marker's value was read, only } may follow
    Kind kind;
    std::size_t place;  // where its head stands in the output
    std::uint32_t count = 0;
    std::size_t first_key = 0;  // among keys_
};

// Where a key stands in the output: to find doubles at the end of the object, without copies.
struct Key {
    std::size_t place;
    std::size_t size;
};

// nlohmann's parser calls one function a token; false from any of them ends the parse.
class Converter {
public:
    explicit Converter(MessagePackWriter& out) : out_(out) {}

    JsonFault fault;

    bool null() { return begin_value() && (out_.null(), true); }
    bool boolean(bool on) { return begin_value() && (out_.boolean(on), true); }
    bool number_integer(std::int64_t number) { return begin_value() && (out_.integer(number), true); }
    bool number_unsigned(std::uint64_t number) { return begin_value() && (out_.unsigned_integer(number), true); }
    bool number_float(double number, const std::string& raw) {
        if (!begin_value()) return false;
        if (raw.find_first_of(".eE") == std::string::npos) return fail(raw + " does not fit in 64 bits");
        out_.float64(number);
        return true;
    }
    bool string(std::string& text) {
        if (!frames_.empty() && is_marker(frames_.back())) return marked(text);
        return begin_value() && (out_.text(text), true);
    }
    bool binary(Json::binary_t&) { return fail("binary values are not JSON"); }

    bool start_array(std::size_t) { return begin_value() && open(Frame::Kind::list, out_.open_list()); }
    bool end_array() { return close(); }
    bool start_object(std::size_t) { return begin_value() && open(Frame::Kind::map, out_.open_map()); }
    bool end_object();
    bool key(std::string& name);
    bool parse_error(std::size_t, const std::string& last_read, const Json::exception& error);

private:
    static bool is_marker(const Frame& frame) {
        return frame.kind == Frame::Kind::bytes || frame.kind == Frame::Kind::number ||
               frame.kind == Frame::Kind::marked;
    }
    bool begin_value();
    bool open(Frame::Kind kind, std::size_t place);
    bool close();
    bool marker(Frame& frame, const std::string& name);
    bool marked(const std::string& text);
    bool stands_twice(const Frame& frame);
    bool fail(std::string message);
    std::string_view text_of(const Key& key) const {
        return {reinterpret_cast<const char*>(out_.written().data()) + key.place, key.size};
    }

    MessagePackWriter& out_;
    std::vector<Frame> frames_;
    std::vector<Key> keys_;
    std::string member_;  // the last key of the outermost object
};

bool Converter::fail(std::string message) {
    fault.message = std::move(message);
    if (!frames_.empty()) {
        fault.element = frames_.front().kind == Frame::Kind::list ? frames_.front().count : 0;
        fault.member = member_;
    }
    return false;
}

bool Converter::begin_value() {
    if (frames_.empty()) return true;
    Frame& frame = frames_.back();
    if (is_marker(frame)) {
        return fail(frame.kind == Frame::Kind::number ? R"({"$float": …} holds "nan", "inf" or "-inf")"
                                                      : R"({"$bytes": …} holds a string of base64)");
    }
    if (frame.kind == Frame::Kind::list) ++frame.count;
    return true;
}

bool Converter::open(Frame::Kind kind, std::size_t place) {
    if (frames_.size() == deepest_json) return fail("nested deeper than " + std::to_string(deepest_json) + " levels");
    frames_.push_back({kind, place, 0, keys_.size()});
    return true;
}

bool Converter::close() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    if (!is_marker(frame)) out_.close(frame.place, frame.count);
    return true;
}

bool Converter::end_object() {
    if (stands_twice(frames_.back())) return false;
    keys_.resize(frames_.back().first_key);
    return close();
}

bool Converter::stands_twice(const Frame& frame) {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(frame.first_key);
    const auto by_text = [this](const Key& a, const Key& b) { return text_of(a) < text_of(b); };
    std::sort(first, keys_.end(), by_text);
    const auto same = [this](const Key& a, const Key& b) { return text_of(a) == text_of(b); };
    const auto twice = std::adjacent_find(first, keys_.end(), same);
    if (twice == keys_.end()) return false;
    fail("the key '" + std::string(text_of(*twice)) + "' stands twice in one object");
    return true;
}

bool Converter::key(std::string& name) {
    Frame& frame = frames_.back();
    if (frames_.size() == 1) member_ = name;
    if (is_marker(frame)) return fail("an object with $bytes or $float holds nothing else, but here is '" + name + "'");
    const bool is_own = name.size() > 1 && name[0] == '$' && name[1] == '$';
    if (name.starts_with('$') && !is_own) return marker(frame, name);
    const std::string_view own = is_own ? std::string_view(name).substr(1) : std::string_view(name);
    out_.text(own);
    keys_.push_back({out_.size() - own.size(), own.size()});
    ++frame.count;
    return true;
}

bool Converter::marker(Frame& frame, const std::string& name) {
    if (name != bytes_marker && name != float_marker) {
        return fail("'" + name + "' is not known; $bytes and $float are, and a key of your own is written '$" + name +
                    "'");
    }
    if (frame.count != 0) return fail("an object with " + name + " holds nothing else");
    frame.kind = name == bytes_marker ? Frame::Kind::bytes : Frame::Kind::number;
    out_.cut(frame.place);
    return true;
}

bool Converter::marked(const std::string& text) {
    Frame& frame = frames_.back();
    if (frame.kind == Frame::Kind::bytes) {
        const auto bytes = base::decode_base64(text);
        if (!bytes) return fail("$bytes holds no valid base64 (with padding)");
        out_.bytes(*bytes);
    } else {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        if (text != "nan" && text != "inf" && text != "-inf") {
            return fail("'" + text + R"(' is not a $float; it holds "nan", "inf" or "-inf")");
        }
        out_.float64(text == "nan" ? std::numeric_limits<double>::quiet_NaN() : text == "inf" ? infinity : -infinity);
    }
    frame.kind = Frame::Kind::marked;
    return true;
}

bool Converter::parse_error(std::size_t, const std::string& last_read, const Json::exception& error) {
    const std::string_view words = error.what();  // "[json.exception.parse_error.101] parse error at line 1, …"
    const std::size_t prefix = words.find("] ");
    const bool integer = last_read.find_first_not_of("-0123456789") == std::string::npos && !last_read.empty();
    if (words.find("number overflow") != std::string_view::npos) {
        return fail(last_read + (integer ? " does not fit in 64 bits" : " is beyond what a 64-bit float holds"));
    }
    // It says line and column, which is more than the element at which the text broke off.
    fault.message = prefix == std::string_view::npos ? words : words.substr(prefix + 2);
    return false;
}

// What most items of a `map` are: spared the parser.
bool read_plain_integer(std::string_view text, MessagePackWriter& out) {
    constexpr std::size_t longest = 18;  // cannot overflow
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.size() > longest || (digits[0] == '0' && text.size() > 1)) return false;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return false;
    out.integer(number);
    return true;
}

}  // namespace

std::optional<JsonFault> read_json(std::string_view text, MessagePackWriter& out) {
    if (read_plain_integer(text, out)) return std::nullopt;
    if (text.size() > UINT32_MAX) return JsonFault{.message = "more than 4 GiB of JSON; send MessagePack or bytes"};
    Converter converter(out);
    if (Json::sax_parse(text.begin(), text.end(), &converter)) return std::nullopt;
    return std::move(converter.fault);
}

}  // namespace poolhost::worker
