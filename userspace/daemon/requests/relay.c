// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passes calls on to the processes that offer the operations; see relay.h.
 */
#include "daemon/requests/relay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "base/text.h"
#include "daemon/descriptors.h"
#include "daemon/history/events.h"
#include "daemon/names/offers.h"
#include "daemon/process/process.h"
#include "daemon/requests/directory.h"
#include "daemon/requests/partition.h"
#include "loop/deadline.h"
#include "loop/ring.h"
#include "os/foreign.h"
#include "proto/packet.h"
#include "proto/parse.h"

#define REF 1 /* reference of the only call on a connection */
#define END_PATIENCE_NS (UINT64_C(1000) * ST_NSEC_PER_MSEC) /* from the last close to the end */
#define MAX_HINTED 500 /* operations compared with a mistyped one */

struct relay {
	struct st_list link; /* in relays->list while a client waits */
	struct st_relays *relays;
	struct st_poll poll;
	int fd;
	struct st_client *client;
	uint64_t generation;
	struct st_deadline deadline; /* set while a client waits */
	int64_t timeout_ms;
	bool is_closed; /* the server closed the connection without an answer */
	const struct st_operation_row *row; /* its answer is the result itself, as JSON; or NULL */
	bool is_lent; /* ->fd is a descriptor of the part for clients */
	char method[];
};

void st_relays_init(struct st_relays *relays, struct st_ring *ring,
		    const struct st_directory *directory, const struct st_offers *offers,
		    const struct st_events *events)
{
	*relays = (struct st_relays){
		.ring = ring,
		.directory = directory,
		.offers = offers,
		.events = events,
	};
	st_list_init(&relays->list);
}

static struct relay *relay_of(struct st_list *link)
{
	return st_list_entry(link, struct relay, link);
}

static void free_relay(struct relay *relay)
{
	st_foreign_close(&relay->fd);
	if (relay->is_lent)
		st_descriptors_give_back(relay->relays->directory->descriptors);
	st_deadline_done(&relay->deadline);
	st_free(relay);
}

/* End the call: the client has its answer, or has gone. */
static void finish(struct relay *relay)
{
	st_list_del(&relay->link);
	st_deadline_clear(&relay->deadline);
	relay->client = NULL;
	if (st_op_is_armed(&relay->poll.op))
		st_op_cancel(&relay->poll.op); /* its callback frees the relay */
	else
		free_relay(relay);
}

static void reply_text(const struct relay *relay, const char *text, size_t len)
{
	struct st_buf result = ST_BUF_INIT;
	struct st_json json;

	if (memchr(text, '\0', len)) {
		st_client_reply_error(relay->client, ST_ERROR_FAILED, NULL,
				      "%s: the answer is not text: it has a NUL byte",
				      relay->method);
		return;
	}
	st_json_init(&json, &result);
	st_json_begin_object(&json);
	st_json_key(&json, "reply");
	st_json_text_len(&json, text, len);
	st_json_end_object(&json);
	st_client_reply_result(relay->client, &result);
	st_buf_done(&result);
}

/*
 * Pass on the server's error: it has a word of its own, which is OTP's term,
 * too.
 */
static void reply_refusal(const struct relay *relay, const char *text, size_t len)
{
	struct st_buf term = ST_BUF_INIT;

	st_buf_add_json_string(&term, text, len);
	st_client_reply_error(relay->client, ST_ERROR_FAILED,
			      st_buf_error(&term) ? NULL : st_buf_text(&term), "%s: %.1024s",
			      relay->method, text);
	st_buf_done(&term);
}

/* @reason: as JSON. */
static void reply_ended(const struct relay *relay, const char *reason)
{
	st_client_reply_error(relay->client, ST_ERROR_NOPROC, reason,
			      "%s: the process ended before it answered: %s", relay->method,
			      reason);
}

/*
 * The connection is closed. If the process has ended, its end is the reason;
 * wait for it.
 */
static void await_end(struct relay *relay)
{
	uint64_t deadline_ns = st_clock_ns() + END_PATIENCE_NS;
	struct st_buf path = ST_BUF_INIT, reason = ST_BUF_INIT;
	const char *text;

	relay->is_closed = true;
	st_foreign_close(&relay->fd);
	if (st_events_find_end(relay->relays->events, relay->generation, &path, &reason)) {
		reply_ended(relay, st_buf_get(&reason, &text) ? "\"unknown\"" : text);
		finish(relay);
	} else if (deadline_ns < st_deadline_at(&relay->deadline)) {
		st_deadline_set(&relay->deadline, deadline_ns);
	}
	st_buf_done(&path);
	st_buf_done(&reason);
}

