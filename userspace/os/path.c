// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search in PATH; see path.h. execvpe(3) does the same in the child, with
 * one clone and one exec for each directory that does not have the file.
 */
#include "os/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

static const char *path_of(char *const *envp)
{
	for (; *envp; envp++)
		if (!strncmp(*envp, "PATH=", 5))
			return *envp + 5;
	return DEFAULT_PATH;
}

/* dir/name into @ret_path: 0 or -ENAMETOOLONG. */
static int join(const char *dir, size_t dir_len, const char *name, char *ret_path, size_t size)
{
	size_t name_len = strlen(name);

	if (dir_len + 1 + name_len + 1 > size)
		return -ENAMETOOLONG;
	memcpy(ret_path, dir, dir_len);
	ret_path[dir_len] = '/';
	memcpy(ret_path + dir_len + 1, name, name_len + 1);
	return 0;
}

/* 0: an executable regular file; -EACCES: something else; -ENOENT: nothing. */
static int judge(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == EACCES ? -EACCES : -ENOENT;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -EACCES : 0;
}

int st_path_search(const char *name, char *const *envp, char *ret_path, size_t size)
{
	int worst = -ENOENT;

	if (!*name)
		return -ENOENT;
	if (strchr(name, '/')) {
		if (strlen(name) >= size)
			return -ENAMETOOLONG;
		memcpy(ret_path, name, strlen(name) + 1);
		return 0;
	}
	for (const char *dir = path_of(envp); *dir;) {
		size_t len = strcspn(dir, ":");

		if (*dir == '/') {
			int ret = join(dir, len, name, ret_path, size);

			if (!ret)
				ret = judge(ret_path);
			if (!ret)
				return 0;
			/* The first of the other answers is kept: as execvpe(3). */
			if (worst == -ENOENT)
				worst = ret;
		}
		dir += len;
		if (*dir == ':')
			dir++;
	}
	return worst;
}
