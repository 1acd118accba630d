// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of processes: one slot for each pid modulo their number. See names.h.
 *
 * Two pids that meet in a slot push each other out, which costs a look at /proc.
 */
#include "tracer/names.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void st_process_names_forget(struct st_process_names *names)
{
	memset(names, 0, sizeof(*names));
}

static void set(struct st_process_names *names, __u32 pid, const char *name, size_t len)
{
	__u32 slot = pid % ST_PROCESS_NAMES_MAX;

	if (len > ST_NAME_SIZE - 1)
		len = ST_NAME_SIZE - 1;
	names->slots[slot].pid = pid;
	memmove(names->slots[slot].name, name, len); /* of a fork's parent: maybe itself */
	names->slots[slot].name[len] = '\0';
}

void st_process_names_learn(struct st_process_names *names, const struct st_record *record)
{
	const char *payload = (const char *)(record + 1);

	if (record->kind == ST_RECORD_SIGNAL && record->captured == ST_NAME_SIZE)
		set(names, record->from, payload, strnlen(payload, ST_NAME_SIZE));
	if (record->kind != ST_RECORD_PROCESS)
		return;
	if (record->action == ST_ACTION_FORK) {
		const char *name = st_process_names_of(names, record->from);

		if (strcmp(name, "?") != 0)
			set(names, record->to, name, strlen(name));
	} else if (record->action == ST_ACTION_EXEC && record->captured &&
		   record->captured == record->size) {
		const char *slash = memrchr(payload, '/', record->captured);
		const char *base = slash ? slash + 1 : payload;

		set(names, record->to, base, record->captured - (size_t)(base - payload));
	}
}

/* Empty if the process does not exist any more. */
static void look_up(__u32 pid, char name[ST_NAME_SIZE])
{
	char path[64];

	name[0] = '\0';
	(void)snprintf(path, sizeof(path), "/proc/%u/comm", pid); /* always fits */
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	ssize_t len = read(fd, name, ST_NAME_SIZE);

	close(fd);
	name[len > 0 ? len - 1 : 0] = '\0'; /* a newline was there */
}

const char *st_process_names_of(struct st_process_names *names, __u32 pid)
{
	__u32 slot = pid % ST_PROCESS_NAMES_MAX;

	if (names->slots[slot].pid != pid) {
		char name[ST_NAME_SIZE];

		look_up(pid, name);
		set(names, pid, name, strlen(name));
	}
	return names->slots[slot].name[0] ? names->slots[slot].name : "?";
}
