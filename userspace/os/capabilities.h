/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a daemon that is root may do by mistake: capabilities(7) that neither it
 * nor a child before its exec needs are taken out of its effective set, once it
 * has started. Called by main() only.
 *
 * Children lose nothing. A program that root executes gets all of the bounding set
 * again, which is left alone, as are the other sets:
 * - permitted: a root child with `no_new_privs` gets no more than its parent was
 *   permitted; it must be able to be full root, and may be configured tomorrow;
 * - bounding and securebits: no child would ever be full root again, nor could a
 *   program with file capabilities get them;
 * - inheritable and ambient: whoever set them for this daemon meant its children;
 * - no_new_privs: set-uid programs below the daemon would not work.
 * So this guards against mistakes, and not against one who runs code in here.
 */
#ifndef ST_OS_CAPABILITIES_H
#define ST_OS_CAPABILITIES_H

#include <stdint.h>

#include "base/compiler.h"

/* X(capability, what for): what is kept; README.md says the same. */
#define ST_CAPABILITIES(X) \
	X(CAP_CHOWN, "log files of children: their group") \
	X(CAP_DAC_OVERRIDE, "working directories, programs, log files and cgroups of others") \
	X(CAP_KILL, "children of other users") \
	X(CAP_NET_ADMIN, "the kernel module takes a tree from nobody else") \
	X(CAP_SETGID, "children of other users") \
	X(CAP_SETUID, "children of other users") \
	X(CAP_SYS_NICE, "children that are less nice than the daemon") \
	X(CAP_SYS_PTRACE, "/proc of children of other users, and kcmp(2)") \
	X(CAP_SYS_RESOURCE, "limits above the daemon's own, oom_score_adj below it")

/**
 * st_capabilities_kept() - which are kept
 *
 * Return: as bits.
 */
uint64_t st_capabilities_kept(void);

/**
 * st_capabilities_limit() - make all others ineffective
 *
 * Does nothing without root: what such a daemon has somebody gave it for a reason.
 *
 * Return: 0 or -errno.
 */
int st_capabilities_limit(void) __must_check;

#endif
