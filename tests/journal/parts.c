// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of suptree-journal, without a daemon: rows, histograms, the store.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/answer.h"
#include "journal/follow.h"
#include "journal/schema.h"
#include "kselftest_harness.h"
#include "temporary.h"

static const char exited[] =
	"{\"seq\":7,\"time_ns\":5000,\"wall\":\"2026-11-23T08:59:07.120513Z\",\"event\":\"exited\","
	"\"path\":\"demo/a\",\"generation\":3,\"pid\":41,\"reason\":\"killed\","
	"\"how\":{\"signal\":\"KILL\",\"core\":false},\"killed\":true,\"ran_ns\":9,\"rule\":\"B1\","
	"\"restarts\":2,\"budget\":{\"used\":1,\"intensity\":3,\"period\":5},"
	"\"usage\":{\"utime_ns\":1,\"stime_ns\":2,\"maxrss_kb\":3},"
	"\"cause\":{\"rule\":\"D2\",\"generation\":2},"
	"\"sender\":{\"pid\":1,\"name\":\"init\",\"uid\":null},\"later\":[1,\"\\u00e4\"]}";

static json_t *read_json(struct __test_metadata *_metadata, const char *text)
{
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	ASSERT_NE(NULL, json) TH_LOG("%s: %s", error.text, text);
	return json;
}

/* An event becomes a row, and the row an event again. */
static void expect_same(struct __test_metadata *_metadata, const char *text)
{
	json_t *event = read_json(_metadata, text), *again;
	struct st_buf out = ST_BUF_INIT;
	struct st_past_row row;
	struct st_json json;

	ASSERT_EQ(0, st_past_row_read(event, &row)) TH_LOG("%s", text);
	st_json_init(&json, &out);
	st_past_row_write(&row, &json);
	st_past_row_done(&row);
	again = read_json(_metadata, st_buf_text(&out));
	EXPECT_TRUE(json_equal(event, again)) TH_LOG("%s\n%s", text, st_buf_text(&out));
	json_decref(again);
	json_decref(event);
	st_buf_done(&out);
}

#define WALL "2026-11-23T08:59:07.120513Z"
#define HEAD "{\"seq\":1,\"time_ns\":1,\"wall\":\"2026-11-23T08:59:07.120513Z\",\"event\":"

TEST(an_event_is_read_back_with_the_members_that_it_had)
{
	expect_same(_metadata, exited);
	expect_same(_metadata, HEAD "\"started\",\"path\":\"a\"}");
	expect_same(_metadata, HEAD "\"report\",\"sup\":\"demo\",\"count\":3}");
	expect_same(_metadata, HEAD "\"report\",\"path\":\"demo/a\",\"sup\":\"demo\"}");
	expect_same(_metadata, HEAD "\"report\",\"path\":\"a\",\"sup\":\"/\"}");
	expect_same(_metadata, HEAD "\"report\",\"path\":\"demo/a\",\"sup\":\"other\"}");
	expect_same(_metadata, HEAD "\"x\",\"path\":\"a\",\"budget\":{\"used\":1,\"more\":2}}");
	expect_same(_metadata, HEAD "\"x\",\"path\":\"a\",\"cause\":{\"generation\":4}}");
	expect_same(_metadata, HEAD "\"x\",\"path\":\"a\",\"pid\":\"text\",\"killed\":false}");
}

TEST(what_is_no_event_is_refused)
{
	static const char *const wrong[] = {
		"{}",
		"{\"seq\":0,\"time_ns\":1,\"wall\":\"" WALL "\",\"event\":\"x\"}",
		"{\"seq\":1,\"time_ns\":1,\"wall\":\"2026\",\"event\":\"x\"}",
		HEAD "5}",
		HEAD "\"x\",\"path\":5}",
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(wrong); i++) {
		json_t *event = read_json(_metadata, wrong[i]);
		struct st_past_row row;

		EXPECT_EQ(-EINVAL, st_past_row_read(event, &row)) TH_LOG("%s", wrong[i]);
		json_decref(event);
	}
}

