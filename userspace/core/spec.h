/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Specifications: what a supervisor and its children are to be. [V1] [V6]
 *
 * A child spec is immutable and counted; a running child, its supervisor's
 * specification and a pending request may all hold the same one. It is one
 * block of memory, strings included. A supervisor's specification is a set of
 * flags and an ordered list of child specs. Both are made from plain structs
 * of the caller (the binder in config/), which are copied.
 *
 * Nothing here reads a file or knows YAML; nothing here starts anything.
 */
#ifndef ST_CORE_SPEC_H
#define ST_CORE_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "core/reason.h"
#include "core/service.h"

/* name, text: the X-macro is the only list of each set of words */
#define ST_STRATEGY_LIST(X) \
	X(ST_STRATEGY_ONE_FOR_ONE, "one_for_one") \
	X(ST_STRATEGY_ONE_FOR_ALL, "one_for_all") \
	X(ST_STRATEGY_REST_FOR_ONE, "rest_for_one") \
	X(ST_STRATEGY_SIMPLE_ONE_FOR_ONE, "simple_one_for_one") \
	X(ST_STRATEGY_DYNAMIC, "dynamic") /* Elixir's DynamicSupervisor [X1] */

#define ST_AUTO_SHUTDOWN_LIST(X) \
	X(ST_AUTO_SHUTDOWN_NEVER, "never") \
	X(ST_AUTO_SHUTDOWN_ANY_SIGNIFICANT, "any_significant") \
	X(ST_AUTO_SHUTDOWN_ALL_SIGNIFICANT, "all_significant")

#define ST_RESTART_LIST(X) \
	X(ST_RESTART_PERMANENT, "permanent") \
	X(ST_RESTART_TRANSIENT, "transient") \
	X(ST_RESTART_TEMPORARY, "temporary")

#define ST_CHILD_TYPE_LIST(X) \
	X(ST_CHILD_TYPE_WORKER, "worker") \
	X(ST_CHILD_TYPE_SUPERVISOR, "supervisor")

#define ST_SHUTDOWN_LIST(X) \
	X(ST_SHUTDOWN_BRUTAL_KILL, "brutal_kill") \
	X(ST_SHUTDOWN_TIMEOUT, "timeout") \
	X(ST_SHUTDOWN_INFINITY, "infinity")

#define ST_READY_LIST(X) \
	X(ST_READY_EXEC, "exec") \
	X(ST_READY_NOTIFY, "notify") \
	X(ST_READY_EXIT, "exit") /* ended with status 0 [X8] */ \
	X(ST_READY_PROBE, "probe") /* its first probe succeeded [X11] */ \
	X(ST_READY_FD, "fd")

/* The role that may see what traced messages below a supervisor contain. */
#define ST_TRACE_PAYLOAD_LIST(X) \
	X(ST_TRACE_PAYLOAD_INHERIT, "inherit") /* as the supervisor above; the root: admin */ \
	X(ST_TRACE_PAYLOAD_ADMIN, "admin") \
	X(ST_TRACE_PAYLOAD_OPERATOR, "operator")

/* Which processes may send messages to $NOTIFY_SOCKET. */
#define ST_NOTIFY_ACCESS_LIST(X) \
	X(ST_NOTIFY_ACCESS_DESCENDANTS, "descendants") \
	X(ST_NOTIFY_ACCESS_MAIN, "main")

#define ST_OUTPUT_LIST(X) \
	X(ST_OUTPUT_RING, "ring") /* kept in the child's output ring */ \
	X(ST_OUTPUT_NULL, "null") \
	X(ST_OUTPUT_INHERIT, "inherit")

/* From whom a server takes messages, or links: a later one allows all that an earlier one does. */
#define ST_ACCEPT_LIST(X) \
	X(ST_ACCEPT_DEFAULT, "default") /* whom the server itself says */ \
	X(ST_ACCEPT_NONE, "none") \
	X(ST_ACCEPT_SAME_USER, "same_user") \
	X(ST_ACCEPT_TREE, "tree") \
	X(ST_ACCEPT_ANYONE, "anyone")

/* What a probe does, and what follows when it has failed too often. [X11] */
#define ST_PROBE_LIST(X) \
	X(ST_PROBE_COMMAND, "command") \
	X(ST_PROBE_TCP, "tcp") \
	X(ST_PROBE_HTTP, "http")

#define ST_ON_FAILURE_LIST(X) \
	X(ST_ON_FAILURE_KILL, "kill") \
	X(ST_ON_FAILURE_SHUTDOWN, "shutdown")

