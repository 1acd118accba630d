/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binder's inside: what its files share, and the functions that the table
 * of keys (keys.c) names.
 *
 *   bind.c        maps, entry points    bind_children.c      lists, equal ids
 *   bind_sup.c    supervisors           bind_start.c         command lines
 *   bind_child.c  OTP's words           bind_backoff.c
 *   bind_value.c  numbers, times        bind_process.c, bind_process_maps.c
 *   bind_partitions.c  copies
 *   bind_services.c               bind_log.c, bind_probe.c
 *
 * Drafts hold the words until everything is right; their texts live in the
 * binder's arena. Want of memory is remembered in ->no_memory and answered at
 * the end, as st_buf does.
 */
#ifndef ST_CONFIG_BINDER_H
#define ST_CONFIG_BINDER_H

#include "config/arena.h"
#include "config/bind.h"
#include "config/config.h"
#include "config/keys.h"

struct st_binder {
	enum st_bind_mode mode;
	struct st_diags *diags;
	const struct st_examiner *examiner; /* NULL: none */
	struct st_arena arena;
	bool no_memory;
	uint32_t depth; /* supervisors around what is bound */
	uint32_t nr_children; /* of all supervisors so far */
};

struct st_sup_draft {
	struct st_sup_flags flags;
	bool has_bad_strategy;
	bool has_bad_auto_shutdown;
	enum st_init init;
	const struct st_doc_node *init_error; /* ST_INIT_ERROR: the term */
	struct st_log_spec log;
	enum st_trace_payload trace_payload;
	struct st_child_spec **children; /* a reference each; st_free */
	uint32_t nr_children;
};

struct st_child_draft {
	const struct st_doc_node *node; /* the child's map */
	const struct st_sup_flags *flags; /* of its supervisor, or NULL */
	struct st_child_def def; /* def.sup: a reference of the draft's */
	bool has_bad_restart;
};

struct st_log_draft {
	struct st_log_spec log;
};

struct st_probe_draft {
	struct st_probe_spec *probe;
	unsigned int nr_types; /* command, tcp, http: there must be one */
};

struct st_backoff_draft {
	const struct st_doc_node *node; /* the map */
	struct st_backoff backoff;
	bool has_min;
	bool has_max;
};

/* bind.c */

/**
 * st_bind_map() - bind every key of a map
 * @binder: the binder
 * @node: the map
 * @scope: which keys of the table
 * @draft: handed to their functions
 */
void st_bind_map(struct st_binder *binder, const struct st_doc_node *node, enum st_scope scope,
		 void *draft);

/* Make the specification of the main file's root. As st_bind_sup(); @examiner may be NULL. */
int st_bind_config(const struct st_doc_node *node, const struct st_examiner *examiner,
		   struct st_diags *diags, struct st_sup_spec **ret_spec) __must_check;

/* Whether mistakes were found since there were @nr_found, repeated ones included. */
bool st_bind_has_failed(const struct st_binder *binder, unsigned int nr_found);

/* bind_sup.c, bind_child.c: NULL if there was a mistake or no memory */
struct st_sup_spec *st_bind_sup_node(struct st_binder *binder, const struct st_doc_node *node,
				     enum st_scope scope);
struct st_child_spec *st_bind_child_node(struct st_binder *binder, const struct st_doc_node *node,
					 const struct st_sup_flags *flags);

/**
 * st_bind_child_nodes() - bind a sequence of child specs
 * @binder: the binder
 * @node: the sequence
 * @draft: gets the children; its flags are those of their supervisor
 * @flags: the same, or NULL if they are not known
 */
void st_bind_child_nodes(struct st_binder *binder, const struct st_doc_node *node,
			 struct st_sup_draft *draft, const struct st_sup_flags *flags);

/* bind_partitions.c: make the children of a supervisor with partitions. [X5] */
void st_bind_expand_partitions(struct st_binder *binder, const struct st_doc_node *node,
			       struct st_sup_draft *sup);

/* bind_value.c: true and the value, or false and a mistake reported */
bool st_bind_word(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, int *ret_value);
bool st_bind_bool(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, bool *ret_value);
bool st_bind_int(struct st_binder *binder, const struct st_key *key, const struct st_doc_node *node,
		 int64_t min, int64_t max, int64_t *ret_value);

/* A time in units of @unit_ns; an integer without a unit counts these units. */
bool st_bind_time(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, uint64_t unit_ns, uint64_t max,
		  uint64_t *ret_value);

/* A size in bytes, at least @min. */
bool st_bind_size(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, uint64_t min, uint64_t *ret_value);

/* An absolute path, or NULL and a mistake reported. */
const char *st_bind_path(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node);

/* bind_start.c: set the argv of @process; a mistake is reported. */
void st_bind_command(struct st_binder *binder, const struct st_key *key,
		     const struct st_doc_node *node, struct st_process_spec *process);

/* A copy of a scalar's text; NULL sets ->no_memory. */
const char *st_bind_text(struct st_binder *binder, const struct st_doc_node *node);

/* Memory of the binder; NULL sets ->no_memory. */
void *st_bind_alloc(struct st_binder *binder, size_t nr, size_t size);

/* The functions of the table. */
st_bind_fn st_bind_strategy, st_bind_intensity, st_bind_period, st_bind_auto_shutdown,
	st_bind_max_children, st_bind_partitions, st_bind_init, st_bind_children;
st_bind_fn st_bind_id, st_bind_start, st_bind_supervisor, st_bind_restart, st_bind_significant,
	st_bind_type, st_bind_shutdown, st_bind_start_now, st_bind_start_timeout, st_bind_backoff,
	st_bind_min_uptime;
st_bind_fn st_bind_backoff_min, st_bind_backoff_max, st_bind_backoff_jitter;
st_bind_fn st_bind_ready, st_bind_notify_access, st_bind_environment, st_bind_environment_file,
	st_bind_clear_environment, st_bind_cwd, st_bind_user, st_bind_group, st_bind_umask,
	st_bind_nice, st_bind_oom_score_adj, st_bind_limits, st_bind_output, st_bind_accept,
	st_bind_accept_links, st_bind_kill_subtree, st_bind_stop_signal, st_bind_no_new_privs;
st_bind_fn st_bind_trace, st_bind_trace_payload;
st_bind_fn st_bind_services, st_bind_service, st_bind_service_folder, st_bind_service_time,
	st_bind_service_size, st_bind_service_word, st_bind_service_address, st_bind_service_writes,
	st_bind_child_service;
st_bind_fn st_bind_probe, st_bind_probe_command, st_bind_probe_tcp, st_bind_probe_http,
	st_bind_probe_interval, st_bind_probe_timeout, st_bind_probe_failures,
	st_bind_probe_on_failure;
st_bind_fn st_bind_log, st_bind_sup_log, st_bind_log_file, st_bind_log_folder, st_bind_log_stderr,
	st_bind_log_max_size, st_bind_log_max_age, st_bind_log_keep, st_bind_log_timestamps;

#endif
