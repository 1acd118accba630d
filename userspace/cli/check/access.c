// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modes of a path, read as the kernel reads them for another user; see access.h.
 */
#include "cli/check/access.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_group(const struct st_credentials *who, gid_t group)
{
	for (size_t i = 0; i < who->nr_groups; i++)
		if (who->groups[i] == group)
			return true;
	return who->gid == group;
}

static bool may_execute(const struct st_credentials *who, const struct stat *status)
{
	mode_t bit = S_IXOTH;

	if (!who->uid) /* root needs only that anyone may */
		return S_ISDIR(status->st_mode) || status->st_mode & 0111;
	if (status->st_uid == who->uid)
		bit = S_IXUSR;
	else if (has_group(who, status->st_gid))
		bit = S_IXGRP;
	return status->st_mode & bit;
}

static int look_at(const struct st_credentials *who, const char *path)
{
	struct stat status;

	if (stat(path, &status))
		return -errno;
	return may_execute(who, &status) ? 0 : -EACCES;
}

int st_access_as(const struct st_credentials *who, const char *path)
{
	char part[PATH_MAX];
	size_t at = 0;
	int err = 0;

	if (!who)
		return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) ? -errno : 0;
	while (path[at] && !err) {
		at += strspn(path + at, "/");
		at += strcspn(path + at, "/");
		if (at >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, path, at);
		part[at] = '\0';
		err = look_at(who, part);
	}
	return err;
}
