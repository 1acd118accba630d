// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the child that a name means, and its process, and connecting a client
 * to it.
 */
#include "daemon/requests/directory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/names/offers.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/server.h"

FIXTURE(directory)
{
	struct server server;
	struct st_client client;
	unsigned int nr;
};

FIXTURE_SETUP(directory)
{
	server_init(&self->server);
	fake_client_init(&self->client);
}

FIXTURE_TEARDOWN(directory)
{
	fake_client_done(&self->client);
	server_done(&self->server);
}

static struct st_child *find(FIXTURE_DATA(directory) * self, const char *name)
{
	return st_directory_find(&self->server.directory, name, &self->nr);
}

/* Whether a name leads to the child with a path. */
static bool leads_to(FIXTURE_DATA(directory) * self, const char *name, const char *path)
{
	return find(self, name) == small_tree_find(&self->server.small, path) && self->nr == 1;
}

static struct st_process *find_running(FIXTURE_DATA(directory) * self, const char *name)
{
	return st_directory_find_running(&self->server.directory, &self->client, "try", name);
}

static uint64_t generation_of(FIXTURE_DATA(directory) * self, const char *path)
{
	return small_tree_find(&self->server.small, path)->generation;
}

/* ---- children ---- */

TEST_F(directory, a_full_path_leads_to_its_child)
{
	EXPECT_TRUE(leads_to(self, "demo/a", "demo/a"));
	EXPECT_TRUE(leads_to(self, "demo/s/x", "demo/s/x"));
	EXPECT_TRUE(leads_to(self, "demo", "demo"));
	EXPECT_EQ(NULL, find(self, "demo/none"));
	EXPECT_EQ(0, self->nr);
	EXPECT_EQ(NULL, find(self, "s/x")) TH_LOG("two parts of a path are none");
}

TEST_F(directory, the_last_part_of_a_path_is_enough_if_one_child_has_it)
{
	EXPECT_TRUE(leads_to(self, "x", "demo/s/x"));
	EXPECT_TRUE(leads_to(self, "demonstration", "demonstration"));
	EXPECT_EQ(NULL, find(self, "none"));
	EXPECT_EQ(0, self->nr);
	EXPECT_EQ(NULL, find(self, "demonstr"));
}

TEST_F(directory, a_name_that_several_children_end_in_leads_nowhere)
{
	const struct st_request request = {
		.type = ST_REQUEST_START_CHILD,
		.sup = "demo/s",
		.token = 1,
		.start.spec = small_worker("a", ST_RESTART_PERMANENT),
	};
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	small_tree_step(&self->server.small, &event);
	small_tree_ready(&self->server.small);
	st_child_spec_put(request.start.spec);
	EXPECT_EQ(NULL, find(self, "a"));
	EXPECT_EQ(2, self->nr);
	EXPECT_TRUE(leads_to(self, "demo/a", "demo/a"));
	EXPECT_EQ(NULL, find_running(self, "a"));
	EXPECT_EQ(0, strncmp("conflict: try a: 2 children", self->client.answer, 27));
}

TEST_F(directory, a_generation_leads_to_the_child_that_has_it_now)
{
	uint64_t generation = generation_of(self, "demo/a");
	char name[32];

	snprintf(name, sizeof(name), "#%llu", (unsigned long long)generation);
	EXPECT_TRUE(find(self, name) == small_tree_find(&self->server.small, "demo/a"));
	small_tree_exit(&self->server.small, "demo/a", 1);
	small_tree_ready(&self->server.small);
	EXPECT_EQ(NULL, find(self, name)) TH_LOG("another process runs");
	EXPECT_EQ(NULL, find(self, "#"));
	EXPECT_EQ(NULL, find(self, "#0"));
	EXPECT_EQ(NULL, find(self, "#1x"));
	EXPECT_EQ(NULL, find(self, "#99999999999999999999999"));
}

