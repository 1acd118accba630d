/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The groups of operations: the sections of help, the tags of OpenAPI, the
 * menus of a page. Each row of ops.h and each verb of the CLI belongs to one
 * group. Help shows the groups in this order.
 */
#ifndef ST_PROTO_GROUPS_H
#define ST_PROTO_GROUPS_H

/* X(member, name, title) */
#define ST_GROUP_LIST(X) \
	X(LOOK, "look", "Look") \
	X(FOLLOW, "follow", "Follow and wait") \
	X(SUPERVISE, "supervise", "Start, stop and change children") \
	X(CONFIGURE, "configure", "Configurations") \
	X(NAMES, "names", "Names, groups and monitors") \
	X(TALK, "talk", "Talk to processes") \
	X(TRACE, "trace", "Trace messages") \
	X(SYSTEM, "system", "The whole system") \
	X(DAEMON, "daemon", "The daemon") \
	X(PROGRAM, "program", "This program") \
	X(PROCESS, "process", "Only for supervised processes, and for trying what they do")

#define ST_GROUP_MEMBER(member, name, title) ST_GROUP_##member,
enum st_group {
	ST_GROUP_LIST(ST_GROUP_MEMBER) ST_GROUP__MAX
};
#undef ST_GROUP_MEMBER

struct st_group_row {
	const char *name;
	const char *title;
};

/* Indexed by enum st_group. */
extern const struct st_group_row st_groups[ST_GROUP__MAX];

#endif
