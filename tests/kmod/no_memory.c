// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests without memory: for each request the allocations fail one after the other, and
 * then at random. A refused request must change nothing and keep nothing. `make kasan`
 * runs this in a guest, as root, with the module loaded: its kernel can fail on purpose,
 * and its kmemleak finds memory that is never freed.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/failing.h"
#include "lib/module.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define NR_CHILDREN 4
#define NR_ROUNDS 5
#define NR_REQUESTS 4000
#define NR_IDS 64
#define NR_LOADS 80

struct owner {
	struct talk talk;
	pid_t child;
};

static int add_first(struct owner *owner)
{
	return talk_new(&owner->talk, (struct new_node){ .id = 1, .name = "first" });
}

static int add_worker(struct owner *owner)
{
	struct new_node node = {
		.id = 9, .parent = 1, .kind = SUPTREE_KIND_WORKER, .pid = owner->child
	};

	return talk_new(&owner->talk, node);
}

static int set_process(struct owner *owner)
{
	return talk_set_pid(&owner->talk, 2, owner->child, 7);
}

static int delete (struct owner *owner)
{
	return talk_del(&owner->talk, 1, true);
}

static int get(struct owner *owner)
{
	struct seen seen;

	return talk_get(&owner->talk, 0, 2, &seen);
}

static int dump(struct owner *owner)
{
	int nr = talk_dump(&owner->talk, NULL, NULL);

	return nr < 0 ? nr : 0;
}

static int read_file(const char *path)
{
	static char text[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;
	int err;

	if (fd < 0)
		return -errno;
	do
		len = read(fd, text, sizeof(text));
	while (len > 0);
	err = len < 0 ? -errno : 0;
	close(fd);
	return err;
}

static int read_tree(struct owner *owner)
{
	(void)owner;
	return read_file("/proc/suptree/tree");
}

static int read_pstree(struct owner *owner)
{
	(void)owner;
	return read_file("/proc/suptree/pstree");
}

static int read_events(struct owner *owner)
{
	(void)owner;
	return read_file("/proc/suptree/events");
}

/* clang-format off */
FIXTURE(memory) {
	struct owner owner;
	struct talk listener;
};

FIXTURE_VARIANT(memory) {
	int (*act)(struct owner *owner);
	bool is_first; /* there is no tree before */
};

#define ACT(function, first) \
	FIXTURE_VARIANT_ADD(memory, function) { .act = function, .is_first = first }

ACT(add_first, true);
ACT(add_worker, false);
ACT(set_process, false);
ACT(delete, false);
ACT(get, false);
ACT(dump, false);
ACT(read_tree, false);
ACT(read_pstree, false);
ACT(read_events, false);
/* clang-format on */

FIXTURE_SETUP(memory)
{
	self->owner.child = child_start();
	ASSERT_EQ(0, proc_stat("nodes"));
	ASSERT_EQ(0, talk_open(&self->listener));
	ASSERT_EQ(0, talk_listen(&self->listener));
}

FIXTURE_TEARDOWN(memory)
{
	talk_close(&self->listener);
	child_kill(self->owner.child);
	EXPECT_EQ(0, proc_stat("nodes"));
	EXPECT_EQ(0, proc_stat("trees"));
}

static int prepare(struct owner *owner, bool is_first)
{
	struct new_node worker = { .id = 2, .parent = 1, .kind = SUPTREE_KIND_WORKER };
	int err = talk_open(&owner->talk);

	if (!err && !is_first)
		err = add_first(owner);
	if (!err && !is_first)
		err = talk_new(&owner->talk, worker);
	return err;
}

/*
 * A refusal has changed nothing, or doing it again would fail.
 * -ENOBUFS: netlink had no memory for the answer, so that it is not known.
 */
static const char *check(struct owner *owner, int err, bool has_failed,
			 int (*act)(struct owner *owner))
{
	if (err && !has_failed)
		return "it is refused, though there was memory";
	if (err && err != -ENOMEM && err != -ENOBUFS)
		return "it is refused for another reason";
	if (err == -ENOMEM && act(owner))
		return "a refusal has changed something";
	if (proc_stat("nodes") != talk_dump(&owner->talk, NULL, NULL))
		return "there are other nodes than are counted";
	return NULL;
}

/* How many there are varies, with what lies ready; so it is done some times. */
TEST_F_TIMEOUT(memory, whichever_allocation_fails_a_refusal_has_changed_nothing, 1200)
{
	unsigned int nth = 0, nr_rounds = 0, nr_refused = 0;

	while (nr_rounds < NR_ROUNDS) {
		const char *wrong;
		bool has_failed;
		int err;

		ASSERT_EQ(0, prepare(&self->owner, variant->is_first));
		ASSERT_EQ(0, failing_nth(++nth));
		err = variant->act(&self->owner);
		has_failed = !failing_end();
		wrong = check(&self->owner, err, has_failed, variant->act);
		EXPECT_EQ(NULL, wrong) TH_LOG("allocation %u, %d: %s", nth, err, wrong);
		talk_close(&self->owner.talk);
		EXPECT_EQ(0, proc_stat("nodes"));
		nr_refused += err == -ENOMEM;
		if (!has_failed) {
			nr_rounds++;
			nth = 0;
		}
	}
	EXPECT_LT(0, nr_refused);
	TH_LOG("%u refusals", nr_refused);
}

static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * 0x2545F4914F6CDD1DULL) >> 33) % below;
}

