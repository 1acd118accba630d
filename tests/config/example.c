// SPDX-License-Identifier: GPL-2.0-only
/*
 * The installed configuration: unchanged, and with its example.
 */
#include <stdio.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/asked.h"
#include "lib/folder.h"

#define INSTALLED ST_TEST_DIR "/../../tools/install/suptree.yaml"

/* Lines with one # without it, lines with two not at all. */
static void take_example(struct st_buf *yaml)
{
	FILE *file = fopen(INSTALLED, "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, "##", 2) && strncmp(line, "#include", 8))
			st_buf_add_text(yaml, line + (*line == '#'));
	if (file)
		fclose(file);
}

TEST(the_installed_configuration_is_an_empty_root)
{
	EXPECT_STREQ("", folder_load(INSTALLED));
}

TEST(the_example_in_it_works_as_it_is)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *json;

	take_example(&yaml);
	json = ask_file(st_buf_text(&yaml));
	EXPECT_EQ('{', *json) TH_LOG("%s", json);
	EXPECT_NE(NULL, strstr(json, "\"id\":\"shop\",\"restart\":\"transient\""));
	EXPECT_NE(NULL, strstr(json, "\"environment\":{\"PORT\":\"8080\"}"));
	EXPECT_NE(NULL, strstr(json, "\"strategy\":\"simple_one_for_one\""));
	st_buf_done(&yaml);
}

TEST_HARNESS_MAIN
