// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of variables: how lines are read, which variable wins, and when a file counts.
 */
#include "daemon/variables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "kselftest_harness.h"
#include "temporary.h"

#define MAX 16

FIXTURE(variables)
{
	char folder[TEMPORARY_SIZE];
	struct st_variables variables;
	struct st_buf why;
};

FIXTURE_SETUP(variables)
{
	ASSERT_NE(NULL, temporary_folder(self->folder, "variables-XXXXXX"));
	st_variables_init(&self->variables);
	st_buf_init(&self->why);
}

static const char *path_of(FIXTURE_DATA(variables) * self, const char *name)
{
	static char paths[16][TEMPORARY_SIZE + 32]; /* more than a test needs */
	static int nr;
	char *path = paths[nr++ % 16];

	snprintf(path, sizeof(paths[0]), "%s%s/%s", *name == '-' ? "-" : "", self->folder,
		 name + (*name == '-'));
	return path;
}

FIXTURE_TEARDOWN(variables)
{
	st_variables_done(&self->variables);
	st_buf_done(&self->why);
	(void)unlink(path_of(self, "x")); /* not every test has it */
	(void)unlink(path_of(self, "y"));
	EXPECT_EQ(0, rmdir(self->folder));
}

static bool write_file(FIXTURE_DATA(variables) * self, const char *name, const char *text,
		       size_t len)
{
	FILE *file = fopen(path_of(self, name), "we");

	return file && fwrite(text, 1, len, file) == len && !fclose(file);
}

#define WRITE(name, text) ASSERT_TRUE(write_file(self, name, text, sizeof(text) - 1))

static int read_files(FIXTURE_DATA(variables) * self, struct st_child_def *def)
{
	struct st_child_spec *spec = st_child_spec_new(def);
	int err;

	if (!spec)
		return -ENOMEM;
	st_buf_reset(&self->why);
	err = st_variables_read(&self->variables, spec, &self->why);
	st_child_spec_put(spec);
	return err;
}

/* The variables that a process gets, joined by '|'. */
static const char *joined_after(FIXTURE_DATA(variables) * self,
				const struct st_process_spec *process, size_t nr_before)
{
	static char text[1024];
	static char before[] = "D=before", other[] = "BEFORE=1";
	char *variables[MAX] = { before, other }, texts[1024];
	const char *slots[4 * MAX] = { NULL };
	struct st_variables_room room = st_variables_room(&self->variables, process, nr_before);
	char **end;

	text[0] = '\0';
	if (nr_before + room.nr > MAX || room.bytes > sizeof(texts) ||
	    room.nr_slots > ST_ARRAY_SIZE(slots))
		return "too much";
	room.texts = texts;
	room.slots = slots;
	end = st_variables_merge(&self->variables, process, variables, variables + nr_before,
				 &room);
	for (char **at = variables; at < end; at++) {
		strcat(text, at == variables ? "" : "|");
		strcat(text, *at);
	}
	return text;
}

static const char *joined(FIXTURE_DATA(variables) * self, const struct st_process_spec *process)
{
	return joined_after(self, process, 0);
}

#define DEF(...) \
	const char *files[] = { __VA_ARGS__ }; \
	struct st_child_def def; \
\
	st_child_def_init(&def); \
	def.id = "a"; \
	def.process.env_files = files; \
	def.process.nr_env_files = ST_ARRAY_SIZE(files)

TEST_F(variables, a_line_is_a_name_and_a_value)
{
	DEF(path_of(self, "x"));
	WRITE("x", "# comment\n; another\n\n  A=1  \r\nexport B = two words \n"
		   "C=\"a \\\"b\\\" \\\\ $x\"\n"
		   "D='it \\n'\nE=\nF=x=y\nexported=1\nA=last");
	ASSERT_EQ(0, read_files(self, &def));
	EXPECT_STREQ("", joined(self, &def.process));
	st_variables_keep(&self->variables);
	EXPECT_STREQ("B=two words|C=a \"b\" \\ $x|D=it \\n|E=|F=x=y|exported=1|A=last",
		     joined(self, &def.process));
}

/* Read them again, and keep them; whether a process would get other variables. */
static bool differ(FIXTURE_DATA(variables) * self, struct st_child_def *def)
{
	bool is_different;

	if (read_files(self, def))
		return false;
	is_different = st_variables_differ(&self->variables, &def->process);
	st_variables_keep(&self->variables);
	return is_different && !st_variables_differ(&self->variables, &def->process);
}

TEST_F(variables, a_file_differs_if_it_held_something_else_when_it_was_kept)
{
	DEF(path_of(self, "-y"), path_of(self, "x"));
	WRITE("x", "A=1\n");
	EXPECT_FALSE(differ(self, &def)) TH_LOG("nothing was kept");
	EXPECT_FALSE(differ(self, &def));
	WRITE("x", "# the same\n A = 1\n");
	EXPECT_FALSE(differ(self, &def));
	WRITE("x", "A=2\n");
	ASSERT_EQ(0, read_files(self, &def));
	EXPECT_TRUE(st_variables_differ(&self->variables, &def.process));
	st_variables_drop(&self->variables);
	EXPECT_TRUE(differ(self, &def)) TH_LOG("what was dropped does not count");
	EXPECT_FALSE(differ(self, &def));
	WRITE("y", "B=1\n");
	EXPECT_TRUE(differ(self, &def)) TH_LOG("it was missing");
	ASSERT_EQ(0, unlink(path_of(self, "y")));
	EXPECT_TRUE(differ(self, &def)) TH_LOG("it is missing");
}

