// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection to the kernel module: makes it, and makes it again when it is
 * lost; see mirror.h.
 */
#include "daemon/mirror/mirror.h"

#include <linux/suptree.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "daemon/log.h"
#include "loop/ring.h"
#include "os/fd.h"
#include "os/genl_watch.h"

#define FIRST_PAUSE_NS (1 * ST_NSEC_PER_SEC)
#define LAST_PAUSE_NS (60 * ST_NSEC_PER_SEC)
#define MAX_BATCH (64 << 10) /* bytes; less than any socket takes */

static const char *const state_text[] = {
#define TEXT(name, text) [name] = (text),
	ST_MIRROR_STATE_LIST(TEXT)
#undef TEXT
};

static void unlink_module(struct st_mirror *mirror, enum st_mirror_state state)
{
	st_genl_close(&mirror->genl);
	st_mirror_forget_all(mirror);
	mirror->state = state;
	st_deadline_clear(&mirror->retry);
}

/* Note that the connection is broken; st_mirror_flush() closes it. */
static void note(struct st_mirror *mirror, int err, const char *reason)
{
	char why[ST_MIRROR_WHY_MAX];

	if (mirror->is_broken)
		return;
	(void)snprintf(why, sizeof(why), "%s%s%s", strerror(-err), reason[0] ? ": " : "",
		       reason); /* it may be cut */
	mirror->is_broken = true;
	if (strcmp(mirror->why, why) != 0)
		st_log("kernel module: %s", why);
	memcpy(mirror->why, why, sizeof(why));
}

static void try_later(struct st_mirror *mirror, uint64_t now_ns)
{
	unlink_module(mirror, ST_MIRROR_REFUSED);
	st_deadline_set(&mirror->retry, now_ns + mirror->pause_ns);
	if (mirror->pause_ns < LAST_PAUSE_NS)
		mirror->pause_ns *= 2;
}

/* A process that ended before the module could look at it is not an error. */
static bool is_mistake(const struct st_genl_refusal *refusal)
{
	return refusal->err != -ESRCH && refusal->err != -ECHILD;
}

/*
 * The kernel serves a batch while it is sent, so its refusals can be read at
 * once.
 */
static void send_batch(struct st_mirror *mirror)
{
	struct st_genl_refusal refusal;
	int ret = st_genl_flush(&mirror->genl);

	if (!ret) {
		while ((ret = st_genl_read_refusal(&mirror->genl, &refusal)) == 1)
			if (is_mistake(&refusal))
				note(mirror, refusal.err, refusal.reason);
	}
	if (ret < 0)
		note(mirror, ret, "");
}

void st_mirror_lacks_memory(struct st_mirror *mirror)
{
	note(mirror, -ENOMEM, "");
}

void st_mirror_message_ends(struct st_mirror *mirror)
{
	(void)st_genl_end(&mirror->genl);
	if (mirror->genl.batch.len >= MAX_BATCH)
		send_batch(mirror);
}

void st_mirror_flush(struct st_mirror *mirror, uint64_t now_ns)
{
	if (mirror->state != ST_MIRROR_LINKED)
		return;
	if (mirror->genl.batch.len || mirror->genl.batch.failed)
		send_batch(mirror);
	if (mirror->is_broken)
		try_later(mirror, now_ns);
}

void st_mirror_follow(struct st_mirror *mirror, const struct st_event *event,
		      const struct st_effects *effects)
{
	const struct st_child *child;

	if (mirror->state != ST_MIRROR_LINKED)
		return;
	child = event->type == ST_EV_SPAWNED ?
			st_tree_find_generation(mirror->tree, event->generation) :
			NULL;
	if (child)
		st_mirror_tell_process(mirror, child);
	for (uint32_t i = 0; i < effects->nr; i++)
		st_mirror_tell(mirror, &effects->items[i]);
}

static void link_module(struct st_mirror *mirror, uint64_t now_ns)
{
	int err = st_genl_open(&mirror->genl, SUPTREE_GENL_NAME, SUPTREE_GENL_VERSION);

	st_deadline_clear(&mirror->retry);
	if (err == -ENOENT) {
		mirror->state = ST_MIRROR_ABSENT;
		return;
	}
	mirror->is_broken = false;
	mirror->last_id = 0;
	if (err) {
		note(mirror, err, "");
		try_later(mirror, now_ns);
		return;
	}
	mirror->state = ST_MIRROR_LINKED;
	st_mirror_tell_all(mirror);
	st_mirror_flush(mirror, now_ns);
	if (mirror->state != ST_MIRROR_LINKED)
		return;
	mirror->pause_ns = FIRST_PAUSE_NS;
	mirror->why[0] = '\0';
}

static void take_news(struct st_mirror *mirror, int change)
{
	uint64_t now_ns = st_clock_ns();

	if (change == ST_GENL_WENT) {
		unlink_module(mirror, ST_MIRROR_ABSENT);
	} else if (change == ST_GENL_CAME || mirror->state != ST_MIRROR_LINKED) {
		unlink_module(mirror, ST_MIRROR_ABSENT);
		mirror->pause_ns = FIRST_PAUSE_NS;
		link_module(mirror, now_ns);
	}
}

static void on_news(struct st_poll *poll, int result)
{
	struct st_mirror *mirror = container_of(poll, struct st_mirror, news);
	int change;

	if (result < 0)
		return;
	while ((change = st_genl_watch_read(mirror->news_fd, SUPTREE_GENL_NAME)) > 0)
		take_news(mirror, change);
}

static void on_retry(struct st_deadline *deadline)
{
	link_module(container_of(deadline, struct st_mirror, retry), st_clock_ns());
}

void st_mirror_open(struct st_mirror *mirror, struct st_ring *ring, const struct st_tree *tree)
{
	int err;

	*mirror = (struct st_mirror){
		.tree = tree, .news_fd = -1, .genl = ST_GENL_INIT, .pause_ns = FIRST_PAUSE_NS
	};
	st_list_init(&mirror->tops);
	err = st_deadline_init(&mirror->retry, ring, on_retry);
	if (!err)
		err = st_genl_watch_open(&mirror->news_fd);
	if (err) {
		(void)snprintf(mirror->why, sizeof(mirror->why), "no generic netlink: %s",
			       strerror(-err)); /* it may be cut */
		return;
	}
	mirror->state = ST_MIRROR_ABSENT;
	st_poll_watch(ring, &mirror->news, mirror->news_fd, POLLIN, on_news);
	link_module(mirror, st_clock_ns());
}

void st_mirror_close(struct st_mirror *mirror)
{
	if (mirror->state == ST_MIRROR_OFF)
		return;
	if (mirror->state == ST_MIRROR_LINKED) {
		st_mirror_tell_end(mirror);
		send_batch(mirror);
	}
	unlink_module(mirror, ST_MIRROR_OFF);
	st_op_cancel(&mirror->news.op);
}

void st_mirror_done(struct st_mirror *mirror)
{
	st_map_done(&mirror->nodes);
	st_deadline_done(&mirror->retry);
	st_fd_close(&mirror->news_fd);
}

void st_mirror_write(const struct st_mirror *mirror, struct st_json *json)
{
	st_json_begin_object(json);
	st_json_text_field(json, "state", state_text[mirror->state]);
	if (mirror->state == ST_MIRROR_LINKED)
		st_json_u64_field(json, "nodes", mirror->nodes.nr);
	else if (mirror->why[0])
		st_json_text_field(json, "why", mirror->why);
	st_json_end_object(json);
}
