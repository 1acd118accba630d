// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes lines to standard error. See log.h.
 */
#include "daemon/log.h"

#include <stdarg.h>
#include <stdio.h>

void st_log(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fputs("suptreed: ", stderr); /* if it fails there is nowhere to report it */
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
}
