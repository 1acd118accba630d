// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of operations that processes offer: the call goes to the process, and
 * its answer, or an error, goes back to the client. The test is both client and
 * process; the ring is a real one.
 */
#include "daemon/requests/relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/history/events.h"
#include "daemon/names/offers.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/server.h"
#include "loop/ring.h"

#define REF 1 /* of each call */
#define LONG 60000 /* ms: longer than any test */

static const struct st_reason ended = { .type = ST_REASON_CODE, .value = 3 };

FIXTURE(relay)
{
	struct st_ring *ring;
	struct server server;
	struct st_offers offers;
	struct st_events *events;
	struct st_relays relays;
	struct st_client client;
	const struct st_process *process; /* of demo/a */
	struct st_packet packet; /* that the process has read last */
	int fd; /* the process's end; -1: none */
};

/* JSON with ' for ". */
static json_t *read_json(const char *text)
{
	char json[512];

	snprintf(json, sizeof(json), "%s", text);
	for (char *at = json; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	return json_loads(json, 0, NULL);
}

/* demo/a offers put KEY [VALUE ...] */
static void add_offer(struct st_offers *offers, uint64_t generation)
{
	json_t *described =
		read_json("{'name':'put','summary':'store a value','params':["
			  "{'name':'key','type':'word','required':true,'help':'the key'},"
			  "{'name':'number','type':'integer','required':false,'help':'a number'},"
			  "{'name':'value','type':'text','required':false,'help':'the value'}]}");
	struct st_offer *offer = NULL;
	struct st_rpc_error error;

	if (st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error) ||
	    st_offers_add(offers, offer, generation))
		abort();
	json_decref(described);
}

FIXTURE_SETUP(relay)
{
	struct st_probe probe;

	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &self->ring));
	ASSERT_EQ(0, st_events_new(NULL, &self->events));
	server_init(&self->server);
	self->process = server_process(&self->server, "demo/a", true);
	st_offers_init(&self->offers);
	add_offer(&self->offers, self->process->generation);
	st_relays_init(&self->relays, self->ring, &self->server.directory, &self->offers,
		       self->events);
	fake_client_init(&self->client);
	self->fd = -1;
}

FIXTURE_TEARDOWN(relay)
{
	EXPECT_TRUE(st_list_is_empty(&self->relays.list));
	while (st_ring_nr_armed(self->ring))
		ASSERT_LE(0, st_ring_run_once(self->ring, true));
	if (self->fd >= 0)
		close(self->fd);
	fake_client_done(&self->client);
	st_offers_done(&self->offers);
	server_done(&self->server);
	st_events_free(self->events);
	st_ring_free(self->ring);
}

static void invoke(FIXTURE_DATA(relay) * self, const char *method, const char *params)
{
	json_t *object = json_loads(params, 0, NULL);

	if (!object)
		abort();
	st_relay_invoke(&self->relays, &self->client, method, object);
	json_decref(object);
}

/* Call put, which takes its time; the process has taken the connection in. */
static void begin(FIXTURE_DATA(relay) * self, int timeout_ms)
{
	char params[64];

	snprintf(params, sizeof(params), "{\"key\":\"k\",\"timeout_ms\":%d}", timeout_ms);
	invoke(self, "x.demo/a.put", params);
	if (self->client.nr_answers)
		abort();
	self->fd = server_accept(&self->server);
}

static void answer(FIXTURE_DATA(relay) * self, enum st_packet_type type, uint64_t ref,
		   const char *text)
{
	server_send(self->fd, type, ref, text, strlen(text));
}

static void hang_up(FIXTURE_DATA(relay) * self)
{
	close(self->fd);
	self->fd = -1;
}

/* Turns of the ring until the client has its answer. */
static const char *await(FIXTURE_DATA(relay) * self)
{
	unsigned int before = self->client.nr_answers;

	while (self->client.nr_answers == before)
		if (st_ring_run_once(self->ring, true) < 0)
			abort();
	return self->client.answer;
}

/* Turns until nothing is left to do but to wait. */
static void settle(FIXTURE_DATA(relay) * self)
{
	while (st_ring_run_once(self->ring, false) > 0)
		;
}

/* ---- answers ---- */

TEST_F(relay, an_answer_comes_back_to_the_client)
{
	begin(self, LONG);
	EXPECT_STREQ("2 1 put k", server_read(self->fd, &self->packet));
	answer(self, ST_PACKET_REPLY, REF, "done \"well\"");
	EXPECT_STREQ("{\"reply\":\"done \\\"well\\\"\"}", await(self));
	EXPECT_EQ(1, self->client.nr_answers);
}

