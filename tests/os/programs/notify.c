// SPDX-License-Identifier: GPL-2.0-only
/*
 * notify PATH TEXT: sends TEXT to the readiness socket PATH and writes its own
 * pid to stdout.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (argc != 3 || fd < 0)
		return 2;
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1]);
	printf("%d\n", (int)getpid());
	return sendto(fd, argv[2], strlen(argv[2]), 0, (struct sockaddr *)&address,
		      sizeof(address)) < 0;
}
