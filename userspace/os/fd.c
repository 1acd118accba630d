// SPDX-License-Identifier: GPL-2.0-only
/*
 * Closing descriptors; see fd.h.
 */
#include "os/fd.h"

#include <errno.h>

void st_fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd); /* the descriptor is closed, also after an error */
	*fd = -1;
	errno = saved;
}
