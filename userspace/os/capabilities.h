/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits what root's daemon can do by mistake. After the start, capabilities(7) that
 * neither the daemon nor a child before its exec needs are removed from the daemon's
 * effective set. Only main() calls this.
 *
 * Children lose nothing. A program that root executes gets the whole bounding set
 * again. The bounding set and the other sets are not changed, for these reasons:
 * - permitted: a root child with `no_new_privs` gets no more than its parent's
 *   permitted set; such a child must be able to be full root, and a later
 *   configuration may ask for one;
 * - bounding and securebits: without them no child could be full root again, and no
 *   program could get its file capabilities;
 * - inheritable and ambient: if they were set for this daemon, its children need them;
 * - no_new_privs: with it set-uid programs below the daemon would not work.
 * So this guards against mistakes, but not against an attacker that runs code in the
 * daemon.
 */
#ifndef ST_OS_CAPABILITIES_H
#define ST_OS_CAPABILITIES_H

#include <stdint.h>

#include "base/compiler.h"

/* X(capability, reason): the capabilities that are kept; README.md has the same list. */
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
 * It does nothing without root: then all capabilities were given on purpose.
 *
 * Return: 0 or -errno.
 */
int st_capabilities_limit(void) __must_check;

#endif
