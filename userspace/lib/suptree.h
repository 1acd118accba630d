/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libsuptree: gen_server for C, and messages between supervised processes.
 *
 * A server is a struct of callbacks and a state; suptree_gen_server_main() does the
 * rest: it tells the supervisor that it is ready, takes calls, casts and other
 * messages one at a time, and ends as OTP's gen_server ends. Everybody else, servers
 * too, reaches it by its name. userspace/lib/README.md is a tutorial,
 * userspace/lib/PROTOCOL.md the wire.
 *
 * A handle (struct suptree) is used by one thread at a time. Functions that can
 * fail return 0 or a negative errno; suptree_error() then has the word for it.
 */
#ifndef SUPTREE_H
#define SUPTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SUPTREE_MAX_MESSAGE 65536 /* bytes of one request, reply or message */
#define SUPTREE_TIMEOUT_MS 5000 /* that of OTP's gen_server:call/2 */
#define SUPTREE_INFINITY (-1) /* as a timeout */

/* A process's place among the others. */
struct suptree;

/*
 * How a process ends
 */

/* Exit statuses with a meaning of their own; any other is {code,N}. */
#define SUPTREE_EXIT_NORMAL 0 /* normal */
#define SUPTREE_EXIT_SHUTDOWN 143 /* shutdown: what SIGTERM does */
#define SUPTREE_EXIT_SHUTDOWN_TERM(t) (160 + (t)) /* {shutdown,T}; T from 0 to 15 */

enum suptree_reason_type {
	SUPTREE_REASON_NORMAL,
	SUPTREE_REASON_SHUTDOWN, /* also {shutdown,T}, with its T as value */
	SUPTREE_REASON_CODE, /* value: the exit status */
	SUPTREE_REASON_KILLED,
	SUPTREE_REASON_SIGNAL, /* value: the signal's number */
	SUPTREE_REASON_NOPROC, /* there was no such process */
	SUPTREE_REASON_NOCONNECTION, /* the daemon has gone */
	SUPTREE_REASON_OTHER, /* text says it */
};

/**
 * struct suptree_reason - why a process has ended
 * @type: the kind of reason
 * @value: see the kinds; else 0
 * @text: as the daemon writes it: normal, killed, {"code":3}, {"signal":"SEGV"}
 */
struct suptree_reason {
	enum suptree_reason_type type;
	int value;
	const char *text;
};

/*
 * A server
 */

/* What a callback returns: go on, or what suptree_stop() returned. */
enum suptree_next {
	SUPTREE_CONTINUE,
	SUPTREE_STOP,
};

/* What init returns beside 0: do not start me, and that is fine (OTP's ignore). */
#define SUPTREE_IGNORE 1

/**
 * struct suptree_from - who waits for a reply
 * @connection: over which it asked
 * @ref: its number of the request
 *
 * Copy it to answer later, from another callback. A reply to somebody who has gone
 * does nothing.
 */
struct suptree_from {
	uint64_t connection;
	uint64_t ref;
};

/**
 * struct suptree_message - what somebody sent
 * @data: the bytes, with a NUL behind them that does not count; valid until the
 *        callback returns
 * @len: how many
 * @path: of the sender, when it is a supervised process; else ""
 * @generation: of the sender, when it is one; "#7" is a name for it
 * @pid: of the sender
 */
struct suptree_message {
	const char *data;
	size_t len;
	const char *path;
	uint64_t generation;
	int pid;
};

enum suptree_info_type {
	SUPTREE_INFO_MESSAGE, /* message: from suptree_send() */
	SUPTREE_INFO_TIMEOUT, /* ref, message: a timer of suptree_send_after() */
	SUPTREE_INFO_DOWN, /* ref, path, generation, reason: a monitored process ended */
	SUPTREE_INFO_EXIT, /* path, generation, reason: a linked one, while exits are trapped */
	SUPTREE_INFO_SIGNAL, /* value: of suptree_watch_signal() */
	SUPTREE_INFO_FD, /* value: one of suptree_watch_fd() can be read, or has ended */
};

