/* SPDX-License-Identifier: Apache-2.0 */
#include "msgpack.h"

static const item cut_off = {.kind = KIND_CUT_OFF};

/* A big-endian number of `size` bytes; the caller has looked that they are there. */
static uint64_t take_number(reader* in, size_t size) {
    uint64_t number = 0;
    for (size_t i = 0; i < size; ++i) number = number << 8 | *in->at++;
    return number;
}

static bool has(const reader* in, uint64_t size) { return size <= (uint64_t)(in->end - in->at); }

static item take_payload(reader* in, item_kind kind, uint64_t size) {
    if (!has(in, size)) return cut_off;
    const item all = {.kind = kind, .data = in->at, .size = (size_t)size};
    in->at += size;
    return all;
}

/* With a length of `size` bytes before it. */
static item take_sized(reader* in, item_kind kind, size_t size) {
    if (!has(in, size)) return cut_off;
    return take_payload(in, kind, take_number(in, size));
}

static item take_extension(reader* in, uint64_t size) {
    if (!has(in, 1)) return cut_off;
    const int8_t type = (int8_t)*in->at++;
    item all = take_payload(in, KIND_EXTENSION, size);
    all.extension = type;
    return all;
}

static item take_sized_extension(reader* in, size_t size) {
    if (!has(in, size)) return cut_off;
    return take_extension(in, take_number(in, size));
}

static item take_container(reader* in, item_kind kind, size_t size) {
    if (!has(in, size)) return cut_off;
    return (item){.kind = kind, .number = take_number(in, size)};
}

static item integer(int64_t number) {
    return (item){.kind = KIND_INTEGER, .negative = number < 0, .number = (uint64_t)number};
}

static item take_signed(reader* in, size_t size) {
    if (!has(in, size)) return cut_off;
    const uint64_t number = take_number(in, size);
    if (size == 1) return integer((int8_t)number);
    if (size == 2) return integer((int16_t)number);
    if (size == 4) return integer((int32_t)number);
    return integer((int64_t)number);
}

static item take_unsigned(reader* in, size_t size) {
    if (!has(in, size)) return cut_off;
    return (item){.kind = KIND_INTEGER, .number = take_number(in, size)};
}

static item take_by_code(reader* in, uint8_t code) {
    if (code >= 0xc4 && code <= 0xc6) return take_sized(in, KIND_BYTES, (size_t)1 << (code - 0xc4));
    if (code >= 0xc7 && code <= 0xc9) return take_sized_extension(in, (size_t)1 << (code - 0xc7));
    if (code >= 0xca && code <= 0xcb) return take_payload(in, KIND_OTHER, code == 0xca ? 4 : 8);
    if (code >= 0xcc && code <= 0xcf) return take_unsigned(in, (size_t)1 << (code - 0xcc));
    if (code >= 0xd0 && code <= 0xd3) return take_signed(in, (size_t)1 << (code - 0xd0));
    if (code >= 0xd4 && code <= 0xd8) return take_extension(in, (uint64_t)1 << (code - 0xd4));
    if (code >= 0xd9 && code <= 0xdb) return take_sized(in, KIND_TEXT, (size_t)1 << (code - 0xd9));
    if (code >= 0xdc && code <= 0xdd) return take_container(in, KIND_LIST, code == 0xdc ? 2 : 4);
    if (code >= 0xde && code <= 0xdf) return take_container(in, KIND_MAP, code == 0xde ? 2 : 4);
    return (item){.kind = KIND_OTHER}; /* null and bool */
}

item read_item(reader* in) {
    if (!has(in, 1)) return cut_off;
    const uint8_t code = *in->at++;
    if (code < 0x80) return integer(code);
    if (code < 0x90) return (item){.kind = KIND_MAP, .number = code & 0x0fU};
    if (code < 0xa0) return (item){.kind = KIND_LIST, .number = code & 0x0fU};
    if (code < 0xc0) return take_payload(in, KIND_TEXT, code & 0x1fU);
    if (code >= 0xe0) return integer((int8_t)code);
    return take_by_code(in, code);
}

bool skip_value(reader* in) {
    for (uint64_t values = 1; values > 0; --values) {
        const item one = read_item(in);
        if (one.kind == KIND_CUT_OFF) return false;
        if (one.kind == KIND_LIST) values += one.number;
        if (one.kind == KIND_MAP) values += 2 * one.number;
    }
    return true;
}

static head with_code(uint8_t code, uint64_t number, size_t size) {
    head all = {.bytes = {code}, .size = 1 + size};
    for (size_t i = 0; i < size; ++i) all.bytes[1 + i] = (uint8_t)(number >> (8 * (size - 1 - i)));
    return all;
}

/* A reader of MessagePack takes every width: the widest is the simplest. */
head write_integer(int64_t number) { return with_code(0xd3, (uint64_t)number, 8); }
head write_unsigned(uint64_t number) { return with_code(0xcf, number, 8); }
