// SPDX-License-Identifier: Apache-2.0
// The state of decoding one call's arguments: the stream, the way into it, and memory that lives for the call.
#pragma once

#include "fault.hpp"
#include "msgpack_reader.hpp"
#include "typed_elements.hpp"

#include <cstdio>
#include <new>
#include <string>
#include <vector>

namespace poolhost::detail {

/// Memory for arguments that have no fitting place in the stream, aligned for anything; freed with the object.
class arena {
public:
    arena() = default;
    arena(const arena&) = delete;
    arena& operator=(const arena&) = delete;
    ~arena() {
        for (void* block : blocks_) ::operator delete(block, alignment);
    }

    void* take(std::size_t size) {
        blocks_.push_back(nullptr);
        return blocks_.back() = ::operator new(size, alignment);
    }

private:
    static constexpr std::align_val_t alignment{64};
    std::vector<void*> blocks_;
};

/// What was found, in words: its type, or a number itself where the type is not the fault.
inline std::string type_in_words(const token& found, const typed_elements& array) {
    switch (found.kind) {
        case token_kind::null:
            return "null";
        case token_kind::boolean:
            return "bool";
        case token_kind::integer:
            return "integer";
        case token_kind::float32:
            return "float32";
        case token_kind::float64:
            return "float64";
        case token_kind::string:
            return "string";
        case token_kind::bytes:
            return "bytes";
        case token_kind::list:
            return "list";
        case token_kind::map:
            return "map";
        case token_kind::array:
            return array.type();
        case token_kind::extension:
            break;
    }
    return "extension " + std::to_string(found.extension);
}

inline std::string number_in_words(const token& number) {
    if (number.kind == token_kind::integer) {
        return number.negative ? std::to_string(static_cast<std::int64_t>(number.number))
                               : std::to_string(number.number);
    }
    char text[32];
    std::snprintf(text, sizeof(text), "%.17g", number.as_double());
    return text;
}

inline std::string elements_in_words(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " element" : " elements");
}

class decoder {
public:
    /// `call` may be null where no buffers are to be had.
    decoder(std::span<const std::uint8_t> stream, const poolhost_call_v1* call) : reader(stream), call_(call) {}

    msgpack_reader reader;
    arena memory;
    std::vector<place> path;   // the way to the value being decoded
    std::size_t argument = 0;  // counted from 1
    std::string_view name;     // of that argument

    /// The next token, with buffer references resolved: what lies in a buffer reads as if it stood in the stream.
    token next() {
        token head = reader.next();
        if (head.kind != token_kind::extension) return head;
        if (head.extension == POOLHOST_EXT_TYPED_ARRAY) {
            array_ = inline_elements(head.payload);
            head.kind = token_kind::array;
        } else if (head.extension == POOLHOST_EXT_BUFFER) {
            resolve(head);
        }
        return head;
    }

    /// What the last token, an array, stands for.
    [[nodiscard]] const typed_elements& array() const noexcept { return array_; }

    [[noreturn]] void wrong_type(std::string_view expected, const token& found) const {
        fail(expected, type_in_words(found, array_));
    }
    [[noreturn]] void wrong_number(std::string_view expected, const token& found) const {
        fail(expected, number_in_words(found));
    }
    /// "argument 2 'width': expected int32, got string"
    [[noreturn]] void fail(std::string_view expected, std::string got) const {
        std::string problem = "expected ";
        problem.append(expected).append(", got ").append(got);
        fail(expected, std::move(got), problem);
    }
    [[noreturn]] void fail(std::string_view expected, std::string got, const std::string& problem) const {
        std::string message;
        if (argument != 0) {
            message = "argument " + std::to_string(argument) + " '" + path_in_words(path) + "': ";
        }
        throw argument_fault{argument, std::string(name), std::string(expected), std::move(got), message + problem};
    }

private:
    void resolve(token& head) {
        const poolhost_buffer_head reference = buffer_head(head.payload);
        const auto memory_named = buffer_memory(call_, reference);
        if (reference.what == POOLHOST_BUFFER_TYPED_ARRAY) {
            array_ = checked_elements(reference.element, head.payload.subspan(sizeof(reference)), memory_named);
            head.kind = token_kind::array;
            return;
        }
        head.kind = reference.what == POOLHOST_BUFFER_TEXT ? token_kind::string : token_kind::bytes;
        head.payload = {reinterpret_cast<const std::uint8_t*>(memory_named.data()), memory_named.size()};
    }

    typed_elements array_;
    const poolhost_call_v1* call_;
};

/// One step deeper into an argument, for as long as it lives.
class step {
public:
    static constexpr std::size_t deepest = 100;

    step(decoder& in, std::string_view field) : step(in, place{field}) {}
    step(decoder& in, std::size_t index) : step(in, place{{}, index}) {}
    step(const step&) = delete;
    step& operator=(const step&) = delete;
    ~step() { in_.path.pop_back(); }

    void move_to(std::size_t index) { in_.path.back().index = index; }

private:
    step(decoder& in, const place& here) : in_(in) {
        if (in.path.size() > deepest) in.fail("at most 100 levels", "more");
        in.path.push_back(here);
    }

    decoder& in_;
};

}  // namespace poolhost::detail
