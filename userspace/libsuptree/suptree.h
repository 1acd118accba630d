/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libsuptree: gen_server for C, and messages between supervised processes.
 *
 * A server is a struct of callbacks and a state. suptree_gen_server_main() does the
 * rest: it reports to the supervisor when the server is ready, takes calls, casts and
 * other messages one at a time, and ends as OTP's gen_server ends. Other processes reach
 * the server by its name. Read README.md and PROTOCOL.md in userspace/libsuptree.
 *
 * Only one thread may use a handle (struct suptree) at a time. A function that can fail
 * returns 0 or a negative errno; suptree_error() then returns the word for the error.
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
#define SUPTREE_TIMEOUT_MS 5000 /* the default of OTP's gen_server:call/2 */
#define SUPTREE_INFINITY (-1) /* as a timeout */

/* A handle: a process's connections to the daemon and to other processes. */
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
	SUPTREE_REASON_NOCONNECTION, /* the daemon has ended */
	SUPTREE_REASON_OTHER, /* any other reason: see text */
};

/**
 * struct suptree_reason - why a process has ended
 * @type: the kind of reason
 * @value: see the kinds; otherwise 0
 * @text: the reason as the daemon writes it: normal, killed, {"code":3}, {"signal":"SEGV"}
 */
struct suptree_reason {
	enum suptree_reason_type type;
	int value;
	const char *text;
};

/*
 * A server
 */

/* The result of a callback: SUPTREE_CONTINUE, or the result of suptree_stop(). */
enum suptree_next {
	SUPTREE_CONTINUE,
	SUPTREE_STOP,
};

/* A result of init: the server declines to start, and this is no error (OTP's ignore). */
#define SUPTREE_IGNORE 1

/**
 * struct suptree_from - the caller that waits for a reply
 * @connection: the connection of the call
 * @ref: the caller's number of the call
 *
 * Copy it to answer later, from another callback. A reply to a caller that has ended
 * does nothing.
 */
struct suptree_from {
	uint64_t connection;
	uint64_t ref;
};

/**
 * struct suptree_message - a received message
 * @data: the bytes, followed by a NUL that @len does not count; valid until the
 *        callback returns
 * @len: the number of bytes
 * @path: the path of the sender if it is a supervised process; otherwise ""
 * @generation: the generation of the sender if it is a supervised process; "#7" is the
 *              name of generation 7
 * @pid: the pid of the sender
 * @uid: the user of the sender, as the kernel knows it
 */
struct suptree_message {
	const char *data;
	size_t len;
	const char *path;
	uint64_t generation;
	int pid;
	unsigned int uid;
};

enum suptree_info_type {
	SUPTREE_INFO_MESSAGE, /* message: from suptree_send() */
	SUPTREE_INFO_TIMEOUT, /* ref, message: a timer of suptree_send_after() */
	SUPTREE_INFO_DOWN, /* ref, path, generation, reason: a monitored process ended */
	SUPTREE_INFO_EXIT, /* path, generation, reason: a linked one ended, exits are trapped */
	SUPTREE_INFO_SIGNAL, /* value: a signal of suptree_watch_signal() */
	SUPTREE_INFO_FD, /* value: a descriptor of suptree_watch_fd() is readable, or at its end */
};

