// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading, see module.h.
 */
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* -EEXIST: who asked for the family had it loaded meanwhile. */
int module_load(void)
{
	struct utsname name;
	char path[256];
	int fd, err;

	if (uname(&name))
		return -errno;
	snprintf(path, sizeof(path), "/lib/modules/%s/suptree.ko", name.release);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return err == -EEXIST ? 0 : err;
}

/* -EAGAIN: somebody's dump is under way, which ends by itself. */
int module_unload(void)
{
	int err;

	do
		err = syscall(SYS_delete_module, "suptree", O_NONBLOCK) ? -errno : 0;
	while (err == -EAGAIN || err == -EBUSY);
	return err;
}
