// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink messages of all kinds of wrongness: random commands, attributes, lengths
 * and nesting, with right ones between them. The module must refuse or do each, and
 * keep nothing. Run in the lab VM, as root, with the module loaded.
 *
 * ST_KMOD_FUZZ=n messages (20,000), ST_KMOD_SEED=n (1): a run can be repeated.
 */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define SOMEBODY 1000
#define NR_CHILDREN 4
#define NR_MESSAGES 20000

struct fuzz {
	struct talk talk;
	uint64_t state;
	pid_t children[NR_CHILDREN];
};

/* xorshift64* */
static uint32_t draw(struct fuzz *fuzz, uint32_t below)
{
	fuzz->state ^= fuzz->state >> 12;
	fuzz->state ^= fuzz->state << 25;
	fuzz->state ^= fuzz->state >> 27;
	return (uint32_t)((fuzz->state * 0x2545F4914F6CDD1DULL) >> 33) % below;
}

static uint32_t number(const char *name, uint32_t otherwise)
{
	const char *text = getenv(name);

	return text ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

/* Small ids, so that they meet; sometimes any number. */
static uint32_t draw_id(struct fuzz *fuzz)
{
	return draw(fuzz, 20) ? draw(fuzz, 64) : draw(fuzz, 0x7fffffff) * 2;
}

static uint32_t draw_pid(struct fuzz *fuzz)
{
	switch (draw(fuzz, 4)) {
	case 0:
		return 0;
	case 1:
		return draw_id(fuzz);
	default:
		return (uint32_t)fuzz->children[draw(fuzz, NR_CHILDREN)];
	}
}

/* What the attribute should be, more or less. */
static void add_right(struct fuzz *fuzz, struct request *request, int attribute)
{
	static const char *const names[] = { "a", "worker_1", "b@host", "a b", "", "x/y" };

	switch (attribute) {
	case SUPTREE_A_ID:
	case SUPTREE_A_PARENT:
	case SUPTREE_A_TREE:
	case SUPTREE_A_RESTARTS:
		request_u32(request, attribute, draw_id(fuzz));
		break;
	case SUPTREE_A_PID:
		request_u32(request, attribute, draw_pid(fuzz));
		break;
	case SUPTREE_A_KIND:
	case SUPTREE_A_STRATEGY:
		request_u8(request, attribute, (uint8_t)draw(fuzz, draw(fuzz, 8) ? 2 : 256));
		break;
	case SUPTREE_A_NAME:
		request_text(request, attribute, names[draw(fuzz, draw(fuzz, 4) ? 3 : 6)]);
		break;
	case SUPTREE_A_GENERATION:
		request_u64(request, attribute, draw(fuzz, 100));
		break;
	default:
		request_bytes(request, attribute, NULL, 0);
	}
}

/* Any attribute of any length, with any bytes, some of which look nested. */
static void add_wrong(struct fuzz *fuzz, struct request *request)
{
	uint16_t flags[] = { 0, 0, 0, NLA_F_NESTED, NLA_F_NET_BYTEORDER };
	int attribute = (int)draw(fuzz, SUPTREE_A_MAX + 4) | flags[draw(fuzz, 5)];
	unsigned char bytes[512];
	size_t len = draw(fuzz, draw(fuzz, 4) ? 16 : sizeof(bytes));

	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)draw(fuzz, draw(fuzz, 2) ? 256 : 8);
	request_bytes(request, attribute, bytes, len);
}

static void add_needed(struct fuzz *fuzz, struct request *request, uint8_t command)
{
	add_right(fuzz, request, SUPTREE_A_ID);
	if (command == SUPTREE_CMD_NODE_NEW) {
		add_right(fuzz, request, SUPTREE_A_NAME);
		add_right(fuzz, request, SUPTREE_A_KIND);
	}
}

static void make_request(struct fuzz *fuzz, struct request *request)
{
	uint8_t command = (uint8_t)draw(fuzz, draw(fuzz, 16) ? SUPTREE_CMD_EVENT + 1 : 256);
	uint32_t nr = draw(fuzz, 5);

	request_begin(request, &fuzz->talk, command, 0);
	if (draw(fuzz, 8))
		add_needed(fuzz, request, command);
	while (nr--)
		if (draw(fuzz, 3))
			add_right(fuzz, request, (int)draw(fuzz, SUPTREE_A_MAX) + 1);
		else
			add_wrong(fuzz, request);
}