TEST_F(relay, the_parameters_are_sent_as_words_in_their_order)
{
	invoke(self, "x.a.put", "{\"value\":\"b  c\",\"key\":\"k\",\"number\":-7}");
	self->fd = server_accept(&self->server);
	EXPECT_STREQ("2 1 put k -7 b  c", server_read(self->fd, &self->packet));
	answer(self, ST_PACKET_REPLY, REF, "");
	EXPECT_STREQ("{\"reply\":\"\"}", await(self));
}

TEST_F(relay, a_refusal_is_an_error_with_the_word_as_its_term)
{
	begin(self, LONG);
	answer(self, ST_PACKET_ERROR, REF, "no \"such\" key");
	EXPECT_STREQ("failed: x.demo/a.put: no \"such\" key", await(self));
	EXPECT_STREQ("\"no \\\"such\\\" key\"", self->client.term);
}

TEST_F(relay, an_answer_with_a_nul_byte_is_refused)
{
	begin(self, LONG);
	server_send(self->fd, ST_PACKET_REPLY, REF, "a\0b", 3);
	EXPECT_NE(NULL, strstr(await(self), "it has a NUL byte"));
	EXPECT_EQ(0, strncmp("failed: ", self->client.answer, 8));
}

TEST_F(relay, what_is_no_answer_is_an_error)
{
	static const struct {
		enum st_packet_type type;
		uint64_t ref;
	} wrong[] = {
		{ ST_PACKET_REPLY, REF + 1 }, /* of another call */
		{ ST_PACKET_CAST, REF },
		{ ST_PACKET__MAX + 5, REF },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(wrong); i++) {
		begin(self, LONG);
		answer(self, wrong[i].type, wrong[i].ref, "x");
		EXPECT_NE(NULL, strstr(await(self), "the process sent something that is n"))
		TH_LOG("%s", self->client.answer);
		hang_up(self);
		self->client.nr_answers = 0;
	}
}

/* ---- no answer ---- */

TEST_F(relay, the_end_of_the_process_is_the_answer)
{
	begin(self, LONG);
	st_relays_ended(&self->relays, self->process->generation + 1, &ended);
	EXPECT_EQ(0, self->client.nr_answers);
	st_relays_ended(&self->relays, self->process->generation, &ended);
	EXPECT_STREQ("noproc: x.demo/a.put: the process ended before it answered: {\"code\":3}",
		     self->client.answer);
	EXPECT_STREQ("{\"code\":3}", self->client.term);
	settle(self);
	EXPECT_EQ(1, self->client.nr_answers);
}

TEST_F(relay, an_answer_that_was_sent_before_the_end_counts)
{
	begin(self, LONG);
	EXPECT_STREQ("2 1 put k", server_read(self->fd, &self->packet));
	answer(self, ST_PACKET_REPLY, REF, "just in time");
	hang_up(self);
	st_relays_ended(&self->relays, self->process->generation, &ended);
	EXPECT_STREQ("{\"reply\":\"just in time\"}", self->client.answer);
	settle(self);
	EXPECT_EQ(1, self->client.nr_answers);
}

TEST_F(relay, a_connection_that_closes_waits_for_the_end_which_has_the_reason)
{
	begin(self, LONG);
	hang_up(self);
	settle(self);
	EXPECT_EQ(0, self->client.nr_answers);
	st_relays_ended(&self->relays, self->process->generation, &ended);
	EXPECT_STREQ("noproc: x.demo/a.put: the process ended before it answered: {\"code\":3}",
		     self->client.answer);
}

TEST_F(relay, a_connection_that_closes_after_the_end_is_answered_with_its_reason)
{
	const struct st_effect effect = {
		.type = ST_FX_EXITED,
		.child = small_tree_find(&self->server.small, "demo/a"),
		.generation = self->process->generation,
		.reason = ended,
	};

	begin(self, LONG);
	st_events_add(self->events, &effect, 7);
	hang_up(self);
	EXPECT_STREQ("noproc: x.demo/a.put: the process ended before it answered: {\"code\":3}",
		     await(self));
}

TEST_F(relay, a_process_that_hangs_up_and_lives_on_has_not_answered)
{
	begin(self, 20);
	hang_up(self);
	EXPECT_STREQ("failed: x.demo/a.put: the process closed the connection without an answer",
		     await(self));
}

TEST_F(relay, its_time_is_over_once_and_a_late_answer_goes_nowhere)
{
	begin(self, 1);
	EXPECT_EQ(0, strncmp("timeout: x.demo/a.put: no answer ", await(self), 33));
	EXPECT_NE(NULL, strstr(self->client.answer, "1 ms"));
	EXPECT_STREQ("\"timeout\"", self->client.term);
	answer(self, ST_PACKET_REPLY, REF, "late");
	settle(self);
	EXPECT_EQ(1, self->client.nr_answers);
}

