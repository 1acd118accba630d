// SPDX-License-Identifier: GPL-2.0-only
/*
 * A view that is drawn again; see watch.h.
 *
 * On a terminal a drawing is cut to its size: what scrolls away cannot be drawn over, and
 * the first lines say most. Keys are read one by one meanwhile, so the terminal is put
 * back into its earlier state however this ends.
 */
#include "cli/watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/call.h"
#include "cli/show/show.h"
#include "cli/show/style.h"

#define PAUSE_MS 100 /* at most ten drawings a second */
#define AGAIN_MS 1000 /* between two drawings without an event: uptimes go on */
#define MIN_COLUMNS 20 /* also of a terminal with fewer, or with an unknown number */

struct watch {
	const struct st_cli *cli;
	struct st_conn *conn;
	enum st_operation operation;
	const json_t *params;
	bool is_screen; /* it is drawn over the one before */
	bool has_events; /* the result changes only with an event, but for its uptimes */
	bool has_keys;
	int lost; /* why the connection is lost */
};

enum woken {
	WOKEN_TO_DRAW,
	WOKEN_TO_END,
	WOKEN_BY_LOSS, /* of the connection */
};

/* The terminal as it was, for the signals that end the program. */
static struct termios before;

static void on_end(int signo)
{
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
	(void)!write(STDOUT_FILENO, "\n", 1); /* after the foot of the drawing */
	(void)signal(signo, SIG_DFL);
	(void)raise(signo);
}

/* Only to end a wait: the size has changed, or the program goes on after a stop. */
static void on_change(int signo)
{
	(void)signo;
}

static void set_keys(void)
{
	struct termios keys = before;

	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
}

static void take_keys(struct watch *watch)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction end = { .sa_handler = on_end };
	struct sigaction change = { .sa_handler = on_change };

	if (!watch->is_screen || !isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before))
		return;
	for (size_t i = 0; i < ST_ARRAY_SIZE(ends); i++)
		(void)sigaction(ends[i], &end, NULL);
	(void)sigaction(SIGWINCH, &change, NULL);
	(void)sigaction(SIGCONT, &change, NULL);
	watch->has_keys = true;
	set_keys();
}

static void give_keys_back(const struct watch *watch)
{
	if (watch->has_keys)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	if (watch->is_screen)
		(void)!write(STDOUT_FILENO, "\n", 1); /* after the foot of the drawing */
}

/* The bytes of an escape sequence that begins here; 0: there is none. */
static size_t escape_len(const char *text, size_t len)
{
	size_t at = 2;

	if (len < 2 || text[0] != '\033' || text[1] != '[')
		return 0;
	while (at < len && (text[at] < '@' || text[at] > '~'))
		at++;
	return at < len ? at + 1 : len;
}

/* The bytes of one character, and the columns that it takes. */
static size_t character_len(const char *text, size_t len, size_t *ret_columns)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t bytes = mbrtowc(&wide, text, len, &state);
	int columns;

	*ret_columns = 1;
	if (!bytes || bytes > len) /* no character: one byte, shown as something */
		return 1;
	columns = wcwidth(wide);
	*ret_columns = columns > 0 ? (size_t)columns : 0;
	return bytes;
}

/* Append one line, cut to the width of the terminal. Colours go on to their end. */
static void add_line(const char *line, size_t len, size_t width, struct st_buf *out)
{
	size_t column = 0, at = 0;

	while (at < len) {
		size_t columns = 0, bytes = escape_len(line + at, len - at);
		bool is_escape = bytes > 0;

		if (!is_escape)
			bytes = character_len(line + at, len - at, &columns);
		if (is_escape || column + columns <= width)
			st_buf_add(out, line + at, bytes);
		column += columns;
		at += bytes;
	}
	st_buf_add_text(out, ST_STYLE_CLEAR_LINE); /* what an earlier drawing left there */
}

/* As many lines as there is room for, and under them how to leave and what is not shown. */
static void add_lines(const struct watch *watch, const struct st_buf *text, struct st_buf *screen)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	const char *line = st_buf_text(text);
	struct st_buf foot = ST_BUF_INIT;
	size_t nr = 0, room, width;

	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	room = size.ws_row > 1 ? size.ws_row - 1 : 1;
	width = size.ws_col >= MIN_COLUMNS ? size.ws_col : MIN_COLUMNS;
	for (; *line; nr++) {
		size_t len = strcspn(line, "\n");

		if (nr < room) {
			add_line(line, len, width, screen);
			st_buf_add_text(screen, "\n");
		}
		line += len + (line[len] == '\n');
	}
	st_buf_add_text(&foot, watch->has_keys ? "q leaves" : "");
	if (nr > room) {
		st_buf_add_text(&foot, foot.len ? "; " : "");
		st_buf_add_u64(&foot, nr - room);
		st_buf_add_text(&foot, " more lines");
	}
	if (!st_buf_error(&foot))
		add_line(foot.data ? foot.data : "", foot.len, width - 1, screen);
	st_buf_done(&foot);
}