/*
 * The owner of an operation may be wrong, or a false one. So nothing that it sends goes to
 * the client as it is: an answer with a newline would be two answers. It is read, checked,
 * and written anew.
 */
static void reply_json(const struct relay *relay, const char *text, size_t len)
{
	struct st_buf result = ST_BUF_INIT, why = ST_BUF_INIT;
	enum st_shape shape = relay->row->shape;
	json_error_t error;
	struct st_json json;
	json_t *answer = NULL;
	int err =
		st_json_parse(text, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &answer, &error);

	if (err == -EINVAL)
		st_client_reply_error(relay->client, ST_ERROR_FAILED, NULL,
				      "%s: the answer is not JSON: %s", relay->method, error.text);
	if (!err)
		err = st_shape_check(shape, answer, &why);
	if (err == -EINVAL && answer)
		st_client_reply_error(relay->client, ST_ERROR_FAILED, NULL,
				      "%s: the answer of the %s is not of the shape %s: %s",
				      relay->method, st_owners[relay->row->owner].name,
				      st_shapes[shape].name, st_buf_text(&why));
	else if (err == -ENOMEM)
		st_client_reply_error(relay->client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory",
				      relay->method);
	if (!err) {
		st_json_init(&json, &result);
		st_shape_write_value(answer, &json);
		st_client_reply_result(relay->client, &result);
	}
	json_decref(answer);
	st_buf_done(&result);
	st_buf_done(&why);
}

/* Errors that each operation may answer, and the daemon does not know beforehand. */
#define ON_ANY (ST_ON(INVALID_PARAMS) | ST_ON(LIMIT) | ST_ON(NO_MEMORY) | ST_ON(REFUSED))

/* Pass on an error such as "not_found no such trace", if the operation can have it. */
static void reply_kind(const struct relay *relay, const char *text)
{
	size_t len = strcspn(text, " ");

	for (int i = 0; i < ST_ERROR__MAX; i++) {
		if (strlen(st_errors[i].kind) != len || strncmp(st_errors[i].kind, text, len) != 0)
			continue;
		if (!((relay->row->errors | ON_ANY) & UINT64_C(1) << i))
			break;
		st_client_reply_error(relay->client, (enum st_error)i, NULL, "%s: %.1024s",
				      relay->method, text + len + (text[len] == ' '));
		return;
	}
	st_client_reply_error(relay->client, ST_ERROR_FAILED, NULL, "%s: %.1024s", relay->method,
			      text);
}

static void take_packet(const struct relay *relay, const struct st_packet *packet, size_t len)
{
	bool is_reply = packet->header.type == ST_PACKET_REPLY;

	if (packet->header.ref != REF || (!is_reply && packet->header.type != ST_PACKET_ERROR))
		st_client_reply_error(relay->client, ST_ERROR_FAILED, NULL,
				      "%s: the process sent something that is not an answer",
				      relay->method);
	else if (relay->row && is_reply)
		reply_json(relay, packet->payload, len);
	else if (relay->row)
		reply_kind(relay, packet->payload);
	else if (is_reply)
		reply_text(relay, packet->payload, len);
	else
		reply_refusal(relay, packet->payload, len);
}

/*
 * Return: -EAGAIN: no answer yet; -EPIPE: there will be none; 0: the client has
 * the answer.
 */
static int take_answer(struct relay *relay)
{
	static struct st_packet packet;
	size_t len = 0;
	ssize_t nr;
	int err;

	do {
		nr = st_foreign_recv(relay->fd, &packet, ST_PACKET_SIZE, MSG_TRUNC);
		err = st_packet_check(&packet, nr, &len);
	} while (err == -EINTR);
	if (err == -EAGAIN)
		return err;
	if (err && err != -EPROTO)
		return -EPIPE;
	if (err)
		packet.header.type = ST_PACKET__MAX; /* it is not a packet of the protocol */
	take_packet(relay, &packet, len);
	return 0;
}

static void on_answer(struct st_poll *poll, int result)
{
	struct relay *relay = container_of(poll, struct relay, poll);
	int err;

	if (!relay->client) {
		free_relay(relay);
		return;
	}
	/* read also after a poll that failed: recv(2) returns the error */
	err = take_answer(relay);
	if (err == -EAGAIN && result >= 0)
		st_poll_start(relay->relays->ring, &relay->poll, relay->fd, POLLIN, on_answer);
	else if (err)
		await_end(relay);
	else
		finish(relay);
}

