// SPDX-License-Identifier: GPL-2.0-only
/*
 * YAML to tree: types, anchors, refused texts, and limits.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/doc.h"
#include "config/yaml.h"
#include "kselftest_harness.h"
#include "lib/asked.h"

#define TREE(yaml) ask_tree(yaml, strlen(yaml))

/* The message for a text, without the place and the source line. */
static const char *message_of(const char *answer)
{
	static char message[200];
	const char *at = strstr(answer, "error: ");

	snprintf(message, sizeof(message), "%s", at ? at + strlen("error: ") : answer);
	message[strcspn(message, "\n")] = '\0';
	return message;
}

static const struct {
	const char *yaml;
	const char *json;
} scalars[] = {
	{ "[null, Null, NULL, ~, ]", "[null,null,null,null]" },
	{ "[nULL, none]", "[\"nULL\",\"none\"]" },
	{ "[true, True, TRUE, false, False, FALSE]", "[true,true,true,false,false,false]" },
	{ "[yes, no, on, off, y, n, tRUE]",
	  "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"n\",\"tRUE\"]" },
	{ "[0, 7, -7, +7, 007, 0o17, 0xfF]", "[0,7,-7,7,7,15,255]" },
	{ "[0o8, 0x, 0b1, 1_000, 1:30, -0x1, -]",
	  "[\"0o8\",\"0x\",\"0b1\",\"1_000\",\"1:30\",\"-0x1\",\"-\"]" },
	{ "[9223372036854775807, -9223372036854775808]",
	  "[9223372036854775807,-9223372036854775808]" },
	{ "[9223372036854775808, 0xffffffffffffffffff]",
	  "[9.22337203685478e+18,4.72236648286965e+21]" },
	{ "[1.5, -1.5, .5, 5., 1e3, 1.5E-3, +1e+2]", "[1.5,-1.5,0.5,5.0,1000.0,0.0015,100.0]" },
	{ "[., e3, 1e, 1.5.2, 1.2.3.4]", "[\".\",\"e3\",\"1e\",\"1.5.2\",\"1.2.3.4\"]" },
	{ "[.inf, -.Inf, +.INF, .nan, .NaN]", "[\".inf\",\"-.Inf\",\"+.INF\",\".nan\",\".NaN\"]" },
	{ "[\"5\", 'true', \"null\", '', !!str 5, ! true]",
	  "[\"5\",\"true\",\"null\",\"\",\"5\",\"true\"]" },
	{ "a: |\n  two\n  lines\nb: >\n  one\n  line\n",
	  "{\"a\":\"two\\nlines\\n\",\"b\":\"one line\\n\"}" },
	{ "{a: [], b: {}, c: [[1], {d: 2}]}", "{\"a\":[],\"b\":{},\"c\":[[1],{\"d\":2}]}" },
	{ "- a\n-\n- - b\n", "[\"a\",null,[\"b\"]]" },
	{ "1: a\ntrue: b\n~: c\n", "{\"1\":\"a\",\"true\":\"b\",\"~\":\"c\"}" },
};

TEST(plain_scalars_have_the_types_of_yaml_1_2s_core_schema)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(scalars); i++)
		EXPECT_STREQ(scalars[i].json, TREE(scalars[i].yaml));
}

TEST(nothing_is_an_empty_map)
{
	EXPECT_STREQ("{}", TREE(""));
	EXPECT_STREQ("{}", TREE("# a comment\n"));
	EXPECT_STREQ("{}", TREE("---\n...\n"));
	EXPECT_STREQ("{}", TREE("\xef\xbb\xbf"));
	EXPECT_STREQ("{}", TREE("~"));
}

