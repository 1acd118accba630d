/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One connection to the control socket: requests in, answers out, in order.
 *
 * A client's requests are handed on one at a time: the next one only when the
 * one before has been answered. So answers come in the order of the requests,
 * and the daemon works on one request of a client at most. A program that wants
 * two slow things at once opens two connections; they are cheap.
 *
 *	reading --request--> waiting --reply--> reading
 *	reading --output above the limit--> full --drained--> reading
 *	any --end of input--> half-closed: served until all is answered and sent
 *	any --peer has closed, or an error--> on_gone, then freed
 *
 * No call blocks. A client that sends garbage gets errors. If a client does not
 * read, the daemon does not read from it either. A client that sends a lot gets
 * its turn like all others. Nothing here knows about supervision. Read next:
 * control.h, which makes clients.
 */
#ifndef ST_DAEMON_CONTROL_CLIENT_H
#define ST_DAEMON_CONTROL_CLIENT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "daemon/control/peer.h"
#include "proto/rpc.h"

struct st_client;

/**
 * struct st_slices - an answer that is written in slices; embed it
 * @write: append the next part of the result to @out, up to about @room bytes, with little
 *	work; return true after the last part. Called at once, also without room, and then once in
 *	a turn while the client has room
 * @free: free the answer: it is written, or the client has gone
 */
struct st_slices {
	bool (*write)(struct st_slices *slices, struct st_buf *out, size_t room);
	void (*free)(struct st_slices *slices);
};

/**
 * st_client_peer() - get the process at the other end
 * @client: the client
 *
 * Return: the peer, borrowed; pid, uid and role are those at the time of
 * connecting.
 */
const struct st_peer *st_client_peer(const struct st_client *client);

/**
 * st_client_log_in() - give a client another role than that of its user
 * @client: the client
 * @role: its role from now on; what it might as a supervised process it may no more
 */
void st_client_log_in(struct st_client *client, enum st_role role);

/**
 * st_client_incarnation() - get the random number of the daemon that the client talks to
 * @client: the client
 *
 * Return: the number. Numbers of events of a daemon with another one mean nothing here.
 */
uint64_t st_client_incarnation(const struct st_client *client);

/**
 * st_client_set_data() - keep a pointer with a client
 * @client: the client
 * @data: never looked at here; the caller frees it in on_gone
 */
void st_client_set_data(struct st_client *client, void *data);
void *st_client_data(const struct st_client *client);

/**
 * st_client_reply_result() - answer the request that the client waits for
 * @client: passed to on_request before, not answered since, not gone
 * @result: one complete JSON value; if an append to it failed, the answer is
 *	the error no_memory. If it is long, and all clients together have
 *	ST_CONTROL_ANSWERS of long answers already, the answer is the error limit
 *
 * Call it from within on_request or any time later.
 */
void st_client_reply_result(struct st_client *client, const struct st_buf *result);

/**
 * st_client_reply_slices() - answer with a result that may be long
 * @client: as for st_client_reply_result()
 * @slices: taken; its parts together are one JSON value
 *
 * The client waits for this answer until the last part is written, and its next request
 * waits. Notifications come after the answer. So each client has at most
 * ST_CONTROL_OUTPUT_LIMIT unsent bytes and one part more. If all clients together have as many
 * long answers as fit into ST_CONTROL_ANSWERS, the answer is the error limit.
 */
void st_client_reply_slices(struct st_client *client, struct st_slices *slices);

/** st_client_reply_ok() - answer {"ok":true}, as st_client_reply_result() */
void st_client_reply_ok(struct st_client *client);

/**
 * st_client_reply_error() - answer that the request failed
 * @client: as for st_client_reply_result()
 * @kind: a row of proto/errors.h
 * @otp: OTP's term for the error, as JSON; NULL if there is none
 * @format: what was tried, on what, and why it failed; as for printf
 */
void st_client_reply_error(struct st_client *client, enum st_error kind, const char *otp,
			   const char *format, ...) __printf(4, 5);

/**
 * st_client_reply_failure() - answer with an error that is filled in already
 * @client: as for st_client_reply_result()
 * @error: what is wrong, and with which parameter
 */
void st_client_reply_failure(struct st_client *client, const struct st_rpc_error *error);

/**
 * st_client_set_stream() - set whether the client follows something
 * @client: the client
 * @is_stream: true: a client that has closed its sending side stays; false: the
 *	count of dropped notifications is forgotten
 *
 * Call it before the reply to subscribe or logs.
 */
void st_client_set_stream(struct st_client *client, bool is_stream);

/**
 * st_client_notify() - send a notification to a client that follows something
 * @client: the client; nothing happens if it is not a stream
 * @seq: number of the event, which the client is told if the event is dropped
 * @line: written by st_rpc_write_notification(), newline included; borrowed, so
 *	it is written once for all clients
 *
 * A client that has not read the earlier lines does not get it. When it has
 * read all of them, it gets one
 * {"method":"resync","params":{"seq":N,"dropped":K}} with the last number
 * dropped, and then the notifications that follow.
 */
void st_client_notify(struct st_client *client, uint64_t seq, const struct st_buf *line);

/**
 * st_client_push() - send a notification that must not be dropped
 * @client: the client
 * @method: name of the notification
 * @params: one JSON value
 *
 * Use it only where the client's own requests bound the number of
 * notifications. It keeps the client open like a stream does. If there is no
 * memory for it, the client is disconnected.
 */
void st_client_push(struct st_client *client, const char *method, const struct st_buf *params);

/**
 * st_client_tell_renamed() - tell a client that the owner of a name has changed
 * @client: the client; nothing is sent if it has been given no connection by
 *	name
 * @params: as in st_client_push()
 *
 * A client that does not read this is disconnected, and so learns it, too.
 */
void st_client_tell_renamed(struct st_client *client, const struct st_buf *params);

/**
 * st_client_reply_with_fd() - answer with a descriptor
 * @client: as for st_client_reply_result()
 * @result: one complete JSON value
 * @fd: taken; it goes with the first byte of the answer (SCM_RIGHTS), and is
 *	closed if the client goes before
 *
 * If the peer has not read an earlier answer with a descriptor, it gets the
 * error limit.
 */
void st_client_reply_with_fd(struct st_client *client, const struct st_buf *result, int fd);

/**
 * st_client_unsent() - number of bytes that the peer has not taken
 * @client: the client
 *
 * Return: the number; a large one while an answer is written in slices.
 */
size_t st_client_unsent(const struct st_client *client);

#endif