#define ST_ENUM_MEMBER(name, text) name,
enum st_strategy {
	ST_STRATEGY_LIST(ST_ENUM_MEMBER) ST_STRATEGY__MAX
};
enum st_auto_shutdown {
	ST_AUTO_SHUTDOWN_LIST(ST_ENUM_MEMBER) ST_AUTO_SHUTDOWN__MAX
};
enum st_restart {
	ST_RESTART_LIST(ST_ENUM_MEMBER) ST_RESTART__MAX
} __packed; /* one byte in each of many child specs */
enum st_child_type {
	ST_CHILD_TYPE_LIST(ST_ENUM_MEMBER) ST_CHILD_TYPE__MAX
} __packed;
enum st_shutdown_type {
	ST_SHUTDOWN_LIST(ST_ENUM_MEMBER) ST_SHUTDOWN__MAX
};
enum st_probe_type {
	ST_PROBE_LIST(ST_ENUM_MEMBER) ST_PROBE__MAX
} __packed;
enum st_on_failure {
	ST_ON_FAILURE_LIST(ST_ENUM_MEMBER) ST_ON_FAILURE__MAX
} __packed;
enum st_ready {
	ST_READY_LIST(ST_ENUM_MEMBER) ST_READY__MAX
} __packed;
enum st_notify_access {
	ST_NOTIFY_ACCESS_LIST(ST_ENUM_MEMBER) ST_NOTIFY_ACCESS__MAX
} __packed;
enum st_output {
	ST_OUTPUT_LIST(ST_ENUM_MEMBER) ST_OUTPUT__MAX
} __packed;
enum st_trace_payload {
	ST_TRACE_PAYLOAD_LIST(ST_ENUM_MEMBER) ST_TRACE_PAYLOAD__MAX
};

enum st_accept {
	ST_ACCEPT_LIST(ST_ENUM_MEMBER) ST_ACCEPT__MAX
} __packed;

/* Text of each value, indexed by the enum. */
extern const char *const st_strategy_text[ST_STRATEGY__MAX];
extern const char *const st_auto_shutdown_text[ST_AUTO_SHUTDOWN__MAX];
extern const char *const st_restart_text[ST_RESTART__MAX];
extern const char *const st_child_type_text[ST_CHILD_TYPE__MAX];
extern const char *const st_shutdown_text[ST_SHUTDOWN__MAX];
extern const char *const st_ready_text[ST_READY__MAX];
extern const char *const st_notify_access_text[ST_NOTIFY_ACCESS__MAX];
extern const char *const st_output_text[ST_OUTPUT__MAX];
extern const char *const st_trace_payload_text[ST_TRACE_PAYLOAD__MAX];
extern const char *const st_accept_text[ST_ACCEPT__MAX];
extern const char *const st_probe_text[ST_PROBE__MAX];
extern const char *const st_on_failure_text[ST_ON_FAILURE__MAX];

/**
 * st_text_index() - find a word in one of the tables above
 * @table: the table
 * @nr: its length
 * @text: the word
 *
 * Return: the enum's value, or -EINVAL.
 */
int st_text_index(const char *const *table, int nr, const char *text) __must_check;

struct st_shutdown {
	enum st_shutdown_type type;
	uint32_t timeout_ms; /* TIMEOUT; 0 means SIGTERM and SIGKILL at once [G3] */
};

/* Not OTP, off by default (min_ms == 0): wait before a restart. */
struct st_backoff {
	uint32_t min_ms;
	uint32_t max_ms;
	uint32_t jitter_percent; /* 0..100 of the delay, taken off at random */
};

struct st_rlimit {
	int resource; /* RLIMIT_* */
	uint64_t soft; /* UINT64_MAX: infinity */
	uint64_t hard;
};

/* "nofile" of RLIMIT_NOFILE: the kernel's names, without the prefix. */
const char *st_rlimit_name(int resource);

/* How to ask a process whether it is well. Core only looks at ->on_failure. [X11] */
struct st_probe_spec {
	const char *const *argv; /* COMMAND */
	const char *address; /* TCP, HTTP: as base/address.h reads it */
	uint32_t nr_args;
	uint32_t interval_ms;
	uint32_t timeout_ms; /* of one probe */
	uint32_t failures; /* in a row; 0: the probe only decides when it is ready */
	enum st_probe_type type;
	enum st_on_failure on_failure;
};

/* Where lines of output go in addition to the ring. */
enum st_log_to {
	ST_LOG_UNSET, /* use the log of the supervisor above; the root: nowhere */
	ST_LOG_NONE,
	ST_LOG_JOURNAL,
	ST_LOG_FILE,
	ST_LOG_FOLDER, /* a file for each child below it */
};

struct st_log_spec {
	const char *path; /* FILE, FOLDER: absolute */
	const char *stderr_path; /* the same for standard error alone; NULL: @path */
	uint64_t max_size; /* bytes; 0: no limit */
	enum st_log_to to;
	uint32_t max_age_s; /* 0: no limit */
	uint32_t keep; /* old files */
	bool timestamps; /* lines begin with time, child and stream */
};

