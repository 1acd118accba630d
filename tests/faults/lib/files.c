// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that grow, datagrams, the daemon's own score for the OOM killer, and what a process
 * holds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "faults.h"
#include "os/append.h"
#include "os/datagram.h"
#include "os/fd.h"
#include "os/held.h"
#include "os/nowait.h"
#include "os/oom_score.h"
#include "scenarios.h"
#include "temporary.h"

#define WRONG 1

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	perror(what);
	abort();
}

/* ---- files that grow ---- */

static int use_place(const struct st_append_place *place)
{
	struct st_append_file file = { .fd = -1 };
	int ret = COUNTED(st_append_open(place, &file));

	/* In doubt the file is opened again: no errno comes of it. */
	if (!ret && !COUNTED(st_append_is_there(place, file.fd)) && !faults_fired())
		ret = WRONG;
	if (!ret)
		ret = COUNTED(st_append_rotate(place, 1));
	st_fd_close(&file.fd);
	if (!ret)
		ret = COUNTED(st_append_open(place, &file));
	if (!ret)
		ret = COUNTED(st_append_rotate(place, 0));
	st_fd_close(&file.fd);
	return ret;
}

static int run_growing_file(void)
{
	char dir[TEMPORARY_SIZE], folder[80], path[96], old[112];

	must(temporary_folder(dir, "suptree-faults-XXXXXX"), "make a folder");
	(void)snprintf(folder, sizeof(folder), "%s/logs", dir);
	(void)snprintf(path, sizeof(path), "%s/file", folder);
	(void)snprintf(old, sizeof(old), "%s.1", path);
	const struct st_append_place place = {
		.path = path,
		.may_make = strlen(folder),
		.group = 0,
	};
	int ret = use_place(&place);

	(void)unlink(path);
	(void)unlink(old);
	(void)rmdir(folder);
	must(!rmdir(dir), "remove the folder");
	return ret;
}

/* ---- datagrams ---- */

/* More than a socket takes in one piece. */
#define LARGE (1 << 20)

static int send_both(const char *path)
{
	static char data[LARGE];
	int fd = -1;
	int ret = COUNTED(st_datagram_connect(path, &fd));

	if (!ret)
		ret = COUNTED(st_datagram_send(fd, data, 10));
	if (!ret)
		ret = COUNTED(st_datagram_send(fd, data, LARGE));
	st_fd_close(&fd);
	return ret;
}

static int run_datagrams(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char dir[TEMPORARY_SIZE];

	must(temporary_folder(dir, "suptree-faults-XXXXXX"), "make a folder");
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", dir);
	must(!bind(fd, (struct sockaddr *)&address, sizeof(address)), "bind");
	int ret = send_both(address.sun_path);

	must(!unlink(address.sun_path) && !rmdir(dir), "remove the socket");
	st_fd_close(&fd);
	return ret;
}

/* ---- writes that do not wait ---- */

/* What cannot be opened again is asked first, so only the writes fail. */
static int run_nowait(void)
{
	int ends[2], sockets[2];
	ssize_t nr = 0;

	must(!pipe(ends) && !socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), "make pipes");
	const int fds[] = { ends[1], sockets[1] };

	for (size_t i = 0; i < ST_ARRAY_SIZE(fds) && nr >= 0; i++) {
		struct st_nowait asked = ST_NOWAIT_ASK(fds[i]);
		struct st_nowait out;

		faults_on();
		out = st_nowait_open(fds[i]);
		faults_off();
		nr = COUNTED(st_nowait_write(&out, "x", 1));
		faults_on();
		st_nowait_done(&out);
		faults_off();
		if (nr == 1)
			nr = COUNTED(st_nowait_write(&asked, "x", 1));
	}
	for (size_t i = 0; i < 2; i++) {
		close(ends[i]);
		close(sockets[i]);
	}
	return nr == 1 ? 0 : (int)nr;
}

/* ---- the score ---- */

static int run_oom_score(void)
{
	int score = 0;
	int ret = COUNTED(st_oom_score_read(&score));

	if (!ret)
		ret = COUNTED(st_oom_score_write(score));
	return ret;
}

/* ---- what a process holds ---- */

static int look_at_all(struct st_held *held)
{
	struct st_held_port port;
	struct st_held_fd fd;
	int ret = COUNTED(st_held_open(held, getpid()));

	if (ret)
		return ret;
	do
		ret = COUNTED(st_held_next_fd(held, &fd));
	while (ret == 1);
	if (ret)
		return ret;
	do
		ret = COUNTED(st_held_next_port(held, &port));
	while (ret == 1 || ret == -EAGAIN);
	return ret;
}

static int run_holdings(void)
{
	int sockets[2], ret;
	struct st_held held;

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), "make a pair of sockets");
	st_held_init(&held);
	ret = look_at_all(&held);
	faults_on();
	st_held_done(&held);
	faults_off();
	close(sockets[0]);
	close(sockets[1]);
	return ret;
}

static const struct answer of_files[] = {
	{ "fchown", 0, 0, "then only root's group reads it" },
	{ "statx", 0, 0, "the time of the last write is taken" },
	{ "fstat", 0, EITHER, "whether it has its name is not known: it is opened again" },
	{ "fstatat", 0, 0, "the same" },
	{ "MINUS SYS_openat2", 0, EITHER, "the same" },
	{ 0 },
};

static const struct answer of_nowait[] = {
	{ "fstat", 0, 0, "it is asked first" },
	{ "open", 0, 0, "the same" },
	{ "close", 0, 0, "it is gone all the same" },
	{ "poll", 0, EAGAIN, "it is taken for full" },
	{ 0 },
};

static const struct answer of_holdings[] = {
	{ "close", 0, 0, "it is gone all the same" },
	{ "openat", 0, EITHER, "a table that cannot be read is left out" },
	{ "read", 0, 0, "the same" },
	{ 0 },
};

const struct scenario nowait = { run_nowait, of_nowait };
const struct scenario growing_file = { run_growing_file, of_files };
const struct scenario datagrams = { run_datagrams, NULL };
const struct scenario oom_score = { run_oom_score, NULL };
const struct scenario holdings = { run_holdings, of_holdings };