TEST_F(relay, the_call_of_a_client_that_has_gone_goes_with_it)
{
	struct st_client other;

	fake_client_init(&other);
	begin(self, LONG);
	st_relays_forget(&self->relays, &other);
	EXPECT_FALSE(st_list_is_empty(&self->relays.list));
	st_relays_forget(&self->relays, &self->client);
	EXPECT_TRUE(st_list_is_empty(&self->relays.list));
	answer(self, ST_PACKET_REPLY, REF, "to nobody");
	settle(self);
	st_relays_ended(&self->relays, self->process->generation, &ended);
	EXPECT_EQ(0, self->client.nr_answers);
	fake_client_done(&other);
}

/* ---- calls that are not begun ---- */

TEST_F(relay, a_call_that_leads_nowhere_is_refused)
{
	static const struct {
		const char *method;
		const char *params;
		const char *answer; /* how it begins */
	} wrong[] = {
		{ "put", "{\"key\":\"k\"}", "method_not_found: put: no such operation" },
		{ "x.put", "{\"key\":\"k\"}", "method_not_found: x.put: no such operation" },
		{ "x.none.put", "{\"key\":\"k\"}", "noproc: x.none.put: no such process" },
		{ "x.demo.put", "{\"key\":\"k\"}", "noproc: x.demo.put demo: " },
		{ "x.a.pot", "{\"key\":\"k\"}",
		  "method_not_found: x.a.pot: the process offers no such operation" },
		{ "x.a.put", "{}", "invalid_params: " },
		{ "x.a.put", "{\"key\":7}", "invalid_params: " },
		{ "x.a.put", "{\"key\":\"k\",\"other\":1}", "invalid_params: " },
		{ "x.a.put", "{\"key\":\"k\",\"value\":\"v\"}",
		  "invalid_params: x.a.put: parameter \"number\" is missing" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(wrong); i++) {
		invoke(self, wrong[i].method, wrong[i].params);
		EXPECT_EQ(0, strncmp(wrong[i].answer, self->client.answer, strlen(wrong[i].answer)))
		TH_LOG("%s", self->client.answer);
		EXPECT_EQ(i + 1, self->client.nr_answers);
	}
	EXPECT_EQ(0, st_ring_nr_armed(self->ring));
}

TEST_F(relay, a_mistyped_operation_has_a_hint)
{
	invoke(self, "x.demo/a.pot", "{\"key\":\"k\"}");
	EXPECT_NE(NULL, strstr(self->client.answer, "; did you mean x.demo/a.put?"));
}

TEST_F(relay, a_process_that_has_closed_its_mailbox_is_not_called)
{
	close(self->server.listener);
	self->server.listener = -1;
	invoke(self, "x.a.put", "{\"key\":\"k\"}");
	EXPECT_STREQ("noproc: invoke x.a.put: it has closed its mailbox", self->client.answer);
}

/* ---- operations with an owner ---- */

/* Pass an operation on to demo/a, as to its owner. */
static void pass_on(FIXTURE_DATA(relay) * self, enum st_operation op)
{
	const struct st_rpc_request request = { .op = op };
	json_t *params = json_pack("{s:i}", "limit", 3);

	st_relay_pass_on(&self->relays, &self->client, &request, self->process, params);
	json_decref(params);
	self->fd = server_accept(&self->server);
}

TEST_F(relay, an_owner_gets_name_and_parameters_and_answers_with_the_result)
{
	pass_on(self, ST_OPERATION_TRACE_LIST);
	EXPECT_STREQ("2 1 trace_list {\"limit\":3}", server_read(self->fd, &self->packet));
	answer(self, ST_PACKET_REPLY, REF, "[]");
	EXPECT_STREQ("[]", await(self));
}

/* A trace as the tracer describes it, with the last members as given. */
#define TRACE(rest) \
	"[{\"id\":1,\"path\":\"a\",\"state\":\"running\",\"include_system\":false,\"records\":3," \
	"\"passed_over\":0,\"system_left_out\":0,\"lost\":0" rest "}]"

TEST_F(relay, an_answer_is_written_anew_on_one_line)
{
	pass_on(self, ST_OPERATION_TRACE_LIST);
	answer(self, ST_PACKET_REPLY, REF,
	       TRACE(",\n \"pattern\" : \"\\u202e\xc2\x9b\",\n\"kinds\":[ \"unix\" ]"));
	EXPECT_STREQ(TRACE(",\"pattern\":\"\\u202e\\u009b\",\"kinds\":[\"unix\"]"), await(self));
}

static const struct {
	const char *answer;
	const char *why;
} forged[] = {
	{ "[]\n{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"ok\":true}}", "the answer is not JSON" },
	{ "{\"ok\":true}", "Traces: must be a list" },
	{ "[7]", "Traces: must be an object" },
	{ TRACE(""), "Traces: kinds: is missing" },
	{ TRACE(",\"kinds\":[\"voice\"]"), "Traces: kinds: is none of the words" },
	{ TRACE(",\"kinds\":[],\"more\":1"), "Traces: has an unknown member" },
	{ TRACE(",\"kinds\":[],\"pid\":-1"), "Traces: pid: must be a whole number" },
	{ TRACE(",\"kinds\":[],\"kinds\":[]"), "the answer is not JSON" },
};

TEST_F(relay, an_answer_of_another_shape_is_not_passed_on)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(forged); i++) {
		self->client.nr_answers = 0;
		pass_on(self, ST_OPERATION_TRACE_LIST);
		answer(self, ST_PACKET_REPLY, REF, forged[i].answer);
		EXPECT_EQ(0, strncmp("failed: trace-list: the answer ", await(self), 31));
		EXPECT_NE(NULL, strstr(self->client.answer, forged[i].why))
		TH_LOG("%s", self->client.answer);
		EXPECT_EQ(1, self->client.nr_answers);
		hang_up(self);
	}
}

