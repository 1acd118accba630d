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

/* The next absolute entry of PATH, or NULL; @at moves to the place after it. */
static const char *next_dir(const char **at, size_t *ret_len)
{
	while (**at) {
		const char *dir = *at;

		*ret_len = strcspn(dir, ":");
		*at += *ret_len;
		if (**at == ':')
			(*at)++;
		if (*dir == '/')
			return dir;
	}
	return NULL;
}

int st_path_search(const char *name, char *const *envp, char *ret_path, size_t size)
{
	const char *at = path_of(envp), *dir;
	int worst = -ENOENT;
	size_t len;

	if (!*name)
		return -ENOENT;
	if (strchr(name, '/')) {
		if (strlen(name) >= size)
			return -ENAMETOOLONG;
		memcpy(ret_path, name, strlen(name) + 1);
		return 0;
	}
	while ((dir = next_dir(&at, &len))) {
		int ret = join(dir, len, name, ret_path, size);

		if (!ret)
			ret = judge(ret_path);
		if (!ret)
			return 0;
		/* The first of the other answers is kept: as execvpe(3). */
		if (worst == -ENOENT)
			worst = ret;
	}
	return worst;
}

int st_path_search_all(const char *name, char *const *envp, struct st_path_files *ret_files)
{
	char *end = ret_files->text;
	const char *at = path_of(envp), *dir;
	int worst = -ENOENT;
	size_t len;

	ret_files->nr = 0;
	while (*name && ret_files->nr < ST_PATH_FILES_MAX && (dir = next_dir(&at, &len))) {
		size_t room = sizeof(ret_files->text) - (size_t)(end - ret_files->text);
		int ret = join(dir, len, name, end, room);

		if (!ret)
			ret = judge(end);
		if (ret == 0 || ret == -EACCES) {
			ret_files->files[ret_files->nr++] = end;
			end += strlen(end) + 1;
		} else if (worst == -ENOENT) {
			worst = ret;
		}
	}
	return ret_files->nr ? 0 : worst;
}
