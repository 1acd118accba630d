/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a folder for another user, with all folders above it. Root calls it with paths of
 * a configuration, so it follows no symbolic link then, and never changes the owner of a
 * folder that was there.
 */
#ifndef ST_OS_FOLDER_H
#define ST_OS_FOLDER_H

#include <sys/types.h>

#include "base/compiler.h"

/**
 * st_folder_make() - make a folder, unless it is there
 * @path: absolute, and without "." and ".."
 * @uid: its owner, if it is made; (uid_t)-1: ours. Folders above it are ours
 * @gid: its group, if it is made
 *
 * A folder that is made has mode 0750, those above it 0755.
 *
 * Return: 0; -ELOOP: a symbolic link in the path, and we are root; -ENOTDIR; or another
 * -errno of openat2(2), mkdir(2) or chown(2).
 */
int st_folder_make(const char *path, uid_t uid, gid_t gid) __must_check;

#endif