TEST_F(directory, a_path_comes_before_a_registered_name_and_that_before_an_end_of_a_path)
{
	ASSERT_EQ(0, st_names_register(&self->server.names, "bank", generation_of(self, "demo/b")));
	ASSERT_EQ(0,
		  st_names_register(&self->server.names, "demo/a", generation_of(self, "demo/t")));
	ASSERT_EQ(0, st_names_register(&self->server.names, "x", generation_of(self, "demo/t")));
	EXPECT_TRUE(leads_to(self, "bank", "demo/b"));
	EXPECT_TRUE(leads_to(self, "demo/a", "demo/a"));
	EXPECT_TRUE(leads_to(self, "x", "demo/t"));
	st_names_forget(&self->server.names, generation_of(self, "demo/t"));
	EXPECT_TRUE(leads_to(self, "x", "demo/s/x"));
}

TEST_F(directory, a_name_that_others_mean_a_child_by_is_not_free)
{
	const struct st_directory *directory = &self->server.directory;
	uint64_t own = generation_of(self, "demo/a");

	EXPECT_EQ(small_tree_find(&self->server.small, "demo"),
		  st_directory_find_other(directory, "demo", own));
	EXPECT_EQ(small_tree_find(&self->server.small, "demo/s/x"),
		  st_directory_find_other(directory, "x", own));
	EXPECT_EQ(NULL, st_directory_find_other(directory, "a", own)) TH_LOG("its own");
	EXPECT_NE(NULL, st_directory_find_other(directory, "a", generation_of(self, "demo/b")));
	EXPECT_EQ(NULL, st_directory_find_other(directory, "bank", own));
}

/* ---- processes ---- */

TEST_F(directory, a_name_leads_to_the_process_that_runs)
{
	struct st_process *process = server_process(&self->server, "demo/a", false);

	EXPECT_EQ(process, find_running(self, "a"));
	EXPECT_EQ(0, self->client.nr_answers);
}

TEST_F(directory, without_a_process_the_client_is_told_why)
{
	server_process(&self->server, "demo/t", false);
	EXPECT_EQ(NULL, find_running(self, "none"));
	EXPECT_STREQ("noproc: try none: no such process", self->client.answer);
	EXPECT_STREQ("\"noproc\"", self->client.term);
	EXPECT_EQ(NULL, find_running(self, "demo"));
	EXPECT_STREQ("noproc: try demo: a supervisor is not a process", self->client.answer);
	small_tree_exit(&self->server.small, "demo/t", 0);
	EXPECT_EQ(NULL, find_running(self, "demo/t"));
	EXPECT_STREQ("noproc: try demo/t: it does not run", self->client.answer);
	EXPECT_EQ(3, self->client.nr_answers);
}

TEST_F(directory, only_a_supervised_process_is_one_that_asks)
{
	const struct st_rpc_request request = { .op = ST_OPERATION_REGISTER };

	EXPECT_EQ(0, st_directory_asking(&self->client, &request));
	EXPECT_EQ(0, strncmp("refused: register: ", self->client.answer, 19));
	self->client.peer.generation = 7;
	EXPECT_EQ(7, st_directory_asking(&self->client, &request));
	EXPECT_EQ(1, self->client.nr_answers);
}

/* ---- connections ---- */

static int connect_to(FIXTURE_DATA(directory) * self, const struct st_process *process)
{
	const struct st_directory *directory = &self->server.directory;

	if (!st_directory_check_accept(directory, &self->client, "connect", "demo/a", process))
		return -1;
	return st_directory_connect(directory, &self->client, "connect", "demo/a", process);
}

/* What the server reads first, into @packet. */
static const char *read_hello(FIXTURE_DATA(directory) * self, struct st_packet *packet)
{
	int fd = accept(self->server.listener, NULL, NULL);
	const char *text;

	if (fd < 0)
		return "no connection";
	text = server_read(fd, packet);
	close(fd);
	return text;
}

