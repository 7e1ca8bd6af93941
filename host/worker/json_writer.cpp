// SPDX-License-Identifier: Apache-2.0
#include "worker/json_writer.hpp"

#include "base/base64.hpp"
#include "worker/json_reader.hpp"

#include <poolhost/sdk/msgpack_reader.hpp>
#include <poolhost/sdk/typed_elements.hpp>
#include <poolhost/sdk/utf8.hpp>

#include <charconv>
#include <cmath>

namespace poolhost::worker {
namespace {

using detail::malformed;
using detail::token;
using detail::token_kind;
using detail::typed_elements;

// The empty lists that a shape such as (1000000000000, 0) would make.
constexpr std::size_t most_empty_rows = 1'000'000;

class Emitter {
public:
    Emitter(std::span<const std::byte> value, const BufferSource& buffers, std::string& text)
        : reader_({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()}), buffers_(buffers), out_(text) {}

    void run() {
        value(1);
        if (reader_.left() != 0) throw malformed{"something follows the value"};
    }

private:
    void value(std::size_t depth);
    void list(std::size_t count, std::size_t depth);
    void map(std::size_t count, std::size_t depth);
    void member_name();
    void extension(const token& head);
    void buffer(std::span<const std::uint8_t> payload);
    void array(const typed_elements& array);
    void rows(const typed_elements& array, std::size_t dimension, std::size_t& next);
    void number(const token& head);
    void floating(double number);
    void text(std::string_view text);
    void quoted(std::string_view text);
    void bytes(std::span<const std::byte> bytes);

    template <class Number>
    std::size_t digits(Number number) {
        char space[32];
        const char* const end = std::to_chars(space, space + sizeof space, number).ptr;
        out_.append(space, static_cast<std::size_t>(end - space));
        return static_cast<std::size_t>(end - space);
    }

    detail::msgpack_reader reader_;
    const BufferSource& buffers_;
    std::string& out_;
};

void Emitter::value(std::size_t depth) {
    const token head = reader_.next();
    switch (head.kind) {
        case token_kind::null:
            out_ += "null";
            return;
        case token_kind::boolean:
            out_ += head.number != 0 ? "true" : "false";
            return;
        case token_kind::integer:
        case token_kind::float32:
        case token_kind::float64:
            return number(head);
        case token_kind::string:
            return text(head.text());
        case token_kind::bytes:
            return bytes(std::as_bytes(head.payload));
        case token_kind::list:
            return list(head.count, depth);
        case token_kind::map:
            return map(head.count, depth);
        case token_kind::extension:
        case token_kind::array:
            return extension(head);
    }
}

void Emitter::list(std::size_t count, std::size_t depth) {
    if (depth > deepest_json) throw malformed{"nested deeper than 256 levels"};
    out_ += '[';
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out_ += ',';
        value(depth + 1);
    }
    out_ += ']';
}

void Emitter::map(std::size_t count, std::size_t depth) {
    if (depth > deepest_json) throw malformed{"nested deeper than 256 levels"};
    out_ += '{';
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out_ += ',';
        member_name();
        value(depth + 1);
    }
    out_ += '}';
}

void Emitter::member_name() {
    const token name = reader_.next();
    const bool is_text = name.kind == token_kind::string && detail::is_utf8(name.text());
    if (!is_text) throw malformed{"a key of a map is not text, which JSON has no form for"};
    const std::size_t start = out_.size();
    quoted(name.text());
    if (name.text().starts_with('$')) out_.insert(start + 1, 1, '$');
    out_ += ':';
}

void Emitter::extension(const token& head) {
    if (head.extension == POOLHOST_EXT_TYPED_ARRAY) return array(detail::inline_elements(head.payload));
    if (head.extension == POOLHOST_EXT_BUFFER) return buffer(head.payload);
    throw malformed{"an extension type that has no form in JSON"};
}

void Emitter::buffer(std::span<const std::uint8_t> payload) {
    const poolhost_buffer_head reference = detail::buffer_head(payload);
    const auto memory = referenced_memory(reference, buffers_);
    switch (reference.what) {
        case POOLHOST_BUFFER_TEXT:
            return text({reinterpret_cast<const char*>(memory.data()), memory.size()});
        case POOLHOST_BUFFER_TYPED_ARRAY:
            return array(detail::checked_elements(reference.element, payload.subspan(sizeof reference), memory));
        default:
            return bytes(memory);
    }
}

void Emitter::array(const typed_elements& array) {
    if (array.count == 0) {
        std::size_t lists = 1;
        for (const std::size_t extent : array.shape()) {
            if (extent == 0) break;
            if (__builtin_mul_overflow(lists, extent, &lists) || lists > most_empty_rows) {
                throw malformed{"an empty array of more than a million rows"};
            }
        }
    }
    std::size_t next = 0;
    rows(array, 0, next);
}

void Emitter::rows(const typed_elements& array, std::size_t dimension, std::size_t& next) {
    const bool innermost = dimension + 1 == array.dimensions;
    out_ += '[';
    for (std::size_t i = 0; i < array.extents[dimension]; ++i) {
        if (i > 0) out_ += ',';
        if (!innermost) {
            rows(array, dimension + 1, next);
            continue;
        }
        const token element = array.at(next++);
        if (element.kind == token_kind::boolean) {
            out_ += element.number != 0 ? "true" : "false";
        } else {
            number(element);
        }
    }
    out_ += ']';
}

void Emitter::number(const token& head) {
    if (head.kind != token_kind::integer) {
        floating(head.as_double());
    } else if (head.negative) {
        digits(static_cast<std::int64_t>(head.number));
    } else {
        digits(head.number);
    }
}

void Emitter::floating(double number) {
    if (std::isnan(number)) {
        out_ += R"({"$float":"nan"})";
    } else if (std::isinf(number)) {
        out_ += number > 0 ? R"({"$float":"inf"})" : R"({"$float":"-inf"})";
    } else {
        const std::size_t size = digits(number);
        const auto written = std::string_view(out_).substr(out_.size() - size);
        // Without a point or an exponent it would be read back as an integer.
        if (written.find_first_of(".e") == std::string_view::npos) out_ += ".0";
    }
}

void Emitter::text(std::string_view text) {
    if (!detail::is_utf8(text)) return bytes(std::as_bytes(std::span(text)));
    quoted(text);
}

constexpr bool needs_escape(char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

void append_escaped(std::string& out, char character) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    constexpr std::string_view special = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    out += '\\';
    if (const std::size_t found = special.find(character); found != std::string_view::npos) {
        out += letters[found];
        return;
    }
    out += "u00";
    out += hexadecimal[static_cast<unsigned char>(character) >> 4];
    out += hexadecimal[character & 15];
}

void Emitter::quoted(std::string_view text) {
    out_ += '"';
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needs_escape(text[i])) continue;
        out_.append(text, start, i - start);
        append_escaped(out_, text[i]);
        start = i + 1;
    }
    out_.append(text, start);
    out_ += '"';
}

void Emitter::bytes(std::span<const std::byte> bytes) {
    out_ += R"({"$bytes":")";
    base::append_base64(out_, bytes);
    out_ += "\"}";
}

}  // namespace

base::Result<void> write_json(std::span<const std::byte> value, const BufferSource& buffers, std::string& text) {
    try {
        Emitter(value, buffers, text).run();
    } catch (const malformed& fault) {
        return base::Error{fault.what};
    }
    return {};
}

}  // namespace poolhost::worker
