// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configurations of several files, and files that cannot be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "config/doc.h"
#include "kselftest_harness.h"
#include "lib/folder.h"

FIXTURE(include)
{
	struct folder folder;
};

FIXTURE_SETUP(include)
{
	ASSERT_EQ(0, folder_init(&self->folder));
}

FIXTURE_TEARDOWN(include)
{
	folder_done(&self->folder);
}

#define WRITE(path, text) ASSERT_EQ(0, folder_write(path, text))
#define WORKER(id) "- {id: " id ", start: [x]}\n"

TEST_F(include, included_children_follow_in_the_order_of_inclusion)
{
	WRITE("main.yaml", "include: [b.yaml, conf.d, c.yaml]\nchildren:\n" WORKER("a"));
	WRITE("b.yaml", "children:\n" WORKER("b1") WORKER("b2"));
	WRITE("c.yaml", "children:\n" WORKER("c"));
	WRITE("conf.d/20-y.yaml", "children:\n" WORKER("y"));
	WRITE("conf.d/10-z.yaml", "children:\n" WORKER("z"));
	WRITE("conf.d/.hidden.yaml", "not: [read");
	WRITE("conf.d/notes.txt", "not: [read");
	WRITE("conf.d/old.yaml~", "not: [read");
	EXPECT_STREQ("a b1 b2 z y c", folder_load("main.yaml"));
}

TEST_F(include, a_pattern_takes_what_it_matches_in_the_order_of_the_names)
{
	WRITE("main.yaml", "include: [\"sites/*/tree.yaml\", \"[xy]?.yaml\", none*.yaml]\n");
	WRITE("sites/b/tree.yaml", "children:\n" WORKER("b"));
	WRITE("sites/a/tree.yaml", "include: ../../more/w*\nchildren:\n" WORKER("a"));
	WRITE("sites/.hidden/tree.yaml", "not: [read");
	WRITE("sites/c/other.yaml", "not: [read");
	WRITE("sites/file", "not: [read");
	WRITE("more/w2.txt", "children:\n" WORKER("w2"));
	WRITE("more/w1.d/x.yaml", "children:\n" WORKER("w1"));
	WRITE("x1.yaml", "children:\n" WORKER("x1"));
	WRITE("y.yaml", "not: [read");
	EXPECT_STREQ("a w1 w2 b x1", folder_load("main.yaml"));
}

TEST_F(include, a_file_may_have_the_characters_of_a_pattern_in_its_name)
{
	WRITE("main.yaml", "include: \"a[1].yaml\"\n");
	WRITE("a1.yaml", "children:\n" WORKER("one"));
	EXPECT_STREQ("one", folder_load("main.yaml"));
	WRITE("a[1].yaml", "children:\n" WORKER("itself"));
	EXPECT_STREQ("itself", folder_load("main.yaml"));
}

TEST_F(include, a_pattern_that_matches_too_much_is_refused)
{
	char path[64];

	WRITE("main.yaml", "include: \"many/*\"\n");
	for (int i = 0; i <= ST_CONFIG_MAX_FILES; i++) {
		snprintf(path, sizeof(path), "many/%d.yaml", i);
		WRITE(path, "");
	}
	EXPECT_NE(NULL, strstr(folder_load("main.yaml"), "too many files match many/*"));
}

/* How many trees are loaded from two files of @nr_values together; -1: it is refused. */
static int load_values(unsigned int nr_values)
{
	const unsigned int nr_trees = 500;
	unsigned int nr_args = nr_values - 4 - 3 * nr_trees; /* without maps, lists and ids */
	struct st_buf yaml = ST_BUF_INIT;
	const char *loaded;
	int nr = 0;

	st_buf_add_text(&yaml, "children:\n");
	for (unsigned int i = 0; i < nr_trees; i++) {
		st_buf_add_text(&yaml, "- {id: t");
		st_buf_add_u64(&yaml, i);
		st_buf_add_text(&yaml, ", start: [x");
		for (unsigned int j = 1; j < nr_args / nr_trees + (i < nr_args % nr_trees); j++)
			st_buf_add_text(&yaml, ",a");
		st_buf_add_text(&yaml, "]}\n");
	}
	if (folder_write("main.yaml", "include: all.yaml\n") ||
	    folder_write("all.yaml", st_buf_text(&yaml)))
		return -1;
	loaded = folder_load("main.yaml");
	if (strstr(loaded, "too many values for one configuration"))
		nr = -1;
	for (const char *at = loaded; nr >= 0 && (at = strchr(at, 't')); at++)
		nr++;
	st_buf_done(&yaml);
	return nr;
}

