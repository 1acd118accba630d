/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gives up all rights but those to look. Only service.c calls this, once.
 *
 * Root's observer keeps two capabilities and becomes a user of its own:
 *
 *	CAP_SYS_PTRACE		descriptors, links, memory and input and output of processes
 *				of other users; the kernel asks for it for each of these
 *	CAP_DAC_READ_SEARCH	the folder /proc/PID/fd, which only its owner may list
 *
 * Any other observer has none, and sees of other users' processes what everybody sees. Then
 * no_new_privs is set, and seccomp lets it open files only to read them, connect to unix
 * sockets, and ask the kernel by netlink. So it changes no file and no process: it has no
 * call to write a file, to send a signal, or to trace.
 */
#ifndef ST_OBSERVER_CONFINE_H
#define ST_OBSERVER_CONFINE_H

#include "base/compiler.h"

/**
 * st_observer_confine() - give up everything else, for good
 * @ret_what: on failure: what failed, a static text
 *
 * Return: 0 or -errno.
 */
int st_observer_confine(const char **ret_what) __must_check;

#endif
