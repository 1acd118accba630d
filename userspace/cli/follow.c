// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams; see follow.h.
 */
#include "cli/follow.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show/show.h"
#include "cli/show/words.h"
#include "proto/path.h"

static enum st_exit_code say(const struct st_cli *cli, json_t *notification)
{
	struct st_buf text = ST_BUF_INIT;

	st_show_notification(notification, cli, &text);
	return st_say(&text);
}

/* Wait until there is something to read. Return: false: nobody reads the output any more. */
static bool wait_for_more(struct st_conn *conn)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO }, /* POLLERR: the reader is gone */
		{ .fd = st_conn_fd(conn), .events = POLLIN },
	};

	(void)poll(fds, ST_ARRAY_SIZE(fds), -1);
	return !(fds[0].revents & (POLLERR | POLLHUP));
}

enum st_exit_code st_follow(const struct st_cli *cli, struct st_conn *conn)
{
	enum st_exit_code code = ST_EXIT_OK;

	while (code == ST_EXIT_OK) {
		json_t *notification;
		int ret = st_conn_next(conn, 0, &notification);

		if (ret == -ETIMEDOUT && !wait_for_more(conn))
			return ST_EXIT_OK;
		if (ret == -ETIMEDOUT)
			continue;
		if (ret)
			return st_call_lost(conn, ret);
		code = say(cli, notification);
		json_decref(notification);
	}
	return code;
}

static bool is_within(const char *path, const char *top)
{
	return *path && st_path_is_within(path, strlen(path), top, strlen(top));
}

/* An event counts for its child, and a report also for its supervisor. */
static bool is_wanted(const json_t *event, const char *top)
{
	return !strcmp(top, "/") || is_within(st_words_text(event, "path"), top) ||
	       is_within(st_words_text(event, "sup"), top);
}

/*
 * The end can be seen only by the numbers of events, and other events than the wanted ones
 * have the last of them: so all are followed.
 */
static enum st_exit_code follow_to(const struct st_cli *cli, struct st_conn *conn, uint64_t last,
				   const char *top)
{
	enum st_exit_code code;
	uint64_t seq;

	do {
		json_t *notification, *event;
		int ret = st_conn_next(conn, cli->timeout_ms, &notification);

		if (ret)
			return st_call_lost(conn, ret);
		event = json_object_get(notification, "params");
		seq = st_words_number(event, "seq");
		code = ST_EXIT_OK;
		if (seq <= last && (is_wanted(event, top) || !json_object_get(event, "event")))
			code = say(cli, notification);
		json_decref(notification);
	} while (code == ST_EXIT_OK && seq < last);
	return code;
}

/* The whole path of a child, of which the user gave the last part. */
static json_t *find_path(struct st_conn *conn, const json_t *params)
{
	struct st_conn_failure failure = { .error = NULL };
	json_t *info = NULL, *path = json_object_get(params, "path");

	if (!path || !strcmp(json_string_value(path), "/"))
		return json_string("/");
	if (st_conn_call(conn, st_operations[ST_OPERATION_INFO].name, params, ST_CONN_NO_TIMEOUT,
			 &info, &failure)) {
		json_decref(failure.error);
		return json_incref(path); /* of a child that is gone, perhaps */
	}
	path = json_incref(json_object_get(info, "path"));
	json_decref(info);
	return path;
}

/* Whether something comes: later events, or that the given one is of another daemon. */
static bool has_more(const json_t *asked, const json_t *subscribed)
{
	const json_t *incarnation = json_object_get(asked, "incarnation");

	return st_words_number(subscribed, "seq") > st_words_number(asked, "since") ||
	       (incarnation &&
		!json_equal(incarnation, json_object_get(subscribed, "incarnation")));
}

enum st_exit_code st_follow_until_now(const struct st_cli *cli, struct st_conn *conn,
				      const json_t *params)
{
	json_t *asked = json_deep_copy(params);
	json_t *given = json_pack("{s:O*}", "path", json_object_get(params, "path"));
	json_t *top = find_path(conn, given), *result = NULL;
	enum st_exit_code code;

	(void)json_object_del(asked, "path");
	if (!json_object_get(asked, "since"))
		(void)json_object_set_new(asked, "since", json_integer(0));
	code = st_call(cli, conn, ST_OPERATION_SUBSCRIBE, asked, &result);
	if (code == ST_EXIT_OK && has_more(asked, result))
		code = follow_to(cli, conn, st_words_number(result, "seq"), json_string_value(top));
	json_decref(asked);
	json_decref(given);
	json_decref(top);
	json_decref(result);
	return code;
}