/* At the limit the list of the main file was one value too many: all trees were lost. */
TEST_F_TIMEOUT(include, values_count_up_to_the_limit_and_no_more, 250)
{
	EXPECT_EQ(500, load_values(ST_DOC_MAX_NODES));
	EXPECT_EQ(-1, load_values(ST_DOC_MAX_NODES + 1));
}

TEST_F(include, a_pattern_that_matches_the_file_itself_is_a_cycle)
{
	WRITE("main.yaml", "include: \"*.yaml\"\n");
	EXPECT_NE(NULL, strstr(folder_load("main.yaml"), "include cycle: main.yaml -> main.yaml"));
}

TEST_F(include, an_empty_list_of_children_takes_those_of_included_files)
{
	WRITE("main.yaml", "include: conf.d/\nchildren:\n");
	WRITE("conf.d/a.yaml", "children:\n" WORKER("a"));
	EXPECT_STREQ("a", folder_load("main.yaml"));
}

TEST_F(include, a_path_is_relative_to_the_file_that_names_it)
{
	WRITE("main.yaml", "include: trees/all.yaml\n");
	WRITE("trees/all.yaml", "include: [deep/web.yaml, ../other.yaml]\nchildren:\n" WORKER("t"));
	WRITE("trees/deep/web.yaml", "children:\n" WORKER("web"));
	WRITE("other.yaml", "children:\n" WORKER("o"));
	EXPECT_STREQ("t web o", folder_load("main.yaml"));
	EXPECT_STREQ("t web o", folder_load("./main.yaml"));
}

TEST_F(include, an_absolute_path_stands_for_itself)
{
	char main[128];

	snprintf(main, sizeof(main), "include: %s/b.yaml\n", self->folder.path);
	WRITE("d/main.yaml", main);
	WRITE("b.yaml", "children:\n" WORKER("b"));
	EXPECT_STREQ("b", folder_load("d/main.yaml"));
}

TEST_F(include, empty_lists_folders_and_files_include_nothing)
{
	WRITE("main.yaml", "include: [empty.yaml, none, nothing.yaml]\nchildren:\n");
	WRITE("empty.yaml", "");
	WRITE("nothing.yaml", "include:\nchildren:\n");
	ASSERT_EQ(0, mkdir("none", 0755));
	EXPECT_STREQ("", folder_load("main.yaml"));
}

TEST_F(include, mistakes_of_all_files_are_reported_together)
{
	WRITE("main.yaml", "include: [b.yaml, c.yaml]\nintensity: x\n");
	WRITE("b.yaml", "children:\n" WORKER("a") "- {id: b}\n");
	WRITE("c.yaml", "children:\n" WORKER("a"));
	EXPECT_STREQ("main.yaml:2:12: error: intensity cannot be \"x\"\n"
		     "  2 | intensity: x\n"
		     "    |            ^\n"
		     "    expected an integer, 0 to 1000000000\n"
		     "b.yaml:3:3: error: a child has neither start nor supervisor\n"
		     "  3 | - {id: b}\n"
		     "    |   ^~~~~~~\n"
		     "    expected start with a command, or supervisor with a specification\n"
		     "c.yaml:2:8: error: the id \"a\" is used twice\n"
		     "  2 | - {id: a, start: [x]}\n"
		     "    |        ^\n"
		     "b.yaml:2:8: note: it was first given here\n"
		     "  2 | - {id: a, start: [x]}\n"
		     "    |        ^\n",
		     folder_load("main.yaml"));
}

TEST_F(include, an_included_file_holds_children_and_includes_only)
{
	WRITE("main.yaml", "include: [b.yaml, c.yaml, d.yaml, e.yaml]\n");
	WRITE("e.yaml", "children: 'a\n");
	WRITE("b.yaml", "strategy: one_for_all\n");
	WRITE("c.yaml", "- a\n");
	WRITE("d.yaml", "children: {}\n");
	EXPECT_STREQ("b.yaml:1:1: error: strategy is a key of a supervisor, not of an included "
		     "file\n"
		     "  1 | strategy: one_for_all\n"
		     "    | ^~~~~~~~\n"
		     "c.yaml:1:1: error: an included file cannot be a list\n"
		     "  1 | - a\n"
		     "    | ^\n"
		     "    expected a map with include and children\n"
		     "d.yaml:1:11: error: children cannot be a map\n"
		     "  1 | children: {}\n"
		     "    |           ^~\n"
		     "    expected a list of child specs\n"
		     "e.yaml:2:1: error: not YAML: found unexpected end of stream\n"
		     "e.yaml:1:11: note: while scanning a quoted scalar\n"
		     "  1 | children: 'a\n"
		     "    |           ^\n",
		     folder_load("main.yaml"));
}

