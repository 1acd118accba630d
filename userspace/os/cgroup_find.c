// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where control groups of version 2 are, and which one we are in; see cgroup.h.
 * The parsers take text, so that they can be tested without a mount.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "os/cgroup.h"
#include "os/fd.h"

/* Text that does not fit into this is ignored. */
#define TEXT_SIZE (1024 * 1024)

/* Part of a text, not NUL-terminated. */
struct span {
	const char *text;
	size_t len;
};

/* The text up to @stop, or to the end of the line. */
static struct span until(const char *text, const char *stop)
{
	return (struct span){ text, strcspn(text, stop) };
}

static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return *text ? text + 1 : text;
}

/* "\040" in mountinfo is a space; tab, newline and backslash come so, too. */
static bool is_escape(struct span span)
{
	return span.len >= 4 && span.text[0] == '\\' && strchr("0123", span.text[1]) &&
	       strchr("01234567", span.text[2]) && strchr("01234567", span.text[3]);
}

static int unescape(struct span span, char *ret_path, size_t size)
{
	size_t len = 0;

	while (span.len) {
		const char *text = span.text;
		size_t step = is_escape(span) ? 4 : 1;

		if (len + 1 >= size)
			return -ENAMETOOLONG;
		ret_path[len++] = step == 1 ? *text :
					      (char)((text[1] - '0') * 64 + (text[2] - '0') * 8 +
						     (text[3] - '0'));
		span.text += step;
		span.len -= step;
	}
	ret_path[len] = '\0';
	return 0;
}

/*
 * proc(5): "36 35 98:0 /root /mount/point options [tags] - type source options".
 */
static bool is_cgroup2(const char *line, struct span *ret_mount_point)
{
	const char *end = line + strcspn(line, "\n");
	const char *dash = strstr(line, " - ");

	if (!dash || dash > end || strncmp(dash, " - cgroup2 ", 11) != 0)
		return false;
	for (int i = 0; i < 4; i++) {
		line += strcspn(line, " ");
		line += *line == ' ';
	}
	*ret_mount_point = until(line, " \n");
	return line < dash;
}

int st_cgroup_parse_mountinfo(const char *text, char *ret_path, size_t size)
{
	for (; *text; text = next_line(text)) {
		struct span mount_point;

		if (is_cgroup2(text, &mount_point))
			return unescape(mount_point, ret_path, size);
	}
	return -ENOENT;
}

int st_cgroup_parse_own(const char *text, char *ret_path, size_t size)
{
	for (; *text; text = next_line(text)) {
		if (strncmp(text, "0::/", 4) != 0)
			continue;
		struct span path = until(text + 3, "\n");

		if (path.len >= size)
			return -ENAMETOOLONG;
		memcpy(ret_path, path.text, path.len);
		ret_path[path.len] = '\0';
		return 0;
	}
	return -ENOENT;
}

/* A file of /proc as text into TEXT_SIZE bytes. */
static int read_text(const char *path, char *text)
{
	size_t len = 0;
	st_cleanup(st_fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while (len < TEXT_SIZE - 1) {
		ssize_t got = read(fd, text + len, TEXT_SIZE - 1 - len);

		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	text[len] = '\0';
	return 0;
}

static int find_own(char *text, char *ret_path, size_t size)
{
	char own[PATH_MAX];
	int ret = read_text("/proc/self/cgroup", text);

	if (!ret)
		ret = st_cgroup_parse_own(text, own, sizeof(own));
	if (!ret)
		ret = read_text("/proc/self/mountinfo", text);
	if (!ret)
		ret = st_cgroup_parse_mountinfo(text, ret_path, size);
	if (ret < 0)
		return ret;
	size_t len = strlen(ret_path);
	size_t own_len = strcmp(own, "/") != 0 ? strlen(own) : 0;

	if (len + own_len >= size)
		return -ENAMETOOLONG;
	memcpy(ret_path + len, own, own_len);
	ret_path[len + own_len] = '\0';
	return 0;
}

int st_cgroup_find_own(char *ret_path, size_t size)
{
	char *text = st_alloc(TEXT_SIZE);

	if (!text)
		return -ENOMEM;
	int ret = find_own(text, ret_path, size);

	st_free(text);
	return ret;
}