/*
 * How a worker's process is started. Core passes it on and never looks inside. Each
 * child has one, so the members are in an order without padding.
 */
struct st_process_spec {
	const char *const *argv; /* argv[0] is searched in PATH unless it has a '/' */
	const char *const *env; /* "NAME=value", added to what is inherited */
	const char *const *env_files; /* paths, with - before it: it may be missing */
	const struct st_rlimit *rlimits;
	const char *cwd; /* NULL: the daemon's */
	const char *user; /* name or number; NULL: the daemon's */
	const char *group; /* NULL: the user's */
	const struct st_log_spec *log; /* for OUTPUT_RING; NULL: as the supervisor */
	const struct st_probe_spec *probe; /* NULL: none */
	uint32_t nr_args;
	uint32_t nr_env;
	uint32_t nr_env_files;
	uint32_t nr_rlimits;
	int ready_fd; /* READY_FD: the descriptor's number in the child */
	int16_t umask; /* 0..0777, or -1: the daemon's */
	int16_t oom_score_adj; /* -1000..1000, as proc(5) has it */
	int16_t nice; /* -20..19, added to nothing: the value to have */
	enum st_output out; /* standard output and standard error */
	enum st_ready ready;
	enum st_notify_access notify_access;
	enum st_accept accept; /* who may call the server, and cast to it */
	enum st_accept accept_links; /* who may link itself to the server */
	enum st_service_id service; /* of suptree itself [X13] */
	uint8_t stop_signal; /* 0: SIGTERM [X6] */
	bool has_nice;
	bool has_oom_score_adj;
	bool clear_env; /* inherit nothing but PATH */
	bool no_new_privs;
	bool kill_subtree; /* stop all descendants with the child [G9] */
};

/* The words of a child spec, as the caller has them; copied by _new(). */
struct st_child_def {
	const char *id;
	enum st_restart restart;
	enum st_child_type type;
	bool significant;
	bool start_later; /* start_now: false [X7] */
	struct st_shutdown shutdown;
	uint32_t start_timeout_ms; /* 0: none, as in OTP */
	uint32_t min_uptime_ms; /* 0: none, as in OTP [X9] */
	struct st_backoff backoff;
	struct st_process_spec process; /* workers */
	struct st_sup_spec *sup; /* supervisors: a reference is added */
};

struct st_child_spec {
	unsigned int refs;
	struct st_child_def def; /* all pointers into this block */
};

struct st_sup_flags {
	enum st_strategy strategy;
	uint32_t intensity; /* restarts allowed in a period [E1] */
	uint32_t period_s; /* seconds [E4] */
	enum st_auto_shutdown auto_shutdown;
	uint32_t max_children; /* DYNAMIC; 0: no limit [X1] */
	uint32_t partitions; /* the number of copies that the children are; 0: they are none [X5] */
};

/* The result of the supervisor's init/1. [A3] */
enum st_init {
	ST_INIT_OK,
	ST_INIT_IGNORE,
	ST_INIT_ERROR, /* its specification is one that OTP refuses */
};

struct st_sup_spec {
	unsigned int refs;
	struct st_sup_flags flags;
	enum st_init init;
	char *error; /* INIT_ERROR: the term as JSON; owned */
	struct st_log_spec log; /* for all children below that have none */
	char *log_path; /* log.path and log.stderr_path; owned */
	enum st_trace_payload trace_payload;
	uint64_t changed; /* the number of the change that brought it; 0: none [K7] [K9] */
	uint32_t nr_children;
	struct st_child_spec **children; /* a reference each */
	struct st_sup_spec *next_dead; /* spec.c, while the last reference goes */
};

/* OTP's errors about specifications; the text is OTP's word. [V1] [V2] [V4] */
#define ST_SPEC_ERROR_LIST(X) \
	X(ST_SPEC_NONE, "ok") \
	X(ST_SPEC_INVALID_STRATEGY, "invalid_strategy") \
	X(ST_SPEC_INVALID_INTENSITY, "invalid_intensity") \
	X(ST_SPEC_INVALID_PERIOD, "invalid_period") \
	X(ST_SPEC_INVALID_AUTO_SHUTDOWN, "invalid_auto_shutdown") \
	X(ST_SPEC_INVALID_CHILD_SPEC, "invalid_child_spec") \
	X(ST_SPEC_MISSING_ID, "missing_id") \
	X(ST_SPEC_MISSING_START, "missing_start") \
	X(ST_SPEC_INVALID_MFA, "invalid_mfa") \
	X(ST_SPEC_INVALID_RESTART_TYPE, "invalid_restart_type") \
	X(ST_SPEC_BAD_COMBINATION_AUTO_SHUTDOWN, "bad_combination") /* [V4] never */ \
	X(ST_SPEC_BAD_COMBINATION_RESTART, "bad_combination") /* [V4] permanent */ \
	X(ST_SPEC_INVALID_SIGNIFICANT, "invalid_significant") \
	X(ST_SPEC_INVALID_CHILD_TYPE, "invalid_child_type") \
	X(ST_SPEC_INVALID_SHUTDOWN, "invalid_shutdown") \
	X(ST_SPEC_DUPLICATE_CHILD_NAME, "duplicate_child_name") \
	X(ST_SPEC_BAD_START_SPEC, "bad_start_spec")

