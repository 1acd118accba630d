// SPDX-License-Identifier: GPL-2.0-only
/*
 * Closing and counting descriptors; see fd.h.
 */
#include "os/fd.h"

#include <dirent.h>
#include <errno.h>

void st_fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd); /* the descriptor is closed, also after an error */
	*fd = -1;
	errno = saved;
}

int st_fd_count(uint32_t *ret_nr)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	uint32_t nr = 0;
	int err;

	if (!folder)
		return -errno;
	errno = 0;
	while ((entry = readdir(folder)))
		nr += entry->d_name[0] != '.';
	err = -errno;
	(void)closedir(folder); /* it was only read */
	if (!err)
		*ret_nr = nr - 1; /* without the one of the folder */
	return err;
}