static enum st_exit_code draw(const struct watch *watch)
{
	static const char home[] = ST_STYLE_HOME, clear_below[] = ST_STYLE_CLEAR_BELOW;
	struct st_buf text = ST_BUF_INIT;
	struct st_buf screen = ST_BUF_INIT;
	json_t *result = NULL;
	enum st_exit_code code =
		st_call(watch->cli, watch->conn, watch->operation, watch->params, &result);

	if (code != ST_EXIT_OK)
		return code;
	st_show_result(watch->operation, result, watch->cli, &text);
	json_decref(result);
	if (watch->is_screen) {
		st_buf_add_text(&screen, home);
		add_lines(watch, &text, &screen);
		st_buf_add_text(&screen, clear_below);
	} else {
		st_buf_add_buf(&screen, &text);
	}
	screen.failed |= text.failed;
	st_buf_done(&text);
	return st_say(&screen);
}

/* Whether a key was pressed that leaves; without keys, or after their end, it is not. */
static bool is_left(struct watch *watch, short revents)
{
	char key;

	if (!revents)
		return false;
	if (read(STDIN_FILENO, &key, 1) == 1)
		return key == 'q' || key == 'Q';
	watch->has_keys = false;
	return false;
}

/* Drop the notifications that are here. Return: their number; -1: the connection is lost. */
static int take_notifications(struct watch *watch)
{
	json_t *notification;
	int nr = 0, ret;

	while (!(ret = st_conn_next(watch->conn, 0, &notification))) {
		json_decref(notification);
		nr++;
	}
	if (ret == -ETIMEDOUT)
		return nr;
	watch->lost = ret;
	return -1;
}

/* @with_events: not only for a pause: wait for events too */
static enum woken wait_for(struct watch *watch, int timeout_ms, bool with_events)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO }, /* POLLERR: nobody reads it any more */
		{ .fd = watch->has_keys ? STDIN_FILENO : -1, .events = POLLIN },
		{ .fd = with_events ? st_conn_fd(watch->conn) : -1, .events = POLLIN },
	};
	int ret = poll(fds, ST_ARRAY_SIZE(fds), timeout_ms);

	if (ret < 0 && watch->has_keys)
		set_keys(); /* a shell may have changed that while the program was stopped */
	if (ret <= 0)
		return WOKEN_TO_DRAW;
	if (fds[0].revents & (POLLERR | POLLHUP) || is_left(watch, fds[1].revents))
		return WOKEN_TO_END;
	if (fds[2].revents && take_notifications(watch) < 0)
		return WOKEN_BY_LOSS;
	return WOKEN_TO_DRAW;
}

/* Until something is new: an event; on a screen, and without events, also a second later. */
static enum woken wait_for_change(struct watch *watch)
{
	bool has_clock = watch->is_screen || !watch->has_events;
	int nr = take_notifications(watch); /* that came with an answer */

	if (nr < 0)
		return WOKEN_BY_LOSS;
	return nr ? WOKEN_TO_DRAW : wait_for(watch, has_clock ? AGAIN_MS : -1, true);
}

enum st_exit_code st_watch(const struct st_cli *cli, struct st_conn *conn,
			   enum st_operation operation, const json_t *params)
{
	struct watch watch = {
		.cli = cli,
		.conn = conn,
		.operation = operation,
		.params = params,
		.is_screen = cli->style.is_terminal && cli->format == ST_FORMAT_TEXT,
		.has_events = operation == ST_OPERATION_TREE,
	};
	enum st_exit_code code = ST_EXIT_OK;
	enum woken woken = WOKEN_TO_DRAW;
	json_t *result = NULL;

	if (watch.has_events)
		code = st_call(cli, conn, ST_OPERATION_SUBSCRIBE, params, &result);
	json_decref(result);
	if (code == ST_EXIT_OK)
		take_keys(&watch);
	while (code == ST_EXIT_OK && woken == WOKEN_TO_DRAW) {
		code = draw(&watch);
		if (code == ST_EXIT_OK)
			woken = wait_for(&watch, PAUSE_MS, false);
		if (code == ST_EXIT_OK && woken == WOKEN_TO_DRAW)
			woken = wait_for_change(&watch);
	}
	give_keys_back(&watch);
	return woken == WOKEN_BY_LOSS ? st_call_lost(conn, watch.lost) : code;
}
