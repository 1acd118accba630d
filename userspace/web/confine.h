/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gives up all rights that the gateway does not need. It reads requests of
 * strangers, so it is to be worth little to the one who takes it over.
 */
#ifndef ST_WEB_CONFINE_H
#define ST_WEB_CONFINE_H

#include "base/buf.h"
#include "base/compiler.h"

/**
 * st_confine_become() - become another user, without any capability
 * @user: name of the user, with the groups that he has; NULL: stay who we are
 * @why: on failure: what failed
 *
 * root must name a user. Then also no_new_privs is set.
 *
 * Return: 0 or -errno.
 */
int st_confine_become(const char *user, struct st_buf *why) __must_check;

/**
 * st_confine_files() - open no file any more, with Landlock
 *
 * Return: 0; -ENOSYS or -EOPNOTSUPP: this kernel has no Landlock; -errno.
 */
int st_confine_files(void) __must_check;

/**
 * st_confine_calls() - make no system call but those of a running gateway, with seccomp
 *
 * Any other call fails with EPERM.
 *
 * Return: 0 or -errno.
 */
int st_confine_calls(void) __must_check;

#endif