/* One of all requests that there are, most of which make sense. */
static int ask(struct talk *talk, uint64_t *state, const pid_t *children)
{
	uint32_t id = 2 + draw(state, NR_IDS);
	pid_t pid = children[draw(state, NR_CHILDREN)];
	struct new_node node = { .id = id, .parent = 1 };
	struct seen seen;

	switch (draw(state, 8)) {
	case 0:
	case 1:
	case 2:
		node.kind = draw(state, 2) ? SUPTREE_KIND_WORKER : SUPTREE_KIND_SUPERVISOR;
		node.pid = draw(state, 2) ? pid : 0;
		return talk_new(talk, node);
	case 3:
		return talk_set_pid(talk, id, pid, draw(state, 100));
	case 4:
		return talk_del(talk, id, true);
	case 5:
		return talk_get(talk, 0, id, &seen);
	case 6:
		return read_file(draw(state, 2) ? "/proc/suptree/tree" : "/proc/suptree/events");
	default:
		return talk_dump(talk, NULL, NULL);
	}
}

/* -EBUSY: netlink had no memory for the rest of a dump, which is still to come. */
static bool is_expected(int err)
{
	switch (-err) {
	case ENOMEM:
	case ENOBUFS:
	case EBUSY:
	case EEXIST:
	case ENOENT:
		return true;
	default:
		return err >= 0;
	}
}

/* clang-format off */
FIXTURE(crowd) {
	struct owner owner;
	pid_t children[NR_CHILDREN];
};
/* clang-format on */

FIXTURE_SETUP(crowd)
{
	for (unsigned int i = 0; i < NR_CHILDREN; i++)
		self->children[i] = child_start();
	self->owner.child = self->children[0];
	ASSERT_EQ(0, prepare(&self->owner, false));
}

FIXTURE_TEARDOWN(crowd)
{
	for (unsigned int i = 0; i < NR_CHILDREN; i++)
		child_kill(self->children[i]);
	talk_close(&self->owner.talk);
	EXPECT_EQ(0, proc_stat("nodes"));
	EXPECT_EQ(0, proc_stat("trees"));
}

TEST_F_TIMEOUT(crowd, every_fifth_allocation_fails_and_in_the_end_the_tree_is_whole, 1200)
{
	unsigned int nr_refused = 0;
	uint64_t state = 1;
	struct talk other;
	int err = 0;

	ASSERT_EQ(0, failing_often(20));
	for (unsigned int i = 0; i < NR_REQUESTS && is_expected(err); i++) {
		err = ask(&self->owner.talk, &state, self->children);
		nr_refused += err == -ENOMEM;
	}
	ASSERT_EQ(0, failing_often(0));
	EXPECT_TRUE(is_expected(err)) TH_LOG("a request: %d", err);
	EXPECT_LT(NR_REQUESTS / 20, nr_refused);
	ASSERT_EQ(0, talk_open(&other));
	EXPECT_EQ(proc_stat("nodes"), talk_dump(&other, NULL, NULL));
	talk_close(&other);
	/* takes the error that a dump may have left */
	(void)talk_dump(&self->owner.talk, NULL, NULL);
	EXPECT_EQ(0, talk_del(&self->owner.talk, 1, true));
	EXPECT_EQ(0, proc_stat("nodes"));
	TH_LOG("%u requests, %u refused for want of memory", NR_REQUESTS, nr_refused);
}

/* Return: as module_load(); *ret_left as failing_end() */
static int load_without(unsigned int nth, unsigned int *ret_left)
{
	int err = failing_nth(nth);

	if (err)
		return err;
	err = module_load();
	*ret_left = failing_end();
	return err;
}

/* The module's own part of loading comes last. */
TEST_F_TIMEOUT(crowd, whichever_allocation_of_loading_fails_it_is_whole_or_not_there, 1200)
{
	const unsigned int many = 1000000;
	unsigned int nr_refused = 0, nr, left;

	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, load_without(many, &left));
	nr = many - left;
	ASSERT_LT(NR_LOADS, nr);
	for (unsigned int nth = nr - NR_LOADS; nth <= nr; nth++) {
		int err;

		ASSERT_EQ(0, module_unload());
		err = load_without(nth, &left);
		EXPECT_TRUE(!err || (!left && err == -ENOMEM))
		TH_LOG("allocation %u: %d", nth, err);
		EXPECT_EQ(err ? -1 : 0, proc_stat("nodes"));
		nr_refused += err != 0;
		ASSERT_EQ(0, module_load());
	}
	EXPECT_LT(0, nr_refused);
	TH_LOG("%u allocations, the last %u, %u refusals", nr, NR_LOADS, nr_refused);
}

TEST_HARNESS_MAIN
