// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams; see follow.h.
 */
#include "cli/follow.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show/show.h"

#define PAUSE_MS 100 /* at most ten drawings a second */
#define AGAIN_MS 1000 /* between two drawings of something without events */

enum st_exit_code st_follow(const struct st_cli *cli, struct st_conn *conn)
{
	enum st_exit_code code = ST_EXIT_OK;

	while (code == ST_EXIT_OK) {
		struct st_buf text = ST_BUF_INIT;
		json_t *notification;
		int ret = st_conn_next(conn, ST_CONN_NO_TIMEOUT, &notification);

		if (ret)
			return st_call_lost(conn, ret);
		st_show_notification(notification, cli, &text);
		json_decref(notification);
		code = st_say(&text);
	}
	return code;
}

/* Cut a drawing to the lines of the terminal: what scrolls away cannot be drawn over. */
static void fit(struct st_buf *drawing)
{
	struct winsize size;
	unsigned int rows = 0;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 2)
		return;
	for (size_t i = 0; i < drawing->len; i++) {
		if (drawing->data[i] != '\n' || ++rows < size.ws_row - 1u)
			continue;
		if (i + 1 < drawing->len) {
			drawing->len = i + 1;
			st_buf_add_text(drawing, "...");
		}
		return;
	}
}

static enum st_exit_code draw(const struct st_cli *cli, struct st_conn *conn,
			      enum st_operation operation, const json_t *params)
{
	static const char home_and_clear[] = "\033[H\033[2J";
	bool is_screen = cli->style.is_terminal && cli->format == ST_FORMAT_TEXT;
	struct st_buf text = ST_BUF_INIT;
	struct st_buf screen = ST_BUF_INIT;
	json_t *result = NULL;
	enum st_exit_code code = st_call(cli, conn, operation, params, &result);

	if (code != ST_EXIT_OK)
		return code;
	st_show_result(operation, result, cli, &text);
	json_decref(result);
	if (is_screen) {
		fit(&text);
		st_buf_add_text(&screen, home_and_clear);
	}
	st_buf_add(&screen, st_buf_text(&text), text.len);
	screen.failed |= text.failed;
	st_buf_done(&text);
	return st_say(&screen);
}

/* Wait for a notification, and drop it with those that come right after it. */
static int wait_for_change(struct st_conn *conn, int timeout_ms)
{
	json_t *notification;
	int ret = st_conn_next(conn, timeout_ms, &notification);

	while (!ret) {
		json_decref(notification);
		ret = st_conn_next(conn, 0, &notification);
	}
	return ret == -ETIMEDOUT ? 0 : ret;
}

/* A notification that comes during the pause is found by wait_for_change(). */
static void pause_drawing(void)
{
	(void)poll(NULL, 0, PAUSE_MS);
}

enum st_exit_code st_watch(const struct st_cli *cli, struct st_conn *conn,
			   enum st_operation operation, const json_t *params)
{
	bool has_events = operation == ST_OPERATION_TREE;
	enum st_exit_code code = ST_EXIT_OK;
	json_t *result = NULL;

	if (has_events)
		code = st_call(cli, conn, ST_OPERATION_SUBSCRIBE, params, &result);
	json_decref(result);
	if (code == ST_EXIT_OK)
		code = draw(cli, conn, operation, params);
	while (code == ST_EXIT_OK) {
		int ret = wait_for_change(conn, has_events ? ST_CONN_NO_TIMEOUT : AGAIN_MS);

		if (ret)
			return st_call_lost(conn, ret);
		code = draw(cli, conn, operation, params);
		pause_drawing();
	}
	return code;
}