TEST_F(relay, an_owner_that_answers_no_json_has_not_answered)
{
	pass_on(self, ST_OPERATION_TRACE_LIST);
	answer(self, ST_PACKET_REPLY, REF, "[1,");
	EXPECT_EQ(0, strncmp("failed: trace-list: the answer is n", await(self), 35));
	EXPECT_NE(NULL, strstr(self->client.answer, " JSON: "));
}

TEST_F(relay, an_owner_refuses_with_one_of_the_errors_of_the_operation)
{
	static const struct {
		enum st_operation op;
		const char *error, *wanted;
	} errors[] = {
		{ ST_OPERATION_TRACE_STOP, "not_found no such trace",
		  "not_found: trace-stop: no such trace" },
		{ ST_OPERATION_TRACE_STOP, "not_a_kind no such trace",
		  "failed: trace-stop: not_a_kind no such trace" },
		{ ST_OPERATION_TRACE_STOP, "running it is no child",
		  "failed: trace-stop: running it is no child" },
		{ ST_OPERATION_TRACE_LIST, "limit too many", "limit: trace-list: too many" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(errors); i++) {
		self->client.nr_answers = 0;
		pass_on(self, errors[i].op);
		answer(self, ST_PACKET_ERROR, REF, errors[i].error);
		EXPECT_STREQ(errors[i].wanted, await(self));
		hang_up(self);
	}
}

/* ---- memory ---- */

/* Whichever allocation fails, the client is answered once: now, or by the process. */
TEST_F(relay, without_memory_a_call_is_answered_all_the_same)
{
	unsigned long nth = 0, nr;

	do {
		json_t *params = json_pack("{s:s}", "key", "k");

		self->client.nr_answers = 0;
		nr = st_alloc_count();
		st_alloc_fail_at(++nth);
		st_relay_invoke(&self->relays, &self->client, "x.demo/a.put", params);
		nr = st_alloc_count() - nr;
		st_alloc_fail_at(0);
		json_decref(params);
		if (nr >= nth) {
			ASSERT_EQ(1, self->client.nr_answers);
			EXPECT_EQ(0, strncmp("no_memory: ", self->client.answer, 11))
			TH_LOG("%lu: %s", nth, self->client.answer);
			EXPECT_TRUE(st_list_is_empty(&self->relays.list));
		}
	} while (nr >= nth && nth < 100);
	EXPECT_LT(2, nth);
	ASSERT_EQ(0, self->client.nr_answers);
	self->fd = server_accept(&self->server);
	answer(self, ST_PACKET_REPLY, REF, "done");
	EXPECT_STREQ("{\"reply\":\"done\"}", await(self));
}

TEST_F(relay, without_memory_for_the_text_of_an_answer_the_client_is_answered)
{
	for (unsigned long nth = 1; nth <= 2; nth++) {
		begin(self, LONG);
		answer(self, ST_PACKET_REPLY, REF, "done");
		st_alloc_fail_at(nth);
		await(self);
		st_alloc_fail_at(0);
		EXPECT_STREQ(nth == 1 ? "no_memory: " : "{\"reply\":\"done\"}",
			     self->client.answer);
		hang_up(self);
		self->client.nr_answers = 0;
	}
	begin(self, LONG);
	st_alloc_fail_at(1);
	st_relays_ended(&self->relays, self->process->generation, &ended);
	st_alloc_fail_at(0);
	EXPECT_STREQ("noproc: x.demo/a.put: the process ended before it answered: \"unknown\"",
		     self->client.answer);
}

TEST_HARNESS_MAIN
