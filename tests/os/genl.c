// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink in batches, with the one family that every kernel has: nlctrl,
 * which answers questions about families.
 */
#include "os/genl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "kselftest_harness.h"
#include "os/fd.h"
#include "os/genl_watch.h"

/* Refused at once; for a name that fits the kernel looks for a module, which takes time. */
#define TOO_LONG "a-name-that-is-too-long-for-a-family"

FIXTURE(genl)
{
	struct st_genl genl;
};

FIXTURE_SETUP(genl)
{
	self->genl = (struct st_genl)ST_GENL_INIT;
	ASSERT_EQ(0, st_genl_open(&self->genl, "nlctrl", 2));
	ASSERT_TRUE(st_genl_is_open(&self->genl));
}

FIXTURE_TEARDOWN(genl)
{
	st_genl_close(&self->genl);
}

static uint32_t ask_for(struct st_genl *genl, const char *family)
{
	st_genl_begin(genl, CTRL_CMD_GETFAMILY);
	st_genl_put_text(genl, CTRL_ATTR_FAMILY_NAME, family);
	return st_genl_end(genl);
}

TEST(a_family_that_does_not_exist_is_not_found_and_nothing_stays_open)
{
	struct st_genl genl = ST_GENL_INIT;

	EXPECT_EQ(-ENOENT, st_genl_open(&genl, "nobody-has-this", 1));
	EXPECT_FALSE(st_genl_is_open(&genl));
}

TEST_F(genl, an_empty_batch_is_fine)
{
	EXPECT_EQ(0, st_genl_flush(&self->genl));
}

TEST_F(genl, only_what_is_refused_is_told_with_its_number)
{
	struct st_genl_refusal refusal;
	uint32_t wrong[2];

	(void)ask_for(&self->genl, "nlctrl");
	wrong[0] = ask_for(&self->genl, "nobody");
	(void)ask_for(&self->genl, "nlctrl");
	wrong[1] = ask_for(&self->genl, "no-one");
	ASSERT_EQ(0, st_genl_flush(&self->genl));
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(1, st_genl_read_refusal(&self->genl, &refusal));
		EXPECT_EQ(wrong[i], refusal.seq);
		EXPECT_EQ(-ENOENT, refusal.err);
		EXPECT_STREQ("", refusal.reason);
	}
	EXPECT_EQ(0, st_genl_read_refusal(&self->genl, &refusal));
}

TEST_F(genl, the_kernel_says_why_in_its_words)
{
	struct st_genl_refusal refusal;

	(void)ask_for(&self->genl, TOO_LONG);
	ASSERT_EQ(0, st_genl_flush(&self->genl));
	ASSERT_EQ(1, st_genl_read_refusal(&self->genl, &refusal));
	EXPECT_EQ(-EINVAL, refusal.err);
	EXPECT_NE(NULL, strstr(refusal.reason, "policy"));
}

TEST_F(genl, the_descriptor_is_readable_when_something_was_refused)
{
	struct pollfd ready = { .fd = st_genl_fd(&self->genl), .events = POLLIN };
	struct st_genl_refusal refusal;

	EXPECT_EQ(0, poll(&ready, 1, 0));
	(void)ask_for(&self->genl, "nobody");
	ASSERT_EQ(0, st_genl_flush(&self->genl));
	EXPECT_EQ(1, poll(&ready, 1, -1));
	EXPECT_EQ(1, st_genl_read_refusal(&self->genl, &refusal));
	EXPECT_EQ(0, poll(&ready, 1, 0));
}

TEST_F(genl, numbers_and_flags_arrive_as_they_are)
{
	struct st_genl_refusal refusal;

	st_genl_begin(&self->genl, CTRL_CMD_GETFAMILY);
	st_genl_put_u8(&self->genl, CTRL_ATTR_FAMILY_ID, 1); /* is 16 bits */
	(void)st_genl_end(&self->genl);
	st_genl_begin(&self->genl, CTRL_CMD_GETFAMILY);
	st_genl_put_text(&self->genl, CTRL_ATTR_FAMILY_NAME, "nlctrl");
	st_genl_put_u32(&self->genl, CTRL_ATTR_VERSION, 7);
	st_genl_put_u64(&self->genl, CTRL_ATTR_HDRSIZE, 7);
	st_genl_put_flag(&self->genl, CTRL_ATTR_OPS);
	(void)st_genl_end(&self->genl);
	ASSERT_EQ(0, st_genl_flush(&self->genl));
	ASSERT_EQ(1, st_genl_read_refusal(&self->genl, &refusal));
	EXPECT_EQ(1, refusal.seq);
	EXPECT_EQ(-ERANGE, refusal.err);
	EXPECT_EQ(0, st_genl_read_refusal(&self->genl, &refusal));
}

