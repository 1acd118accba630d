// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptree-web: the gateway from HTTP to suptreed. It starts, gives up its
 * rights, and runs its loop until SIGTERM or SIGINT.
 *
 * All descriptors that need a right are opened before the rights are gone.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/parse.h"
#include "web/confine.h"
#include "web/exchange.h"
#include "web/serve.h"
#include "web/stream.h"

#define EXIT_WRONG_USAGE 2
#define TOKEN "SUPTREE_WEB_TOKEN"

struct signals {
	struct st_source source;
	bool has_come;
};

static void on_signal(struct st_source *source, uint32_t events)
{
	struct signals *signals = container_of(source, struct signals, source);

	(void)events;
	signals->has_come = true;
}

static int open_signals(struct signals *signals)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -errno;
	signals->source.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	signals->source.on_ready = on_signal;
	return signals->source.fd < 0 ? -errno : 0;
}

/*
 * sd_notify(3): it is ready, and its address is its status, for `suptree open`. Who cannot
 * say that is never ready, so it ends.
 */
static int tell_ready(const struct st_web *web, struct st_buf *why)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char text[ST_WEB_URL_SIZE + 32];
	int fd, len, ret = 0;

	if (!path || (*path != '/' && *path != '@') || strlen(path) >= sizeof(address.sun_path))
		return 0;
	strcpy(address.sun_path, path);
	if (*path == '@')
		address.sun_path[0] = '\0';
	len = snprintf(text, sizeof(text), "READY=1\nSTATUS=%s", web->url);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    sendto(fd, text, (size_t)len, MSG_NOSIGNAL, (const struct sockaddr *)&address,
		   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path))) < 0) {
		ret = -errno;
		st_buf_add_text(why, "say READY=1 to ");
		st_buf_add_text(why, path);
		st_buf_add_text(why, ", which $NOTIFY_SOCKET names: ");
		st_buf_add_text(why, strerror(-ret));
	}
	if (fd >= 0)
		close(fd);
	return ret;
}

static void on_event(void *owner)
{
	st_streams_wake(owner);
}

static void on_change(void *owner)
{
	(void)owner; /* answers are made anew from each tree */
}

static const struct st_copy_handler copy_handler = {
	.on_event = on_event,
	.on_change = on_change,
};

static int prepare(struct st_web *web, const struct st_web_options *options, struct st_buf *why)
{
	const char *token = getenv(TOKEN);
	int ret = st_web_loop_init(&web->loop);

	web->options = options;
	web->next_look_ns = ST_NO_DEADLINE;
	st_list_init(&web->peers);
	st_list_init(&web->streams);
	st_list_init(&web->exchanges);
	web->copy.loop = &web->loop;
	web->copy.socket = st_buf_text(&options->socket);
	web->copy.secret = token && st_secret_is_valid(token) ? token : NULL;
	web->copy.handler = &copy_handler;
	web->copy.owner = web;
	if (ret)
		st_buf_add_text(why, "make an epoll descriptor");
	if (!ret)
		ret = st_copy_init(&web->copy);
	if (!ret && getrandom(web->sessions.key, sizeof(web->sessions.key), 0) !=
			    (ssize_t)sizeof(web->sessions.key)) {
		st_buf_add_text(why, "get random bytes from the kernel");
		ret = -EIO;
	}
	return ret ? ret : st_serve_open(web, why);
}

static int confine(const struct st_web_options *options, struct st_buf *why)
{
	int ret = st_confine_become(options->user, why);

	if (ret)
		return ret;
	ret = st_confine_files();
	if (ret)
		fprintf(stderr, "suptree-web: goes on without Landlock: %s\n", strerror(-ret));
	ret = st_confine_calls();
	if (ret) {
		st_buf_add_text(why, "set a seccomp filter: ");
		st_buf_add_text(why, strerror(-ret));
	}
	return ret;
}

static uint64_t look(struct st_web *web)
{
	uint64_t now_ns = st_web_clock_ns(), next_ns = st_serve_look(web, now_ns);
	uint64_t copy_ns = st_copy_look(&web->copy, now_ns);
	uint64_t stream_ns = st_streams_look(web, now_ns);
	MHD_UNSIGNED_LONG_LONG wait_ms;

	if (copy_ns < next_ns)
		next_ns = copy_ns;
	if (stream_ns < next_ns)
		next_ns = stream_ns;
	for (unsigned int i = 0; i < web->nr_listeners; i++) {
		if (MHD_get_timeout(web->listeners[i].http, &wait_ms) != MHD_YES)
			continue;
		if (!wait_ms)
			web->must_run = true;
		if (now_ns + wait_ms * ST_NSEC_PER_MSEC < next_ns)
			next_ns = now_ns + wait_ms * ST_NSEC_PER_MSEC;
	}
	return next_ns;
}

static int run(struct st_web *web, struct signals *signals)
{
	int ret = st_web_loop_add(&web->loop, &signals->source, EPOLLIN);

	while (!ret && !signals->has_come) {
		uint64_t next_ns = look(web);

		st_serve_run(web);
		ret = st_web_loop_turn(&web->loop, web->must_run ? 0 : next_ns);
		st_serve_run(web);
	}
	if (ret)
		fprintf(stderr, "suptree-web: wait for events: %s\n", strerror(-ret));
	return ret;
}

static int serve(struct st_web *web, const struct st_web_options *options, struct st_buf *why)
{
	struct signals signals = { 0 };
	int ret = open_signals(&signals);

	if (ret)
		st_buf_add_text(why, "block signals");
	if (!ret)
		ret = prepare(web, options, why);
	if (!ret)
		ret = st_serve_start(web, why);
	if (!ret)
		ret = confine(options, why);
	if (!ret)
		ret = tell_ready(web, why);
	if (!ret)
		ret = run(web, &signals);
	st_serve_close(web);
	st_copy_done(&web->copy);
	st_web_loop_done(&web->loop);
	close(signals.source.fd);
	return ret;
}

int main(int argc, char **argv)
{
	static struct st_web web; /* too large for the stack */
	struct st_web_options options;
	struct st_buf why = ST_BUF_INIT;
	int ret;

	st_json_init_memory();
	setlinebuf(stderr);
	switch (st_web_options_read(argc, argv, &options)) {
	case ST_WEB_EXIT:
		return EXIT_SUCCESS;
	case ST_WEB_USAGE:
		return EXIT_WRONG_USAGE;
	case ST_WEB_RUN:
	default:
		break;
	}
	ret = serve(&web, &options, &why);
	if (ret && why.len)
		fprintf(stderr, "suptree-web: %s\n", st_buf_text(&why));
	st_buf_done(&why);
	st_web_options_done(&options);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
