/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the number in a request to the process it means. Called by request.c in the
 * sender's context.
 */
#ifndef _SUPTREE_PROCESS_H
#define _SUPTREE_PROCESS_H

struct genl_info;
struct st_watch;

/*
 * The process that the request's PID names, to be watched.
 * Return: a watch that is not armed, of no node; NULL: PID is 0 or absent;
 * ERR_PTR(-ESRCH, -ECHILD or -ENOMEM), with the reason in @info's extack.
 */
struct st_watch *st_process_of(struct genl_info *info);

#endif /* _SUPTREE_PROCESS_H */
