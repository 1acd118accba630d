/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hooks: which BPF program sees what, and whether this kernel takes it. That is
 * found out by looking at the kernel's BTF and then by loading it, never by version.
 */
#ifndef ST_TRACER_HOOKS_H
#define ST_TRACER_HOOKS_H

#include <linux/types.h>
#include <stdbool.h>

#include "base/compiler.h"

#include "record.h"

enum st_tier {
	ST_TIER_TRACEPOINT,
	ST_TIER_FUNCTION
};

struct st_hook {
	const char *program; /* its name in bpf/ */
	enum st_record_kind kind;
	enum st_tier tier;
	const char *target;
	bool inherits; /* needed whatever kinds are asked for: who is watched */
	unsigned int nr_parameters; /* that the program reads; the kernel may have more */
};

extern const struct st_hook st_hooks[];
extern const unsigned int st_nr_hooks;

struct btf;

/**
 * st_hook_shape() - does the kernel have what a hook wants?
 * @hook: one of st_hooks
 * @kernel: the kernel's types
 *
 * Return: NULL: yes; else why not, in words.
 */
const char *st_hook_shape(const struct st_hook *hook, const struct btf *kernel);

#endif
