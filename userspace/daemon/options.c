// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the command line of suptreed.
 */
#include "daemon/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "proto/version.h"
#include "proto/conn.h"

#define SYSTEM_CONFIG "/etc/suptree/suptree.yaml"

static const char help[] =
	"usage: suptreed [--config FILE] [--socket PATH] [--transcript FILE]\n"
	"\n"
	"Supervise processes under the rules of Erlang/OTP's supervisor, in the\n"
	"foreground, until SIGTERM or SIGINT. SIGHUP reloads the configuration.\n"
	"\n"
	"  -c, --config FILE   start the trees of FILE; default for root, if it exists:\n"
	"                      " SYSTEM_CONFIG "\n"
	"  -s, --socket PATH   the control socket; default $SUPTREE_SOCKET, then\n"
	"                      /run/suptree/control.sock for root,\n"
	"                      $XDG_RUNTIME_DIR/suptree/control.sock for others\n"
	"  -t, --transcript FILE\n"
	"                      append a transcript: every event and its effects\n"
	"      --features      print which features of this kernel are used, and exit\n"
	"      --version       print the version, and exit\n"
	"  -h, --help          print this, and exit\n"
	"\n"
	"$SUPTREE_JOURNAL_SOCKET replaces journald's socket for children with log:\n"
	"journal; it is for tests.\n"
	"\n"
	"Control the daemon with suptree: suptree tree, suptree help.\n"
	"\n"
	"Exit status: 0 after it was asked to stop; 2 if the command line is wrong; 1 if\n"
	"the configuration has a mistake, a child could not be started (then none runs,\n"
	"as in OTP), another daemon uses the socket, io_uring is forbidden, or the root\n"
	"supervisor has given up.\n";

/* Children get this path, and they have other working directories. */
static int add_folder(const char *path, struct st_buf *whole)
{
	char folder[PATH_MAX];

	if (*path != '/') {
		if (!getcwd(folder, sizeof(folder)))
			return -errno;
		st_buf_add_text(whole, folder);
		st_buf_add_char(whole, '/');
	}
	st_buf_add_text(whole, path);
	return st_buf_error(whole);
}

static int set_socket(struct st_options *options, const char *given)
{
	struct st_buf named = ST_BUF_INIT, path = ST_BUF_INIT;
	int err = st_conn_socket_path(given, &named);

	if (!err)
		err = add_folder(st_buf_text(&named), &path);
	st_buf_done(&named);
	if (err) {
		(void)fprintf(stderr, "suptreed: find a place for the control socket: %s\n",
			      err == -ENOENT ? "XDG_RUNTIME_DIR is not set; use --socket" :
					       strerror(-err));
		st_buf_done(&path);
		return err;
	}
	options->socket = path.data; /* taken */
	return 0;
}

static const char *default_config(void)
{
	return geteuid() == 0 && access(SYSTEM_CONFIG, F_OK) == 0 ? SYSTEM_CONFIG : NULL;
}

enum st_action st_options_read(int argc, char **argv, struct st_options *ret_options)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "transcript", required_argument, NULL, 't' },
		{ "log", required_argument, NULL, 't' }, /* its old name; -l too */
		{ "features", no_argument, NULL, 'f' },
		{ "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *socket = NULL;
	int option;

	memset(ret_options, 0, sizeof(*ret_options));
	ret_options->config = default_config();
	while ((option = getopt_long(argc, argv, "c:s:t:l:h", longs, NULL)) >= 0) {
		switch (option) {
		case 'c':
			ret_options->config = optarg;
			break;
		case 's':
			socket = optarg;
			break;
		case 't':
		case 'l':
			ret_options->transcript = optarg;
			break;
		case 'f':
			return ST_ACTION_FEATURES;
		case 'v':
			(void)printf("suptreed %s\n", ST_VERSION);
			return ST_ACTION_EXIT;
		case 'h':
			(void)fputs(help, stdout);
			return ST_ACTION_EXIT;
		default:
			(void)fputs("try suptreed --help\n", stderr);
			return ST_ACTION_USAGE;
		}
	}
	if (optind < argc) {
		(void)fprintf(stderr, "suptreed: unexpected argument \"%s\"; try suptreed --help\n",
			      argv[optind]);
		return ST_ACTION_USAGE;
	}
	return set_socket(ret_options, socket) ? ST_ACTION_USAGE : ST_ACTION_RUN;
}

void st_options_done(struct st_options *options)
{
	st_free(options->socket);
}
