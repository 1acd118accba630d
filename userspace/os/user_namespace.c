// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the maps of the user namespace; see user_namespace.h.
 */
#include "os/user_namespace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "os/fd.h"

#define DEFAULT_OVERFLOW 65534
#define MAX_MAP 16384 /* 340 pieces of 34 bytes, the most that Linux has */
#define ALL_IDS UINT64_C(4294967295) /* 0 to (uid_t)-2 */

/* Return: the first bytes of a file as text; "" if it cannot be read. */
static const char *read_file(const char *path, char *text, size_t size)
{
	st_cleanup(st_fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, size - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

/* Return: how many ids from @from to @to, without it, the map has, in all its pieces. */
static uint64_t count_mapped(const char *path, uint64_t from, uint64_t to)
{
	char text[MAX_MAP];
	const char *at = read_file(path, text, sizeof(text));
	uint64_t sum = 0;

	/* a piece a line: inside, outside, number; the kernel refuses pieces that overlap */
	for (; *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : "") {
		char *end;
		uint64_t first = strtoull(at, &end, 10), last;

		(void)strtoull(end, &end, 10);
		last = first + strtoull(end, NULL, 10);
		first = first > from ? first : from;
		last = last < to ? last : to;
		sum += last > first ? last - first : 0;
	}
	return sum;
}

/* Return: whether the map has all ids. */
static bool maps_all(const char *path)
{
	return count_mapped(path, 0, ALL_IDS) == ALL_IDS;
}

bool st_user_namespace_has(uint32_t id)
{
	return count_mapped("/proc/self/uid_map", id, (uint64_t)id + 1) &&
	       count_mapped("/proc/self/gid_map", id, (uint64_t)id + 1);
}

static struct st_unmapped read_unmapped(const char *map, const char *overflow)
{
	struct st_unmapped unmapped = { .exists = !maps_all(map), .id = DEFAULT_OVERFLOW };
	char text[32], *end;
	unsigned long long id = strtoull(read_file(overflow, text, sizeof(text)), &end, 10);

	if (end != text && id < UINT32_MAX)
		unmapped.id = (uint32_t)id;
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
