// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the control socket, for clients; see conn.h.
 */
#include "proto/conn.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Add the socket of a daemon that the user runs for himself, if there is one.
 */
static bool add_user_socket(struct st_buf *path)
{
	const char *run = getenv("XDG_RUNTIME_DIR"), *whole;

	if (!run || run[0] != '/')
		return false;
	st_buf_add_text(path, run);
	st_buf_add_text(path, "/" ST_CONN_USER_SOCKET);
	/* without memory nothing else is tried: it could be another daemon */
	if (st_buf_get(path, &whole) || !access(whole, F_OK))
		return true;
	st_buf_reset(path);
	return false;
}

int st_conn_socket_path(const char *given, struct st_buf *ret_path)
{
	const char *env = getenv("SUPTREE_SOCKET");

	st_buf_reset(ret_path);
	if (given)
		st_buf_add_text(ret_path, given);
	else if (env && env[0])
		st_buf_add_text(ret_path, env);
	else if (geteuid() == 0 || !add_user_socket(ret_path))
		st_buf_add_text(ret_path, ST_CONN_DEFAULT_SOCKET);
	return st_buf_error(ret_path);
}