enum st_spec_error {
	ST_SPEC_ERROR_LIST(ST_ENUM_MEMBER) ST_SPEC__MAX
};
#undef ST_ENUM_MEMBER

extern const char *const st_spec_error_text[ST_SPEC__MAX];

/**
 * st_child_def_init() - fill in OTP's defaults [V6]
 * @def: permanent worker, shutdown 5000 ms, significant false, ready exec,
 *       output ring, no id and no start
 */
void st_child_def_init(struct st_child_def *def);

/**
 * st_sup_flags_init() - fill in OTP's defaults: one_for_one, 1 in 5 s, never [V1]
 * @flags: the flags
 */
void st_sup_flags_init(struct st_sup_flags *flags);

/**
 * st_child_spec_new() - make a child spec
 * @def: its words; everything is copied, @def->sup gains a reference
 *
 * Return: a spec with one reference (st_child_spec_put), or NULL: no memory.
 */
struct st_child_spec *st_child_spec_new(const struct st_child_def *def) __must_check;
struct st_child_spec *st_child_spec_get(struct st_child_spec *spec);
void st_child_spec_put(struct st_child_spec *spec); /* NULL is allowed */

/**
 * st_sup_spec_new() - make a supervisor's specification
 * @flags: copied
 * @children: child specs in start order; each gains a reference
 * @nr: their number
 *
 * Return: a specification with one reference, or NULL: no memory.
 */
struct st_sup_spec *st_sup_spec_new(const struct st_sup_flags *flags,
				    struct st_child_spec *const *children,
				    uint32_t nr) __must_check;
struct st_sup_spec *st_sup_spec_new_ignore(void) __must_check;

/**
 * st_sup_spec_new_error() - a specification whose start fails with a term
 * @json: the reason as JSON, copied; for example {"supervisor_data":...}
 *
 * Return: a specification with one reference, or NULL: no memory.
 */
struct st_sup_spec *st_sup_spec_new_error(const char *json) __must_check;

/**
 * st_sup_spec_set_log() - set where the output of the children below goes
 * @spec: a new specification, to which there is no other reference yet
 * @log: copied
 *
 * Return: 0 or -ENOMEM, which leaves @spec as it was.
 */
int st_sup_spec_set_log(struct st_sup_spec *spec, const struct st_log_spec *log) __must_check;

/* The signal that asks a process to end: its stop_signal, or SIGTERM. [X6] */
int st_stop_signal(const struct st_process_spec *process);

/* Whether two are the same, and UNSET is the same as UNSET only. */
bool st_log_spec_is_same(const struct st_log_spec *a, const struct st_log_spec *b);
struct st_sup_spec *st_sup_spec_get(struct st_sup_spec *spec);
void st_sup_spec_put(struct st_sup_spec *spec); /* NULL is allowed */

/**
 * st_child_def_check() - the rules between the words of one child spec [V4]
 * @def: a spec whose words are valid by themselves
 * @flags: of the supervisor it is for; NULL skips the checks that need them
 *
 * Return: ST_SPEC_NONE, or the first error in OTP's order.
 */
enum st_spec_error st_child_def_check(const struct st_child_def *def,
				      const struct st_sup_flags *flags);

/**
 * st_id_is_valid() - whether a text can be the id of a child
 * @id: 1..ST_MAX_ID_LEN bytes of UTF-8, no '/', plain characters only
 *	(base/character.h), not "." or ".."
 *
 * Return: true if so.
 */
bool st_id_is_valid(const char *id);

/**
 * st_child_spec_write() - append a child spec as one line of JSON
 * @spec: the spec; a supervisor's children are written inside
 * @out: where to; the binder of config/ reads the same form back
 */
void st_child_spec_write(const struct st_child_spec *spec, struct st_buf *out);
void st_sup_spec_write(const struct st_sup_spec *spec, struct st_buf *out);
void st_sup_flags_write(const struct st_sup_flags *flags, struct st_buf *out);

/**
 * st_child_spec_write_public() - append a child spec without its secrets
 * @spec: the spec; a supervisor's children are written inside
 * @out: where to; the value of each environment variable is null
 */
void st_child_spec_write_public(const struct st_child_spec *spec, struct st_buf *out);

#endif