TEST(times_of_day_are_read_as_the_calendar_has_them)
{
	static const struct {
		const char *text;
		int64_t us;
	} times[] = {
		{ "1970-01-01T00:00:00.000001Z", 1 },
		{ "2000-02-29T12:00:00.000000Z", INT64_C(951825600000000) },
		{ "2024-12-31T23:59:59.999999Z", INT64_C(1735689599999999) },
		{ "2039-03-01T00:00:00.000000Z", INT64_C(2182550400000000) },
	};
	int64_t us;

	for (size_t i = 0; i < ST_ARRAY_SIZE(times); i++) {
		ASSERT_TRUE(st_past_wall_read(times[i].text, &us)) TH_LOG("%s", times[i].text);
		EXPECT_EQ(times[i].us, us) TH_LOG("%s", times[i].text);
	}
}

TEST(a_time_is_in_the_bucket_whose_limit_is_next_above_it)
{
	unsigned int last = 0;

	for (int64_t ns = 0; ns < INT64_MAX / 8; ns += ns / 50 + 1) {
		unsigned int bucket = st_bucket_of(ns);

		ASSERT_LT(bucket, ST_BUCKETS);
		ASSERT_GE(bucket, last);
		ASSERT_LE(ns, st_bucket_limit(bucket)) TH_LOG("%lld in %u", (long long)ns, bucket);
		if (bucket)
			ASSERT_GT(ns, st_bucket_limit(bucket - 1))
		TH_LOG("%lld in %u", (long long)ns, bucket);
		ASSERT_LE(st_bucket_limit(bucket), ns + ns / 4 + 1);
		last = bucket;
	}
}

/* ---- a store in a folder of its own ---- */

FIXTURE(store)
{
	char folder[TEMPORARY_SIZE];
	char file[TEMPORARY_SIZE + 16];
	struct st_store store;
	struct st_past_follow follow;
};

FIXTURE_SETUP(store)
{
	ASSERT_NE(NULL, temporary_folder(self->folder, "suptree-journal-XXXXXX"));
	(void)snprintf(self->file, sizeof(self->file), "%s/journal.db", self->folder);
	self->follow = (struct st_past_follow){
		.store = &self->store,
		.link = { .fd = -1 },
		.gap_why = "of the test",
	};
	ASSERT_EQ(0, st_store_open(&self->store, self->file, false));
}

FIXTURE_TEARDOWN(store)
{
	st_past_follow_done(&self->follow);
	st_store_close(&self->store); /* removes what is beside the file */
	EXPECT_EQ(0, unlink(self->file));
	EXPECT_EQ(0, rmdir(self->folder));
}

static void feed(struct __test_metadata *_metadata, struct st_past_follow *follow, const char *line)
{
	ASSERT_EQ(0, st_past_follow_line(follow, line, strlen(line))) TH_LOG("%s", line);
}

static void begin(struct __test_metadata *_metadata, struct st_past_follow *follow, int incarnation)
{
	char line[200];

	(void)snprintf(line, sizeof(line),
		       "{\"id\":1,\"result\":{\"incarnation\":%d,\"version\":\"0\",\"seq\":0}}",
		       incarnation);
	feed(_metadata, follow, line);
	feed(_metadata, follow, "{\"id\":2,\"result\":{\"seq\":0}}");
}

static void event(struct __test_metadata *_metadata, struct st_past_follow *follow, int seq,
		  const char *path, const char *more)
{
	char line[400];

	(void)snprintf(line, sizeof(line),
		       "{\"method\":\"event\",\"params\":{\"seq\":%d,\"time_ns\":%d,"
		       "\"wall\":\"2026-11-23T08:59:07.120513Z\",\"path\":\"%s\",%s}}",
		       seq, seq * 1000, path, more);
	feed(_metadata, follow, line);
}

static int64_t number(struct __test_metadata *_metadata, const struct st_store *store,
		      const char *sql)
{
	int64_t found = -1;

	EXPECT_EQ(0, st_database_number(&store->database, sql, &found)) TH_LOG("%s", sql);
	return found;
}

TEST_F(store, numbers_that_do_not_come_are_a_gap)
{
	begin(_metadata, &self->follow, 5);
	event(_metadata, &self->follow, 3, "a", "\"event\":\"started\"");
	event(_metadata, &self->follow, 4, "a", "\"event\":\"exited\"");
	event(_metadata, &self->follow, 9, "a", "\"event\":\"started\"");
	ASSERT_EQ(0, st_past_follow_commit(&self->follow));
	EXPECT_EQ(2, number(_metadata, &self->store, "SELECT count(*) FROM gap"));
	EXPECT_EQ(1, number(_metadata, &self->store,
			    "SELECT count(*) FROM gap WHERE first=(1<<40)+1 AND last=(1<<40)+2"
			    " AND why='of the test'"));
	EXPECT_EQ(1, number(_metadata, &self->store,
			    "SELECT count(*) FROM gap WHERE first=(1<<40)+5 AND last=(1<<40)+8"
			    " AND why LIKE '%too slow%'"));
	EXPECT_EQ(6, self->follow.nr_missing);
}

