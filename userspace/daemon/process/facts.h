/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Linux reports about a process in /proc/PID, for `suptree info`.
 */
#ifndef ST_DAEMON_PROCESS_FACTS_H
#define ST_DAEMON_PROCESS_FACTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "proto/json.h"

/**
 * st_facts_write() - append an object with the facts of a process
 * @pid: the process; if it dies meanwhile there are fewer facts, or none
 * @json: gets {"name","state","ppid","threads","vm_rss_kb","fds","command",...}
 */
void st_facts_write(pid_t pid, struct st_json *json);

/**
 * st_facts_is_deadly() - whether a signal would end a process as it is now
 * @pid: the process, not reaped yet
 * @signo: the signal
 *
 * Return: true for SIGKILL. True also for a signal whose default action ends
 * the process, if the process neither catches nor ignores nor blocks it, and is
 * not stopped. It may still be traced, or change its signal handling before the
 * signal is sent.
 */
bool st_facts_is_deadly(pid_t pid, int signo);

#endif