TEST(an_alias_is_a_copy_of_all_that_its_anchor_holds)
{
	EXPECT_STREQ("[{\"a\":[1,{\"b\":2}],\"c\":3},{\"a\":[1,{\"b\":2}],\"c\":3}]",
		     TREE("[&x {a: [1, {b: 2}], c: 3}, *x]"));
	EXPECT_STREQ("[1,2,2,1]", TREE("[&x 1, &y 2, *y, *x]"));
	EXPECT_STREQ("[1,2,2]", TREE("[&x 1, &x 2, *x]"));
	EXPECT_STREQ("{\"a\":{\"b\":[[]]},\"c\":{\"b\":[[]]}}", TREE("{a: &x {b: [[]]}, c: *x}"));
}

static const struct {
	const char *yaml;
	const char *message;
} refused[] = {
	{ "a: 1\n---\nb: 2\n", "a second document begins here; a file may have only one" },
	{ "? [a]\n: b\n", "a key must be a word, not a map or a list" },
	{ "{a: 1}: b\n", "a key must be a word, not a map or a list" },
	{ "&a k: v\n", "a key cannot have an anchor" },
	{ "[&x a, {*x : v}]\n", "a key cannot be an alias" },
	{ "[*x]\n", "there is no anchor with this name above" },
	{ "[*x, &x a]\n", "there is no anchor with this name above" },
	{ "&x [*x]\n", "the alias is inside its own anchor" },
	{ "&x {a: {b: *x}}\n", "the alias is inside its own anchor" },
	{ "!!binary aa\n", "tags other than !!str are not supported" },
	{ "!mine {}\n", "tags other than !!str are not supported" },
	{ "!!set [a]\n", "tags other than !!str are not supported" },
	{ "\"a\\0b\"\n", "a text must not hold a NUL character" },
	{ "{\"a\\0b\": 1}\n", "a text must not hold a NUL character" },
	{ "{a: 1, b: 2, a: 3}\n", "the key \"a\" is given twice" },
	{ "{a: 1, \"a\": 3}\n", "the key \"a\" is given twice" },
	{ "a: b: c\n", "not YAML: mapping values are not allowed in this context" },
	{ "[a\n", "not YAML: did not find expected ',' or ']'" },
	{ "{a: [1, 2}\n", "not YAML: did not find expected ',' or ']'" },
	{ "a: 'b\n", "not YAML: found unexpected end of stream" },
	{ "a: \"\\q\"\n", "not YAML: found unknown escape character" },
	{ "- a\nb: c\n", "not YAML: did not find expected '-' indicator" },
	{ "%FOO\n---\n", "not YAML: found unknown directive name" },
	{ "\xff\xfe"
	  "a",
	  "not YAML: invalid leading UTF-8 octet" },
	{ "a\xc3(", "not YAML: invalid trailing UTF-8 octet" },
	{ "\x7f", "not YAML: control characters are not allowed" },
};

TEST(what_is_no_tree_of_words_is_refused)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(refused); i++)
		EXPECT_STREQ(refused[i].message, message_of(TREE(refused[i].yaml)));
}

TEST(keys_that_stand_twice_are_found_among_many)
{
	struct st_buf yaml = ST_BUF_INIT;

	for (unsigned int i = 0; i < 20000; i++) {
		st_buf_add_text(&yaml, "k");
		st_buf_add_u64(&yaml, i);
		st_buf_add_text(&yaml, ": 1\n");
	}
	EXPECT_EQ('{', ask_tree(yaml.data, yaml.len)[0]);
	st_buf_add_text(&yaml, "k7: 2\n");
	EXPECT_STREQ("t.yaml:20001:1: error: the key \"k7\" is given twice\n"
		     "  20001 | k7: 2\n"
		     "        | ^~\n"
		     "t.yaml:8:1: note: it was first given here\n"
		     "  8 | k7: 1\n"
		     "    | ^~\n",
		     ask_tree(yaml.data, yaml.len));
	st_buf_done(&yaml);
}