/**
 * struct suptree_info - what handle_info gets: anything but calls and casts
 * @type: what it is, and so which of these are set
 * @ref: of the timer or the monitor
 * @value: a signal's number or a descriptor
 * @message: of another process or a timer
 * @path: of the process that has ended, as far as it is known
 * @generation: its incarnation
 * @reason: why it has ended
 */
struct suptree_info {
	enum suptree_info_type type;
	uint64_t ref;
	int value;
	struct suptree_message message;
	const char *path;
	uint64_t generation;
	struct suptree_reason reason;
};

/**
 * struct suptree_gen_server - OTP's gen_server behaviour
 * @vsn: version of the state's text; for code_change
 * @state_size: bytes of the state, which is zeroed before init
 * @init: make the state. 0: the server runs; SUPTREE_IGNORE; or what suptree_fail()
 *        returns
 * @handle_call: answer a request, now or later, by suptree_reply() or
 *               suptree_reply_error(). Without it all calls fail with unknown_call
 * @handle_cast: take a message that nobody waits for
 * @handle_info: take everything else
 * @terminate: clean up. Called when a callback has stopped the server and, if it
 *             traps exits, when its supervisor or a linked process ends it; never
 *             when it is killed, as in OTP
 * @code_change: make the state from a text that format_status of version @old_vsn
 *               wrote. 0, or what suptree_fail() returns with the state as it was
 * @format_status: write the state as text; what `suptree state` shows
 *
 * Any of them may be NULL.
 */
struct suptree_gen_server {
	const char *vsn;
	size_t state_size;
	int (*init)(struct suptree *self, void *state, int argc, char **argv);
	enum suptree_next (*handle_call)(struct suptree *self, void *state,
					 const struct suptree_message *request,
					 struct suptree_from from);
	enum suptree_next (*handle_cast)(struct suptree *self, void *state,
					 const struct suptree_message *message);
	enum suptree_next (*handle_info)(struct suptree *self, void *state,
					 const struct suptree_info *info);
	void (*terminate)(struct suptree *self, void *state, const struct suptree_reason *reason);
	int (*code_change)(struct suptree *self, void *state, const char *old_vsn,
			   const char *text);
	void (*format_status)(const void *state, FILE *out);
};

/**
 * suptree_gen_server_main() - be a server until the end
 * @callbacks: what it does
 * @argc: for init
 * @argv: for init
 *
 * Takes the mailbox's address to the supervisor with READY=1 when init returns 0, so
 * the child's specification says `ready: notify`, and serves. By hand, without a
 * supervisor, it serves too: signals, timers and descriptors, but nobody can call it.
 *
 * Return: the exit status, for main() to return.
 */
int suptree_gen_server_main(const struct suptree_gen_server *callbacks, int argc, char **argv);

/**
 * suptree_fail() - say why init or code_change fails
 * @self: the server
 * @format: as printf(3)
 *
 * Return: a value for init or code_change to return.
 */