void st_relays_ended(struct st_relays *relays, uint64_t generation, const struct st_reason *reason)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_list *pos, *tmp;

	if (st_list_is_empty(&relays->list))
		return;
	st_reason_write(reason, &text);
	if (st_buf_error(&text)) {
		st_buf_done(&text);
		st_buf_add_text(&text, "\"unknown\"");
	}
	st_list_for_each_safe(pos, tmp, &relays->list) {
		struct relay *relay = relay_of(pos);

		if (relay->generation != generation)
			continue;
		if (relay->is_closed || take_answer(relay))
			reply_ended(relay, st_buf_text(&text));
		finish(relay);
	}
	st_buf_done(&text);
}

void st_relays_forget(struct st_relays *relays, const struct st_client *client)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &relays->list)
		if (relay_of(pos)->client == client)
			finish(relay_of(pos));
}

/*
 * The time is over, or the server closed the connection and its end did not
 * come.
 */
static void on_timeout(struct st_deadline *deadline)
{
	struct relay *relay = container_of(deadline, struct relay, deadline);

	if (relay->is_closed)
		st_client_reply_error(relay->client, ST_ERROR_FAILED, NULL,
				      "%s: the process closed the connection without an answer",
				      relay->method);
	else
		st_client_reply_error(relay->client, ST_ERROR_TIMEOUT, "\"timeout\"",
				      "%s: no answer in %lld ms", relay->method,
				      (long long)relay->timeout_ms);
	finish(relay);
}

/*
 * Add "; did you mean x.counter_1.add?", from the list of offered operations.
 */
static void add_hint(struct st_relays *relays, const char *method, struct st_buf *out)
{
	const char *names[MAX_HINTED];
	struct st_buf texts = ST_BUF_INIT;
	const char *nearest, *at;
	struct st_list *pos;
	size_t nr = 0;

	st_list_for_each(pos, &relays->offers->list) {
		if (nr++ == MAX_HINTED)
			break;
		st_directory_write_method(relays->directory,
					  st_list_entry(pos, struct st_offering, link), &texts);
		st_buf_add_char(&texts, '\0');
	}
	if (nr > MAX_HINTED)
		nr = MAX_HINTED;
	at = st_buf_text(&texts);
	for (size_t i = 0; i < nr && !texts.failed; i++, at += strlen(at) + 1)
		names[i] = at;
	nearest = texts.failed ? NULL : st_text_nearest(method, names, nr);
	if (nearest) {
		st_buf_add_text(out, "; did you mean ");
		st_buf_add_text(out, nearest);
		st_buf_add_char(out, '?');
	}
	st_buf_done(&texts);
}

static void refuse(struct st_relays *relays, struct st_client *client, enum st_error kind,
		   const char *method, const char *why)
{
	struct st_buf hint = ST_BUF_INIT;

	add_hint(relays, method, &hint);
	st_client_reply_error(client, kind, kind == ST_ERROR_NOPROC ? "\"noproc\"" : NULL,
			      "%s: %s%s", method, why, st_buf_text(&hint));
	st_buf_done(&hint);
}

static void reply_no_memory(struct st_client *client, const char *method)
{
	st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory", method);
}

/* Put the partition in the place of a key. Return: false: no memory. */
static bool route(const struct st_relays *relays, char name[ST_MAX_PATH_LEN + 1])
{
	struct st_buf path = ST_BUF_INIT;
	bool has_key = st_partition_path(relays->directory->tree, name, &path);
	int err = st_buf_error(&path);

	if (!err && has_key && path.len <= ST_MAX_PATH_LEN)
		memcpy(name, st_buf_text(&path), path.len + 1);
	st_buf_done(&path);
	return !err;
}

/* Return: NULL if there is none; then the client has its answer. */
static const struct st_process *find_server(struct st_relays *relays, struct st_client *client,
					    const char *method)
{
	size_t len = st_offer_name_len(method);
	char name[ST_MAX_PATH_LEN + 1];
	unsigned int nr;

	if (!len) {
		refuse(relays, client, ST_ERROR_METHOD_NOT_FOUND, method,
		       "no such operation: operations of processes are named x.NAME.OPERATION");
		return NULL;
	}
	memcpy(name, method + strlen(ST_OFFER_PREFIX), len);
	name[len] = '\0';
	if (!route(relays, name)) {
		reply_no_memory(client, method);
		return NULL;
	}
	if (!st_directory_find(relays->directory, name, &nr) && nr < 2) {
		refuse(relays, client, ST_ERROR_NOPROC, method, "no such process");
		return NULL;
	}
	return st_directory_find_running(relays->directory, client, method, name);
}

/*
 * Check the parameters, and turn them into the words to send. Return: false:
 * the client has its answer.
 */
