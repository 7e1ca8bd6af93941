/* SPDX-License-Identifier: Apache-2.0
 * A plugin in C11, with poolhost/plugin.h alone: how the interface looks from a language without the SDK.
 */
#include "msgpack.h"

#include <poolhost/plugin.h>

#include <stdlib.h>
#include <string.h>

/* clang-format off */
POOLHOST_MANIFEST(
    POOLHOST_MANIFEST_PLUGIN("plain_c", "1.0.0", "A plugin in C, without the SDK.")
    POOLHOST_MANIFEST_TASK("add", "(a: int64, b: int64) -> int64", "idempotent", "The sum of a and b.")
    POOLHOST_MANIFEST_TASK("reverse", "(text: string) -> string", "idempotent", "The characters in reverse order.")
    POOLHOST_MANIFEST_TASK("checksum", "(data: bytes) -> uint64", "idempotent", "The 64-bit FNV-1a hash."))
/* clang-format on */

/* The parameters of a task. */
typedef struct parameters {
    const char* const* names;
    size_t count;
} parameters;

static int32_t refuse(const poolhost_call_v1* call, uint32_t argument, const char* name, const char* expected,
                      const char* message) {
    const poolhost_bad_argument_v1 fault = {sizeof(fault), argument, name, expected, "something else", message};
    call->bad_argument(call, &fault);
    return POOLHOST_FAILED;
}

static int32_t fail(const poolhost_call_v1* call, const char* type, const char* message) {
    const poolhost_error_v1 error = {sizeof(error), 0, 0, type, message};
    call->fail(call, &error);
    return POOLHOST_FAILED;
}

static int32_t reply_head(const poolhost_call_v1* call, head value) {
    call->reply(call, value.bytes, value.size);
    return POOLHOST_OK;
}

static size_t index_of(parameters all, item name) {
    size_t index = 0;
    while (index < all.count &&
           (strlen(all.names[index]) != name.size || memcmp(all.names[index], name.data, name.size) != 0)) {
        ++index;
    }
    return index;
}

/* Reads up to three arguments, given by position or by name, into `found`; false where they are not as many. */
static bool read_arguments(const poolhost_call_v1* call, parameters all, item found[3]) {
    reader in = {call->arguments, call->arguments + call->arguments_size};
    const item outermost = read_item(&in);
    if ((outermost.kind != KIND_LIST && outermost.kind != KIND_MAP) || outermost.number != all.count) return false;
    bool seen[3] = {false};
    for (size_t i = 0; i < all.count; ++i) {
        const size_t index = outermost.kind == KIND_MAP ? index_of(all, read_item(&in)) : i;
        if (index == all.count || seen[index]) return false;
        seen[index] = true;
        reader value = in;
        if (!skip_value(&in)) return false;
        found[index] = read_item(&value);
    }
    return in.at == in.end;
}

/* The bytes of an argument, whether they stand in the stream or lie in a shared buffer; data is NULL for neither. */
static item bytes_of(const poolhost_call_v1* call, item argument, item_kind wanted) {
    const item none = {.kind = KIND_OTHER};
    if (argument.kind == wanted) return argument;
    poolhost_buffer_head where;
    if (argument.kind != KIND_EXTENSION || argument.extension != POOLHOST_EXT_BUFFER || argument.size < sizeof(where)) {
        return none;
    }
    memcpy(&where, argument.data, sizeof(where));
    const int what = wanted == KIND_TEXT ? POOLHOST_BUFFER_TEXT : POOLHOST_BUFFER_BYTES;
    const poolhost_buffer_v1 buffer = call->buffer(call, where.id);
    if (where.what != what || buffer.data == NULL) return none;
    if (where.offset > buffer.size || where.size > buffer.size - where.offset) return none;
    return (item){.kind = wanted, .data = (const uint8_t*)buffer.data + where.offset, .size = (size_t)where.size};
}

static bool fits_int64(item argument) {
    return argument.kind == KIND_INTEGER && (argument.negative || argument.number <= INT64_MAX);
}

