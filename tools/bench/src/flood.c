// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user without any right, who floods a daemon.
 *
 *	flood SOCKET
 *
 * As the user nobody, with the ordinary scheduler: connects, asks a hundred times for
 * what it may not do, does not read the answers, closes, and so on without a pause.
 * "busy" is printed when it has done so a hundred times, and on SIGTERM
 * {"answers":N}, with the number of connections. Called by figures.py in place of busy.c.
 */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NOBODY 65534
#define NR_QUESTIONS 100
#define NR_BEFORE 100

static const char question[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stop\"}\n";
static volatile sig_atomic_t is_over;

static void on_term(int number)
{
	(void)number;
	is_over = 1;
}

static int become_nobody(void)
{
	struct sched_param param = { .sched_priority = 0 };

	return sched_setscheduler(0, SCHED_OTHER, &param) || setgroups(0, NULL) || setgid(NOBODY) ||
	       setuid(NOBODY);
}

int main(int argc, char **argv)
{
	static char questions[NR_QUESTIONS * sizeof(question)];
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct sigaction action = { .sa_handler = on_term };
	unsigned long nr = 0;

	if (argc != 2 || become_nobody()) {
		fprintf(stderr, "usage: flood SOCKET, as root: %s\n", strerror(errno));
		return 2;
	}
	strncpy(address.sun_path, argv[1], sizeof(address.sun_path) - 1);
	for (int i = 0; i < NR_QUESTIONS; i++)
		strcat(questions, question);
	sigaction(SIGTERM, &action, NULL);
	while (!is_over) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		if (fd < 0 || (connect(fd, (struct sockaddr *)&address, sizeof(address)) &&
			       errno != EAGAIN)) {
			fprintf(stderr, "flood: %s: %s\n", argv[1], strerror(errno));
			return 1;
		}
		/* refused, or the connection is not accepted so far: it is closed all the same */
		(void)!send(fd, questions, strlen(questions), MSG_NOSIGNAL);
		close(fd);
		if (++nr == NR_BEFORE) {
			puts("busy");
			fflush(stdout);
		}
	}
	printf("{\"answers\":%lu}\n", nr);
	return 0;
}