TEST(keys_that_stand_twice_are_found_in_one_line)
{
	EXPECT_STREQ("t.yaml:1:4: error: the key \"a\" is given twice\n"
		     "  1 | {a,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,a}\n"
		     "    |    ^\n"
		     "t.yaml:1:2: note: it was first given here\n"
		     "  1 | {a,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,a}\n"
		     "    |  ^\n"
		     "t.yaml:1:38: error: the key \"a\" is given twice\n"
		     "  1 | {a,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,a}\n"
		     "    |                                      ^\n"
		     "t.yaml:1:2: note: it was first given here\n"
		     "  1 | {a,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,a}\n"
		     "    |  ^\n",
		     TREE("{a,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,a}\n"));
}

/* @nr times @open, and as often @close. */
static const char *ask_nested(const char *open, const char *close, unsigned int nr)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *answer;

	for (unsigned int i = 0; i < nr; i++)
		st_buf_add_text(&yaml, open);
	for (unsigned int i = 0; i < nr; i++)
		st_buf_add_text(&yaml, close);
	answer = ask_tree(yaml.data, yaml.len);
	st_buf_done(&yaml);
	return answer;
}

TEST(maps_and_lists_nest_up_to_the_limit_and_no_deeper)
{
	const char *too_deep = "maps and lists are nested too deep";

	EXPECT_EQ('[', ask_nested("[", "]", ST_DOC_MAX_DEPTH)[0]);
	EXPECT_STREQ(too_deep, message_of(ask_nested("[", "]", ST_DOC_MAX_DEPTH + 1)));
	EXPECT_STREQ(too_deep, message_of(ask_nested("[", "]", 1000)));
	EXPECT_STREQ(too_deep, message_of(ask_nested("{a: ", "}", 1000)));
	EXPECT_STREQ(too_deep, message_of(ask_nested("- ", "", 1000)));
	EXPECT_STREQ(too_deep, message_of(ask_nested("[", "", 1000000)));
}

TEST(an_alias_cannot_nest_deeper_than_the_limit)
{
	struct st_buf yaml = ST_BUF_INIT;

	/* a is 100 deep and is put 28 deep, then 29 deep */
	for (unsigned int deep = 28; deep <= 29; deep++) {
		st_buf_reset(&yaml);
		st_buf_add_text(&yaml, "[&a ");
		for (unsigned int i = 0; i < 100; i++)
			st_buf_add_text(&yaml, "[");
		for (unsigned int i = 0; i < 100; i++)
			st_buf_add_text(&yaml, "]");
		st_buf_add_text(&yaml, ", ");
		for (unsigned int i = 1; i < deep; i++)
			st_buf_add_text(&yaml, "[");
		st_buf_add_text(&yaml, "*a");
		for (unsigned int i = 0; i < deep; i++)
			st_buf_add_text(&yaml, "]");
		EXPECT_STREQ(deep == 28 ? "[[[[[" : "maps ",
			     strndupa(message_of(ask_tree(yaml.data, yaml.len)), 5));
	}
	st_buf_done(&yaml);
}

TEST(a_bomb_of_aliases_ends_in_a_message)
{
	struct st_buf yaml = ST_BUF_INIT;

	st_buf_add_text(&yaml, "- &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (unsigned int i = 1; i < 20; i++) {
		st_buf_add_text(&yaml, "- &a");
		st_buf_add_u64(&yaml, i);
		st_buf_add_text(&yaml, " [");
		for (unsigned int k = 0; k < 10; k++) {
			st_buf_add_text(&yaml, k ? ", *a" : "*a");
			st_buf_add_u64(&yaml, i - 1);
		}
		st_buf_add_text(&yaml, "]\n");
	}
	EXPECT_STREQ("the aliases expand to too many values",
		     message_of(ask_tree(yaml.data, yaml.len)));
	st_buf_done(&yaml);
}