TEST_F(genl, a_batch_that_is_too_large_is_dropped_and_the_next_one_goes)
{
	struct st_genl_refusal refusal;

	for (int i = 0; i < 40000; i++) /* 32 bytes each, and the limit is 1 MiB at most */
		(void)ask_for(&self->genl, "nobody");
	EXPECT_EQ(-ENOBUFS, st_genl_flush(&self->genl));
	(void)ask_for(&self->genl, "nobody");
	ASSERT_EQ(0, st_genl_flush(&self->genl));
	EXPECT_EQ(1, st_genl_read_refusal(&self->genl, &refusal));
}

TEST_F(genl, refusals_that_nobody_reads_are_lost_and_that_is_told)
{
	struct st_genl_refusal refusal;
	int nr_read = 0, err;

	for (int i = 0; i < 20; i++) {
		for (int j = 0; j < 100; j++)
			(void)ask_for(&self->genl, TOO_LONG);
		ASSERT_EQ(0, st_genl_flush(&self->genl));
	}
	while ((err = st_genl_read_refusal(&self->genl, &refusal)) == 1)
		nr_read++;
	EXPECT_EQ(-ENOBUFS, err);
	EXPECT_GT(20 * 100, nr_read);
}

/* As the kernel would say it: root may speak to a group, too. */
static int announce(uint8_t command, const char *family)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK,
				     .nl_groups = 1u << (GENL_ID_CTRL - 1) };
	struct {
		struct nlmsghdr header;
		struct genlmsghdr command;
		struct nlattr attribute;
		char name[GENL_NAMSIZ];
	} message = { .header = { .nlmsg_type = GENL_ID_CTRL },
		      .command = { .cmd = command, .version = 2 },
		      .attribute = { .nla_type = CTRL_ATTR_FAMILY_NAME } };
	size_t len = strlen(family) + 1;
	st_cleanup(st_fd_close) int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	memcpy(message.name, family, len);
	message.attribute.nla_len = (uint16_t)(NLA_HDRLEN + len);
	message.header.nlmsg_len = (uint32_t)(offsetof(typeof(message), name) + len);
	return sendto(fd, &message, message.header.nlmsg_len, 0, (const struct sockaddr *)&group,
		      sizeof(group)) < 0 ?
		       -errno :
		       0;
}

TEST(the_coming_and_going_of_one_family_is_told)
{
	int fd = -1, err;

	ASSERT_EQ(0, st_genl_watch_open(&fd));
	EXPECT_EQ(ST_GENL_NOTHING, st_genl_watch_read(fd, "suptree"));
	err = announce(CTRL_CMD_NEWFAMILY, "another");
	if (err == -EPERM)
		SKIP(return, "only one with CAP_NET_ADMIN can speak as the kernel does");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, announce(CTRL_CMD_NEWFAMILY, "suptree"));
	ASSERT_EQ(0, announce(CTRL_CMD_GETFAMILY, "suptree"));
	ASSERT_EQ(0, announce(CTRL_CMD_DELFAMILY, "suptree"));
	EXPECT_EQ(ST_GENL_CAME, st_genl_watch_read(fd, "suptree"));
	EXPECT_EQ(ST_GENL_WENT, st_genl_watch_read(fd, "suptree"));
	EXPECT_EQ(ST_GENL_NOTHING, st_genl_watch_read(fd, "suptree"));
	st_fd_close(&fd);
}

TEST(lost_news_are_told)
{
	int fd = -1, err = 0;

	ASSERT_EQ(0, st_genl_watch_open(&fd));
	for (int i = 0; i < 10000 && !err; i++)
		err = announce(CTRL_CMD_NEWFAMILY, "another");
	if (err == -EPERM)
		SKIP(return, "only one with CAP_NET_ADMIN can speak as the kernel does");
	EXPECT_EQ(ST_GENL_UNKNOWN, st_genl_watch_read(fd, "another"));
	st_fd_close(&fd);
}

TEST_HARNESS_MAIN
