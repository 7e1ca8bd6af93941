/* SPDX-License-Identifier: Apache-2.0
 * A plugin whose thread logs when its task has long returned, and the worker may be asleep. */
#include <poolhost/plugin.h>

#include <pthread.h>
#include <string.h>
#include <unistd.h>

static const poolhost_host_v1* host;
static int ends[2];

static void* log_when_told(void* unused) {
    char order = 0;
    while (read(ends[0], &order, 1) == 1) host->log(POOLHOST_LOG_INFO, "late", strlen("late"));
    return unused;
}

/* Replies with the descriptor; who writes a byte to it makes the thread log a line. */
static int32_t start(const poolhost_call_v1* call) {
    pthread_t thread;
    host = call->host;
    if (pipe(ends) != 0 || pthread_create(&thread, NULL, log_when_told, NULL) != 0) return POOLHOST_FAILED;
    const unsigned char value = (unsigned char)ends[1];
    call->reply(call, &value, 1);
    return POOLHOST_OK;
}

static const poolhost_task_v1 tasks[] = {{sizeof(poolhost_task_v1), 0, "start", start, 0}};
static const poolhost_plugin_table_v1 table = {
    sizeof table, POOLHOST_ABI_MAJOR, POOLHOST_ABI_MINOR, "late_logger", "1.0.0", 0, 1, tasks, NULL, NULL, NULL};

const poolhost_plugin_table_v1* poolhost_plugin_v1(void) { return &table; }
