/* SPDX-License-Identifier: Apache-2.0
 *
 * The binary interface between poolhost and a plugin: C11, and valid C++.
 *
 * A plugin is a shared library that exports exactly one function, poolhost_plugin_v1(), which returns a table of
 * tasks and hooks. The host reads the plugin's manifest (see POOLHOST_MANIFEST below) without loading the library;
 * only workers, and the template process that workers are forked from, load it.
 *
 * Rules that hold for everything here:
 *  - Threads: the host calls a plugin on the worker's main thread only, one task or hook at a time. Functions that
 *    the host offers are called on that thread too, unless their comment says "any thread".
 *  - Ownership: nobody frees what the other side allocated. A pointer is valid as long as its comment says.
 *  - Signals: workers handle the fatal ones and SIGRTMAX - 3, by which they leave their stack for the host; a handler
 *    of yours calls the one it found for what it does not handle itself. docs/abi.md says more.
 *  - Exceptions never cross this interface; the function that throws has to catch.
 *  - Every struct begins with its size in bytes. A field beyond that size is absent; new fields are added at the end.
 *  - Integers are in the byte order of the machine; text is UTF-8, not NUL-terminated where a size stands beside it.
 *  - Arguments and results are MessagePack with the extension types named below; docs/abi.md has the whole encoding.
 */
#ifndef POOLHOST_PLUGIN_H
#define POOLHOST_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define POOLHOST_ABI_MAJOR 1
#define POOLHOST_ABI_MINOR 0

#if defined(__GNUC__)
#define POOLHOST_EXPORT __attribute__((visibility("default")))
#else
#define POOLHOST_EXPORT
#endif

/* MessagePack extension types. */
enum {
    POOLHOST_EXT_TYPED_ARRAY = 1, /* numbers of one element type, with a shape, inline */
    POOLHOST_EXT_BUFFER = 2,      /* bytes, text or a typed array that lies in a shared buffer */
    POOLHOST_EXT_JSON = 3         /* a JSON text; the worker converts it, a task never sees it */
};

/* Element types of typed arrays. */
enum {
    POOLHOST_ELEMENT_BOOL = 1,
    POOLHOST_ELEMENT_INT8 = 2,
    POOLHOST_ELEMENT_INT16 = 3,
    POOLHOST_ELEMENT_INT32 = 4,
    POOLHOST_ELEMENT_INT64 = 5,
    POOLHOST_ELEMENT_UINT8 = 6,
    POOLHOST_ELEMENT_UINT16 = 7,
    POOLHOST_ELEMENT_UINT32 = 8,
    POOLHOST_ELEMENT_UINT64 = 9,
    POOLHOST_ELEMENT_FLOAT32 = 10,
    POOLHOST_ELEMENT_FLOAT64 = 11
};

/* What a POOLHOST_EXT_BUFFER stands for. */
enum { POOLHOST_BUFFER_BYTES = 0, POOLHOST_BUFFER_TEXT = 1, POOLHOST_BUFFER_TYPED_ARRAY = 2 };

/* Payload of POOLHOST_EXT_TYPED_ARRAY: this head, then uint64_t shape[dimensions], then the elements in row-major
 * order. Nothing in a MessagePack stream is aligned: copy, or check the address, before reading elements in place. */
typedef struct poolhost_typed_array_head {
    uint8_t element;     /* POOLHOST_ELEMENT_… */
    uint8_t dimensions;  /* 1..8 */
    uint8_t reserved[6]; /* zero */
} poolhost_typed_array_head;

/* Payload of POOLHOST_EXT_BUFFER: this head, then uint64_t shape[dimensions] (typed arrays only). The memory begins
 * at poolhost_call_v1.buffer(id) + offset and is 64-byte aligned when offset is a multiple of 64. */
typedef struct poolhost_buffer_head {
    uint8_t what;        /* POOLHOST_BUFFER_… */
    uint8_t element;     /* POOLHOST_ELEMENT_…, or 0 */
    uint8_t dimensions;  /* 1..8 for typed arrays, else 0 */
    uint8_t reserved[5]; /* zero */
    uint64_t id;
    uint64_t offset; /* bytes from the buffer's beginning */
    uint64_t size;   /* bytes */
} poolhost_buffer_head;

/* How a task or hook ended. */
enum {
    POOLHOST_OK = 0,     /* reply() was called, or the result is null */
    POOLHOST_FAILED = 1, /* fail() or bad_argument() was called */
};

enum { POOLHOST_LOG_DEBUG = 0, POOLHOST_LOG_INFO = 1, POOLHOST_LOG_WARNING = 2, POOLHOST_LOG_ERROR = 3 };

