/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binder: documents to specifications, for files and for requests.
 *
 * It goes through the table of keys (keys.h) in OTP's order of checking and adds every
 * mistake to the diagnostics. It makes a specification only if there are none, including
 * mistakes of reading the document (a key that is given twice). It starts nothing, and
 * looks up no user, path or program: that happens at the start.
 *
 *   node --bind--> struct st_child_def, st_sup_flags --core/spec.h--> spec
 */
#ifndef ST_CONFIG_BIND_H
#define ST_CONFIG_BIND_H

#include "base/buf.h"
#include "base/compiler.h"
#include "config/diag.h"
#include "config/doc.h"
#include "core/spec.h"

enum st_bind_mode {
	/* Unknown keys are mistakes; durations and command lines may be text. */
	ST_BIND_STRICT,
	/*
	 * The same for what core has written: a change of flags alone [K1] may have left a
	 * supervisor with children that do not fit them [V4].
	 */
	ST_BIND_STATE,
	/*
	 * The same for the daemon's root supervisor and its children: it must
	 * not be dynamic, and a supervisor right below it is transient unless
	 * set otherwise, so that a tree that gave up stays visible as stopped.
	 */
	ST_BIND_ROOT,
	/*
	 * As OTP: unknown keys are ignored, start must be a list, and a nested
	 * supervisor with an invalid specification is bound to one that fails
	 * when it is started. [V1] [V2] [A5]
	 */
	ST_BIND_OTP,
};

/**
 * st_bind_sup() - bind a supervisor's specification
 * @node: a map with strategy, intensity, ..., children
 * @mode: how strict
 * @diags: gets the mistakes, in OTP's order
 * @ret_spec: one reference
 *
 * Return: 0 and @ret_spec; -EINVAL with the mistakes in @diags; -ENOMEM.
 */
int st_bind_sup(const struct st_doc_node *node, enum st_bind_mode mode, struct st_diags *diags,
		struct st_sup_spec **ret_spec) __must_check;

/**
 * st_bind_child() - bind one child spec, for example of start_child [C1]
 * @node: a map with id, start, ...
 * @mode: how strict; ST_BIND_ROOT: the child is for the root
 * @flags: of the supervisor it is for; NULL skips what needs them [V4]
 * @diags: gets the mistakes, in OTP's order
 * @ret_spec: one reference
 *
 * Return: 0 and @ret_spec; -EINVAL with the mistakes in @diags; -ENOMEM.
 */
int st_bind_child(const struct st_doc_node *node, enum st_bind_mode mode,
		  const struct st_sup_flags *flags, struct st_diags *diags,
		  struct st_child_spec **ret_spec) __must_check;

/**
 * st_bind_check_children() - check a list of child specs: check_childspecs [V3]
 * @node: a sequence of child specs
 * @mode: how strict
 * @flags: as st_bind_child()
 * @diags: gets the mistakes, duplicate ids included, in OTP's order
 *
 * Return: 0, -EINVAL with the mistakes in @diags, -ENOMEM.
 */
int st_bind_check_children(const struct st_doc_node *node, enum st_bind_mode mode,
			   const struct st_sup_flags *flags, struct st_diags *diags) __must_check;

/**
 * st_bind_sup_flags() - change some of a supervisor's flags
 * @node: a map with strategy, intensity, period, auto_shutdown, max_children
 * @mode: how strict
 * @diags: gets the mistakes, in OTP's order
 * @flags: keys that are not in @node stay; unchanged on error
 *
 * Return: 0, -EINVAL with the mistakes in @diags, -ENOMEM.
 */
int st_bind_sup_flags(const struct st_doc_node *node, enum st_bind_mode mode,
		      struct st_diags *diags, struct st_sup_flags *flags) __must_check;

#endif
