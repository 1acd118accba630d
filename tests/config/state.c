// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saved states: what is refused, and that made-up ones do no harm. The binder reads the
 * specifications in them. tools/storm proves that a loaded tree does the same as the saved one.
 */
#include "config/spec_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/copy.h"
#include "core/step.h"
#include "kselftest_harness.h"

static const char spec[] =
	"{\"strategy\":\"rest_for_one\",\"intensity\":5,\"period\":10,\"children\":["
	"{\"id\":\"a\",\"start\":[\"x\"],\"backoff\":{\"min\":10,\"max\":100,\"jitter\":50}},"
	"{\"id\":\"s\",\"supervisor\":{\"strategy\":\"one_for_all\",\"intensity\":9,\"children\":["
	"{\"id\":\"b\",\"start\":[\"x\"]},{\"id\":\"t\",\"restart\":\"temporary\","
	"\"start\":[\"x\"]}]}},"
	"{\"id\":\"p\",\"supervisor\":{\"strategy\":\"simple_one_for_one\",\"intensity\":9,"
	"\"children\":[{\"id\":\"w\",\"start\":[\"x\"]}]}}]}";

FIXTURE(state)
{
	struct st_tree *tree;
	struct st_tree *loaded;
	uint64_t now_ns;
	struct st_buf text;
	struct st_load_error error;
};

static void step(FIXTURE_DATA(state) * self, const struct st_event *event)
{
	struct st_effects effects;

	st_step(self->tree, self->now_ns, event, &effects);
}

/* An event of the process of a child. */
static void happen(FIXTURE_DATA(state) * self, const char *path, enum st_event_type type)
{
	const struct st_child *child = st_tree_find(self->tree, path);
	struct st_event event = { .type = type, .text = "no \"way\"\n", .status = -1, .pid = 77 };

	event.reason.type = ST_REASON_KILLED;
	event.generation = child ? child->generation : 0;
	step(self, &event);
}

static void start(FIXTURE_DATA(state) * self, const char *path)
{
	happen(self, path, ST_EV_SPAWNED);
	happen(self, path, ST_EV_READY);
}

static void ask(FIXTURE_DATA(state) * self, struct st_request *request)
{
	const struct st_event event = { .type = ST_EV_REQUEST, .request = request };

	request->token = self->now_ns;
	step(self, &event);
}

/* A tree with a death, a request and a change in its mailboxes, while children start. */
FIXTURE_SETUP(state)
{
	const char *args[] = { "one", "tw\"o" };
	struct st_request change = { .type = ST_REQUEST_CHANGE, .sup = "/", .id = "" };
	struct st_request add = { .type = ST_REQUEST_START_CHILD, .sup = "p", .id = "n" };
	struct st_request end = { .type = ST_REQUEST_TERMINATE_CHILD, .sup = "/", .id = "a" };
	struct st_request settle = { .type = ST_REQUEST_SETTLE };
	struct st_sup_spec *root = st_config_spec_reader.sup(NULL, spec, strlen(spec));

	ASSERT_NE(NULL, root);
	memset(self, 0, sizeof(*self));
	ASSERT_EQ(0, st_tree_new(root, 1, &self->tree));
	st_sup_spec_put(root);
	self->now_ns = 100 * ST_NSEC_PER_SEC;
	step(self, &(struct st_event){ .type = ST_EV_BOOT });
	start(self, "a");
	start(self, "s/b");
	start(self, "s/t");
	add.start.args = args;
	add.start.nr_args = 2;
	ask(self, &add);
	start(self, "p/n");
	happen(self, "s/t", ST_EV_EXITED);
	self->now_ns += ST_NSEC_PER_SEC;
	happen(self, "s/b", ST_EV_EXITED);
	happen(self, "s/b", ST_EV_SPAWN_FAILED);
	happen(self, "a", ST_EV_EXITED);
	change.change.to = st_config_spec_reader.sup(NULL, spec, strlen(spec));
	change.change.whole = true;
	ask(self, &change);
	ask(self, &end);
	st_request_done(&change);
	ask(self, &add);
	ask(self, &settle);
	ASSERT_EQ(0, st_tree_save(self->tree, &self->text));
}

FIXTURE_TEARDOWN(state)
{
	st_tree_free(self->tree);
	st_tree_free(self->loaded);
	st_buf_done(&self->text);
}

static int load(FIXTURE_DATA(state) * self, const char *text, size_t len)
{
	st_tree_free(self->loaded);
	self->loaded = NULL;
	return st_tree_load(text, len, &st_config_spec_reader, &self->loaded, &self->error);
}

TEST_F(state, a_loaded_tree_is_in_the_state_of_the_saved_one)
{
	struct st_buf why = ST_BUF_INIT, again = ST_BUF_INIT;

	ASSERT_EQ(0, load(self, self->text.data, self->text.len)) TH_LOG("%s", self->error.what);
	EXPECT_EQ(st_tree_hash(self->tree), st_tree_hash(self->loaded));
	EXPECT_TRUE(st_tree_check(self->loaded, &why)) TH_LOG("%s", st_buf_text(&why));
	ASSERT_EQ(0, st_tree_save(self->loaded, &again));
	EXPECT_STREQ(self->text.data, again.data);
	st_buf_done(&again);
	st_buf_done(&why);
}