static const struct {
	const char *text, *why;
} mistakes[] = {
	{ "A=1\nB\n", ":2: it is not NAME=VALUE (child a)" },
	{ "=1\n", ":1: there is no name before = (child a)" },
	{ "A B=1\n", ":1: a name has neither blanks nor quotes (child a)" },
	{ "A=\"x\n", ":1: a quote has no end (child a)" },
	{ "A='x' y\n", ":1: there is something after the closing quote (child a)" },
};

TEST_F(variables, a_mistake_is_told_with_its_line_and_the_child)
{
	char wanted[256];

	DEF(path_of(self, "x"));
	for (size_t i = 0; i < ST_ARRAY_SIZE(mistakes); i++) {
		ASSERT_TRUE(write_file(self, "x", mistakes[i].text, strlen(mistakes[i].text)));
		EXPECT_EQ(-EINVAL, read_files(self, &def));
		st_variables_drop(&self->variables);
		snprintf(wanted, sizeof(wanted), "environment_file %s/x%s", self->folder,
			 mistakes[i].why);
		EXPECT_STREQ(wanted, st_buf_text(&self->why));
	}
	WRITE("x", "A=1\0B=2\n");
	EXPECT_EQ(-EINVAL, read_files(self, &def));
	EXPECT_NE(NULL, strstr(st_buf_text(&self->why), "NUL"));
}

TEST_F(variables, a_missing_file_is_a_mistake_unless_it_may_be_missing)
{
	DEF(path_of(self, "-x"), path_of(self, "y"));
	EXPECT_EQ(-EINVAL, read_files(self, &def));
	EXPECT_NE(NULL, strstr(st_buf_text(&self->why), "/y: No such file or directory"));
	st_variables_drop(&self->variables);
	def.process.nr_env_files = 1;
	WRITE("x", "A=1");
	ASSERT_EQ(0, read_files(self, &def));
	st_variables_keep(&self->variables);
	EXPECT_STREQ("A=1", joined(self, &def.process));
	ASSERT_EQ(0, unlink(path_of(self, "x")));
	ASSERT_EQ(0, read_files(self, &def));
	st_variables_keep(&self->variables);
	EXPECT_STREQ("", joined(self, &def.process));
}

TEST_F(variables, the_environment_comes_after_the_files_and_a_later_file_after_an_earlier)
{
	static const char *const env[] = { "C=env" };

	DEF(path_of(self, "x"), path_of(self, "y"));
	def.process.env = env;
	def.process.nr_env = 1;
	WRITE("x", "A=x\nB=x\nC=x\n");
	WRITE("y", "B=y\nC=y\nD=y\n");
	ASSERT_EQ(0, read_files(self, &def));
	st_variables_keep(&self->variables);
	EXPECT_STREQ("A=x|B=y|D=y", joined(self, &def.process));
	EXPECT_STREQ("BEFORE=1|A=x|B=y|D=y", joined_after(self, &def.process, 2));
}

TEST_F(variables, a_file_that_is_named_often_gives_each_of_its_many_variables_once)
{
	static char text[ST_VARIABLES_MAX_FILE];
	const char *files[ST_MAX_ENV_FILES];
	struct st_variables_room room;
	struct st_child_def def;
	size_t len = 0;
	char **variables;

	for (int i = 0; i < 4000; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%0100d=%d\n", i, i);
	ASSERT_TRUE(write_file(self, "x", text, len));
	st_child_def_init(&def);
	def.id = "a";
	def.process.env_files = files;
	def.process.nr_env_files = ST_ARRAY_SIZE(files);
	for (size_t i = 0; i < ST_ARRAY_SIZE(files); i++)
		files[i] = path_of(self, "x");
	ASSERT_EQ(0, read_files(self, &def));
	st_variables_keep(&self->variables);
	room = st_variables_room(&self->variables, &def.process, 0);
	EXPECT_EQ(4000 * ST_ARRAY_SIZE(files), room.nr);
	variables = calloc(room.nr, sizeof(*variables));
	room.slots = calloc(room.nr_slots, sizeof(*room.slots));
	room.texts = malloc(room.bytes);
	ASSERT_TRUE(variables && room.slots && room.texts);
	EXPECT_EQ(4000,
		  st_variables_merge(&self->variables, &def.process, variables, variables, &room) -
			  variables);
	free(variables);
	free(room.slots);
	free(room.texts);
}

TEST_F(variables, what_is_dropped_leaves_what_was_kept)
{
	DEF(path_of(self, "x"));
	WRITE("x", "A=1");
	ASSERT_EQ(0, read_files(self, &def));
	st_variables_keep(&self->variables);
	WRITE("x", "A=2");
	ASSERT_EQ(0, read_files(self, &def));
	st_variables_drop(&self->variables);
	EXPECT_STREQ("A=1", joined(self, &def.process));
	ASSERT_EQ(0, read_files(self, &def));
	st_variables_keep(&self->variables);
	EXPECT_STREQ("A=2", joined(self, &def.process));
}

TEST_F(variables, a_file_has_at_most_a_mebibyte)
{
	char *text = malloc(ST_VARIABLES_MAX_FILE + 1);

	DEF(path_of(self, "x"));
	ASSERT_NE(NULL, text);
	memset(text, '#', ST_VARIABLES_MAX_FILE + 1);
	ASSERT_TRUE(write_file(self, "x", text, ST_VARIABLES_MAX_FILE));
	EXPECT_EQ(0, read_files(self, &def));
	st_variables_drop(&self->variables);
	ASSERT_TRUE(write_file(self, "x", text, ST_VARIABLES_MAX_FILE + 1));
	EXPECT_EQ(-EINVAL, read_files(self, &def));
	EXPECT_NE(NULL, strstr(st_buf_text(&self->why), "larger than 1 MiB"));
	free(text);
}

TEST_HARNESS_MAIN
