/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One connection to the control socket: requests in, answers out, in order.
 *
 * A client's requests are handed on one at a time: the next one only when the
 * one before has been answered, so answers come in the order of requests and
 * a client holds one request of the daemon at most. Who wants two slow things
 * at once opens two connections; they are cheap.
 *
 *	reading --request--> waiting --reply--> reading
 *	reading --output above the limit--> full --drained--> reading
 *	any --end of input--> half-closed: served until all is answered and sent
 *	any --peer has closed, or an error--> on_gone, then freed
 *
 * No call blocks. A client that sends garbage gets errors, one that reads
 * nothing is not read from, one that sends a lot gets its turn like all
 * others. It knows nothing of supervision. Next: control.h, its maker.
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
 * st_client_peer() - who is at the other end
 * @client: the client
 *
 * Return: borrowed; pid, uid and role as they were at the time of connecting.
 */
const struct st_peer *st_client_peer(const struct st_client *client);

/**
 * st_client_set_data() - keep something with a client
 * @client: the client
 * @data: the caller's; it is never looked at, and the caller's to free on_gone
 */
void st_client_set_data(struct st_client *client, void *data);
void *st_client_data(const struct st_client *client);

/**
 * st_client_reply_result() - answer the request that the client waits for
 * @client: a client that was given to on_request, not answered since, not gone
 * @result: one complete JSON value; if an append to it failed, the answer is
 *	the error no_memory
 *
 * May be called from within on_request or any time later.
 */
void st_client_reply_result(struct st_client *client, const struct st_buf *result);

/** st_client_reply_ok() - answer {"ok":true}, as st_client_reply_result() */
void st_client_reply_ok(struct st_client *client);

/**
 * st_client_reply_error() - answer that the request failed
 * @client: as for st_client_reply_result()
 * @kind: row of proto/errors.h
 * @otp: OTP's term for it, as JSON; NULL if there is none
 * @format: what was tried, on what, why it failed; as for printf
 */
void st_client_reply_error(struct st_client *client, enum st_error kind, const char *otp,
			   const char *format, ...) __printf(4, 5);

/**
 * st_client_reply_failure() - the same with an error that is filled in already
 * @client: as for st_client_reply_result()
 * @error: what is wrong, and with which parameter
 */
void st_client_reply_failure(struct st_client *client, const struct st_rpc_error *error);

/**
 * st_client_set_stream() - say whether the client follows something
 * @client: the client
 * @is_stream: true: a client that has closed its sending side stays; false:
 *	what was dropped is forgotten
 *
 * Call it before the reply to subscribe or logs.
 */
void st_client_set_stream(struct st_client *client, bool is_stream);

/**
 * st_client_notify() - send a notification to a client that follows something
 * @client: the client; nothing happens if it is no stream
 * @seq: number of the event, to be named if it is dropped
 * @line: what st_rpc_write_notification() wrote, newline included; borrowed, so
 *	that it is written once for all clients
 *
 * A client that has not read what it was sent before does not get it. When it
 * has read all, it gets one {"method":"resync","params":{"seq":N,"dropped":K}}
 * with the last number dropped, and then what follows.
 */
void st_client_notify(struct st_client *client, uint64_t seq, const struct st_buf *line);

/**
 * st_client_push() - send a notification that must not be dropped
 * @client: the client
 * @method: its name
 * @params: one JSON value
 *
 * Only for what is bounded by what the client has asked for. It keeps the client
 * like a stream does; without memory for it the client is let go.
 */
void st_client_push(struct st_client *client, const char *method, const struct st_buf *params);

/**
 * st_client_tell_renamed() - tell a client that keeps connections by name that one has moved
 * @client: the client; one that has been given none is not told
 * @params: as in st_client_push()
 *
 * One that does not read what it is told is let go, and so learns it, too.
 */
void st_client_tell_renamed(struct st_client *client, const struct st_buf *params);

/**
 * st_client_reply_with_fd() - answer with a descriptor
 * @client: as for st_client_reply_result()
 * @result: one complete JSON value
 * @fd: taken; it goes with the first byte of the answer (SCM_RIGHTS), and is closed
 *	if the client goes before
 *
 * If the peer has not read an earlier answer of this kind, it gets the error limit.
 */
void st_client_reply_with_fd(struct st_client *client, const struct st_buf *result, int fd);

/**
 * st_client_unsent() - bytes that the peer has not taken
 * @client: the client
 */
size_t st_client_unsent(const struct st_client *client);

#endif
