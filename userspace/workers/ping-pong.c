// SPDX-License-Identifier: GPL-2.0-only
/*
 * One of two players that send balls to each other. It shows links and monitors, and
 * what a process does not learn without them.
 *
 *	ping-pong OTHER [link | monitor]	OTHER: the other one's name
 *
 *	call serve N		when N balls have gone there and back: their number; or
 *				the error why the rally is over
 *	call hits		the number of balls it has hit
 *	cast crash
 *
 * If OTHER dies in a rally: with `monitor` the caller of serve gets an error; with `link`
 * this player dies too, with the same reason; without either there is no message, and
 * the call times out. The next `serve` ends a rally that is still running. Read next:
 * pipeline-stage.c.
 *
 * The casts between the players are "ping RALLY" and "pong RALLY". A ball of a rally that
 * is over is ignored.
 */
#include "libsuptree/suptree.h"
#include <stdio.h>
#include <string.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_BALLS 1000000
#define MAX_RALLIES 1000000000

struct player {
	const char *other;
	bool links;
	bool monitors;
	unsigned long hits;
	long rally; /* the last one that was served here */
	long served; /* balls of it; 0: it is over */
	long left;
	struct suptree_from from; /* the caller of serve */
	uint64_t monitor; /* in a rally, with `monitor` */
};

static const struct suptree_operation offers[] = {
	{ .name = "serve",
	  .summary = "play, and return how many balls went there and back",
	  .parameters = { { "n", "balls", SUPTREE_INTEGER, false } } },
	{ .name = "hits", .summary = "return how many balls it has hit", .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct player *player = state;

	if (argc != 2 && argc != 3)
		return suptree_fail(self, "usage: ping-pong OTHER [link | monitor]");
	player->other = argv[1];
	player->links = argc == 3 && st_is_word(argv[2], "link");
	player->monitors = argc == 3 && st_is_word(argv[2], "monitor");
	if (argc == 3 && !player->links && !player->monitors)
		return suptree_fail(self, "%s: neither link nor monitor", argv[2]);
	suptree_set_status(self, "hit 0 balls");
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

/* A ball to a missing player is lost; links and monitors report a death. */
static void hit(struct suptree *self, struct player *player, const char *ball, long rally)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %ld", ball, rally);
	suptree_set_status(self, "hit %lu balls", ++player->hits);
	(void)suptree_cast(self, player->other, text);
}

static void end_rally(struct suptree *self, struct player *player, const char *error)
{
	if (!player->served)
		return;
	if (error)
		suptree_reply_error(self, player->from, "%s", error);
	else
		suptree_reply(self, player->from, "%ld", player->served);
	player->served = 0;
	if (player->monitors)
		(void)suptree_demonitor(self, player->monitor); /* its DOWN may have come */
}

/* Return: 0 or a negative errno, and suptree_error() has the word. */
static int begin_rally(struct suptree *self, struct player *player)
{
	struct suptree_process other;
	int ret = suptree_whereis(self, player->other, &other); /* no such process: die */

	if (!ret && player->links)
		ret = suptree_link(self, player->other);
	if (!ret && player->monitors)
		ret = suptree_monitor(self, player->other, &player->monitor);
	if (ret)
		return ret;
	player->rally = player->rally % MAX_RALLIES + 1;
	hit(self, player, "ping", player->rally);
	return 0;
}

static void serve(struct suptree *self, struct player *player, long nr, struct suptree_from from)
{
	end_rally(self, player, "another one has served");
	if (begin_rally(self, player)) {
		suptree_reply_error(self, from, "%s: %s", player->other, suptree_error(self));
		return;
	}
	player->served = nr;
	player->left = nr;
	player->from = from;
}

static void take_back(struct suptree *self, struct player *player, long rally)
{
	if (rally != player->rally || !player->served)
		return;
	if (!--player->left)
		end_rally(self, player, NULL);
	else
		hit(self, player, "ping", rally);
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const char *argument = st_word(request->data, "serve");
	struct player *player = state;
	long nr;

	if (argument && st_number(argument, 1, MAX_BALLS, &nr))
		serve(self, player, nr, from);
	else if (st_is_word(request->data, "hits"))
		suptree_reply(self, from, "%lu", player->hits);
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	const char *ping = st_word(message->data, "ping"), *pong = st_word(message->data, "pong");
	struct player *player = state;
	long rally;

	if (ping && st_number(ping, 1, MAX_RALLIES, &rally))
		hit(self, player, "pong", rally);
	else if (pong && st_number(pong, 1, MAX_RALLIES, &rally))
		take_back(self, player, rally);
	return st_handle_crash(self, state, message);
}

static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct player *player = state;
	char error[256];

	if (info->type != SUPTREE_INFO_DOWN || info->ref != player->monitor)
		return SUPTREE_CONTINUE;
	snprintf(error, sizeof(error), "%s has ended: %s", player->other, info->reason.text);
	end_rally(self, player, error);
	return SUPTREE_CONTINUE;
}

static void format_status(const void *state, FILE *out)
{
	const struct player *player = state;

	fprintf(out, "hit %lu balls of %s%s", player->hits, player->other,
		player->links	 ? ", linked when it serves" :
		player->monitors ? ", watching it when it serves" :
				   "");
	if (player->served)
		fprintf(out, "; %ld of %ld left", player->left, player->served);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server player = {
		.vsn = "1",
		.state_size = sizeof(struct player),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.handle_info = handle_info,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&player, argc, argv);
}