TEST_F(store, what_is_stored_already_is_passed_over)
{
	begin(_metadata, &self->follow, 5);
	for (int round = 0; round < 2; round++)
		for (int seq = 1; seq <= 10; seq++)
			event(_metadata, &self->follow, seq, "a", "\"event\":\"started\"");
	ASSERT_EQ(0, st_past_follow_commit(&self->follow));
	EXPECT_EQ(10, number(_metadata, &self->store, "SELECT count(*) FROM event"));
	EXPECT_EQ(10, number(_metadata, &self->store, "SELECT starts FROM minute WHERE path=1"));
}

TEST_F(store, lines_that_wait_are_stored_after_a_failure)
{
	begin(_metadata, &self->follow, 5);
	event(_metadata, &self->follow, 1, "a", "\"event\":\"started\"");
	ASSERT_EQ(0, st_past_follow_commit(&self->follow));
	event(_metadata, &self->follow, 2, "b/c", "\"event\":\"started\"");
	ASSERT_EQ(0, st_database_run(&self->store.database, "PRAGMA max_page_count=1"));
	for (int seq = 3; !self->follow.is_stuck && seq < 100000; seq++) {
		char line[500];

		(void)snprintf(line, sizeof(line),
			       "{\"method\":\"event\",\"params\":{\"seq\":%d,\"time_ns\":1,"
			       "\"wall\":\"2026-11-23T08:59:07.120513Z\",\"event\":\"started\","
			       "\"path\":\"child_%d\"}}",
			       seq, seq);
		(void)!st_past_follow_line(&self->follow, line, strlen(line));
	}
	ASSERT_TRUE(self->follow.is_stuck);
	ASSERT_EQ(0, st_store_reload(&self->store));
	uint64_t before = self->store.last_seq;
	EXPECT_EQ(before, (uint64_t)number(_metadata, &self->store,
					   "SELECT max(id) & 0xffffffff FROM event"));
	ASSERT_NE(0, st_past_follow_retry(&self->follow));
	ASSERT_EQ(0, st_store_reload(&self->store));
	ASSERT_EQ(0, st_database_run(&self->store.database, "PRAGMA max_page_count=1000000"));
	ASSERT_EQ(0, st_past_follow_retry(&self->follow));
	EXPECT_FALSE(self->follow.is_stuck);
	EXPECT_LT(before, self->store.last_seq);
	EXPECT_EQ((int64_t)self->store.last_seq,
		  number(_metadata, &self->store, "SELECT count(*) FROM event"));
	EXPECT_EQ((int64_t)self->store.last_seq,
		  number(_metadata, &self->store, "SELECT starts FROM minute WHERE path=1"));
}

TEST_F(store, a_file_of_any_older_version_is_brought_up_to_date)
{
	static const char *const later[] = {
		"DROP TABLE minute; DROP TABLE tree; DROP TABLE input",
		"DROP TABLE tree; DROP TABLE input",
	};

	begin(_metadata, &self->follow, 5);
	event(_metadata, &self->follow, 1, "a", "\"event\":\"started\"");
	ASSERT_EQ(0, st_past_follow_commit(&self->follow));
	ASSERT_EQ(3, st_schema_newest());
	for (int version = 1; version < st_schema_newest(); version++) {
		char sql[200];
		int64_t found;

		(void)snprintf(sql, sizeof(sql), "%s; UPDATE meta SET value=%d WHERE key='schema'",
			       later[version - 1], version);
		st_store_close(&self->store);
		ASSERT_EQ(0, st_database_open(&self->store.database, self->file, false));
		ASSERT_EQ(0, st_database_run(&self->store.database, sql));
		st_store_close(&self->store);
		ASSERT_EQ(0, st_store_open(&self->store, self->file, false));
		ASSERT_EQ(0, st_schema_version(&self->store.database, &found));
		EXPECT_EQ(st_schema_newest(), found);
		begin(_metadata, &self->follow, 5);
		event(_metadata, &self->follow, 1 + version, "a", "\"event\":\"exited\"");
		ASSERT_EQ(0, st_past_follow_commit(&self->follow));
		EXPECT_EQ(1 + version,
			  number(_metadata, &self->store, "SELECT count(*) FROM event"));
	}
}

