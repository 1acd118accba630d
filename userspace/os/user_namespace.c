// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the maps of the user namespace; see user_namespace.h.
 */
#include "os/user_namespace.h"

#include <stdio.h>

#define DEFAULT_OVERFLOW 65534
#define ALL_IDS UINT64_C(4294967295) /* 0 to (uid_t)-2 */

/* Return: whether the map has all ids, in as many pieces as it likes. */
static bool maps_all(const char *path)
{
	unsigned long long inside, outside, nr;
	uint64_t sum = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	/* the kernel refuses maps whose pieces overlap */
	while (fscanf(file, "%llu %llu %llu", &inside, &outside, &nr) == 3)
		sum += nr;
	(void)fclose(file); /* it was only read */
	return sum == ALL_IDS;
}

static struct st_unmapped read_unmapped(const char *map, const char *overflow)
{
	struct st_unmapped unmapped = { .exists = !maps_all(map), .id = DEFAULT_OVERFLOW };
	FILE *file = fopen(overflow, "re");
	unsigned int id;

	if (file && fscanf(file, "%u", &id) == 1)
		unmapped.id = id;
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