/* The header too may lie: about its length, its flags, what it is. */
static size_t spoil(struct fuzz *fuzz, struct request *request)
{
	struct nlmsghdr *message = (void *)request->bytes;
	size_t len = NLMSG_ALIGN(message->nlmsg_len);

	switch (draw(fuzz, 40)) {
	case 0:
		message->nlmsg_len = draw(fuzz, (uint32_t)len + 64);
		break;
	case 1:
		message->nlmsg_flags = (uint16_t)draw(fuzz, 0x10000);
		break;
	case 2:
		return draw(fuzz, (uint32_t)len) + 1;
	case 3: {
		uint32_t at = draw(fuzz, (uint32_t)len - NLMSG_HDRLEN);

		request->bytes[NLMSG_HDRLEN + at] ^= (char)(1 << draw(fuzz, 8));
		break;
	}
	case 4:
		message->nlmsg_flags |= NLM_F_DUMP;
		break;
	default:
		break;
	}
	return len;
}

static void drain(struct fuzz *fuzz)
{
	while (recv(fuzz->talk.fd, fuzz->talk.buf, sizeof(fuzz->talk.buf), MSG_DONTWAIT) > 0)
		;
}

static int run(struct fuzz *fuzz, uint32_t nr_messages)
{
	int err = talk_open(&fuzz->talk);

	if (err)
		return err;
	fuzz->state = 0x9E3779B97F4A7C15ULL ^ number("ST_KMOD_SEED", 1);
	for (uint32_t i = 0; i < nr_messages; i++) {
		struct request request;
		size_t len;

		make_request(fuzz, &request);
		len = spoil(fuzz, &request);
		(void)send(fuzz->talk.fd, request.bytes, len, 0);
		drain(fuzz);
		if (draw(fuzz, 1000) == 0) { /* another tree */
			talk_close(&fuzz->talk);
			err = talk_open(&fuzz->talk);
			if (err)
				return err;
		}
		if (draw(fuzz, 500) == 0) {
			pid_t *child = &fuzz->children[draw(fuzz, NR_CHILDREN)];

			child_kill(*child);
			*child = child_start();
		}
	}
	talk_close(&fuzz->talk);
	return 0;
}

static int run_with_children(struct fuzz *fuzz)
{
	int err;

	for (unsigned int i = 0; i < NR_CHILDREN; i++)
		fuzz->children[i] = child_start();
	err = run(fuzz, number("ST_KMOD_FUZZ", NR_MESSAGES));
	for (unsigned int i = 0; i < NR_CHILDREN; i++)
		child_kill(fuzz->children[i]);
	return err;
}

static int run_as_somebody(void *data)
{
	if (setgroups(0, NULL) || setresgid(SOMEBODY, SOMEBODY, SOMEBODY) ||
	    setresuid(SOMEBODY, SOMEBODY, SOMEBODY))
		return 1;
	return run_with_children(data) ? 2 : 0;
}

/* clang-format off */
FIXTURE(fuzzed) {
	struct fuzz fuzz;
};
/* clang-format on */

FIXTURE_SETUP(fuzzed)
{
	ASSERT_EQ(0, proc_stat("nodes"));
}

FIXTURE_TEARDOWN(fuzzed)
{
	EXPECT_EQ(0, proc_stat("nodes"));
	EXPECT_EQ(0, proc_stat("trees"));
}

TEST_F_TIMEOUT(fuzzed, nonsense_of_an_owner_leaves_nothing, 3600)
{
	long long nr_events = proc_stat("events"), nr_refused = proc_stat("refused");

	ASSERT_EQ(0, run_with_children(&self->fuzz));
	/* much of it was sense: otherwise it would have tested the policies alone */
	EXPECT_LT(nr_events + number("ST_KMOD_FUZZ", NR_MESSAGES) / 50, proc_stat("events"));
	EXPECT_LT(nr_refused + number("ST_KMOD_FUZZ", NR_MESSAGES) / 50, proc_stat("refused"));
}

TEST_F_TIMEOUT(fuzzed, nonsense_of_an_ordinary_user_does_nothing, 3600)
{
	long long nr_events = proc_stat("events");

	ASSERT_EQ(0, child_run(run_as_somebody, &self->fuzz));
	EXPECT_EQ(nr_events, proc_stat("events"));
}

TEST_HARNESS_MAIN
