// SPDX-License-Identifier: GPL-2.0-only
/*
 * NODE_NEW, NODE_SET, NODE_DEL and NODE_GET as <linux/suptree.h> promises them.
 * Run in the lab VM, as root, with the module loaded.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define SUP SUPTREE_KIND_SUPERVISOR
#define WORKER SUPTREE_KIND_WORKER

/* clang-format off */
FIXTURE(tree) {
	struct talk owner, listener;
};
/* clang-format on */

FIXTURE_SETUP(tree)
{
	ASSERT_EQ(0, talk_open(&self->owner));
	ASSERT_EQ(0, talk_open(&self->listener));
	ASSERT_EQ(0, talk_listen(&self->listener));
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 1, .name = "root" }));
}

FIXTURE_TEARDOWN(tree)
{
	talk_close(&self->owner);
	talk_close(&self->listener);
	/* whatever a test did, a closed socket leaves nothing */
	EXPECT_EQ(0, proc_stat("nodes"));
	EXPECT_EQ(0, proc_stat("trees"));
}

TEST_F(tree, a_new_node_is_shown_and_told_as_its_owner_says)
{
	struct new_node node = { .id = 7,
				 .parent = 1,
				 .name = "db",
				 .strategy = SUPTREE_STRATEGY_REST_FOR_ONE,
				 .restarts = 3 };
	struct proc_row row;
	struct seen seen;

	ASSERT_EQ(0, talk_new(&self->owner, node));
	ASSERT_EQ(1, proc_find("db", &row));
	EXPECT_EQ(7, row.id);
	EXPECT_EQ(1, row.parent);
	EXPECT_EQ(1, row.depth);
	EXPECT_STREQ("supervisor", row.kind);
	EXPECT_STREQ("rest_for_one", row.strategy);
	EXPECT_STREQ("idle", row.state);
	EXPECT_EQ(3, row.restarts);
	EXPECT_STREQ("-", row.status);

	ASSERT_EQ(0, talk_event(&self->listener, &seen));
	EXPECT_EQ(SUPTREE_EVENT_ADDED, seen.event);
	EXPECT_EQ(1, seen.id);
	EXPECT_EQ(1, seen.seq);
	ASSERT_EQ(0, talk_event(&self->listener, &seen));
	EXPECT_EQ(SUPTREE_EVENT_ADDED, seen.event);
	EXPECT_EQ(7, seen.id);
	EXPECT_EQ(2, seen.seq);
	EXPECT_EQ(row.tree, seen.tree);
	EXPECT_EQ(getpid(), (pid_t)seen.owner_pid);
	EXPECT_EQ(self->owner.port, seen.owner_port);
	EXPECT_STREQ("db", seen.name);
}

TEST_F(tree, node_get_answers_with_everything)
{
	pid_t pid = child_start();
	struct seen seen;

	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 2,
							       .parent = 1,
							       .kind = WORKER,
							       .name = "w",
							       .pid = pid,
							       .generation = 1ULL << 40 }));
	ASSERT_EQ(0, talk_get(&self->owner, 0, 2, &seen));
	EXPECT_EQ(SUPTREE_CMD_NODE_GET, seen.command);
	EXPECT_EQ(2, seen.id);
	EXPECT_EQ(1, seen.parent);
	EXPECT_EQ(WORKER, seen.kind);
	EXPECT_EQ(SUPTREE_STATE_RUNNING, seen.state);
	EXPECT_EQ(pid, (pid_t)seen.pid);
	EXPECT_EQ(1ULL << 40, seen.generation);
	EXPECT_EQ(2, seen.seq);
	EXPECT_FALSE(seen_has(&seen, SUPTREE_A_STRATEGY));
	EXPECT_FALSE(seen_has(&seen, SUPTREE_A_EXIT_STATUS));
	/* the same, asked for by another socket */
	EXPECT_EQ(-ENOENT, talk_get(&self->listener, 0, 2, &seen));
	ASSERT_EQ(0, talk_get(&self->listener, seen.tree, 2, &seen));
	EXPECT_EQ(-ENOENT, talk_get(&self->listener, seen.tree, 3, &seen));
	EXPECT_EQ(-ENOENT, talk_get(&self->listener, seen.tree + 1, 2, &seen));
	EXPECT_STREQ("TREE: no such tree", self->listener.reason);
	child_kill(pid);
}