TEST_F(include, a_cycle_is_told_with_the_chain)
{
	WRITE("main.yaml", "include: b.yaml\n");
	WRITE("b.yaml", "include: c.yaml\n");
	WRITE("c.yaml", "include: [main.yaml]\n");
	EXPECT_STREQ("c.yaml:1:11: error: include cycle: main.yaml -> b.yaml -> c.yaml -> "
		     "main.yaml\n"
		     "  1 | include: [main.yaml]\n"
		     "    |           ^~~~~~~~~\n",
		     folder_load("main.yaml"));
}

TEST_F(include, a_file_that_includes_itself_through_a_link_is_a_cycle)
{
	WRITE("main.yaml", "include: link.yaml\n");
	ASSERT_EQ(0, symlink("main.yaml", "link.yaml"));
	EXPECT_STREQ("main.yaml:1:10: error: include cycle: main.yaml -> link.yaml\n"
		     "  1 | include: link.yaml\n"
		     "    |          ^~~~~~~~~\n",
		     folder_load("main.yaml"));
}

TEST_F(include, a_file_included_twice_shows_both_places)
{
	WRITE("main.yaml", "include: [b.yaml, c.yaml]\n");
	WRITE("b.yaml", "include: c.yaml\n");
	WRITE("c.yaml", "children:\n" WORKER("c"));
	EXPECT_STREQ("main.yaml:1:19: error: \"c.yaml\" is included twice\n"
		     "  1 | include: [b.yaml, c.yaml]\n"
		     "    |                   ^~~~~~\n"
		     "b.yaml:1:10: note: it was first included here\n"
		     "  1 | include: c.yaml\n"
		     "    |          ^~~~~~\n",
		     folder_load("main.yaml"));
}

TEST_F(include, a_missing_file_is_told_where_it_is_included_and_through_what)
{
	WRITE("main.yaml", "include: [none.yaml, b.yaml]\n");
	WRITE("b.yaml", "include: [conf.d]\n");
	EXPECT_STREQ("main.yaml:1:11: error: read none.yaml: No such file or directory\n"
		     "  1 | include: [none.yaml, b.yaml]\n"
		     "    |           ^~~~~~~~~\n"
		     "b.yaml:1:11: error: read conf.d: No such file or directory (main.yaml -> "
		     "b.yaml -> conf.d)\n"
		     "  1 | include: [conf.d]\n"
		     "    |           ^~~~~~\n",
		     folder_load("main.yaml"));
}

TEST_F(include, an_include_is_a_path)
{
	WRITE("main.yaml", "include: [5, \"\", [a], {b: c}]\n");
	EXPECT_STREQ("main.yaml:1:11: error: include cannot be 5\n"
		     "  1 | include: [5, \"\", [a], {b: c}]\n"
		     "    |           ^\n"
		     "    expected files, folders whose *.yaml files are taken in the order of "
		     "their names, or patterns with *, ? or [...]\n"
		     "main.yaml:1:14: error: include cannot be \"\"\n"
		     "  1 | include: [5, \"\", [a], {b: c}]\n"
		     "    |              ^~\n"
		     "    expected files, folders whose *.yaml files are taken in the order of "
		     "their names, or patterns with *, ? or [...]\n"
		     "main.yaml:1:18: error: include cannot be a list\n"
		     "  1 | include: [5, \"\", [a], {b: c}]\n"
		     "    |                  ^~~\n"
		     "    expected files, folders whose *.yaml files are taken in the order of "
		     "their names, or patterns with *, ? or [...]\n"
		     "main.yaml:1:23: error: include cannot be a map\n"
		     "  1 | include: [5, \"\", [a], {b: c}]\n"
		     "    |                       ^~~~~~\n"
		     "    expected files, folders whose *.yaml files are taken in the order of "
		     "their names, or patterns with *, ? or [...]\n",
		     folder_load("main.yaml"));
}

/* main.yaml includes 1.yaml, which includes 2.yaml, up to @nr; the last has a child. */
static const char *load_chain(unsigned int nr)
{
	char path[32], text[64];

	for (unsigned int i = 0; i <= nr; i++) {
		snprintf(path, sizeof(path), "%u.yaml", i);
		if (i < nr)
			snprintf(text, sizeof(text), "include: %u.yaml\n", i + 1);
		else
			snprintf(text, sizeof(text), "children: [{id: a, start: [x]}]\n");
		if (folder_write(path, text))
			return "not written";
	}
	return folder_load("0.yaml");
}