static int32_t add(const poolhost_call_v1* call) {
    static const char* const names[] = {"a", "b"};
    item found[3];
    if (!read_arguments(call, (parameters){names, 2}, found)) {
        return refuse(call, 0, "", "2 arguments (a, b)", "expected 2 arguments (a, b)");
    }
    if (!fits_int64(found[0])) return refuse(call, 1, "a", "int64", "argument 1 'a': expected int64");
    if (!fits_int64(found[1])) return refuse(call, 2, "b", "int64", "argument 2 'b': expected int64");
    int64_t sum = 0;
    if (__builtin_add_overflow((int64_t)found[0].number, (int64_t)found[1].number, &sum)) {
        return fail(call, "overflow", "the sum is beyond 64 bits");
    }
    return reply_head(call, write_integer(sum));
}

static bool continues_a_character(uint8_t byte) { return (byte & 0xc0) == 0x80; }

/* Writes the characters of `text`, last one first, so that they end before `end`. */
static void write_reversed(item text, uint8_t* to) {
    for (size_t end = text.size; end > 0;) {
        size_t begin = end - 1;
        while (begin > 0 && continues_a_character(text.data[begin])) --begin;
        memcpy(to, text.data + begin, end - begin);
        to += end - begin;
        end = begin;
    }
}

static int32_t reverse(const poolhost_call_v1* call) {
    static const char* const names[] = {"text"};
    item found[3];
    if (!read_arguments(call, (parameters){names, 1}, found)) {
        return refuse(call, 0, "", "1 argument (text)", "expected 1 argument (text)");
    }
    const item text = bytes_of(call, found[0], KIND_TEXT);
    if (text.kind != KIND_TEXT) return refuse(call, 1, "text", "string", "argument 1 'text': expected string");
    if (text.size > UINT32_MAX) return fail(call, "too_large", "the text is longer than 4 GiB");
    const uint8_t head_of_text[5] = {0xdb, (uint8_t)(text.size >> 24), (uint8_t)(text.size >> 16),
                                     (uint8_t)(text.size >> 8), (uint8_t)text.size};
    uint8_t* const result = malloc(sizeof(head_of_text) + text.size);
    if (result == NULL) return fail(call, "out_of_memory", "no memory for the result");
    memcpy(result, head_of_text, sizeof(head_of_text));
    write_reversed(text, result + sizeof(head_of_text));
    call->reply(call, result, sizeof(head_of_text) + text.size);
    free(result);
    return POOLHOST_OK;
}

static int32_t checksum(const poolhost_call_v1* call) {
    static const char* const names[] = {"data"};
    item found[3];
    if (!read_arguments(call, (parameters){names, 1}, found)) {
        return refuse(call, 0, "", "1 argument (data)", "expected 1 argument (data)");
    }
    const item data = bytes_of(call, found[0], KIND_BYTES);
    if (data.kind != KIND_BYTES) return refuse(call, 1, "data", "bytes", "argument 1 'data': expected bytes");
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < data.size; ++i) hash = (hash ^ data.data[i]) * UINT64_C(0x100000001b3);
    return reply_head(call, write_unsigned(hash));
}

const poolhost_plugin_table_v1* poolhost_plugin_v1(void) {
    static const poolhost_task_v1 tasks[] = {
        {sizeof(poolhost_task_v1), POOLHOST_TASK_IDEMPOTENT, "add", add, 0},
        {sizeof(poolhost_task_v1), POOLHOST_TASK_IDEMPOTENT, "reverse", reverse, 0},
        {sizeof(poolhost_task_v1), POOLHOST_TASK_IDEMPOTENT, "checksum", checksum, 0},
    };
    static const poolhost_plugin_table_v1 table = {
        .size = sizeof(table),
        .abi_major = POOLHOST_ABI_MAJOR,
        .abi_minor = POOLHOST_ABI_MINOR,
        .name = "plain_c",
        .version = "1.0.0",
        .task_count = sizeof(tasks) / sizeof(tasks[0]),
        .tasks = tasks,
    };
    return &table;
}