static bool take_words(struct st_client *client, const struct st_offer *offer, const char *method,
		       json_t *params, struct st_buf *words)
{
	struct st_operation_row row = offer->row;
	struct st_rpc_error error = { .kind = ST_ERROR_INTERNAL };
	const char *missing = NULL;
	int err;

	row.name = method;
	err = st_params_check(&row, params, &error);
	if (!err)
		missing = st_offer_words(offer, params, words);
	if (missing)
		st_rpc_fail(&error, ST_ERROR_INVALID_PARAMS, missing,
			    "%s: parameter \"%s\" is missing, but a later one is given", method,
			    missing);
	else if (!err && st_buf_error(words))
		st_rpc_fail(&error, ST_ERROR_NO_MEMORY, "", "%s: no memory", method);
	else if (!err)
		return true;
	st_client_reply_failure(client, &error);
	return false;
}

/* Open a connection for one call. Return: NULL: the client has its answer. */
static struct relay *open_relay(struct st_relays *relays, struct st_client *client,
				const char *method, const struct st_process *process)
{
	size_t size = strlen(method) + 1;
	struct relay *relay = st_alloc(sizeof(*relay) + size);

	if (!relay || st_deadline_init(&relay->deadline, relays->ring, on_timeout)) {
		reply_no_memory(client, method);
		st_free(relay);
		return NULL;
	}
	memcpy(relay->method, method, size);
	relay->relays = relays;
	relay->generation = process->generation;
	st_list_init(&relay->link);
	relay->fd = -1;
	relay->is_lent = st_descriptors_lend(relays->directory->descriptors,
					     st_client_peer(client)->role == ST_ROLE_ADMIN);
	if (!relay->is_lent)
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "%s: the descriptors for clients are in use; close "
				      "connections, or raise the daemon's limit (ulimit -n)",
				      method);
	else
		relay->fd =
			st_directory_connect(relays->directory, client, "invoke", method, process);
	if (relay->fd >= 0)
		return relay;
	free_relay(relay);
	return NULL;
}

static void begin(struct relay *relay, struct st_client *client, const struct st_buf *words,
		  int64_t timeout_ms)
{
	const struct st_packet_header header = { .type = ST_PACKET_CALL, .ref = REF };
	int err = st_packet_send(relay->fd, &header, words->data, words->len, MSG_DONTWAIT);

	relay->client = client;
	relay->timeout_ms = timeout_ms;
	st_deadline_set(&relay->deadline, st_clock_ns() + (uint64_t)timeout_ms * ST_NSEC_PER_MSEC);
	st_list_add_tail(&relay->link, &relay->relays->list);
	if (err) {
		await_end(relay); /* a new connection always has room, so it was closed already */
		return;
	}
	st_poll_start(relay->relays->ring, &relay->poll, relay->fd, POLLIN, on_answer);
}

void st_relay_invoke(struct st_relays *relays, struct st_client *client, const char *method,
		     json_t *params)
{
	const struct st_process *process = find_server(relays, client, method);
	const json_t *timeout = json_object_get(params, "timeout_ms");
	struct st_buf words = ST_BUF_INIT;
	const struct st_offer *offer;
	struct relay *relay = NULL;

	if (!process)
		return;
	offer = st_offers_find(relays->offers, st_offer_op(method), process->generation);
	if (!offer) {
		refuse(relays, client, ST_ERROR_METHOD_NOT_FOUND, method,
		       "the process offers no such operation");
		return;
	}
	if (take_words(client, offer, method, params, &words) &&
	    st_directory_check_accept(relays->directory, client, "invoke", method, process))
		relay = open_relay(relays, client, method, process);
	if (relay)
		begin(relay, client, &words,
		      timeout ? json_integer_value(timeout) : ST_OFFER_TIMEOUT_MS);
	st_buf_done(&words);
}

static int add_bytes(const char *bytes, size_t len, void *out)
{
	st_buf_add(out, bytes, len);
	return 0;
}

void st_relay_pass_on(struct st_relays *relays, struct st_client *client,
		      const struct st_rpc_request *request, const struct st_process *process,
		      const json_t *params)
{
	const struct st_operation_row *row = &st_operations[request->op];
	struct st_buf words = ST_BUF_INIT;
	struct relay *relay = NULL;

	st_buf_add_text(&words, row->name);
	st_buf_add_char(&words, ' ');
	if (json_dump_callback(params, add_bytes, &words, JSON_COMPACT) || st_buf_error(&words) ||
	    words.len > ST_PACKET_MAX_PAYLOAD)
		reply_no_memory(client, row->verb);
	else
		relay = open_relay(relays, client, row->verb, process);
	if (relay) {
		relay->row = row;
		begin(relay, client, &words, st_owners[row->owner].timeout_ms);
	}
	st_buf_done(&words);
}