TEST_F(state, a_text_that_is_cut_or_changed_is_refused)
{
	char *text = malloc(self->text.len);

	ASSERT_NE(NULL, text);
	for (size_t i = 0; i < self->text.len; i++) {
		ASSERT_EQ(-EINVAL, load(self, self->text.data, i));
		memcpy(text, self->text.data, self->text.len);
		text[i] ^= 1;
		ASSERT_EQ(-EINVAL, load(self, text, self->text.len)) TH_LOG("byte %zu", i);
		ASSERT_NE(NULL, self->error.what);
	}
	free(text);
}

TEST_F(state, other_texts_and_other_versions_are_refused_with_the_reason)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
		{ "", "this is not the state of a tree" },
		{ "suptree-log 1 seed=1 {}\n", "this is not the state of a tree" },
		{ "suptree-state 2 nodes=1\n", "only version 1 can be read" },
		{ "suptree-state 1 nodes=1\n", "it is damaged, or its end is missing" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(-EINVAL, load(self, cases[i].text, strlen(cases[i].text)));
		EXPECT_STREQ(cases[i].what, self->error.what);
	}
}

/* FNV-1a, written again: the checksum of a text that somebody has made up. */
static void seal(struct st_buf *text)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < text->len; i++)
		sum = (sum ^ (unsigned char)text->data[i]) * UINT64_C(1099511628211);
	st_buf_add_text(text, "end checksum=");
	st_buf_add_u64(text, sum);
	st_buf_add_char(text, '\n');
}

/* Whatever was loaded, core may go on with it. */
static void go_on(FIXTURE_DATA(state) * self)
{
	struct st_event event = { .status = -1, .text = "" };
	struct st_effects effects;
	uint64_t now_ns = self->loaded->now_ns;

	for (int i = 0; i < 60; i++) {
		event.type = i == 50 ? ST_EV_STOP : (enum st_event_type)(rand() % ST_EV_REQUEST);
		event.generation = (uint64_t)rand() % (self->loaded->last_generation + 1);
		if (now_ns < UINT64_MAX / 2)
			now_ns += (uint64_t)rand();
		st_step(self->loaded, now_ns, &event, &effects);
	}
}

TEST_F(state, a_made_up_text_is_refused_or_is_a_tree_that_goes_on)
{
	static const char bytes[] = "0123456789 =\n{}\",abcdes";
	const char *end = strstr(self->text.data, "\nend ") + 1;
	size_t len = (size_t)(end - self->text.data);
	unsigned int nr_loaded = 0;

	srand(1);
	for (int i = 0; i < 6000; i++) {
		struct st_buf text = ST_BUF_INIT;

		st_buf_add(&text, self->text.data, len);
		for (int nr = 1 + rand() % 3; nr; nr--)
			text.data[(size_t)rand() % len] =
				bytes[(size_t)rand() % (sizeof(bytes) - 1)];
		seal(&text);
		if (!load(self, text.data, text.len)) {
			nr_loaded++;
			go_on(self);
		} else {
			ASSERT_NE(NULL, self->error.what);
		}
		st_buf_done(&text);
	}
	EXPECT_LT(100, nr_loaded) TH_LOG("some changes make another tree");
}

TEST_F(state, lines_that_are_left_out_or_come_twice_are_refused_or_do_no_harm)
{
	const char *end = strstr(self->text.data, "\nend ") + 1;

	srand(2);
	for (int i = 0; i < 2000; i++) {
		struct st_buf text = ST_BUF_INIT;

		for (const char *line = self->text.data; line < end;) {
			size_t len = strcspn(line, "\n") + 1;

			for (int nr = rand() % 12 ? 1 : rand() % 3; nr; nr--)
				st_buf_add(&text, line, len);
			line += len;
		}
		seal(&text);
		if (!load(self, text.data, text.len))
			go_on(self);
		st_buf_done(&text);
	}
}

TEST_F(state, without_memory_nothing_is_saved_or_loaded_and_nothing_leaks)
{
	struct st_buf text = ST_BUF_INIT;
	unsigned long nth = 0;
	int ret;

	do {
		st_buf_done(&text);
		st_alloc_fail_at(++nth);
		ret = st_tree_save(self->tree, &text);
		ASSERT_TRUE(ret == 0 || ret == -ENOMEM);
	} while (ret);
	EXPECT_LT(3, nth);
	st_buf_done(&text);
	nth = 0;
	do {
		st_alloc_fail_at(++nth);
		ret = load(self, self->text.data, self->text.len);
		/* the binder does not tell why there is no specification */
		ASSERT_TRUE(ret == 0 || ret == -ENOMEM || ret == -EINVAL);
	} while (ret);
	st_alloc_fail_at(0);
	EXPECT_LT(30, nth);
}

TEST_HARNESS_MAIN
