// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers of logins: open, login, logout. ../logins.h explains what they are.
 */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "daemon/logins.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/services.h"

static void reply(struct st_client *client, struct st_buf *text)
{
	st_client_reply_result(client, text);
	st_buf_done(text);
}

static void write_role(struct st_json *json, enum st_role role, uint64_t left_ms)
{
	st_json_text_field(json, "role", st_role_text[role]);
	st_json_u64_field(json, "expires_in_ms", left_ms);
}

/* Make a secret. Return: false: the client has its answer. */
static bool add(struct st_daemon *daemon, struct st_client *client, const struct st_login *login,
		const char *verb, char ret_secret[ST_SECRET_SIZE])
{
	int ret = st_login_add(&daemon->logins, login, st_clock_ns(), ret_secret);

	if (!ret)
		return true;
	if (ret == -ENOSPC)
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "%s: a user may have %d logins, and all users %d; end some "
				      "with suptree logout",
				      verb, ST_LOGINS_PER_USER, ST_LOGINS_MAX);
	else
		st_client_reply_error(client, ST_ERROR_FAILED, NULL,
				      "%s: get random bytes from the kernel: %s", verb,
				      strerror(-ret));
	return false;
}

void st_handle_open(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const struct st_peer *peer = st_client_peer(client);
	const char *word = st_rpc_text(request, "role", st_role_text[peer->role]);
	bool is_token = st_rpc_flag(request, "token");
	int role = st_text_index(st_role_text, ST_ROLE__MAX, word);
	char secret[ST_SECRET_SIZE];
	struct st_buf text = ST_BUF_INIT, link = ST_BUF_INIT;
	struct st_json json;

	if (role < 0 || role > (int)peer->role) {
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "open: refused: your role is %s, and it cannot give the "
				      "role %s",
				      st_role_text[peer->role], word);
		return;
	}
	if (!add(daemon, client,
		 &(struct st_login){ .kind = is_token ? ST_LOGIN_TOKEN : ST_LOGIN_TICKET,
				     .role = (enum st_role)role,
				     .uid = peer->uid },
		 "open", secret))
		return;
	st_json_init(&json, &text);
	st_json_begin_object(&json);
	if (is_token) {
		st_json_text_field(&json, "token", secret);
	} else {
		st_buf_add_text(&link, st_rpc_text(request, "url", st_services_web_url(daemon)));
		st_buf_add_text(&link, "/login#");
		st_buf_add_text(&link, secret);
		st_json_buf_field(&json, "link", &link);
	}
	write_role(&json, (enum st_role)role,
		   st_login_lifetime_ms(is_token ? ST_LOGIN_TOKEN : ST_LOGIN_TICKET));
	st_json_end_object(&json);
	reply(client, &text);
	st_buf_done(&link);
}

/* Find the login of the request. Return: NULL: the client has its answer. */
static struct st_login *find(struct st_daemon *daemon, struct st_client *client,
			     const struct st_rpc_request *request)
{
	struct st_login *login =
		st_login_find(&daemon->logins, st_rpc_text(request, "secret", ""), st_clock_ns());

	if (!login)
		st_client_reply_error(client, ST_ERROR_NOT_FOUND, NULL,
				      "%s: no such login; it may have ended, or its "
				      "ticket was used already: get a new one with suptree open",
				      st_operations[request->op].verb);
	return login;
}

void st_handle_login(struct st_daemon *daemon, struct st_client *client,
		     const struct st_rpc_request *request)
{
	struct st_login *login = find(daemon, client, request);
	char secret[ST_SECRET_SIZE] = "";
	struct st_buf text = ST_BUF_INIT;
	struct st_login session;
	struct st_json json;
	uint64_t end_ns;

	if (!login)
		return;
	session = *login;
	end_ns = session.end_ns;
	if (session.kind == ST_LOGIN_TICKET) {
		st_login_end(login);
		session.kind = ST_LOGIN_SESSION;
		if (!add(daemon, client, &session, "login", secret))
			return;
		end_ns = st_clock_ns() + st_login_lifetime_ms(ST_LOGIN_SESSION) * ST_NSEC_PER_MSEC;
	}
	st_client_log_in(client, session.role);
	st_json_init(&json, &text);
	st_json_begin_object(&json);
	if (*secret)
		st_json_text_field(&json, "session", secret);
	write_role(&json, session.role, (end_ns - st_clock_ns()) / ST_NSEC_PER_MSEC);
	st_json_end_object(&json);
	reply(client, &text);
}

void st_handle_logout(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	struct st_login *login = find(daemon, client, request);

	if (!login)
		return;
	st_login_end(login);
	st_client_reply_ok(client);
}