static int refused(struct talk *owner, struct new_node node)
{
	return talk_new(owner, node);
}

TEST_F(tree, bad_nodes_are_refused_with_the_attribute_in_words)
{
	struct talk *owner = &self->owner;
	char name[300];

	EXPECT_EQ(-EEXIST, refused(owner, (struct new_node){ .id = 1 }));
	EXPECT_STREQ("ID: in use", owner->reason);
	EXPECT_NE(0, owner->attribute);
	EXPECT_EQ(-ERANGE, refused(owner, (struct new_node){ .id = 0 }));
	EXPECT_EQ(-ENOENT, refused(owner, (struct new_node){ .id = 2, .parent = 9 }));
	EXPECT_STREQ("PARENT: no such node", owner->reason);
	EXPECT_EQ(-ERANGE, refused(owner, (struct new_node){ .id = 2, .kind = 2 }));
	EXPECT_EQ(-ERANGE, refused(owner, (struct new_node){ .id = 2, .strategy = 5 }));
	EXPECT_EQ(-EINVAL,
		  refused(owner, (struct new_node){ .id = 2, .kind = WORKER, .strategy = 1 }));
	EXPECT_STREQ("STRATEGY: not of a worker", owner->reason);
	EXPECT_EQ(-EINVAL, refused(owner, (struct new_node){ .id = 2, .name = "" }));
	EXPECT_EQ(-EINVAL, refused(owner, (struct new_node){ .id = 2, .name = "a b" }));
	EXPECT_EQ(-EINVAL, refused(owner, (struct new_node){ .id = 2, .name = "a/b" }));
	EXPECT_EQ(-EINVAL, refused(owner, (struct new_node){ .id = 2, .name = "\xc3\xa9" }));
	EXPECT_STREQ("NAME: 1 to 255 bytes of ! to ~, without /", owner->reason);
	EXPECT_EQ(-EINVAL, refused(owner, (struct new_node){ .id = 2, .generation = 1 }));
	EXPECT_STREQ("GENERATION: without a PID", owner->reason);
	EXPECT_EQ(-ECHILD, refused(owner, (struct new_node){ .id = 2, .pid = 1 }));
	EXPECT_STREQ("PID: not a child of the sender", owner->reason);
	EXPECT_EQ(-ECHILD, refused(owner, (struct new_node){ .id = 2, .pid = getpid() }));
	EXPECT_EQ(-ESRCH, refused(owner, (struct new_node){ .id = 2, .pid = 0x7fffffff }));
	EXPECT_STREQ("PID: no such process", owner->reason);

	memset(name, 'x', sizeof(name));
	name[SUPTREE_NAME_MAX + 1] = '\0';
	EXPECT_EQ(-EINVAL, refused(owner, (struct new_node){ .id = 2, .name = name }));
	name[SUPTREE_NAME_MAX] = '\0';
	EXPECT_EQ(0, refused(owner, (struct new_node){ .id = 2, .name = name }));

	EXPECT_EQ(0, refused(owner, (struct new_node){ .id = 3, .kind = WORKER }));
	EXPECT_EQ(-ENOTDIR, refused(owner, (struct new_node){ .id = 4, .parent = 3 }));
	EXPECT_EQ(3, proc_stat("nodes"));
}

