// SPDX-License-Identifier: GPL-2.0-only
/*
 * Roles: they come from the kernel's credentials of the peer, and an operation beyond a
 * peer's role never reaches the daemon.
 */
#include <grp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/control/client_internal.h"
#include "kselftest_harness.h"
#include "lib/server.h"

#define NOBODY 65534

static const struct st_role_groups known = {
	.gid = { [ST_ROLE_VIEWER] = 1001, [ST_ROLE_OPERATOR] = 1002, [ST_ROLE_ADMIN] = 1003 },
	.exists = { [ST_ROLE_VIEWER] = true, [ST_ROLE_OPERATOR] = true, [ST_ROLE_ADMIN] = true },
};

/* The same in a user namespace that does not know all users and groups. */
static const struct st_role_groups partial = {
	.gid = { [ST_ROLE_VIEWER] = 1001, [ST_ROLE_ADMIN] = NOBODY },
	.exists = { [ST_ROLE_VIEWER] = true, [ST_ROLE_ADMIN] = true },
	.unmapped_uid = { .exists = true, .id = NOBODY },
	.unmapped_gid = { .exists = true, .id = NOBODY },
};

/* The peer that a process with these ids is, as the daemon of root sees it. */
static int peer_in(const struct st_role_groups *groups, uid_t uid, gid_t gid, const gid_t *others,
		   size_t nr_others, struct st_peer *ret_peer)
{
	int fds[2];
	int ret;

	if (setgroups(nr_others, others) || setegid(gid) || seteuid(uid))
		return -1;
	ret = socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
	if (seteuid(0) || setegid(0) || ret)
		return -1;
	ret = st_peer_read(fds[0], groups, ret_peer);
	close(fds[0]);
	close(fds[1]);
	return ret;
}

static const struct {
	uid_t uid;
	gid_t gid;
	gid_t others[3];
	size_t nr_others;
	enum st_role role;
} peers[] = {
	{ 0, 0, { 0 }, 0, ST_ROLE_ADMIN },
	{ 0, NOBODY, { 0 }, 0, ST_ROLE_ADMIN },
	{ NOBODY, NOBODY, { 0 }, 0, ST_ROLE_NONE },
	{ NOBODY, 0, { 0 }, 0, ST_ROLE_NONE },
	{ NOBODY, 1001, { 0 }, 0, ST_ROLE_VIEWER },
	{ NOBODY, NOBODY, { 5, 1002 }, 2, ST_ROLE_OPERATOR },
	{ NOBODY, NOBODY, { 1003 }, 1, ST_ROLE_ADMIN },
	{ NOBODY, 1001, { 1001, 1002 }, 2, ST_ROLE_OPERATOR },
	{ NOBODY, 1003, { 1001, 1002 }, 2, ST_ROLE_ADMIN },
};

TEST(a_peer_has_the_highest_role_that_its_ids_give)
{
	if (getuid() != 0)
		SKIP(return, "needs root");
	for (size_t i = 0; i < ST_ARRAY_SIZE(peers); i++) {
		struct st_peer peer;

		ASSERT_EQ(0, peer_in(&known, peers[i].uid, peers[i].gid, peers[i].others,
				     peers[i].nr_others, &peer));
		EXPECT_EQ(peers[i].role, peer.role) TH_LOG("peer %zu", i);
		EXPECT_EQ(peers[i].uid, peer.uid);
		EXPECT_EQ(getpid(), peer.pid);
	}
}

TEST(a_user_or_group_that_is_not_mapped_has_no_role)
{
	const gid_t nobody = NOBODY;
	struct st_peer peer;

	if (getuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, peer_in(&partial, 0, NOBODY, NULL, 0, &peer));
	EXPECT_EQ(ST_ROLE_ADMIN, peer.role);
	ASSERT_EQ(0, peer_in(&partial, NOBODY, NOBODY, &nobody, 1, &peer));
	EXPECT_EQ(ST_ROLE_NONE, peer.role);
	ASSERT_EQ(0, peer_in(&partial, NOBODY, 1001, &nobody, 1, &peer));
	EXPECT_EQ(ST_ROLE_VIEWER, peer.role) TH_LOG("this group is known");
}

