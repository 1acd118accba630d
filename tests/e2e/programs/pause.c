// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker that does nothing at all until a signal ends it. For tests that
 * start thousands.
 */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
