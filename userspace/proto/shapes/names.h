/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of names, groups, monitors and offered operations. shapes.h explains the
 * notation.
 */
#ifndef ST_PROTO_SHAPES_NAMES_H
#define ST_PROTO_SHAPES_NAMES_H

/* clang-format off */

#define ST_NAMES_SHAPES(S) \
	S(PROCESS, "Process", OBJECT, "A process of a child") \
	S(PROCESSES, "Processes", PLAIN, "Processes of children") \
	S(CONNECTED, "Connected", OBJECT, \
	  "The process; a connection to it comes with the first byte of " \
	  "the answer, as a descriptor (SCM_RIGHTS)") \
	S(NAME, "Name", OBJECT, "A registered name") \
	S(NAMES, "Names", PLAIN, "Registered names") \
	S(MEMBER, "Member", OBJECT, "A member of a group") \
	S(GROUPS, "Groups", PLAIN, "Members of all groups") \
	S(MONITOR, "Monitor", OBJECT, "A monitor; one notification down follows") \
	S(REPLY, "Reply", OBJECT, "What a process answered")

#define ST_PROCESS_FIELDS(F) \
	F("path", TEXT, OPT, "the child; missing while its end is being handled") \
	F("pid", COUNT, REQ, "its process") \
	F("generation", COUNT, REQ, "the number of its incarnation") \
	F("uid", COUNT, REQ, "the user as which it was started")
#define ST_FIELDS_PROCESS(F) ST_PROCESS_FIELDS(F)
#define ST_FIELDS_PROCESSES(F) \
	F("processes", LIST(SHAPE(PROCESS)), REQ, "the processes")
#define ST_FIELDS_CONNECTED(F) \
	ST_PROCESS_FIELDS(F) \
	F("link", TRUE, OPT, "the caller may link itself to the process")
#define ST_FIELDS_NAME(F) \
	F("name", TEXT, REQ, "the name") \
	F("path", TEXT, OPT, "the child; missing while its end is being handled") \
	F("pid", COUNT, OPT, "its process") \
	F("generation", COUNT, OPT, "the number of its incarnation") \
	F("uid", COUNT, OPT, "the user as which it was started")
#define ST_FIELDS_NAMES(F) \
	F("names", LIST(SHAPE(NAME)), REQ, "the names")
#define ST_FIELDS_MEMBER(F) \
	F("group", TEXT, REQ, "the group") \
	ST_PROCESS_FIELDS(F)
#define ST_FIELDS_GROUPS(F) \
	F("members", LIST(SHAPE(MEMBER)), REQ, "the members, once for each membership")
#define ST_FIELDS_MONITOR(F) \
	F("ref", COUNT, REQ, "its number") \
	F("path", TEXT, REQ, "the child; empty: not known") \
	F("generation", COUNT, REQ, "the incarnation that is watched; 0: there is none")
#define ST_FIELDS_REPLY(F) \
	F("reply", TEXT, REQ, "the text")

/* clang-format on */

#endif