/**
 * struct suptree_info - the argument of handle_info: all messages but calls and casts
 * @type: the kind of message; it decides which of the other members are set
 * @ref: the number of the timer or the monitor
 * @value: a signal's number or a descriptor
 * @message: the message of another process or of a timer
 * @path: the path of the process that has ended, if it is known
 * @generation: the generation of that process
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
 * @vsn: the version of the state's text, for code_change
 * @state_size: the size of the state, which is zeroed before init
 * @init: make the state. Returns 0 if the server should run, SUPTREE_IGNORE, or the
 *        result of suptree_fail()
 * @handle_call: answer a request, now or later, with suptree_reply() or
 *               suptree_reply_error(). Without it all calls fail with unknown_call
 * @handle_cast: handle a message whose sender does not wait
 * @handle_info: handle all other messages
 * @terminate: clean up. It is called when a callback has stopped the server. If the
 *             server traps exits, it is also called when its supervisor or a linked
 *             process ends it. It is never called when the server is killed, as in OTP
 * @code_change: make the state from a text that format_status of version @old_vsn
 *               wrote. Returns 0, or leaves the state as it was and returns the result
 *               of suptree_fail()
 * @format_status: write the state as text; `suptree state` shows it
 *
 * Each of them may be NULL.
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
 * suptree_gen_server_main() - run a server until it ends
 * @callbacks: the functions of the server
 * @argc: passed to init
 * @argv: passed to init
 *
 * When init returns 0, it sends READY=1 and the address of the mailbox to the
 * supervisor. So the child's specification must have `ready: notify`. Then it serves.
 * If you start the program without a supervisor, it handles signals, timers and
 * descriptors, but no process can call it.
 *
 * Return: the exit status, which main() should return.
 */
int suptree_gen_server_main(const struct suptree_gen_server *callbacks, int argc, char **argv);

/**
 * suptree_fail() - give the reason why init or code_change fails
 * @self: the server
 * @format: as printf(3)
 *
 * Return: a value that init or code_change should return.
 */
