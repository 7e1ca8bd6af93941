// SPDX-License-Identifier: Apache-2.0
#include "cli/capsule_values.hpp"

#include <poolhost/sdk/msgpack_reader.hpp>
#include <poolhost/sdk/typed_elements.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace poolhost::cli {
namespace {

using Json = nlohmann::ordered_json;
using Bytes = std::span<const std::byte>;
using detail::malformed;
using detail::token;
using detail::token_kind;

constexpr int deepest = 200;

Bytes bytes_of(std::span<const std::uint8_t> octets) { return std::as_bytes(octets); }

// As JSON itself cannot say it.
Json number(double value) {
    if (std::isnan(value)) return {{"$float", "nan"}};
    if (std::isinf(value)) return {{"$float", value > 0 ? "inf" : "-inf"}};
    return value;
}

// A key of its own that begins with the sign that marks ours.
std::string key_text(std::string_view key) { return (key.starts_with('$') ? "$" : "") + std::string(key); }

class Reader {
public:
    Reader(Bytes stream, const capsule::Contents& contents, const BlobWriter& write)
        : reader_({reinterpret_cast<const std::uint8_t*>(stream.data()), stream.size()}),
          contents_(&contents),
          write_(&write) {}

    Json whole() {
        Json value = next(0);
        if (reader_.left() != 0) throw malformed{"something follows the arguments"};
        return value;
    }

private:
    Json next(int depth) {
        if (depth > deepest) throw malformed{"they are nested deeper than anybody nests"};
        const token head = reader_.next();
        switch (head.kind) {
            case token_kind::null:
                return nullptr;
            case token_kind::boolean:
                return head.number != 0;
            case token_kind::integer:
                return head.negative ? Json(static_cast<std::int64_t>(head.number)) : Json(head.number);
            case token_kind::float32:
            case token_kind::float64:
                return number(head.as_double());
            case token_kind::string:
                return (*write_)({Blob::Kind::text, bytes_of(head.payload)});
            case token_kind::bytes:
                return (*write_)({Blob::Kind::bytes, bytes_of(head.payload)});
            case token_kind::list:
                return list(head.count, depth);
            case token_kind::map:
                return map(head.count, depth);
            case token_kind::extension:
            case token_kind::array:
                break;
        }
        return extension(head);
    }

    Json list(std::size_t count, int depth) {
        Json values = Json::array();
        for (std::size_t i = 0; i < count; ++i) values.push_back(next(depth + 1));
        return values;
    }

    Json map(std::size_t count, int depth) {
        Json values = Json::object();
        for (std::size_t i = 0; i < count; ++i) {
            const token key = reader_.next();
            if (key.kind != token_kind::string) throw malformed{"a key is no text"};
            const std::string name = key_text(key.text());
            values[name] = next(depth + 1);
        }
        return values;
    }

    Json extension(const token& head) {
        if (head.extension == POOLHOST_EXT_TYPED_ARRAY) return array(detail::inline_elements(head.payload));
        if (head.extension == POOLHOST_EXT_BUFFER) return buffer(head);
        if (head.extension != POOLHOST_EXT_JSON) throw malformed{"an extension that poolhost does not know"};
        return Json::parse(head.text(), nullptr, false);
    }

    Json buffer(const token& head) {
        const poolhost_buffer_head reference = detail::buffer_head(head.payload);
        const Bytes memory = memory_of(reference);
        if (reference.what == POOLHOST_BUFFER_BYTES) return (*write_)({Blob::Kind::bytes, memory});
        if (reference.what == POOLHOST_BUFFER_TEXT) return (*write_)({Blob::Kind::text, memory});
        return array(detail::checked_elements(reference.element, head.payload.subspan(sizeof reference), memory));
    }

    Json array(const detail::typed_elements& elements) {
        const Bytes memory{elements.data, elements.count * detail::element_size(elements.element)};
        const auto shape = elements.shape();
        return (*write_)(
            {Blob::Kind::typed_array, memory, detail::element_name(elements.element), {shape.begin(), shape.end()}});
    }

    [[nodiscard]] Bytes memory_of(const poolhost_buffer_head& reference) const {
        const auto& ids = contents_->input.buffers;
        const auto index = static_cast<std::size_t>(std::ranges::find(ids, reference.id) - ids.begin());
        if (index == ids.size()) throw malformed{"they refer to a buffer that is not there"};
        const Bytes memory = contents_->buffers[index];
        if (reference.offset > memory.size() || reference.size > memory.size() - reference.offset) {
            throw malformed{"they refer to something beyond the end of a buffer"};
        }
        return memory.subspan(reference.offset, reference.size);
    }

    detail::msgpack_reader reader_;
    const capsule::Contents* contents_;
    const BlobWriter* write_;
};

// Brackets within texts count too: what is refused wrongly nobody has written.
bool is_too_deep(std::string_view json) {
    int depth = 0;
    for (const char c : json) {
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (depth > deepest) return true;
    }
    return false;
}

base::Result<Json> parsed(std::string_view text) {
    if (is_too_deep(text)) return base::Error{"the arguments are nested deeper than anybody nests"};
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) return base::Error{"the arguments are no JSON"};
    return value;
}

base::Result<Json> only(base::Result<Json> item) {
    if (!item) return item;
    return Json::array({std::move(*item)});
}

}  // namespace

base::Result<Json> arguments_of(const capsule::Contents& contents, const BlobWriter& write) {
    const auto found = wire::arguments_of(contents.input, contents.buffers);
    const Bytes bytes = found.value_or(Bytes());
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    switch (contents.input.encoding) {
        case wire::Encoding::json:
            return parsed(text);
        case wire::Encoding::json_item:
            return only(parsed(text));
        case wire::Encoding::text_item:
            return only(write({Blob::Kind::text, bytes}));
        case wire::Encoding::messagepack:
            break;
    }
    try {
        return Reader(bytes, contents, write).whole();
    } catch (const malformed& fault) {
        return base::Error{std::string("the arguments are no MessagePack that poolhost knows: ") + fault.what};
    }
}

}  // namespace poolhost::cli
