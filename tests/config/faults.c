// SPDX-License-Identifier: GPL-2.0-only
/*
 * Want of memory at every single allocation: always -ENOMEM, never a crash and
 * never a leak (which the sanitizers see).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "config/bind.h"
#include "config/config.h"
#include "config/json.h"
#include "kselftest_harness.h"
#include "lib/folder.h"

static const char good[] =
	"strategy: one_for_all\n"
	"children:\n"
	"- id: tree\n"
	"  supervisor:\n"
	"    strategy: simple_one_for_one\n"
	"    children: [{id: t, start: \"x 'y z'\", environment: &e {A: 1, B: 2}}]\n"
	"- id: ignored\n"
	"  supervisor: {init: ignore}\n"
	"- id: failing\n"
	"  supervisor: {init: {error: [a, {b: c}]}}\n"
	"- id: worker\n"
	"  start: [x, y]\n"
	"  environment: *e\n"
	"  limits: {as: [1 GiB, infinity], nofile: 5}\n"
	"  backoff: {min: 1 s}\n"
	"  cwd: /srv\n"
	"  user: root\n";

/* Keys that are looked for in more than one way, for there are many. */
static const char many[] = "{a: 1, b: &x {c: d}, e: *x, f: 1, g: 1, h: 1, i: 1, j: 1, k: 1,\n"
			   " l: 1, m: 1, n: 1, o: 1, p: 1, q: 1, r: 1, s: 1, t: 1, a: 2}\n";

static const char bad[] =
	"strategy: one_for_al\n"
	"colour: {a: 1, a: 2}\n"
	"children:\n"
	"- {id: a, start: \"x 'y\", limits: {nofiles: 1, as: 2 X}, umask: 22}\n"
	"- {id: a, start: [[]], environment: {\"A=\": 1, B: []}, backoff: {max: 1}}\n"
	"- {supervisor: {children: [{id: x}, 5], period: x}, type: worker}\n"
	"- {id: x, start: [a], significant: true}\n";

static const char broken[] = "children: [a\nb: \"c";

static const char otp[] =
	"{\"children\":[{\"id\":\"a\",\"supervisor\":{\"intensity\":-1}},"
	"{\"id\":\"b\",\"supervisor\":{\"children\":[{\"id\":\"a/b\",\"start\":[\"x\"]}]}},"
	"{\"id\":\"c\",\"start\":\"x\"}]}";

/*
 * Most pieces come out of larger chunks. A longer name of the file moves all
 * pieces of the tree, so that each becomes the first of a chunk once.
 */
static char name[700] = "t.yaml";

static int parse(const char *yaml)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_parse(name, yaml, strlen(yaml), &diags, &spec);

	st_sup_spec_put(spec);
	st_diags_done(&diags);
	return err;
}

static int load(const char *path)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_load(path, &diags, &spec);

	st_sup_spec_put(spec);
	st_diags_done(&diags);
	return err;
}

static int bind_otp(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	struct st_doc *doc = st_doc_new();
	struct st_doc_node *node;
	int err = doc ? st_json_read(doc, name, json, &diags, &node) : -ENOMEM;

	if (!err)
		err = st_bind_sup(node, ST_BIND_OTP, &diags, &spec);
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	st_doc_free(doc);
	json_decref(json);
	return err;
}

/* Run @run with each of its allocations failing once. */
static void sweep(struct __test_metadata *_metadata, int (*run)(const char *), const char *text,
		  int expected)
{
	unsigned long before = st_alloc_count(), nr;

	ASSERT_EQ(expected, run(text));
	nr = st_alloc_count() - before;
	ASSERT_LT(0ul, nr);
	for (unsigned long i = 1; i <= nr; i++) {
		st_alloc_fail_at(i);
		EXPECT_EQ(-ENOMEM, run(text)) TH_LOG("allocation %lu of %lu", i, nr);
	}
	st_alloc_fail_at(0);
	EXPECT_EQ(expected, run(text));
}

static void sweep_names(struct __test_metadata *_metadata, int (*run)(const char *),
			const char *text, int expected)
{
	for (size_t len = 1; len < sizeof(name); len += 24) {
		memset(name, 'n', len);
		name[len] = '\0';
		sweep(_metadata, run, text, expected);
	}
}

TEST(a_good_file_survives_want_of_memory_at_any_point)
{
	sweep_names(_metadata, parse, good, 0);
}

/* A first word of many lengths moves all pieces of the words that follow. */
TEST(the_words_of_a_child_survive_want_of_memory_at_any_point)
{
	char word[520], yaml[800];

	memset(word, 'w', sizeof(word));
	for (int len = 1; len < (int)sizeof(word); len += 12) {
		snprintf(yaml, sizeof(yaml),
			 "children: [{id: p, start: [%.*s]}, {id: a, start: \"x y\", cwd: /,\n"
			 "environment: {A: b}, limits: {nofile: 5}, user: r}]\n",
			 len, word);
		sweep(_metadata, parse, yaml, 0);
	}
}

TEST(mistakes_survive_want_of_memory_at_any_point)
{
	sweep_names(_metadata, parse, bad, -EINVAL);
}

TEST(a_key_that_comes_twice_survives_want_of_memory_at_any_point)
{
	sweep_names(_metadata, parse, many, -EINVAL);
}

TEST(what_is_no_yaml_survives_want_of_memory_at_any_point)
{
	sweep_names(_metadata, parse, broken, -EINVAL);
}

TEST(a_request_survives_want_of_memory_at_any_point)
{
	sweep_names(_metadata, bind_otp, otp, -EINVAL);
}

TEST(includes_survive_want_of_memory_at_any_point)
{
	struct folder folder;

	ASSERT_EQ(0, folder_init(&folder));
	EXPECT_EQ(0, folder_write("main.yaml", "include: [none.yaml, b.yaml, conf.d]\n"));
	EXPECT_EQ(0, folder_write("b.yaml", "include: [main.yaml, conf.d/c.yaml, none.yaml]\n"));
	EXPECT_EQ(0, folder_write("conf.d/c.yaml", "children: [{id: a, start: [x]}]\n"));
	EXPECT_EQ(0, folder_write("conf.d/d.yaml", "children: {}\nstrategy: x\n"));
	sweep(_metadata, load, "main.yaml", -EINVAL);
	EXPECT_EQ(0, folder_write("main.yaml", "include: [good.yaml, conf.d/c.yaml]\n"));
	EXPECT_EQ(0, folder_write("good.yaml", strstr(good, "children:")));
	sweep(_metadata, load, "main.yaml", 0);
	folder_done(&folder);
}

TEST_HARNESS_MAIN