int suptree_fail(struct suptree *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * suptree_stop() - end the server after the callback has returned
 * @self: the server
 * @status: its exit status, which is the reason: SUPTREE_EXIT_NORMAL, ...
 *
 * Return: a value that the callback should return.
 */
enum suptree_next suptree_stop(struct suptree *self, int status);

/**
 * suptree_reply() - answer a call with a text
 * @self: the server
 * @from: the caller
 * @format: as printf(3)
 *
 * A server never waits for a caller: if a caller does not read its answers, the
 * connection is closed.
 */
void suptree_reply(struct suptree *self, struct suptree_from from, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with bytes. More than SUPTREE_MAX_MESSAGE bytes become the error too_long. */
void suptree_reply_bytes(struct suptree *self, struct suptree_from from, const void *data,
			 size_t len);

/**
 * suptree_reply_error() - answer a call with an error
 * @self: the server
 * @from: the caller
 * @format: as printf(3): the word that suptree_error() returns to the caller, for
 *          example unknown_call
 */
void suptree_reply_error(struct suptree *self, struct suptree_from from, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * suptree_set_status() - send the supervisor a line of status for people (STATUS=)
 * @self: the server
 * @format: as printf(3)
 */
void suptree_set_status(struct suptree *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * suptree_trap_exit() - get a message when a linked process ends, instead of ending too
 * @self: the server
 * @on: whether to trap exits; off at first
 *
 * While it is on, handle_info is called when a linked process has ended, and SIGTERM
 * from the supervisor calls terminate before the server ends with shutdown. While it
 * is off, SIGTERM ends the server as it ends any process. This is OTP's
 * process_flag(trap_exit, true).
 *
 * Return: 0 or a negative errno of signalfd(2).
 */
int suptree_trap_exit(struct suptree *self, bool on);

/* From whom a server takes something; each one includes those before it. */
enum suptree_accept {
	SUPTREE_ACCEPT_NONE = 1,
	SUPTREE_ACCEPT_SAME_USER, /* processes of the server's own user, and admins */
	SUPTREE_ACCEPT_TREE, /* all supervised processes, and operators */
	SUPTREE_ACCEPT_ANYONE, /* also viewers */
};

/**
 * suptree_accept() - say who may call the server, and send it casts and messages
 * @self: the server; call this in init
 * @who: SUPTREE_ACCEPT_TREE at first; the specification's key accept may be stricter
 *
 * Return: 0; -EINVAL: there is no such @who.
 */
int suptree_accept(struct suptree *self, enum suptree_accept who);

/* The same for links of supervised processes, which can end it: at first of the same user. */
int suptree_accept_links(struct suptree *self, enum suptree_accept who);

/**
 * suptree_send_after() - send the server itself a message after some time
 * @self: the server
 * @delay_ms: the time from now
 * @text: the message; it is copied
 * @ret_ref: the timer's number; may be NULL
 *
 * Return: 0; -ENOMEM.
 */
int suptree_send_after(struct suptree *self, uint32_t delay_ms, const char *text,
		       uint64_t *ret_ref);

/* Return: true if the timer was still waiting; then its message will not come. */
bool suptree_cancel_timer(struct suptree *self, uint64_t ref);

/**
 * suptree_watch_signal() - get a signal as a message
 * @self: the server
 * @signo: the signal. It is blocked from now on, and handle_info gets it as
 *         SUPTREE_INFO_SIGNAL
 *
 * Return: 0; -EINVAL: it cannot be blocked, is SIGRTMAX, which the library uses, or SIGTERM,
 * for which there is suptree_trap_exit(); otherwise a negative errno of signalfd(2).
 */
int suptree_watch_signal(struct suptree *self, int signo);

/**
 * suptree_watch_fd() - get a message when a descriptor is readable
 * @self: the server
 * @fd: the descriptor, which the caller still owns. handle_info gets SUPTREE_INFO_FD as
 *      long as it is readable or at its end
 *
 * Return: 0; a negative errno of epoll_ctl(2).
 */
int suptree_watch_fd(struct suptree *self, int fd);

/* Stop watching a descriptor; call it before you close the descriptor. */
void suptree_unwatch_fd(struct suptree *self, int fd);

/*
 * Messages to servers, from servers and from other programs
 */

/**
 * suptree_open() - make a handle for a process that is not a server
 * @socket: the daemon's socket; NULL: $SUPTREE_SOCKET, or the default of `suptree`
 * @ret_self: the handle; the caller owns it and frees it with suptree_close()
 *
 * It connects only when that is necessary.
 *
 * Return: 0; -ENOMEM.
 */
int suptree_open(const char *socket, struct suptree **ret_self);

/* Do not pass the handle of a server. NULL is allowed. */
void suptree_close(struct suptree *self);

/**
 * suptree_error() - get the word for the last failure
 * @self: the handle
 *
 * Return: noproc, timeout, killed, {"code":3}, unknown_call, ... or a sentence. It is
 * valid until the next call with this handle.
 */
const char *suptree_error(const struct suptree *self);

/**
 * suptree_call() - send a server a request and wait for its answer
 * @self: the caller
 * @name: a registered name; a path; the end of a path if only one child has it; or
 *        "#7" for the process of generation 7
 * @request: a text
 * @timeout_ms: SUPTREE_TIMEOUT_MS, SUPTREE_INFINITY, ...
 * @ret_reply: the text of the answer, valid until the next call with this handle; may
 *             be NULL
 *
 * A request is never sent twice: one incarnation of the server answers it, or the call
 * fails. After a timeout, or if the server has ended, the request may have been handled
 * or not, as in OTP. A late answer is dropped.
 *
 * Return: 0; -ESRCH: noproc; -ETIMEDOUT: timeout; -ECONNRESET: the server ended before
 * it answered, and suptree_error() has the reason; -EREMOTEIO: it answered with an
 * error; -ENOTSUP: it takes no messages; -ENOTUNIQ: several children have that name;
 * -EACCES: it does not accept this process; -EDEADLK: the server calls itself
 * (calling_self); -EMSGSIZE; -ENOTCONN: there is no daemon; -EPROTO; -ENOMEM.
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
 * @self: the sender
 * @name: as in suptree_call()
 * @text: the message
 *
 * Return: 0: the message is in the server's mailbox, but it is lost if the server ends
 * first; -EAGAIN: the mailbox is full; otherwise as suptree_call().
 */
int suptree_cast(struct suptree *self, const char *name, const char *text);

/* The same with bytes. */
int suptree_cast_bytes(struct suptree *self, const char *name, const void *data, size_t len);

/* Like suptree_cast(), but handle_info gets the message; OTP's Pid ! Message. */
int suptree_send(struct suptree *self, const char *name, const char *text);

/* The same with bytes. */
int suptree_send_bytes(struct suptree *self, const char *name, const void *data, size_t len);

/**
 * suptree_get_state() - get the text of a server's state, OTP's sys:get_state/2
 * @self: the caller
 * @name: as in suptree_call()
 * @timeout_ms: as in suptree_call(); a busy server answers late
 * @ret_state: the text that the server's format_status writes; valid as the reply of
 *             suptree_call()
 *
 * Return: as suptree_call(); -EREMOTEIO: the server does not show its state, or the
 * caller is no operator (refused). Root and the daemon's own user are operators.
 */
int suptree_get_state(struct suptree *self, const char *name, int timeout_ms,
		      const char **ret_state);

/**
 * suptree_replace_state() - give a server a new state, OTP's sys:replace_state/3
 * @self: the caller
 * @name: as in suptree_call()
 * @state: the text, which the server's code_change reads
 * @timeout_ms: as above
 *
 * Return: as suptree_call(); -EREMOTEIO: the server refuses the text or the caller and
 * keeps its state, and suptree_error() has the reason.
 */
int suptree_replace_state(struct suptree *self, const char *name, const char *state,
			  int timeout_ms);

/*
 * Names, monitors, links, groups
 */

/**
 * struct suptree_process - a process as the daemon knows it
 * @pid: its pid
 * @generation: the number of its incarnation, unique as long as the daemon runs
 * @path: its path in the tree, valid until the next call with this handle
 * @uid: the user as which it was started; any user's process can register a free name
 */
struct suptree_process {
	int pid;
	unsigned int uid;
	uint64_t generation;
	const char *path;
};

/**
 * suptree_whereis() - find the process that has a name
 * @self: the caller
 * @name: as in suptree_call()
 * @ret_process: the process
 *
 * Return: 0; -ESRCH: no process has the name; otherwise as suptree_call().
 */
int suptree_whereis(struct suptree *self, const char *name, struct suptree_process *ret_process);

/**
 * suptree_register() - give this process a name until it ends
 * @self: a supervised process
 * @name: the name; not the path of another child, or the end of one
 *
 * Return: 0; -EEXIST: another process or child has the name; -ESRCH: this process is not
 * supervised; -EACCES: it is a service's name; -E2BIG: too many; -EINVAL; -ENOTCONN.
 */
int suptree_register(struct suptree *self, const char *name);

/* Return: 0; -ENOENT: this process does not have that name; -ENOTCONN. */
int suptree_unregister(struct suptree *self, const char *name);

/**
 * suptree_monitor() - get one message when a process has ended
 * @self: the process that gets the message
 * @name: as in suptree_call(); if no process has the name, the message comes at once
 *        with the reason noproc
 * @ret_ref: the monitor's number; may be NULL
 *
 * A server gets SUPTREE_INFO_DOWN; another program calls suptree_receive().
 *
 * Return: 0; -E2BIG: too many monitors; -ENOTUNIQ; -ENOTCONN; -ENOMEM.
 */
int suptree_monitor(struct suptree *self, const char *name, uint64_t *ret_ref);

/* Return: 0: no DOWN with that number will come; -ENOENT: it has already come. */
int suptree_demonitor(struct suptree *self, uint64_t ref);

/**
 * suptree_receive() - wait for the next DOWN, in a process that is not a server
 * @self: the process that has the monitors
 * @timeout_ms: how long to wait
 * @ret_info: SUPTREE_INFO_DOWN, its texts valid until the next call with this handle
 *
 * Return: 0; -ETIMEDOUT; -ENOTCONN; -ENOMEM; -EPROTO.
 */
int suptree_receive(struct suptree *self, int timeout_ms, struct suptree_info *ret_info);

/**
 * suptree_link() - link this server to another one, so that they end together
 * @self: a server
 * @name: the other server
 *
 * When one of the two ends with a reason other than normal, the other one ends with the
 * same reason; if it traps exits, it gets a message instead. If no process has the name,
 * this counts as an end with noproc.
 *
 * Return: 0; -EINVAL: this is not a server, or not supervised; -EACCES: the other one does
 * not accept links of this one, so they are not linked; -ENOTSUP: the other one takes no
 * messages; otherwise as suptree_monitor().
 */
int suptree_link(struct suptree *self, const char *name);

/* Return: 0: they are no longer linked; -ENOENT: they were not; otherwise as above. */
int suptree_unlink(struct suptree *self, const char *name);

/**
 * suptree_join() - make this process a member of a group, OTP's pg:join/2
 * @self: a supervised process. It leaves with suptree_leave() or when it ends
 * @group: the group, which exists as long as it has members
 *
 * A process that joins twice is a member twice.
 *
 * Return: as suptree_register(), without -EEXIST.
 */
int suptree_join(struct suptree *self, const char *group);

/* Return: 0; -ENOENT: this process is not a member; -ENOTCONN. */
int suptree_leave(struct suptree *self, const char *group);

/**
 * suptree_broadcast() - send a message to all members of a group
 * @self: the sender; it gets the message too if it is a member
 * @group: the group. Any supervised process may join it, of any user
 * @text: the message, for handle_info
 *
 * Return: the number of members to which it was sent; or a negative errno if the members
 * could not be found.
 */
int suptree_broadcast(struct suptree *self, const char *group, const char *text);

/*
 * Operations that other processes and users can call
 */

#define SUPTREE_MAX_PARAMETERS 7 /* of one operation */

enum suptree_type {
	SUPTREE_WORD, /* a text without blanks */
	SUPTREE_INTEGER,
	SUPTREE_TEXT, /* any text, up to the end; only for the last parameter */
};

/**
 * struct suptree_parameter - a parameter of an operation
 * @name: of a-z, 0-9 and '_', at most 63 bytes; not timeout_ms
 * @help: one line, at most 200 bytes; may be NULL
 * @type: its type
 * @optional: it may be left out, and then all parameters after it too
 */
struct suptree_parameter {
	const char *name;
	const char *help;
	enum suptree_type type;
	bool optional;
};

/**
 * struct suptree_operation - an operation that a server offers
 * @name: like the name of a parameter
 * @summary: one line, at most 200 bytes
 * @parameters: in the order in which they are sent; the first one without a name ends
 *              the list
 * @reads: the operation changes nothing
 */
struct suptree_operation {
	const char *name;
	const char *summary;
	struct suptree_parameter parameters[SUPTREE_MAX_PARAMETERS];
	bool reads;
};

/**
 * suptree_offer() - offer operations to users and other processes
 * @self: a supervised process
 * @operations: the operations, at most 64 for one process; the first one without a name
 *              ends the list. An operation replaces an earlier one with the same name
 *
 * They are in the list of all operations, in help, and in the console, until the
 * process ends or calls suptree_withdraw(). The name of each is x.NAME.OPERATION, where
 * NAME is a name as for suptree_call(): `suptree x.stack.push hello`, or on the control
 * socket the method x.stack.push with {"word": "hello"}. The daemon checks the
 * parameters. handle_call gets the call as the words "push hello", and its reply is the
 * result.
 *
 * Return: 0; -EINVAL: an operation is wrong, suptree_error() explains it, and the
 * operations before it are offered; -E2BIG: too many; -ESRCH: this process is not
 * supervised; -ENOTCONN; -ENOMEM.
 */
int suptree_offer(struct suptree *self, const struct suptree_operation *operations);

/* Return: 0; -ENOENT: this process does not offer that operation; -ENOTCONN. */
int suptree_withdraw(struct suptree *self, const char *name);

#ifdef __cplusplus
}
#endif

#endif
