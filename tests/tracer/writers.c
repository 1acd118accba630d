// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer's answers when memory is short: they are whole, or they have failed, and what
 * was asked for is done, or not.
 */
#include "kselftest_harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "temporary.h"
#include "tracer/service.h"

#define NEVER 10000 /* more allocations than anything here makes */

int __wrap_st_session_counts(const struct st_session *session,
			     struct st_session_counts *ret_counts);
int __wrap_st_session_counts(const struct st_session *session, struct st_session_counts *ret_counts)
{
	(void)session;
	memset(ret_counts, 0, sizeof(*ret_counts));
	ret_counts->kinds[ST_RECORD_UNIX].emitted = 3;
	ret_counts->kinds[ST_RECORD_UNIX].dropped = 2;
	return 0;
}

int __wrap_st_session_read(void);
int __wrap_st_session_read(void)
{
	return 0;
}

static void take(void *context, const struct st_record *record, __u64 latency_ns)
{
	(void)context;
	(void)record;
	(void)latency_ns;
}

FIXTURE(writers)
{
	struct st_service service;
	struct st_trace *trace;
	struct st_buf whole;
	char folder[TEMPORARY_SIZE];
};

/* A trace with something of everything that is written. */
static struct st_trace *new_trace(void)
{
	struct st_trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		abort();
	st_list_init(&trace->link);
	st_buf_init(&trace->line);
	trace->id = 7;
	trace->path = strdup("demo/\"quoted\"");
	trace->pattern = strdup("GET *");
	trace->limits.kinds = 1u << ST_RECORD_UNIX | 1u << ST_RECORD_SIGNAL;
	trace->join = st_join_new(take, NULL);
	trace->order = st_order_new(take, NULL);
	trace->calls = st_calls_new();
	trace->keep = 4;
	trace->kept = calloc(trace->keep, sizeof(*trace->kept));
	if (!trace->path || !trace->pattern || !trace->join || !trace->order || !trace->calls ||
	    !trace->kept)
		abort();
	for (trace->seq = 0; trace->seq < 6; trace->seq++) {
		char **slot = &trace->kept[trace->seq % trace->keep];

		free(*slot);
		*slot = strdup("{\"kind\":\"unix\",\"payload\":\"414243\",\"size\":3}");
	}
	trace->nr_pairs = 40;
	for (uint32_t i = 0; i < trace->nr_pairs; i++) {
		struct st_trace_pair *pair = &trace->pairs[i];

		snprintf(pair->from, sizeof(pair->from), "from/%u", i);
		snprintf(pair->to, sizeof(pair->to), "to/%u", i);
		pair->nr = i;
	}
	for (uint64_t i = 1; i < 100; i++) {
		st_sample_add(&trace->totals[ST_RECORD_UNIX].sizes, i);
		st_sample_add(&trace->totals[ST_RECORD_UNIX].intervals_ns, i * i);
	}
	trace->totals[ST_RECORD_UNIX].nr = 99;
	return trace;
}

FIXTURE_SETUP(writers)
{
	ASSERT_NE(NULL, temporary_folder(self->folder, "st-writers-XXXXXX"));
	self->trace = new_trace();
	st_list_init(&self->service.traces);
	st_list_add_tail(&self->trace->link, &self->service.traces);
	self->service.nr_traces = 1;
	self->service.last_id = 7;
	self->service.folder = self->folder;
	st_buf_init(&self->whole);
}

FIXTURE_TEARDOWN(writers)
{
	if (self->service.nr_traces)
		st_trace_free(self->trace);
	st_operations_forget(&self->service);
	rmdir(self->folder);
	st_buf_done(&self->whole);
}

/* Return: how many allocations the request makes; all of their failures were tried. */
static unsigned long walk(struct __test_metadata *const _metadata, FIXTURE_DATA(writers) * self,
			  const char *request)
{
	struct st_buf out = ST_BUF_INIT;
	unsigned long nth = 0;
	const char *text;
	int ret;

	do {
		st_buf_done(&out);
		st_buf_init(&out);
		st_alloc_fail_at(++nth);
		ret = st_operations_answer(&self->service, request, &out);
		st_alloc_fail_at(0);
		if (ret)
			EXPECT_EQ(1, self->service.nr_traces)
		TH_LOG("%s has failed, and was done", request);
		if (!ret)
			EXPECT_EQ(0, st_buf_get(&out, &text)) TH_LOG("%s: cut", request);
	} while (ret && nth < NEVER);
	EXPECT_STREQ(st_buf_text(&self->whole), st_buf_text(&out)) TH_LOG("%s", request);
	st_buf_done(&out);
	return nth - 1;
}

TEST_F(writers, each_answer_is_whole_or_has_failed)
{
	static const char *const requests[] = {
		"trace_list {}",
		"trace_list {\"role\":\"admin\"}",
		"trace_history {\"id\":7,\"role\":\"admin\"}",
		"trace_history {\"id\":7,\"role\":\"operator\",\"since\":2,\"limit\":2}",
		"trace_summary {\"id\":7,\"role\":\"viewer\"}",
		"trace_summary {\"id\":7,\"role\":\"operator\",\"top\":30}",
		"trace_analyze {\"id\":7,\"role\":\"admin\"}",
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(requests); i++) {
		st_buf_reset(&self->whole);
		ASSERT_EQ(0, st_operations_answer(&self->service, requests[i], &self->whole));
		ASSERT_LT(0, self->whole.len);
		EXPECT_LT(0, walk(_metadata, self, requests[i]));
	}
}

TEST_F(writers, a_trace_ends_only_if_its_summary_was_written)
{
	ASSERT_EQ(0, st_operations_answer(&self->service,
					  "trace_summary {\"id\":7,\"role\":\"admin\"}",
					  &self->whole));
	EXPECT_LT(0, walk(_metadata, self, "trace_stop {\"id\":7,\"role\":\"admin\"}"));
	EXPECT_EQ(0, self->service.nr_traces);
	EXPECT_TRUE(st_list_is_empty(&self->service.traces));
}

TEST_F(writers, a_description_is_whole_or_there_is_none)
{
	json_t *whole = st_trace_describe(self->trace), *description;
	unsigned long nth = 0;

	ASSERT_NE(NULL, whole);
	do {
		st_alloc_fail_at(++nth);
		description = st_trace_describe(self->trace);
		st_alloc_fail_at(0);
	} while (!description && nth < NEVER);
	EXPECT_LT(1, nth);
	EXPECT_TRUE(json_equal(whole, description));
	json_decref(whole);
	json_decref(description);
}

TEST_HARNESS_MAIN