int suptree_fail(struct suptree *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * suptree_stop() - end the server when the callback has returned
 * @self: the server
 * @status: its exit status, which is the reason: SUPTREE_EXIT_NORMAL, ...
 *
 * Return: what the callback returns.
 */
enum suptree_next suptree_stop(struct suptree *self, int status);

/**
 * suptree_reply() - answer a call with a text
 * @self: the server
 * @from: who waits
 * @format: as printf(3)
 *
 * Whoever does not read its answers is let go: a server waits for nobody.
 */
void suptree_reply(struct suptree *self, struct suptree_from from, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with bytes; more than SUPTREE_MAX_MESSAGE make it the error too_long. */
void suptree_reply_bytes(struct suptree *self, struct suptree_from from, const void *data,
			 size_t len);

/**
 * suptree_reply_error() - answer a call with an error
 * @self: the server
 * @from: who waits
 * @format: as printf(3): the word that the caller's suptree_error() has, such as
 *          unknown_call
 */
void suptree_reply_error(struct suptree *self, struct suptree_from from, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * suptree_set_status() - tell the supervisor a line for humans (STATUS=)
 * @self: the server
 * @format: as printf(3)
 */
void suptree_set_status(struct suptree *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * suptree_trap_exit() - be told of ends instead of dying with others
 * @self: the server
 * @on: whether to; off at first
 *
 * While it is on, an end of a linked process comes to handle_info, and SIGTERM from
 * the supervisor runs terminate before the server ends with shutdown. While it is
 * off SIGTERM does what it does to any process [process_flag(trap_exit, true)].
 *
 * Return: 0 or a negative errno of signalfd(2).
 */
int suptree_trap_exit(struct suptree *self, bool on);

/**
 * suptree_send_after() - have a message in some time
 * @self: the server
 * @delay_ms: when, from now
 * @text: the message, copied
 * @ret_ref: the timer's number; may be NULL
 *
 * Return: 0; -ENOMEM.
 */
int suptree_send_after(struct suptree *self, uint32_t delay_ms, const char *text,
		       uint64_t *ret_ref);

/* Return: whether the timer had still to come; its message does not come then. */
bool suptree_cancel_timer(struct suptree *self, uint64_t ref);

/**
 * suptree_watch_signal() - have a signal as a message
 * @self: the server
 * @signo: blocked from now on; comes to handle_info as SUPTREE_INFO_SIGNAL
 *
 * Return: 0; -EINVAL: it cannot be blocked, or is SIGTERM (see suptree_trap_exit());
 * a negative errno of signalfd(2).
 */
int suptree_watch_signal(struct suptree *self, int signo);

/**
 * suptree_watch_fd() - be told when a descriptor can be read
 * @self: the server
 * @fd: stays the caller's; handle_info gets SUPTREE_INFO_FD for as long as it can be
 *      read, or has ended
 *
 * Return: 0; a negative errno of epoll_ctl(2).
 */
int suptree_watch_fd(struct suptree *self, int fd);

/* Watch it no more; to be called before it is closed. */
void suptree_unwatch_fd(struct suptree *self, int fd);

/*
 * Talking to servers: for everybody
 */

/**
 * suptree_open() - a handle for a process that is no server
 * @socket: the daemon's; NULL: $SUPTREE_SOCKET, or where `suptree` looks for it
 * @ret_self: owned by the caller; suptree_close()
 *
 * Connects nowhere until it has to.
 *
 * Return: 0; -ENOMEM.
 */
int suptree_open(const char *socket, struct suptree **ret_self);

/* Not for the handle of a server. NULL is fine. */
void suptree_close(struct suptree *self);

/**
 * suptree_error() - the word for the last failure
 * @self: whose
 *
 * Return: noproc, timeout, killed, {"code":3}, unknown_call, ... or a sentence;
 * valid until the next call with this handle.
 */
const char *suptree_error(const struct suptree *self);

/**
 * suptree_call() - ask a server and wait for its answer
 * @self: who asks
 * @name: a registered name, a path, the end of a path if only one child has it, or
 *        "#7" for the process of generation 7
 * @request: a text
 * @timeout_ms: SUPTREE_TIMEOUT_MS, SUPTREE_INFINITY, ...
 * @ret_reply: the answer's text, valid until the next call with this handle; may be
 *             NULL
 *
 * A request is answered by one incarnation or fails: it is never sent twice. After
 * a timeout or an end it may have been handled or not; that is so in OTP too. A
 * late answer is dropped.
 *
 * Return: 0; -ESRCH: noproc; -ETIMEDOUT: timeout; -ECONNRESET: the server ended
 * before it answered, suptree_error() says why; -EREMOTEIO: it answered with an
 * error; -ENOTSUP: it takes no messages; -ENOTUNIQ: several children have that name;
 * -EDEADLK: the server asks itself (calling_self); -EMSGSIZE; -ENOTCONN: there is no
 * daemon; -EPROTO; -ENOMEM.
 */
int suptree_call(struct suptree *self, const char *name, const char *request, int timeout_ms,
		 const char **ret_reply);

struct suptree_bytes {
	const void *data;
	size_t len;
};

/* The same with bytes. */
int suptree_call_bytes(struct suptree *self, const char *name, const struct suptree_bytes *request,
		       int timeout_ms, struct suptree_bytes *ret_reply);

/**
 * suptree_cast() - send a server a message and do not wait
 * @self: who sends
 * @name: as in suptree_call()
 * @text: the message
 *
 * Return: 0: it is in the server's mailbox, which may end with the server; -EAGAIN:
 * the mailbox is full; else as suptree_call().
 */
int suptree_cast(struct suptree *self, const char *name, const char *text);

/* The same with bytes. */
int suptree_cast_bytes(struct suptree *self, const char *name, const void *data, size_t len);

/* As suptree_cast(), for handle_info [Pid ! Message]. */
int suptree_send(struct suptree *self, const char *name, const char *text);

/* The same with bytes. */
int suptree_send_bytes(struct suptree *self, const char *name, const void *data, size_t len);

/**
 * suptree_get_state() - what a server's format_status writes [sys:get_state/2]
 * @self: who asks
 * @name: as in suptree_call()
 * @timeout_ms: a server that is busy does not answer
 * @ret_state: as the reply of suptree_call()
 *
 * Return: as suptree_call(); -EREMOTEIO: the server does not show its state.
 */
int suptree_get_state(struct suptree *self, const char *name, int timeout_ms,
		      const char **ret_state);

/**
 * suptree_replace_state() - have a server's code_change read a state [sys:replace_state/3]
 * @self: who asks
 * @name: as in suptree_call()
 * @state: the text
 * @timeout_ms: as above
 *
 * Return: as suptree_call(); -EREMOTEIO: the server refuses it, suptree_error() says
 * why, and keeps the state that it has.
 */
int suptree_replace_state(struct suptree *self, const char *name, const char *state,
			  int timeout_ms);

/*
 * Names, monitors, links, groups
 */

/**
 * struct suptree_process - a process as the daemon knows it
 * @pid: its number
 * @generation: its incarnation, unique as long as the daemon runs
 * @path: its place in the tree, valid until the next call with this handle
 */
struct suptree_process {
	int pid;
	uint64_t generation;
	const char *path;
};

/**
 * suptree_whereis() - the process that has a name
 * @self: who asks
 * @name: as in suptree_call()
 * @ret_process: who it is
 *
 * Return: 0; -ESRCH: nobody has the name; else as suptree_call().
 */
int suptree_whereis(struct suptree *self, const char *name, struct suptree_process *ret_process);

/**
 * suptree_register() - have a name until the end of the process
 * @self: a supervised process
 * @name: the name
 *
 * Return: 0; -EEXIST: somebody has it; -ESRCH: this process is not supervised;
 * -E2BIG: it has too many; -EINVAL; -ENOTCONN.
 */
int suptree_register(struct suptree *self, const char *name);

/* Return: 0; -ENOENT: this process does not have that name; -ENOTCONN. */
int suptree_unregister(struct suptree *self, const char *name);

/**
 * suptree_monitor() - be told once when a process has ended
 * @self: who wants to know
 * @name: as in suptree_call(); nobody there is an end with the reason noproc
 * @ret_ref: the monitor's number; may be NULL
 *
 * A server gets SUPTREE_INFO_DOWN, others ask suptree_receive().
 *
 * Return: 0; -E2BIG: too many; -ENOTUNIQ; -ENOTCONN; -ENOMEM.
 */
int suptree_monitor(struct suptree *self, const char *name, uint64_t *ret_ref);

/* Return: 0: no DOWN with that number comes any more; -ENOENT: it has come already. */
int suptree_demonitor(struct suptree *self, uint64_t ref);

/**
 * suptree_receive() - the next DOWN, for who is no server
 * @self: who monitors
 * @timeout_ms: how long to wait
 * @ret_info: SUPTREE_INFO_DOWN, its texts valid until the next call with this handle
 *
 * Return: 0; -ETIMEDOUT; -ENOTCONN; -ENOMEM; -EPROTO.
 */
int suptree_receive(struct suptree *self, int timeout_ms, struct suptree_info *ret_info);

/**
 * suptree_link() - end together with another server
 * @self: a server
 * @name: another one
 *
 * When one of the two ends with another reason than normal the other one ends with
 * the same, or is told if it traps exits. Nobody there is an end with noproc.
 *
 * Return: 0; -EINVAL: this is no server, or not supervised; -ENOTSUP: the other one
 * takes no messages; else as suptree_monitor().
 */
int suptree_link(struct suptree *self, const char *name);

/* Return: 0: they are no longer linked; -ENOENT: they were not; else as above. */
int suptree_unlink(struct suptree *self, const char *name);

/**
 * suptree_join() - be a member of a process group [pg:join/2]
 * @self: a supervised process; it leaves by suptree_leave() or by its end
 * @group: the group, which is there as long as it has members
 *
 * Who joins twice is a member twice.
 *
 * Return: as suptree_register(), without -EEXIST.
 */
int suptree_join(struct suptree *self, const char *group);

/* Return: 0; -ENOENT: this process is no member; -ENOTCONN. */
int suptree_leave(struct suptree *self, const char *group);

/**
 * suptree_broadcast() - send a message to all members of a group
 * @self: who sends; gets it too if it is a member
 * @group: the group
 * @text: the message, for handle_info
 *
 * Return: how many members it was sent to; or a negative errno if the members could
 * not be found.
 */
int suptree_broadcast(struct suptree *self, const char *group, const char *text);

/*
 * Operations that everybody can call
 */

#define SUPTREE_MAX_PARAMETERS 7 /* of one operation */

enum suptree_type {
	SUPTREE_WORD, /* a text without blanks */
	SUPTREE_INTEGER,
	SUPTREE_TEXT, /* any text, all that follows; the last parameter */
};

/**
 * struct suptree_parameter - what an operation is given
 * @name: of a-z, 0-9 and '_', at most 63 bytes; not timeout_ms
 * @help: one line, at most 200 bytes; may be NULL
 * @type: its type
 * @optional: may be left out, with all behind it
 */
struct suptree_parameter {
	const char *name;
	const char *help;
	enum suptree_type type;
	bool optional;
};

/**
 * struct suptree_operation - what a server can be asked for
 * @name: as a parameter's
 * @summary: one line, at most 200 bytes
 * @parameters: in the order in which they are sent; the first without a name ends them
 * @reads: it changes nothing
 */
struct suptree_operation {
	const char *name;
	const char *summary;
	struct suptree_parameter parameters[SUPTREE_MAX_PARAMETERS];
	bool reads;
};

/**
 * suptree_offer() - have operations listed, and called by everybody
 * @self: a supervised process
 * @operations: what it offers, at most 64 in all; the first without a name ends them.
 *              One with the name of an earlier one replaces it
 *
 * They are in the list of all operations, in help, and in the console, until the
 * process ends or calls suptree_withdraw(). Each is called x.NAME.OPERATION, where
 * NAME is what suptree_call() takes: `suptree x.stack.push hello`, or on the control
 * socket the method x.stack.push with {"word": "hello"}. The daemon checks the
 * parameters. The call comes to handle_call as the words "push hello", and the reply
 * is the result.
 *
 * Return: 0; -EINVAL: suptree_error() says what is wrong with which, and those before
 * it are offered; -E2BIG: too many; -ESRCH: this process is not supervised; -ENOTCONN;
 * -ENOMEM.
 */
int suptree_offer(struct suptree *self, const struct suptree_operation *operations);

/* Return: 0; -ENOENT: this process offers no such operation; -ENOTCONN. */
int suptree_withdraw(struct suptree *self, const char *name);

#ifdef __cplusplus
}
#endif

#endif