/* A failure as the caller will see it (outcome kind task_error). Copied by fail(). */
typedef struct poolhost_error_v1 {
    uint32_t size;
    uint32_t retryable;  /* 0 or 1; informs the caller, the pool itself does not retry */
    int64_t code;        /* the plugin's own number; 0 if it has none */
    const char* type;    /* name of the error's type, NUL-terminated; never NULL */
    const char* message; /* NUL-terminated; never NULL */
} poolhost_error_v1;

/* An argument that the task cannot take (outcome kind bad_arguments). Copied by bad_argument(). */
typedef struct poolhost_bad_argument_v1 {
    uint32_t size;
    uint32_t argument;    /* counted from 1; 0 where no single argument is at fault, such as a wrong count */
    const char* name;     /* the argument's name, or "" */
    const char* expected; /* such as "int32" */
    const char* got;      /* such as "string" */
    const char* message;  /* the sentence for a person */
} poolhost_bad_argument_v1;

/* Memory. For poolhost_call_v1.allocate: data is NULL where no memory was to be had. */
typedef struct poolhost_buffer_v1 {
    void* data;    /* 64-byte aligned */
    uint64_t size; /* bytes */
    uint64_t id;   /* for poolhost_buffer_head.id */
} poolhost_buffer_v1;

typedef struct poolhost_host_v1 poolhost_host_v1;
typedef struct poolhost_call_v1 poolhost_call_v1;

/* What holds for the whole life of a process that has loaded the plugin. Valid until the process ends. */
struct poolhost_host_v1 {
    uint32_t size;
    uint16_t abi_major;
    uint16_t abi_minor;
    const char* pool_name;    /* NUL-terminated */
    const char* start_method; /* "spawn", "fork" or "forkserver" */
    int32_t worker_index;     /* stable rank, 0 to max-1; -1 in a template */
    int32_t reserved;
    /* An extension of this interface by its id, or NULL where this host has none of that name. Any thread. */
    const void* (*get_extension)(const char* id);
    /* Writes one line to the host's log. Any thread. Never blocks; what had to be dropped is counted there. */
    void (*log)(int32_t level, const char* text, size_t size);
};

/* One call of a task, or of a hook (then without arguments; reply, emit and allocate do nothing). Valid until the
 * task returns; its functions must not be called later. */
struct poolhost_call_v1 {
    uint32_t size;
    uint32_t attempt; /* 1 for the first */
    const poolhost_host_v1* host;
    void* state;              /* the host's own */
    const uint8_t* arguments; /* a MessagePack array (by position) or map (by name); valid until the task returns */
    size_t arguments_size;
    int64_t deadline_ns; /* CLOCK_MONOTONIC, when the call times out; 0: never */

    /* The result: one MessagePack value, copied. At most once. */
    void (*reply)(const poolhost_call_v1* call, const void* data, size_t size);
    /* Says why the task returns POOLHOST_FAILED. At most one of the two, once. */
    void (*fail)(const poolhost_call_v1* call, const poolhost_error_v1* error);
    void (*bad_argument)(const poolhost_call_v1* call, const poolhost_bad_argument_v1* fault);

    /* The memory behind a POOLHOST_EXT_BUFFER among the arguments: read-only, valid until the task returns.
     * data is NULL for an id that the arguments do not hold. */
    poolhost_buffer_v1 (*buffer)(const poolhost_call_v1* call, uint64_t id);
    /* Memory that is shared with the host already, for results: write into it, then reply with a POOLHOST_EXT_BUFFER
     * that names its id, and nothing is copied. Contents at first: undefined. Valid until the task returns. */
    poolhost_buffer_v1 (*allocate)(const poolhost_call_v1* call, uint64_t size);

    /* fraction 0 to 1 (negative: unknown); the newest replaces older ones. Any thread until the task returns. */
    void (*progress)(const poolhost_call_v1* call, double fraction, const char* note, size_t size);
    /* 1 once the caller cancelled, the timeout passed or the host stops: end soon, SIGKILL follows after `grace`.
     * A read of one word; call it as often as you like. Any thread until the task returns. */
    int32_t (*cancelled)(const poolhost_call_v1* call);
    /* A partial result, one MessagePack value, copied and streamed to the caller before the final one. */
    void (*emit)(const poolhost_call_v1* call, const void* data, size_t size);
    /* After this outcome was delivered, the worker is replaced: for a library that only a new process heals. */
    void (*retire)(const poolhost_call_v1* call, const char* reason, size_t size);
};

/* A task. Returns POOLHOST_OK or POOLHOST_FAILED. */
typedef int32_t (*poolhost_task_function_v1)(const poolhost_call_v1* call);

enum { POOLHOST_TASK_IDEMPOTENT = 1 };

