/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What another user may do with a file: by the mode of the file and of the folders above
 * it. Access control lists and capabilities are not asked, so it is good for a warning
 * and for nothing else.
 */
#ifndef ST_CLI_CHECK_ACCESS_H
#define ST_CLI_CHECK_ACCESS_H

#include "base/compiler.h"
#include "os/credentials.h"

/**
 * st_access_as() - whether a user may execute a file, or enter a folder
 * @who: the user; NULL: who runs this program
 * @path: the file or folder
 *
 * Return: 0; -EACCES: he may not; another -errno: it cannot be known.
 */
int st_access_as(const struct st_credentials *who, const char *path) __must_check;

#endif