TEST(a_daemon_that_is_not_mapped_does_not_take_strangers_for_its_own_user)
{
	struct st_peer peer;
	int fds[2];

	if (getuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, seteuid(NOBODY));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	ASSERT_EQ(0, st_peer_read(fds[0], &known, &peer));
	EXPECT_EQ(ST_ROLE_ADMIN, peer.role);
	ASSERT_EQ(0, st_peer_read(fds[0], &partial, &peer));
	EXPECT_EQ(ST_ROLE_NONE, peer.role);
	ASSERT_EQ(0, seteuid(0));
	close(fds[0]);
	close(fds[1]);
}

TEST(without_groups_of_roles_only_root_and_the_daemons_user_are_let_in)
{
	const struct st_role_groups none = { 0 };
	struct st_peer peer;
	int fds[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	ASSERT_EQ(0, st_peer_read(fds[0], &none, &peer));
	EXPECT_EQ(ST_ROLE_ADMIN, peer.role);
	close(fds[0]);
	close(fds[1]);
}

TEST(the_groups_of_roles_are_those_of_the_file)
{
	char path[TEMPORARY_SIZE];
	struct st_role_groups found;
	int fd = mkstemp(temporary_name(path, "suptree-group.XXXXXX"));
	FILE *file = fdopen(fd, "w");

	ASSERT_NE(NULL, file);
	(void)fputs("root:x:0:\nsuptree-operator:x:4711:a,b\nsuptree-nobody:x:1:\n", file);
	(void)fputs("not a group\nlarge:x:5:", file);
	for (int i = 0; i < 10000; i++)
		(void)fprintf(file, "member%d,", i);
	(void)fputs("x\nsuptree-admin:x:4712:\nsuptree-admin:x:4713:\n", file);
	ASSERT_EQ(0, fclose(file));
	ASSERT_EQ(0, st_role_groups_read(path, &found));
	EXPECT_FALSE(found.exists[ST_ROLE_NONE]);
	EXPECT_FALSE(found.exists[ST_ROLE_VIEWER]);
	ASSERT_TRUE(found.exists[ST_ROLE_OPERATOR]);
	EXPECT_EQ(4711, found.gid[ST_ROLE_OPERATOR]);
	ASSERT_TRUE(found.exists[ST_ROLE_ADMIN]);
	EXPECT_EQ(4712, found.gid[ST_ROLE_ADMIN]) TH_LOG("the first of a name counts");
	ASSERT_EQ(0, unlink(path));
}

TEST(without_a_file_of_groups_there_are_none)
{
	struct st_role_groups found;

	ASSERT_EQ(0, st_role_groups_read("/nonexistent/group", &found));
	EXPECT_FALSE(found.exists[ST_ROLE_ADMIN]);
	EXPECT_EQ(-EISDIR, st_role_groups_read("/", &found));
}

TEST(a_user_without_a_role_gets_one_line_and_the_end)
{
	const struct st_control_config limits = { 0 };
	struct server server;
	int fd;

	if (getuid() != 0)
		SKIP(return, "needs root");
	server_init(&server, &limits);
	ASSERT_EQ(0, chmod(server.dir, 0755));
	ASSERT_EQ(0, chmod(server.path, 0666));
	ASSERT_EQ(0, setgroups(0, NULL));
	ASSERT_EQ(0, setegid(NOBODY));
	ASSERT_EQ(0, seteuid(NOBODY));
	fd = client_connect(&server);
	ASSERT_EQ(0, seteuid(0));
	ASSERT_EQ(0, setegid(0));
	EXPECT_STREQ("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":11,\"message\":"
		     "\"connect: refused: uid 65534 is neither root nor in one of the groups "
		     "suptree-viewer, suptree-operator, suptree-admin\","
		     "\"data\":{\"kind\":\"refused\"}}}",
		     client_line(&server, fd));
	EXPECT_STREQ("", client_line(&server, fd));
	EXPECT_EQ(0, st_control_nr_clients(server.control));
	close(fd);
	server_done(&server);
}

/* A request for an operation with parameters that pass the checks. */
static const char *request_of(const struct st_operation_row *row, char *line, size_t size)
{
	bool has_one = false;
	int len = snprintf(line, size,
			   "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\","
			   "\"params\":{",
			   row->name);

	for (const struct st_param *param = row->params; param->name; param++) {
		bool is_service = param->words && !strcmp(param->words[0], "journal");
		const char *value = is_service			      ? "\"journal\"" :
				    param->type == ST_PARAM_PATH      ? "\"a\"" :
				    param->type == ST_PARAM_CHILD     ? "\"a\"" :
				    param->type == ST_PARAM_METHOD    ? "\"a\"" :
				    param->type == ST_PARAM_NAME      ? "\"a\"" :
				    param->type == ST_PARAM_WORD      ? "\"viewer\"" :
				    param->type == ST_PARAM_FILE      ? "\"/a\"" :
				    param->type == ST_PARAM_SPEC      ? "{}" :
				    param->type == ST_PARAM_SPECS     ? "[]" :
				    param->type == ST_PARAM_OBJECTS   ? "[]" :
				    param->type == ST_PARAM_ARGS      ? "[\"a\"]" :
				    param->type == ST_PARAM_CONDITION ? "\"a=up\"" :
									"1";

		if (param->need == ST_NEED_OPTIONAL || (param->need == ST_NEED_ONE_OF && has_one))
			continue;
		has_one |= param->need == ST_NEED_ONE_OF;
		len += snprintf(line + len, size - (size_t)len, "%s\"%s\":%s",
				line[len - 1] == '{' ? "" : ",", param->name, value);
	}
	snprintf(line + len, size - (size_t)len, "}}\n");
	return line;
}

static unsigned long nr_asked;

static void on_request(void *owner, struct st_client *client, const struct st_rpc_request *request)
{
	nr_asked++;
	st_client_reply_ok(client);
}

static void on_gone(void *owner, struct st_client *client)
{
}

static void on_freed(struct st_client_host *host)
{
}

static const struct st_control_handler handler = { .on_request = on_request, .on_gone = on_gone };

FIXTURE(host)
{
	struct server server;
	struct st_client_host *host;
	int fd;
};

FIXTURE_SETUP(host)
{
	const struct st_control_config limits = { 0 };

	server_init(&self->server, &limits);
	self->host = calloc(1, sizeof(*self->host));
	ASSERT_NE(NULL, self->host);
	self->host->ring = self->server.ring;
	self->host->config.requests_per_turn = 1;
	self->host->config.max_clients = 1;
	self->host->config.per_user = 1;
	st_places_init(&self->host->places, &self->host->config);
	self->host->handler = &handler;
	self->host->on_freed = on_freed;
	st_list_init(&self->host->clients);
}

FIXTURE_TEARDOWN(host)
{
	while (self->host->nr_clients)
		server_turn(&self->server);
	st_places_done(&self->host->places);
	free(self->host);
	server_done(&self->server);
}

static int connect_as(struct st_client_host *host, enum st_role role)
{
	const struct st_peer peer = { .pid = 1, .uid = 1000, .role = role };
	enum st_error error;
	char why[128];
	int fds[2];

	if (!st_places_take(&host->places, &peer, &error, why, sizeof(why)) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) ||
	    st_client_new(host, fds[0], &peer))
		abort();
	return fds[1];
}

