/* SPDX-License-Identifier: Apache-2.0
 * Vice: what it replies is no MessagePack, too much, or nothing where something was promised. */
#include <string.h>

#include "table.h"

POOLHOST_MANIFEST(
    POOLHOST_MANIFEST_PLUGIN("garbage_reply", "1.0.0", "Does not keep to the ABI.")
        POOLHOST_MANIFEST_TASK("no_messagepack", "() -> value", "", "Replies with the byte 0xc1.")
            POOLHOST_MANIFEST_TASK("cut", "() -> value", "", "Replies with a text that ends too early.")
                POOLHOST_MANIFEST_TASK("two_values", "() -> value", "", "Replies with two values in one.")
                    POOLHOST_MANIFEST_TASK("twice", "() -> value", "", "Replies twice.")
                        POOLHOST_MANIFEST_TASK("forged_buffer", "() -> bytes", "",
                                               "Names a buffer that does not exist.")
                            POOLHOST_MANIFEST_TASK("silent_failure", "() -> value", "", "Fails without saying why.")
                                POOLHOST_MANIFEST_TASK("strange_status", "() -> value", "", "Returns 42."))

static int32_t reply(const poolhost_call_v1* call, const void* bytes, size_t size) {
    call->reply(call, bytes, size);
    return POOLHOST_OK;
}

static int32_t no_messagepack(const poolhost_call_v1* call) { return reply(call, "\xc1", 1); }
static int32_t cut(const poolhost_call_v1* call) {
    return reply(call,
                 "\xa5"
                 "ab",
                 3);
}
static int32_t two_values(const poolhost_call_v1* call) { return reply(call, "\x01\x02", 2); }

static int32_t twice(const poolhost_call_v1* call) {
    call->reply(call, "\x01", 1);
    return reply(call, "\x02", 1);
}

static int32_t forged_buffer(const poolhost_call_v1* call) {
    poolhost_buffer_head head = {POOLHOST_BUFFER_BYTES, 0, 0, {0}, 4711, 0, 1ULL << 40};
    unsigned char value[3 + sizeof head] = {0xc7, sizeof head, POOLHOST_EXT_BUFFER};
    memcpy(value + 3, &head, sizeof head);
    return reply(call, value, sizeof value);
}

static int32_t silent_failure(const poolhost_call_v1* call) {
    (void)call;
    return POOLHOST_FAILED;
}

static int32_t strange_status(const poolhost_call_v1* call) {
    (void)call;
    return 42;
}

#define TASK(NAME) \
    { sizeof(poolhost_task_v1), 0, #NAME, NAME, 0 }
static const poolhost_task_v1 tasks[] = {TASK(no_messagepack), TASK(cut),           TASK(two_values),
                                         TASK(twice),          TASK(forged_buffer), TASK(silent_failure),
                                         TASK(strange_status)};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("garbage_reply", tasks);

const poolhost_plugin_table_v1* poolhost_plugin_v1(void) {
    (void)nothing;
    return &table;
}