TEST_F(tree, what_a_command_has_no_use_for_is_refused)
{
	struct request request;

	request_begin(&request, &self->owner, SUPTREE_CMD_NODE_NEW, 0);
	EXPECT_EQ(-EINVAL, talk_ask(&self->owner, &request));
	EXPECT_STREQ("ID: missing", self->owner.reason);
	request_u32(&request, SUPTREE_A_ID, 2);
	EXPECT_EQ(-EINVAL, talk_ask(&self->owner, &request));
	EXPECT_STREQ("KIND: missing", self->owner.reason);
	request_u8(&request, SUPTREE_A_KIND, WORKER);
	EXPECT_EQ(-EINVAL, talk_ask(&self->owner, &request));
	EXPECT_STREQ("NAME: missing", self->owner.reason);
	request_text(&request, SUPTREE_A_NAME, "n");
	request_u8(&request, SUPTREE_A_STATE, SUPTREE_STATE_RUNNING);
	EXPECT_EQ(-EINVAL, talk_ask(&self->owner, &request));

	request_begin(&request, &self->owner, SUPTREE_CMD_NODE_DEL, 0);
	request_u32(&request, SUPTREE_A_ID, 1);
	request_text(&request, SUPTREE_A_NAME, "root");
	EXPECT_EQ(-EINVAL, talk_ask(&self->owner, &request));
	request_begin(&request, &self->owner, SUPTREE_CMD_NODE_SET, 0);
	request_u32(&request, SUPTREE_A_ID, 1);
	request_u32(&request, SUPTREE_A_PARENT, 1);
	EXPECT_EQ(-EINVAL, talk_ask(&self->owner, &request));
	request_begin(&request, &self->owner, SUPTREE_CMD_NODE_SET, 0);
	request_u32(&request, SUPTREE_A_ID, 1);
	request_u32(&request, SUPTREE_A_MAX + 1, 1);
	EXPECT_EQ(-EINVAL, talk_ask(&self->owner, &request));
	request_begin(&request, &self->owner, SUPTREE_CMD_EVENT, 0);
	EXPECT_EQ(-EOPNOTSUPP, talk_ask(&self->owner, &request));
	EXPECT_EQ(1, proc_stat("nodes"));
}

TEST_F(tree, node_set_changes_and_tells_what_it_says_and_no_more)
{
	struct talk *owner = &self->owner;
	struct request request;
	struct seen seen;
	struct proc_row row;

	request_begin(&request, owner, SUPTREE_CMD_NODE_SET, 0);
	request_u32(&request, SUPTREE_A_ID, 1);
	EXPECT_EQ(0, talk_ask(owner, &request)); /* nothing: no event */
	request_u8(&request, SUPTREE_A_STRATEGY, SUPTREE_STRATEGY_ONE_FOR_ALL);
	request_u32(&request, SUPTREE_A_RESTARTS, 9);
	EXPECT_EQ(0, talk_ask(owner, &request));
	EXPECT_EQ(0, talk_ask(owner, &request)); /* the same again: no event */
	ASSERT_EQ(1, proc_find("root", &row));
	EXPECT_STREQ("one_for_all", row.strategy);
	EXPECT_EQ(9, row.restarts);
	EXPECT_EQ(-ENOENT, talk_set_pid(owner, 2, 0, 0));
	EXPECT_STREQ("ID: no such node in the sender's tree", owner->reason);
	EXPECT_EQ(0, talk_set_pid(owner, 1, 0, 0)); /* it has none: no event */
	ASSERT_EQ(0, talk_del(owner, 1, false));

	ASSERT_EQ(0, talk_event(&self->listener, &seen));
	ASSERT_EQ(0, talk_event(&self->listener, &seen));
	EXPECT_EQ(SUPTREE_EVENT_CHANGED, seen.event);
	EXPECT_EQ(2, seen.seq);
	EXPECT_EQ(9, seen.restarts);
	ASSERT_EQ(0, talk_event(&self->listener, &seen));
	EXPECT_EQ(SUPTREE_EVENT_REMOVED, seen.event);
}

TEST_F(tree, a_process_after_a_process_is_a_restart)
{
	struct talk *owner = &self->owner;
	pid_t first = child_start(), second = child_start();
	struct proc_row row;

	ASSERT_EQ(0, talk_new(owner, (struct new_node){
					     .id = 2, .parent = 1, .kind = WORKER, .name = "w" }));
	ASSERT_EQ(0, talk_set_pid(owner, 2, first, 1));
	ASSERT_EQ(1, proc_find("w", &row));
	EXPECT_EQ(0, row.restarts);
	EXPECT_EQ(first, row.pid);
	EXPECT_EQ(1, row.generation);
	EXPECT_STREQ("running", row.state);
	ASSERT_EQ(0, talk_set_pid(owner, 2, first, 1)); /* it has it already */
	ASSERT_EQ(0, talk_set_pid(owner, 2, 0, 0));
	ASSERT_EQ(1, proc_find("w", &row));
	EXPECT_STREQ("idle", row.state);
	EXPECT_EQ(0, row.pid);
	ASSERT_EQ(0, talk_set_pid(owner, 2, second, 2));
	ASSERT_EQ(1, proc_find("w", &row));
	EXPECT_EQ(1, row.restarts);
	EXPECT_EQ(second, row.pid);
	EXPECT_EQ(2, row.generation);
	child_kill(first);
	child_kill(second);
}