/* @nr aliases of a list of 99 values, which are 100 with the list itself. */
static const char *ask_copies(unsigned int nr)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *answer;

	st_buf_add_text(&yaml, "- &a [1");
	for (unsigned int i = 1; i < 99; i++)
		st_buf_add_text(&yaml, ",1");
	st_buf_add_text(&yaml, "]\n");
	while (nr--)
		st_buf_add_text(&yaml, "- *a\n");
	answer = ask_tree(yaml.data, yaml.len);
	st_buf_done(&yaml);
	return answer;
}

TEST(aliases_stand_for_values_up_to_the_limit_and_no_more)
{
	EXPECT_EQ('[', ask_copies(ST_DOC_MAX_COPIES / 100)[0]);
	EXPECT_STREQ("the aliases expand to too many values",
		     message_of(ask_copies(ST_DOC_MAX_COPIES / 100 + 1)));
}

/* One after the other into the same document, as with includes. */
TEST(a_document_has_values_up_to_the_limit_and_no_more)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_doc *doc = st_doc_new();
	size_t nr = ST_DOC_MAX_NODES - 2; /* with the list one more */
	char *yaml = malloc(2 * nr + 1);
	struct st_doc_node *root;

	ASSERT_TRUE(doc && yaml);
	for (size_t i = 0; i < nr; i++)
		memcpy(yaml + 2 * i, i ? ",1" : "[1", 2);
	yaml[2 * nr] = ']';
	EXPECT_EQ(0, st_yaml_parse(doc, "long.yaml", yaml, 2 * nr + 1, &diags, &root));
	EXPECT_EQ(nr, root->nr);
	EXPECT_EQ(0, st_yaml_parse(doc, "last.yaml", "1", 1, &diags, &root));
	EXPECT_EQ(-EINVAL, st_yaml_parse(doc, "more.yaml", "1", 1, &diags, &root));
	EXPECT_EQ(-EINVAL, st_yaml_parse(doc, "empty.yaml", "", 0, &diags, &root));
	EXPECT_STREQ("too many values for one configuration", diags.items[0].message);
	EXPECT_STREQ("empty.yaml", diags.items[1].place.file);
	free(yaml);
	st_doc_free(doc);
	st_diags_done(&diags);
}

/* A list of @nr anchors. */
static const char *ask_anchors(unsigned int nr)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *answer;

	for (unsigned int i = 0; i < nr; i++) {
		st_buf_add_text(&yaml, "- &a");
		st_buf_add_u64(&yaml, i);
		st_buf_add_text(&yaml, " x\n");
	}
	answer = ask_tree(yaml.data, yaml.len);
	st_buf_done(&yaml);
	return answer;
}

TEST(a_file_has_at_most_1000_anchors)
{
	EXPECT_EQ('[', ask_anchors(1000)[0]);
	EXPECT_STREQ("too many anchors in one file", message_of(ask_anchors(1001)));
}

static const char whole[] = "# a tree\n"
			    "strategy: &s one_for_all\n"
			    "children:\n"
			    "  - id: \"a\\u00e9\"\n"
			    "    start: ['x', \"-v\", {a: *s}]\n"
			    "    text: |\n"
			    "      lines\n"
			    "  - [b, c]\n"
			    "...\n";

TEST(a_text_cut_at_any_byte_gives_a_tree_or_a_message)
{
	for (size_t len = 0; len < sizeof(whole); len++) {
		const char *answer = ask_tree(whole, len);

		EXPECT_TRUE(*answer == '{' || *answer == '"' || strstr(answer, "error: "))
		TH_LOG("%zu: %s", len, answer);
	}
}

TEST(binary_garbage_gives_a_message)
{
	unsigned int seed = 1;
	char garbage[512];

	for (unsigned int round = 0; round < 2000; round++) {
		size_t len = 1 + (size_t)rand_r(&seed) % sizeof(garbage);

		for (size_t i = 0; i < len; i++)
			garbage[i] = (char)rand_r(&seed);
		EXPECT_NE('\0', *ask_tree(garbage, len));
	}
}

TEST_HARNESS_MAIN
