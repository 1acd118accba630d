/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of a handle; for the files of this folder only.
 *
 *	self.c		the handle, and the word for the last failure
 *	asking.c	requests to the daemon, and its notifications
 *	route.c		connections to other processes, by name
 *	call.c		calls, casts, messages
 *	names.c		whereis, registered names, groups
 *	offer.c		operations that others can call
 *	watch.c		monitors and links; reason.c: why a process ended
 *	notify.c	messages of a process to its supervisor
 *	gen_server.c	the life of a server; see server.h
 */
#ifndef ST_LIBSUPTREE_INTERNAL_H
#define ST_LIBSUPTREE_INTERNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/list.h"
#include "libsuptree/suptree.h"
#include "proto/conn.h"
#include "proto/ops.h"
#include "proto/packet.h"

struct st_server;

#define ST_MAX_ROUTES 64

struct suptree {
	char *socket; /* of the daemon; NULL: the usual one */
	struct st_conn *daemon; /* NULL until it is needed, and when it was lost */
	uint64_t nr_opened; /* connections to it so far */
	bool has_asked; /* notifications may have come in addition to answers */
	struct st_list routes; /* the last used first */
	unsigned int nr_routes;
	uint64_t last_ref;
	struct st_list watches; /* monitors and links that wait for an end */
	struct st_list ended; /* those that have had it, in order, for the owner */
	struct st_watch *told; /* the last one that the owner has got */
	uint64_t generation; /* of the server that has this handle; otherwise 0 */
	struct st_server *server; /* NULL: the handle is of no server */
	char error[256];
	char *path; /* of the last struct suptree_process */
	struct st_packet reply;
};

/* self.c */

void st_self_init(struct suptree *self);
void st_self_done(struct suptree *self);

/* Note why something failed. Return: @error, a negative errno. */
int st_fail(struct suptree *self, int error, const char *format, ...) __printf(3, 4);

/* Monotonic time. */
uint64_t st_now_ns(void);
/* When a timeout of now ends; UINT64_MAX: never. */
uint64_t st_deadline_after(int timeout_ms);
/* The remaining time for poll(2), rounded up; -1: no limit. */
int st_timeout_until(uint64_t deadline_ns);

/* asking.c */

/**
 * st_ask() - send a request to the daemon
 * @self: the caller
 * @op: the operation
 * @params: its parameters; this takes the reference; NULL: no memory for them
 * @answer: set to the answer, json_decref(); on failure to NULL
 *
 * Return: 0; or a negative errno of suptree_call(), and the word is stored.
 */
int st_ask(struct suptree *self, enum st_operation op, json_t *params,
	   json_t **answer) __must_check;

/* Take the daemon's notifications, without waiting. Return: 0, or the connection is lost. */
int st_heed(struct suptree *self);

/* The same, and wait for something. Return: 0; -ETIMEDOUT; -ENOTCONN; -ENOMEM. */
int st_heed_next(struct suptree *self, int timeout_ms) __must_check;

/* peer.c: nothing waits for what the other side has sent */

#define ST_PEER_SIGNAL SIGRTMAX /* of the library; only while a connection is closed */

/* As st_packet_receive(); -EPROTO, too: descriptors came with the packet, which is not taken. */
int st_peer_receive(int fd, struct st_packet *packet, int flags, size_t *ret_len) __must_check;

/* Close a connection, or a socket that listens. The descriptor is -1 then, or was before. */
void st_peer_close(int *fd);

/* route.c */

/* A connection to one incarnation of a process. */
struct st_route {
	struct st_list link; /* in self->routes */
	int fd;
	int timeout_ms; /* that the socket has */
	uint64_t generation;
	bool may_link; /* the other side accepts a link of this one */
	char *path;
	char name[]; /* under which it was found */
};

/**
 * st_route_find() - find a connection to the process that has a name
 * @self: the caller
 * @name: the name
 * @ret_route: owned by the handle, valid until the next call of a function of this file
 *
 * Return: 0, or a negative errno of suptree_call().
 */
int st_route_find(struct suptree *self, const char *name, struct st_route **ret_route) __must_check;

void st_route_drop(struct suptree *self, struct st_route *route);
void st_route_drop_name(struct suptree *self, const char *name);
void st_route_drop_all(struct suptree *self);

/* call.c */

/**
 * st_send_to() - send one packet to the process that has a name
 * @self: the sender
 * @name: the name
 * @type: of the packet
 * @data: the payload
 * @len: its length
 *
 * It does not wait.
 *
 * Return: 0, or a negative errno of suptree_cast().
 */
int st_send_to(struct suptree *self, const char *name, enum st_packet_type type, const void *data,
	       size_t len) __must_check;

/**
 * st_call_server() - send a request and wait for its answer
 * @self: the caller
 * @name: the name of the server
 * @type: ST_PACKET_CALL or ST_PACKET_SYSTEM
 * @request: the payload
 * @timeout_ms: how long to wait
 * @ret_len: the length of the answer in self->reply.payload
 *
 * Return: as suptree_call().
 */
int st_call_server(struct suptree *self, const char *name, enum st_packet_type type,
		   const struct suptree_bytes *request, int timeout_ms,
		   size_t *ret_len) __must_check;

/* watch.c */

enum st_watch_kind {
	ST_WATCH_MONITOR, /* the owner gets a DOWN */
	ST_WATCH_LINK, /* the owner gets an EXIT, or ends */
	ST_WATCH_CALL, /* a call wants to know why it failed */
};

struct st_watch {
	struct st_list link; /* in self->watches or self->ended */
	enum st_watch_kind kind;
	uint64_t ref; /* of the daemon's monitor */
	uint64_t generation;
	char *path;
	char *reason; /* JSON; NULL: it has not ended */
};

/* A notification `down` of the daemon. */
void st_watch_down(struct suptree *self, const json_t *params);

/* The daemon has ended: every watched process counts as ended with noconnection. */
void st_watch_lost(struct suptree *self);

/* Note why a process that did not answer has ended. Return: -ECONNRESET. */
int st_watch_explain(struct suptree *self, uint64_t generation, uint64_t deadline_ns);

/* The other side has linked itself to this one, or is no longer linked. */
void st_watch_linked(struct suptree *self, uint64_t generation);
void st_watch_unlinked(struct suptree *self, uint64_t generation);

/* The next end; it is valid until the next one is taken. NULL: none. */
const struct st_watch *st_watch_take(struct suptree *self);

/* As information for the owner of the handle; the texts stay the watch's. */
void st_watch_inform(const struct st_watch *watch, struct suptree_info *ret_info);

void st_watch_done(struct suptree *self);

/* reason.c */

/* Read a reason as the daemon writes it. @text stays referred to. */
struct suptree_reason st_reason_read(const char *text);
/* The reason for an exit status. */
struct suptree_reason st_reason_of_status(int status);
/* End this process with that reason. Never returns. */
void st_reason_die(const struct suptree_reason *reason) __attribute__((noreturn));

/* notify.c */

/* Tell the supervisor lines KEY=VALUE; silence where there is none. */
void st_notify(const char *message);

#endif
