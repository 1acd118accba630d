// SPDX-License-Identifier: GPL-2.0-only
/*
 * A look at the system: all processes, and the processor time of the machine.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "observer/observer.h"

#define STAT_MAX 4096 /* the first line is shorter */

/* The first line of /proc/stat: the sums of all processors. */
static int read_ticks(int proc, uint64_t ticks[ST_TICK__MAX])
{
	struct st_buf text = ST_BUF_INIT;
	struct st_slice line, word;
	int err = st_reading_file(proc, "stat", STAT_MAX, &text);

	memset(ticks, 0, sizeof(*ticks) * ST_TICK__MAX);
	if (err >= 0 && st_parse_line(text.data, text.len, "cpu", &line))
		for (int i = 0; i < ST_TICK__MAX && st_parse_word(&line, &word); i++)
			if (!st_parse_u64(word, &ticks[i]))
				break;
	st_buf_done(&text);
	return err < 0 ? err : 0;
}

int st_look_take(struct st_look *look, int proc)
{
	int err = read_ticks(proc, look->ticks);

	return err ? err : st_scan_run(&look->scan, proc);
}

void st_look_done(struct st_look *look)
{
	st_scan_done(&look->scan);
}

uint64_t st_ticks_to_ms(uint64_t ticks)
{
	return ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
}

uint64_t st_pages_to_kb(uint64_t pages)
{
	return pages * ((uint64_t)sysconf(_SC_PAGESIZE) / 1024);
}