TEST_F(tree, a_supervisor_goes_with_all_below_it_only_when_told_so)
{
	struct talk *owner = &self->owner;
	struct seen seen;

	for (uint32_t id = 2; id < 10; id++)
		ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = id, .parent = id / 2 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 10 }));
	EXPECT_EQ(-ENOTEMPTY, talk_del(owner, 2, false));
	EXPECT_STREQ("ID: has children", owner->reason);
	EXPECT_EQ(0, talk_del(owner, 2, true)); /* 2, 4, 5, 8, 9 */
	EXPECT_EQ(5, proc_stat("nodes"));
	EXPECT_EQ(-ENOENT, talk_del(owner, 9, false));
	EXPECT_EQ(0, talk_del(owner, 7, false));
	ASSERT_EQ(0, talk_await(&self->listener, SUPTREE_EVENT_REMOVED, 2, &seen));
	ASSERT_EQ(0, talk_event(&self->listener, &seen));
	EXPECT_EQ(7, seen.id); /* one event for all of them */
	/* ids of the dead are free again */
	EXPECT_EQ(0, talk_new(owner, (struct new_node){ .id = 9, .parent = 10 }));
}

struct order {
	unsigned int nr;
	uint32_t ids[64];
};

static void add_id(const struct seen *seen, void *data)
{
	struct order *order = data;

	if (order->nr < 64)
		order->ids[order->nr++] = seen->id;
}

TEST_F(tree, a_dump_is_in_pre_order)
{
	const uint32_t expected[] = { 1, 2, 4, 7, 3, 5, 6, 8 };
	struct talk *owner = &self->owner;
	struct order order = { 0 };

	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 2, .parent = 1 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 3, .parent = 1 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 4, .parent = 2 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 5, .parent = 3 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 6, .parent = 3 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 7, .parent = 2 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 8 }));
	ASSERT_EQ(8, talk_dump(&self->listener, add_id, &order));
	ASSERT_EQ(8, order.nr);
	for (unsigned int i = 0; i < 8; i++)
		EXPECT_EQ(expected[i], order.ids[i]);
}

TEST_F(tree, a_batch_goes_on_after_an_error_that_names_its_message)
{
	struct talk *owner = &self->owner;
	const struct nlmsgerr *error = (const void *)(owner->buf + NLMSG_HDRLEN);
	struct request requests[3];
	char batch[1024];
	size_t len = 0;

	for (uint32_t i = 0; i < 3; i++) {
		struct new_node node = { .id = 2 + i, .parent = i == 1 ? 99 : 1 };
		struct nlmsghdr *message = (void *)requests[i].bytes;

		request_new(&requests[i], owner, &node);
		message->nlmsg_seq = 100 + i;
		memcpy(batch + len, requests[i].bytes, request_len(&requests[i]));
		len += NLMSG_ALIGN(request_len(&requests[i]));
	}
	ASSERT_EQ((ssize_t)len, send(owner->fd, batch, len, 0));
	ASSERT_LT(0, recv(owner->fd, owner->buf, sizeof(owner->buf), 0));
	EXPECT_EQ(101, ((const struct nlmsghdr *)(const void *)owner->buf)->nlmsg_seq);
	EXPECT_EQ(-ENOENT, error->error);
	EXPECT_EQ(-1, recv(owner->fd, owner->buf, sizeof(owner->buf), MSG_DONTWAIT));
	EXPECT_EQ(3, proc_stat("nodes"));
}

TEST_HARNESS_MAIN