TEST_F(store, a_file_of_a_newer_version_is_not_touched)
{
	ASSERT_EQ(0, st_database_run(&self->store.database,
				     "UPDATE meta SET value=99 WHERE key='schema'"));
	st_store_close(&self->store);
	EXPECT_EQ(-EPROTONOSUPPORT, st_store_open(&self->store, self->file, false));
	st_store_close(&self->store);
	ASSERT_EQ(0, st_database_open(&self->store.database, self->file, false));
	EXPECT_EQ(99, number(_metadata, &self->store, "SELECT value FROM meta"));
}

TEST_F(store, the_oldest_rows_go_first_and_in_slices)
{
	const struct st_store_limits limits = { .max_age_us = 60000000, .max_bytes = INT64_MAX };
	int64_t later_us;
	bool has_more = false;
	int nr = 0;

	ASSERT_TRUE(st_past_wall_read("2026-11-23T12:00:00.000000Z", &later_us));
	begin(_metadata, &self->follow, 5);
	for (int seq = 1; seq <= 25000; seq++)
		event(_metadata, &self->follow, seq, seq < 20000 ? "old/a" : "new/a",
		      "\"event\":\"started\"");
	ASSERT_EQ(0, st_past_follow_commit(&self->follow));
	do {
		ASSERT_EQ(0, st_store_prune(&self->store, &limits, later_us, &has_more));
		nr++;
		ASSERT_EQ(25000 - (nr < 3 ? nr * 10000 : 25000),
			  number(_metadata, &self->store, "SELECT count(*) FROM event"));
	} while (has_more);
	EXPECT_EQ(3, nr);
}

TEST_F(store, a_store_that_is_too_large_loses_its_oldest_rows)
{
	const struct st_store_limits limits = { .max_age_us = INT64_C(1) << 60,
						.max_bytes = 1 << 20 };
	bool has_more = true;
	json_t *params = json_object(), *page;
	struct st_buf out = ST_BUF_INIT;

	begin(_metadata, &self->follow, 5);
	for (int seq = 1; seq <= 40000; seq++)
		event(_metadata, &self->follow, seq, seq < 20000 ? "old/a" : "new/a",
		      "\"event\":\"exited\",\"reason\":\"killed\"");
	while (has_more)
		ASSERT_EQ(0, st_store_prune(&self->store, &limits, 1, &has_more));
	EXPECT_LT(number(_metadata, &self->store, "SELECT count(*) FROM event"), 31000);
	EXPECT_EQ(40000, number(_metadata, &self->store, "SELECT max(id) & 0xffffff FROM event"));
	EXPECT_EQ(0,
		  number(_metadata, &self->store, "SELECT count(*) FROM path WHERE name='old/a'"));
	ASSERT_EQ(0, st_past_answer_history(&self->store, params, 0, &out));
	page = read_json(_metadata, st_buf_text(&out));
	EXPECT_EQ(100, json_array_size(json_object_get(page, "rows")));
	json_decref(page);
	json_decref(params);
	st_buf_done(&out);
}

TEST_F(store, a_boot_has_rows_of_its_own_and_goes_on_when_it_comes_back)
{
	begin(_metadata, &self->follow, 5);
	event(_metadata, &self->follow, 1, "a", "\"event\":\"started\"");
	begin(_metadata, &self->follow, 6);
	event(_metadata, &self->follow, 1, "a", "\"event\":\"started\"");
	begin(_metadata, &self->follow, 5);
	event(_metadata, &self->follow, 2, "a", "\"event\":\"exited\"");
	ASSERT_EQ(0, st_past_follow_commit(&self->follow));
	EXPECT_EQ(2, number(_metadata, &self->store, "SELECT count(*) FROM boot"));
	EXPECT_EQ(2,
		  number(_metadata, &self->store, "SELECT count(*) FROM event WHERE id < 2<<40"));
	EXPECT_EQ(1,
		  number(_metadata, &self->store, "SELECT count(*) FROM event WHERE id > 2<<40"));
}

TEST_HARNESS_MAIN
