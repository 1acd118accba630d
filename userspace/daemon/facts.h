/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Linux says about a process: /proc/PID, for `suptree info`.
 */
#ifndef ST_DAEMON_FACTS_H
#define ST_DAEMON_FACTS_H

#include <sys/types.h>

#include "proto/json.h"

/**
 * st_facts_write() - append an object with the facts of a process
 * @pid: the process; one that dies meanwhile has fewer facts, or none
 * @json: gets {"name","state","ppid","threads","vm_rss_kb","fds","command",...}
 */
void st_facts_write(pid_t pid, struct st_json *json);

#endif
