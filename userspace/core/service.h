/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The services of suptree: programs of its own that the daemon supervises like any
 * child, and what each of them needs. A new service is a line here, its keys in
 * config/keys.c, and, if it serves operations, a line in proto/owners.h.
 *
 * `services:` of a configuration makes the tree `system` of them (config/services.h).
 * The daemon gives them their user, folder and role (daemon/identity.h,
 * daemon/service_folder.h, daemon/control/peer.h). Core only carries the number.
 */
#ifndef ST_CORE_SERVICE_H
#define ST_CORE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define ST_SERVICES_TREE "system" /* the id of the tree of services */

/*
 *   X(MEMBER, name, program, argument, uid, has folder, role, summary)
 * The argument may be NULL. A daemon that runs as root runs the service as the user
 * suptree-NAME if there is one, otherwise as this uid and gid without a name; 0: as the
 * daemon's own user. Any other daemon runs it as its own user. The folder is kept for it
 * over restarts and reboots. The role is what its requests may do while it is supervised.
 */
/* clang-format off */
#define ST_SERVICE_LIST(X) \
	X(JOURNAL, "journal", "suptree-journal", NULL, 61001, true, "viewer", \
	  "keeps every event, and answers questions about the past") \
	X(TRACER, "tracer", "suptree-tracer", "--service", 0, false, "admin", \
	  "shows which process sends what to which, and who sent a signal") \
	X(OBSERVER, "observer", "suptree-observer", "--service", 0, false, "viewer", \
	  "shows all processes of the system, and the machine") \
	X(WEB, "web", "suptree-web", NULL, 61003, false, "viewer", \
	  "serves the REST interface to programs and browsers of this machine")
/* clang-format on */

#define ST_SERVICE_MEMBER(member, ...) ST_SERVICE_##member,
enum st_service_id {
	ST_SERVICE_NONE, /* a child like all others */
	ST_SERVICE_LIST(ST_SERVICE_MEMBER) ST_SERVICE__MAX
} __packed; /* one byte in each of many child specs */
#undef ST_SERVICE_MEMBER

struct st_service_row {
	const char *name;
	const char *user; /* the name, if there is such a user */
	const char *program;
	const char *argument;
	uint32_t uid;
	bool has_folder;
	const char *role;
	const char *summary;
};

/* Indexed by enum st_service_id; that of ST_SERVICE_NONE is empty. */
extern const struct st_service_row st_services[ST_SERVICE__MAX];

/* The names, with "none" first. */
extern const char *const st_service_text[ST_SERVICE__MAX];

struct st_child_spec;

/**
 * st_service_is_in() - whether a child is a service, or a supervisor of services
 * @spec: of the child
 *
 * Return: true if so.
 */
bool st_service_is_in(const struct st_child_spec *spec);

#endif