typedef struct poolhost_task_v1 {
    uint32_t size;    /* of this struct: the stride of the table's array */
    uint32_t flags;   /* POOLHOST_TASK_… */
    const char* name; /* NUL-terminated, [A-Za-z_][A-Za-z0-9_]*, unique in the plugin */
    poolhost_task_function_v1 run;
    int64_t timeout_ns; /* 0: none of its own */
} poolhost_task_v1;

enum { POOLHOST_PLUGIN_NOT_FORK_SAFE = 1 };

/* Everything that the table points to lives as long as the library is loaded, which is until the process ends. */
typedef struct poolhost_plugin_table_v1 {
    uint32_t size;
    uint16_t abi_major; /* POOLHOST_ABI_MAJOR when the plugin was compiled */
    uint16_t abi_minor;
    const char* name;    /* NUL-terminated, [A-Za-z_][A-Za-z0-9_]* */
    const char* version; /* NUL-terminated */
    uint32_t flags;      /* POOLHOST_PLUGIN_… */
    uint32_t task_count;
    const poolhost_task_v1* tasks;
    /* Hooks; NULL where not wanted. A hook that returns POOLHOST_FAILED keeps the worker from starting. */
    poolhost_task_function_v1 on_preload; /* once, in the template before any fork; with spawn in every worker */
    poolhost_task_function_v1 on_start;   /* once in every worker, before its first task */
    poolhost_task_function_v1 on_stop;    /* at an orderly end of a worker; its result is logged only */
} poolhost_plugin_table_v1;

/* The one exported function. Called once, on the main thread, right after loading; never NULL. */
POOLHOST_EXPORT const poolhost_plugin_table_v1* poolhost_plugin_v1(void);

/* ---- The manifest: names, signatures and docs, readable without running the plugin's code. ----
 *
 * It is the descriptor of an ELF note in section ".note.poolhost" (name "poolhost", type 1): text made of records
 * that end with RS (\x1e), of fields parted by US (\x1f), and one NUL at its end. Records, in this order:
 *   poolhost-manifest  1
 *   plugin  NAME  VERSION  DOC  ABI ("1.0")  SDK ("c" or the SDK's version)  NOT_FORK_SAFE_REASON ("" if safe)
 *   task    NAME  SIGNATURE  FLAGS  DOC      one a task; flags: "" or words parted by spaces: idempotent, timeout_ns=N
 * SIGNATURE is "(name: type, …) -> type"; docs/abi.md has the grammar of types.
 *
 * In C++ the SDK writes it. In C, use these macros once, at file scope:
 *
 *     POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("plain", "1.0.0", "A plugin in C.")
 *                       POOLHOST_MANIFEST_TASK("add", "(a: int64, b: int64) -> int64", "idempotent", "The sum."))
 */
#define POOLHOST_NOTE_SECTION ".note.poolhost"
#define POOLHOST_NOTE_NAME "poolhost"
#define POOLHOST_NOTE_TYPE 1
#define POOLHOST_MANIFEST_PLUGIN(name, version, doc) POOLHOST_MANIFEST_PLUGIN_NOT_FORK_SAFE(name, version, doc, "")
#define POOLHOST_MANIFEST_PLUGIN_NOT_FORK_SAFE(name, version, doc, reason) \
    "plugin\x1f" name "\x1f" version "\x1f" doc                            \
    "\x1f"                                                                 \
    "1.0"                                                                  \
    "\x1f"                                                                 \
    "c"                                                                    \
    "\x1f" reason "\x1e"
#define POOLHOST_MANIFEST_TASK(name, signature, flags, doc) \
    "task\x1f" name "\x1f" signature "\x1f" flags "\x1f" doc "\x1e"
/* Aligned by 4 and no more, or readers of notes see padding; clang's address sanitizer would put a red zone behind. */
#if defined(__clang__)
#define POOLHOST_NOTE_ATTRIBUTES \
    __attribute__((used, aligned(4), no_sanitize("address"), section(POOLHOST_NOTE_SECTION)))
#else
#define POOLHOST_NOTE_ATTRIBUTES __attribute__((used, aligned(4), section(POOLHOST_NOTE_SECTION)))
#endif
#define POOLHOST_MANIFEST(records)                                              \
    POOLHOST_NOTE_ATTRIBUTES static const struct {                              \
        uint32_t name_size, text_size, type;                                    \
        char name[12]; /* "poolhost" with its NUL, padded to a multiple of 4 */ \
        char                                                                    \
            text[sizeof("poolhost-manifest\x1f"                                 \
                        "1\x1e" records)];                                      \
    } poolhost_manifest_note = {9,                                              \
                                sizeof("poolhost-manifest\x1f"                  \
                                       "1\x1e" records),                        \
                                POOLHOST_NOTE_TYPE, POOLHOST_NOTE_NAME,         \
                                "poolhost-manifest\x1f"                         \
                                "1\x1e" records};

#ifdef __cplusplus
}
#endif
#endif