TEST_F(include, files_include_each_other_in_a_row_up_to_the_limit)
{
	EXPECT_STREQ("a", load_chain(ST_CONFIG_MAX_INCLUDES - 1));
	EXPECT_NE(NULL,
		  strstr(load_chain(ST_CONFIG_MAX_INCLUDES),
			 "error: files include each other too deep: 16.yaml (0.yaml -> 1.yaml"));
}

TEST_F(include, a_configuration_has_files_up_to_the_limit)
{
	char path[32];

	WRITE("main.yaml", "include: conf.d\n");
	for (unsigned int i = 1; i < ST_CONFIG_MAX_FILES; i++) {
		snprintf(path, sizeof(path), "conf.d/%04u.yaml", i);
		WRITE(path, "");
	}
	EXPECT_STREQ("", folder_load("main.yaml"));
	WRITE("conf.d/9999.yaml", "");
	EXPECT_NE(NULL,
		  strstr(folder_load("main.yaml"), "error: too many files: conf.d/9999.yaml\n"));
}

TEST_F(include, a_main_file_that_cannot_be_read_is_told_without_a_place)
{
	EXPECT_STREQ("error: read none.yaml: No such file or directory\n",
		     folder_load("none.yaml"));
	EXPECT_STREQ("error: read .: Is a directory\n", folder_load("."));
	EXPECT_STREQ("error: read /proc/self/mem: Input/output error\n",
		     folder_load("/proc/self/mem"));
	EXPECT_STREQ("error: read /proc/self/status: it changed while it was read\n",
		     folder_load("/proc/self/status"));
	EXPECT_STREQ("error: read /dev/null: it is neither a file nor a folder\n",
		     folder_load("/dev/null"));
}

TEST_F(include, a_fifo_is_refused_without_waiting_for_a_writer)
{
	ASSERT_EQ(0, mkfifo("fifo.yaml", 0600));
	EXPECT_STREQ("error: read fifo.yaml: it is neither a file nor a folder\n",
		     folder_load("fifo.yaml"));
}

TEST_F(include, a_file_without_permission_is_told)
{
	WRITE("main.yaml", "");
	ASSERT_EQ(0, chmod("main.yaml", 0));
	ASSERT_EQ(0, chmod(".", 0755));
	if (geteuid() == 0)
		ASSERT_EQ(0, seteuid(65534));
	EXPECT_STREQ("error: read main.yaml: Permission denied\n", folder_load("main.yaml"));
	if (getuid() == 0)
		ASSERT_EQ(0, seteuid(0));
}

TEST_F(include, a_file_may_have_16_mib_and_of_a_larger_one_nothing_is_read)
{
	int fd = open("main.yaml", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct stat status;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ftruncate(fd, 100000000));
	EXPECT_STREQ("error: read main.yaml: it is larger than 16 MiB\n", folder_load("main.yaml"));
	ASSERT_EQ(0, ftruncate(fd, ST_DOC_MAX_FILE + 1));
	EXPECT_STREQ("error: read main.yaml: it is larger than 16 MiB\n", folder_load("main.yaml"));

	ASSERT_EQ(0, ftruncate(fd, 0));
	for (unsigned int i = 0; i < ST_DOC_MAX_FILE / 64; i++)
		ASSERT_EQ(64, write(fd,
				    "###############################"
				    "################################\n",
				    64));
	ASSERT_EQ(0, fstat(fd, &status));
	EXPECT_EQ((off_t)ST_DOC_MAX_FILE, status.st_size);
	EXPECT_STREQ("", folder_load("main.yaml"));
	close(fd);
}

/* Five files of 15 MiB each, of comments. */
TEST_F(include, all_files_together_may_have_64_mib)
{
	static char line[1 << 20];
	char path[32];

	memset(line, '#', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	WRITE("main.yaml", "include: conf.d\n");
	ASSERT_EQ(0, mkdir("conf.d", 0755));
	for (unsigned int i = 0; i < 5; i++) {
		int fd;

		snprintf(path, sizeof(path), "conf.d/%u.yaml", i);
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		ASSERT_LE(0, fd);
		for (unsigned int k = 0; k < 15; k++)
			ASSERT_EQ((ssize_t)sizeof(line), write(fd, line, sizeof(line)));
		close(fd);
	}
	EXPECT_STREQ("main.yaml:1:10: error: the files are larger than 64 MiB at conf.d/4.yaml\n"
		     "  1 | include: conf.d\n"
		     "    |          ^~~~~~\n",
		     folder_load("main.yaml"));
}

TEST_HARNESS_MAIN