TEST_F(directory, the_server_reads_who_the_client_is)
{
	const struct st_process *process = server_process(&self->server, "demo/a", true);
	struct st_packet packet;
	char wanted[128];
	int fd;

	self->client.peer.pid = 42;
	self->client.peer.uid = 7;
	fd = connect_to(self, process);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, self->client.nr_answers);
	EXPECT_STREQ("1 0 {\"pid\":42,\"uid\":7,\"role\":\"operator\"}", read_hello(self, &packet));
	close(fd);
	self->client.peer.role = ST_ROLE_NONE;
	self->client.peer.generation = generation_of(self, "demo/b");
	fd = connect_to(self, process);
	ASSERT_LE(0, fd);
	snprintf(wanted, sizeof(wanted),
		 "1 0 {\"path\":\"demo/b\",\"generation\":%llu,\"pid\":42,\"uid\":7}",
		 (unsigned long long)self->client.peer.generation);
	EXPECT_STREQ(wanted, read_hello(self, &packet));
	close(fd);
}

static bool is_accepted(FIXTURE_DATA(directory) * self, const struct st_process *process,
			enum st_role role, uid_t uid, const char *path)
{
	int fd;

	self->client.peer.role = role;
	self->client.peer.uid = uid;
	self->client.peer.generation = path ? generation_of(self, path) : 0;
	fd = connect_to(self, process);
	if (fd >= 0)
		close(fd);
	else if (strncmp("refused: connect demo/a: refused: ", self->client.answer, 34) != 0)
		abort();
	if (fd >= 0)
		close(accept(self->server.listener, NULL, NULL));
	return fd >= 0;
}

TEST_F(directory, a_process_is_connected_with_whom_it_accepts)
{
	static const struct {
		enum st_accept who;
		enum st_role role;
		bool is_child;
		bool of_same_user, of_another;
	} cases[] = {
		{ ST_ACCEPT_NONE, ST_ROLE_ADMIN, true, false, false },
		{ ST_ACCEPT_SAME_USER, ST_ROLE_ADMIN, false, true, true },
		{ ST_ACCEPT_SAME_USER, ST_ROLE_OPERATOR, false, true, false },
		{ ST_ACCEPT_SAME_USER, ST_ROLE_NONE, true, true, false },
		{ ST_ACCEPT_SAME_USER, ST_ROLE_VIEWER, false, false, false },
		{ ST_ACCEPT_DEFAULT, ST_ROLE_NONE, true, true, true },
		{ ST_ACCEPT_DEFAULT, ST_ROLE_VIEWER, false, false, false },
		{ ST_ACCEPT_TREE, ST_ROLE_OPERATOR, false, true, true },
		{ ST_ACCEPT_TREE, ST_ROLE_NONE, true, true, true },
		{ ST_ACCEPT_TREE, ST_ROLE_NONE, false, false, false },
		{ ST_ACCEPT_ANYONE, ST_ROLE_VIEWER, false, true, true },
		{ ST_ACCEPT_ANYONE, ST_ROLE_NONE, false, false, false },
	};
	struct st_process *process = server_process(&self->server, "demo/a", true);

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		const char *path = cases[i].is_child ? "demo/b" : NULL;

		process->accept = cases[i].who & 7u;
		EXPECT_EQ(cases[i].of_same_user,
			  is_accepted(self, process, cases[i].role, geteuid(), path))
		TH_LOG("case %zu", i);
		EXPECT_EQ(cases[i].of_another,
			  is_accepted(self, process, cases[i].role, geteuid() + 1, path))
		TH_LOG("case %zu", i);
	}
}

TEST_F(directory, a_process_that_has_ended_has_no_rights_left)
{
	const struct st_process *process = server_process(&self->server, "demo/a", true);
	uint64_t ended = generation_of(self, "demo/b");

	EXPECT_TRUE(is_accepted(self, process, ST_ROLE_NONE, 1, "demo/b"));
	EXPECT_FALSE(st_directory_may_link(&self->server.directory, &self->client, process));
	self->client.peer.uid = geteuid();
	EXPECT_TRUE(st_directory_may_link(&self->server.directory, &self->client, process));
	small_tree_exit(&self->server.small, "demo/b", 1);
	small_tree_ready(&self->server.small);
	self->client.peer.generation = ended;
	EXPECT_FALSE(st_directory_may_link(&self->server.directory, &self->client, process));
	EXPECT_EQ(-1, connect_to(self, process));
}

