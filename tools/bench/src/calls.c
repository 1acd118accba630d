// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls over libsuptree and bare round trips over a unix socket, in turns.
 *
 *	calls server			a server that returns each request
 *	calls port			an echo for Erlang's {packet,2}
 *	calls measure NAME ROUNDS	one JSON line; NAME is the server
 *
 * A bare round trip is a send and a recv on each side of a SOCK_SEQPACKET pair, with the
 * same number of bytes. Started by ../calls.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "libsuptree/suptree.h"

#define BLOCK 500 /* of one kind, before the other has its turn */
#define HEADER 16 /* that libsuptree puts before each request */
#define REQUEST "ping"
#define MAX_ROUNDS 100000
#define NR_CASTS 200000

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "calls: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	(void)state;
	suptree_reply_bytes(self, from, request->data, request->len);
	return SUPTREE_CONTINUE;
}

static int be_server(int argc, char **argv)
{
	static const struct suptree_gen_server echo = { .handle_call = handle_call };

	return suptree_gen_server_main(&echo, argc, argv);
}

static int be_port(void)
{
	unsigned char buf[2 + UINT16_MAX];
	size_t len;

	while (fread(buf, 2, 1, stdin) == 1) {
		len = (size_t)(buf[0] << 8 | buf[1]);
		if (fread(buf + 2, 1, len, stdin) != len)
			break;
		fwrite(buf, 1, len + 2, stdout);
		fflush(stdout);
	}
	return 0;
}

/* The other end, in a second process; it ends with the connection. */
static int start_bare(pid_t *ret_pid)
{
	char buf[HEADER + sizeof(REQUEST)];
	int pair[2];
	ssize_t nr;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		die("make a pair of sockets");
	*ret_pid = fork();
	if (*ret_pid < 0)
		die("fork");
	if (*ret_pid) {
		close(pair[1]);
		return pair[0];
	}
	close(pair[0]);
	while ((nr = recv(pair[1], buf, sizeof(buf), 0)) > 0)
		if (send(pair[1], buf, (size_t)nr, 0) < 0)
			break;
	_exit(0);
}

static void measure_bare(int fd, uint32_t *out)
{
	char buf[HEADER + sizeof(REQUEST) - 1] = "";

	for (int i = 0; i < BLOCK; i++) {
		uint64_t begin = now_ns();

		if (send(fd, buf, sizeof(buf), 0) < 0 || recv(fd, buf, sizeof(buf), 0) < 0)
			die("a bare round trip");
		out[i] = (uint32_t)(now_ns() - begin);
	}
}

static void measure_calls(struct suptree *self, const char *name, uint32_t *out)
{
	for (int i = 0; i < BLOCK; i++) {
		uint64_t begin = now_ns();
		const char *reply;

		if (suptree_call(self, name, REQUEST, SUPTREE_TIMEOUT_MS, &reply)) {
			fprintf(stderr, "calls: %s: %s\n", name, suptree_error(self));
			exit(1);
		}
		out[i] = (uint32_t)(now_ns() - begin);
	}
}

/* The answer to a call after the casts shows that all of them have been handled. */
static double measure_casts(struct suptree *self, const char *name)
{
	uint64_t begin = now_ns();

	for (int i = 0; i < NR_CASTS; i++) {
		int ret;

		while ((ret = suptree_cast(self, name, REQUEST)) == -EAGAIN)
			(void)suptree_call(self, name, REQUEST, SUPTREE_TIMEOUT_MS, NULL);
		if (ret)
			die(suptree_error(self));
	}
	(void)suptree_call(self, name, REQUEST, SUPTREE_INFINITY, NULL);
	return 1e9 * NR_CASTS / (double)(now_ns() - begin);
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void show(const char *key, uint32_t *samples, size_t nr)
{
	size_t middle = nr / 2, late = nr * 99 / 100;
	double sum_ns = 0;

	qsort(samples, nr, sizeof(*samples), compare);
	for (size_t i = 0; i < nr; i++)
		sum_ns += samples[i];
	printf("\"%s\":{\"p50_us\":%.2f,\"p99_us\":%.2f,\"per_s\":%.0f},", key,
	       samples[middle] / 1e3, samples[late] / 1e3, 1e9 / (sum_ns / (double)nr));
}

static int measure(const char *name, size_t rounds)
{
	size_t nr = rounds * BLOCK;
	uint32_t *bare = calloc(nr, sizeof(*bare)), *calls = calloc(nr, sizeof(*calls));
	struct suptree *self;
	pid_t pid;
	int fd = start_bare(&pid);

	if (!bare || !calls || suptree_open(NULL, &self))
		die("allocate");
	measure_bare(fd, bare); /* warm up */
	measure_calls(self, name, calls);
	for (size_t i = 0; i < rounds; i++) {
		measure_bare(fd, bare + i * BLOCK);
		measure_calls(self, name, calls + i * BLOCK);
	}
	printf("{");
	show("bare", bare, nr);
	show("call", calls, nr);
	printf("\"casts_per_s\":%.0f}\n", measure_casts(self, name));
	suptree_close(self);
	close(fd);
	waitpid(pid, NULL, 0);
	free(bare);
	free(calls);
	return 0;
}

int main(int argc, char **argv)
{
	size_t rounds = 0;

	if (argc == 2 && !strcmp(argv[1], "server"))
		return be_server(argc, argv);
	if (argc == 2 && !strcmp(argv[1], "port"))
		return be_port();
	if (argc == 4 && !strcmp(argv[1], "measure"))
		rounds = strtoul(argv[3], NULL, 10);
	if (rounds > 0 && rounds <= MAX_ROUNDS)
		return measure(argv[2], rounds);
	fputs("usage: calls server | port | measure NAME ROUNDS\n", stderr);
	return 2;
}
