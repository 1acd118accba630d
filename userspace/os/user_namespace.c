// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the maps of the user namespace; see user_namespace.h.
 */
#include "os/user_namespace.h"

#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_OVERFLOW 65534
#define MAX_LINE 64 /* three numbers */
#define ALL_IDS UINT64_C(4294967295) /* 0 to (uid_t)-2 */

/* Return: whether the map has all ids, in as many pieces as it likes. */
static bool maps_all(const char *path)
{
	char line[MAX_LINE];
	uint64_t sum = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	/* a piece a line: inside, outside, number; the kernel refuses pieces that overlap */
	while (fgets(line, sizeof(line), file)) {
		char *at = line;

		(void)strtoull(at, &at, 10);
		(void)strtoull(at, &at, 10);
		sum += strtoull(at, NULL, 10);
	}
	(void)fclose(file); /* it was only read */
	return sum == ALL_IDS;
}

static struct st_unmapped read_unmapped(const char *map, const char *overflow)
{
	struct st_unmapped unmapped = { .exists = !maps_all(map), .id = DEFAULT_OVERFLOW };
	FILE *file = fopen(overflow, "re");
	char line[MAX_LINE], *end;

	if (file && fgets(line, sizeof(line), file)) {
		unsigned long id = strtoul(line, &end, 10);

		if (end != line && id < UINT32_MAX)
			unmapped.id = (uint32_t)id;
	}
	if (file)
		(void)fclose(file); /* it was only read */
	return unmapped;
}

struct st_unmapped st_unmapped_uid(void)
{
	return read_unmapped("/proc/self/uid_map", "/proc/sys/kernel/overflowuid");
}

struct st_unmapped st_unmapped_gid(void)
{
	return read_unmapped("/proc/self/gid_map", "/proc/sys/kernel/overflowgid");
}