/* With ST_FOR_ANYONE the process that is asked for decides about viewers, by its key accept. */
TEST_F(host, an_operation_beyond_the_role_never_reaches_the_daemon)
{
	for (int role = ST_ROLE_VIEWER; role < ST_ROLE__MAX; role++) {
		int fd = connect_as(self->host, (enum st_role)role);

		for (int op = 0; op < ST_OPERATION__MAX; op++) {
			const struct st_operation_row *row = &st_operations[op];
			bool is_permitted = role >= (int)row->role || row->flags & ST_FOR_ANYONE;
			char request[512];
			const char *answer;

			nr_asked = 0;
			client_say(&self->server, fd, request_of(row, request, sizeof(request)));
			answer = client_line(&self->server, fd);
			EXPECT_EQ(is_permitted, nr_asked) TH_LOG("%s: %s", row->name, answer);
			EXPECT_EQ(!is_permitted, strstr(answer, "\"kind\":\"refused\"") != NULL)
			TH_LOG("%s: %s", row->name, answer);
		}
		close(fd);
		server_settle(&self->server); /* its place is free */
	}
}

TEST_F(host, a_refusal_says_which_role_is_needed)
{
	int fd = connect_as(self->host, ST_ROLE_VIEWER);

	client_say(&self->server, fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stop\"}\n");
	EXPECT_STREQ("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":11,\"message\":"
		     "\"stop: refused: the role admin is needed, and uid 1000 has the role "
		     "viewer\",\"data\":{\"kind\":\"refused\"}}}",
		     client_line(&self->server, fd));
	close(fd);
}

TEST_HARNESS_MAIN