TEST_F(directory, each_failure_to_connect_is_answered)
{
	struct st_process *process = server_process(&self->server, "demo/a", false);

	EXPECT_EQ(-1, connect_to(self, process));
	EXPECT_STREQ("no_mailbox: connect demo/a: it takes no messages", self->client.answer);
	process->has_mailbox = true;
	process->ref.pid = 1; /* somebody else listens there */
	EXPECT_EQ(-1, connect_to(self, process));
	EXPECT_STREQ("noproc: connect demo/a: it has closed its mailbox", self->client.answer);
	process->ref.pid = getpid();
	close(self->server.listener);
	self->server.listener = -1;
	EXPECT_EQ(-1, connect_to(self, process));
	EXPECT_STREQ("noproc: connect demo/a: it has closed its mailbox", self->client.answer);
	EXPECT_EQ(3, self->client.nr_answers);
}

TEST_F(directory, a_listener_that_accepts_nobody_holds_up_nobody)
{
	const struct st_process *process = server_process(&self->server, "demo/a", true);
	int fds[64], nr = 0;

	while (nr < 64 && (fds[nr] = connect_to(self, process)) >= 0)
		nr++;
	EXPECT_GT(64, nr);
	EXPECT_STREQ("failed: connect demo/a: too many others wait for a connection to it",
		     self->client.answer);
	while (nr)
		close(fds[--nr]);
}

TEST_F(directory, without_memory_a_client_is_not_announced)
{
	const struct st_process *process = server_process(&self->server, "demo/a", true);

	self->client.peer.generation = generation_of(self, "demo/b");
	for (unsigned long nth = 1; nth <= 2; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(-1, connect_to(self, process));
		st_alloc_fail_at(0);
		EXPECT_STREQ("no_memory: connect demo/a: no memory", self->client.answer);
	}
}

/* ---- how they are written ---- */

TEST_F(directory, a_process_is_written_with_its_path_as_long_as_a_child_has_it)
{
	const struct st_process *process = server_process(&self->server, "demo/a", false);
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;
	char wanted[128];

	for (int i = 0; i < 2; i++) {
		st_buf_reset(&text);
		st_json_init(&json, &text);
		st_json_begin_object(&json);
		st_directory_write(&self->server.directory, process, &json);
		st_json_end_object(&json);
		snprintf(wanted, sizeof(wanted), "{%s\"pid\":%d,\"generation\":%llu,\"uid\":%u}",
			 i ? "" : "\"path\":\"demo/a\",", getpid(),
			 (unsigned long long)process->generation, geteuid());
		EXPECT_STREQ(wanted, st_buf_text(&text));
		small_tree_exit(&self->server.small, "demo/a", 1);
		small_tree_ready(&self->server.small);
	}
	st_buf_done(&text);
}

TEST_F(directory, a_method_has_the_registered_name_or_else_the_path)
{
	struct st_offer *offer = st_alloc(sizeof(*offer));
	struct st_offering offering = { .generation = generation_of(self, "demo/a") };
	struct st_buf text = ST_BUF_INIT;

	ASSERT_NE(NULL, offer);
	offer->row.name = "add";
	offering.offer = offer;
	st_directory_write_method(&self->server.directory, &offering, &text);
	EXPECT_STREQ("x.demo/a.add", st_buf_text(&text));
	ASSERT_EQ(0, st_names_register(&self->server.names, "bank", offering.generation));
	st_buf_reset(&text);
	st_directory_write_method(&self->server.directory, &offering, &text);
	EXPECT_STREQ("x.bank.add", st_buf_text(&text));
	st_buf_done(&text);
	st_free(offer);
}

TEST_HARNESS_MAIN
