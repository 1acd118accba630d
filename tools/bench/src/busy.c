// SPDX-License-Identifier: GPL-2.0-only
/*
 * Busy clients of a daemon, in one process.
 *
 *	busy SOCKET NR PAUSE_US
 *
 * NR connections ask, read the whole answer, pause and ask again, each another
 * question of a list. "busy" is printed when all of them have had an answer, and
 * on SIGTERM {"answers":N}. Called by figures.py; it knows nothing of restarts.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MAX_CLIENTS 512
#define NR_EVENTS 64
#define NSEC_PER_MSEC UINT64_C(1000000)

#define ASK(method, params) \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method "\",\"params\":" params "}\n"

static const char *const questions[] = {
	ASK("ping", "{}"),
	ASK("info", "{\"path\":\"w0\"}"),
	ASK("status", "{}"),
	ASK("count_children", "{\"path\":\"/\"}"),
	ASK("get_childspec", "{\"path\":\"w1\"}"),
	ASK("which_children", "{\"path\":\"/\"}"),
};

#define NR_QUESTIONS (sizeof(questions) / sizeof(questions[0]))

struct client {
	int fd;
	unsigned int nr_asked;
	uint64_t ask_at_ns; /* 0: it waits for an answer */
};

static struct client clients[MAX_CLIENTS];
static unsigned int nr_clients;
static uint64_t nr_answers, pause_ns;
static volatile sig_atomic_t is_over;

static void on_term(int number)
{
	(void)number;
	is_over = 1;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void fail(const char *what)
{
	fprintf(stderr, "busy: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void ask(struct client *client)
{
	const char *question = questions[client->nr_asked++ % NR_QUESTIONS];

	client->ask_at_ns = 0;
	if (send(client->fd, question, strlen(question), MSG_NOSIGNAL) < 0)
		fail("send");
}

/* An answer is a line: what ends it is the end of a portion. */
static void take_answer(struct client *client)
{
	static char portion[1 << 16];
	ssize_t nr = recv(client->fd, portion, sizeof(portion), MSG_DONTWAIT);

	if (nr < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (nr <= 0)
		fail("receive");
	if (portion[nr - 1] != '\n')
		return;
	if (++nr_answers == nr_clients) {
		puts("busy");
		fflush(stdout);
	}
	client->ask_at_ns = now_ns() + pause_ns;
}

static void connect_all(const char *path, int epoll_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	for (unsigned int i = 0; i < nr_clients; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &clients[i] };

		clients[i].fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		clients[i].nr_asked = i;
		if (clients[i].fd < 0 ||
		    connect(clients[i].fd, (struct sockaddr *)&address, sizeof(address)) ||
		    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, clients[i].fd, &event))
			fail(path);
		clients[i].ask_at_ns = now_ns() + pause_ns * i / nr_clients;
	}
}

/* Clients whose pause is over send a request; returns the ms until the next one. */
static int ask_all(void)
{
	uint64_t now = now_ns(), next = UINT64_MAX;

	for (unsigned int i = 0; i < nr_clients; i++) {
		uint64_t at = clients[i].ask_at_ns;

		if (at && at <= now)
			ask(&clients[i]);
		else if (at && at < next)
			next = at;
	}
	return next == UINT64_MAX ? -1 : (int)((next - now) / NSEC_PER_MSEC) + 1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_term };
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

	nr_clients = argc == 4 ? (unsigned int)strtoul(argv[2], NULL, 10) : 0;
	if (!nr_clients || nr_clients > MAX_CLIENTS || epoll_fd < 0) {
		fprintf(stderr, "usage: busy SOCKET NR PAUSE_US, NR <= %d\n", MAX_CLIENTS);
		return 2;
	}
	pause_ns = strtoull(argv[3], NULL, 10) * 1000;
	sigaction(SIGTERM, &action, NULL);
	connect_all(argv[1], epoll_fd);
	while (!is_over) {
		struct epoll_event events[NR_EVENTS];
		int nr = epoll_wait(epoll_fd, events, NR_EVENTS, ask_all());

		for (int i = 0; i < nr; i++)
			take_answer(events[i].data.ptr);
	}
	printf("{\"answers\":%llu}\n", (unsigned long long)nr_answers);
	return 0;
}
