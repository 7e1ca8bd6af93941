/* SPDX-License-Identifier: Apache-2.0
 * As much of MessagePack as the plugin plain_c needs: reading lists, maps, integers, text and bytes; writing scalars.
 */
#ifndef PLAIN_C_MSGPACK_H
#define PLAIN_C_MSGPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left of a stream. Every function that reads takes what it returns off the front. */
typedef struct reader {
    const uint8_t* at;
    const uint8_t* end;
} reader;

typedef enum item_kind {
    KIND_OTHER,
    KIND_INTEGER,
    KIND_TEXT,
    KIND_BYTES,
    KIND_LIST,
    KIND_MAP,
    KIND_EXTENSION,
    KIND_CUT_OFF
} item_kind;

/* The head of a value, with its payload where it has one. */
typedef struct item {
    item_kind kind;
    bool negative;       /* an integer below zero */
    int8_t extension;    /* its type */
    uint64_t number;     /* an integer in two's complement; the elements of a list, the pairs of a map */
    const uint8_t* data; /* of text, bytes and extensions */
    size_t size;
} item;

item read_item(reader* in);
/* Passes over one whole value; false where it is cut off. */
bool skip_value(reader* in);

/* A value being written: enough for a head. */
typedef struct head {
    uint8_t bytes[9];
    size_t size;
} head;

head write_integer(int64_t number);
head write_unsigned(uint64_t number);

#endif
