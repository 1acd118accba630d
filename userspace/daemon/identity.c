// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cache of resolved users and groups; see identity.h.
 */
#include "daemon/identity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "core/spec_walk.h"
#include "daemon/log.h"
#include "daemon/start_step.h"
#include "os/folder.h"
#include "os/privilege.h"
#include "os/user_namespace.h"

#define FOLDER_OPTION "--folder="
#define STATE_FOLDER "/var/lib" /* of root */
#define USER_STATE_FOLDER "/.local/state" /* below the home of anyone else */

void st_identities_init(struct st_identities *identities)
{
	*identities = (struct st_identities){ .has_service_users = geteuid() == 0 };
	st_list_init(&identities->list);
	st_list_init(&identities->ahead);
	for (int i = 0; i < ST_SERVICE__MAX; i++)
		identities->has_service_users &= st_user_namespace_has(st_services[i].uid);
}

void st_identity_free(struct st_identity *identity)
{
	st_credentials_done(&identity->credentials);
	for (size_t i = 0; i < ST_IDENTITY_VARIABLES; i++)
		st_free(identity->environment[i]);
	st_free(identity->user);
	st_free(identity->group);
	st_free(identity);
}

static void free_list(struct st_list *list)
{
	while (!st_list_is_empty(list)) {
		struct st_identity *identity = st_list_entry(list->next, struct st_identity, link);

		st_list_del(&identity->link);
		st_identity_free(identity);
	}
}

/* The user of a process by name; NULL: the daemon's own. */
static const char *user_of(const struct st_identities *identities,
			   const struct st_process_spec *process)
{
	const struct st_service_row *service = &st_services[process->service];

	if (process->user || process->group || !identities->has_service_users)
		return process->user;
	return service->uid ? service->user : NULL;
}

void st_identities_done(struct st_identities *identities)
{
	free_list(&identities->list);
	free_list(&identities->ahead);
	for (int i = 0; i < ST_SERVICE__MAX; i++)
		st_free(identities->folders[i]);
}

void st_identities_forget_ahead(struct st_identities *identities)
{
	free_list(&identities->ahead);
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct st_identity *find_in(const struct st_list *list, const char *user, const char *group)
{
	struct st_list *pos;

	st_list_for_each(pos, list) {
		struct st_identity *identity = st_list_entry(pos, struct st_identity, link);

		if (is_same(identity->user, user) && is_same(identity->group, group))
			return identity;
	}
	return NULL;
}

static const struct st_identity *find(const struct st_identities *identities, const char *user,
				      const char *group)
{
	return find_in(&identities->list, user, group);
}

const struct st_credentials *st_identity_find(const struct st_identities *identities,
					      const struct st_process_spec *process)
{
	const char *user = user_of(identities, process);
	const struct st_identity *identity;

	if (!user && !process->group)
		return NULL;
	identity = find(identities, user, process->group);
	return identity ? &identity->credentials : NULL;
}

char *const *st_identity_environment(const struct st_identities *identities, const char *user,
				     const char *group)
{
	const struct st_identity *identity = find(identities, user, group);

	return identity ? identity->environment : NULL;
}

static char *copy_text(const char *text)
{
	size_t size = text ? strlen(text) + 1 : 1;
	char *copy = st_alloc(size);

	if (copy && text)
		memcpy(copy, text, size);
	return copy;
}

static int set_variable(char **variable, const char *name, const char *value)
{
	size_t size = strlen(name) + 1 + strlen(value) + 1;

	*variable = st_alloc(size);
	if (!*variable)
		return -ENOMEM;
	(void)snprintf(*variable, size, "%s=%s", name, value);
	return 0;
}

static int set_environment(struct st_identity *identity)
{
	const struct st_credentials *user = &identity->credentials;
	const struct {
		const char *name;
		const char *value;
	} variables[ST_IDENTITY_VARIABLES] = {
		{ "HOME", user->home ? user->home : "/" },
		{ "USER", user->name ? user->name : identity->user },
		{ "LOGNAME", user->name ? user->name : identity->user },
		{ "SHELL", user->shell ? user->shell : "/bin/sh" },
	};
	int err = 0;

	for (size_t i = 0; !err && i < ST_IDENTITY_VARIABLES; i++)
		err = set_variable(&identity->environment[i], variables[i].name,
				   variables[i].value);
	return err;
}

static const char *error_text(int err)
{
	if (err == -ESRCH)
		return "there is none of that name";
	if (err == -EINVAL)
		return "it is not a name; a number also needs a group";
	return strerror(-err);
}

struct st_identity *st_identity_new(const char *user, const char *group)
{
	struct st_identity *identity = st_alloc(sizeof(*identity));

	if (!identity)
		return NULL;
	st_list_init(&identity->link);
	identity->user = user ? copy_text(user) : NULL;
	identity->group = group ? copy_text(group) : NULL;
	if ((!user || identity->user) && (!group || identity->group))
		return identity;
	st_identity_free(identity);
	return NULL;
}

void st_identity_expect(struct st_identities *identities, struct st_identity *identity)
{
	st_list_add_tail(&identity->link, &identities->ahead);
}

/* What was looked up ahead, or else is looked up now; NULL: no memory. */
static struct st_identity *look_up(struct st_identities *identities, const char *user,
				   const char *group)
{
	struct st_identity *identity = find_in(&identities->ahead, user, group);

	if (identity) {
		st_list_del(&identity->link);
		return identity;
	}
	identity = st_identity_new(user, group);
	if (identity)
		identity->err = st_credentials_resolve(user, group, &identity->credentials,
						       &identity->what);
	return identity;
}

static int resolve(struct st_identities *identities, const struct st_child_def *def,
		   struct st_buf *why)
{
	const char *user = user_of(identities, &def->process), *group = def->process.group;
	struct st_identity *identity = look_up(identities, user, group);
	int err;

	if (!identity)
		return -ENOMEM;
	err = identity->err;
	if (err == -ESRCH && user != def->process.user) { /* its number has no name */
		identity->credentials.uid = st_services[def->process.service].uid;
		identity->credentials.gid = st_services[def->process.service].uid;
		err = 0;
	}
	if (!err && user)
		err = set_environment(identity);
	if (!err) {
		st_list_add_tail(&identity->link, &identities->list);
		return 0;
	}
	if (err != -ENOMEM) {
		st_buf_add_text(why, identity->what);
		st_buf_add_char(why, ' ');
		st_buf_add_text(why, !strcmp(identity->what, "user") ? user : group);
		st_buf_add_text(why, ": ");
		st_buf_add_text(why, error_text(err));
		err = -EINVAL;
	}
	st_identity_free(identity);
	return err;
}

static bool is_unknown(const struct st_identities *identities,
		       const struct st_process_spec *process)
{
	const char *user = user_of(identities, process), *group = process->group;

	return (user || group) && !find(identities, user, group) &&
	       !find_in(&identities->ahead, user, group);
}

bool st_identity_is_unknown(const struct st_identities *identities,
			    const struct st_child_spec *spec)
{
	return !spec->def.sup && is_unknown(identities, &spec->def.process);
}

int st_identity_look_ahead(struct st_identities *identities, const struct st_child_spec *spec)
{
	const struct st_process_spec *process = &spec->def.process;
	struct st_identity *identity;

	if (!st_identity_is_unknown(identities, spec))
		return 0;
	identity = look_up(identities, user_of(identities, process), process->group);
	if (!identity)
		return -ENOMEM;
	st_identity_expect(identities, identity);
	return 0;
}

/*
 * Build a request with the rights that the child needs, and return the step
 * that would be refused.
 */
static enum st_spawn_step refused_step(const struct st_identities *identities,
				       const struct st_process_spec *process)
{
	struct st_limit limits[ST_MAX_RLIMITS];
	struct st_spawn_request request;

	st_spawn_request_init(&request);
	request.limits = limits;
	for (uint32_t i = 0; i < process->nr_rlimits && i < ST_MAX_RLIMITS; i++)
		limits[request.nr_limits++] = (struct st_limit){
			.resource = process->rlimits[i].resource,
			.value = { process->rlimits[i].soft, process->rlimits[i].hard },
		};
	if (process->has_nice)
		request.flags |= ST_SPAWN_SET_NICE;
	request.nice = process->nice;
	if (process->has_oom_score_adj)
		request.flags |= ST_SPAWN_SET_OOM_SCORE;
	request.oom_score_adj = process->oom_score_adj;
	request.credentials = st_identity_find(identities, process);
	return st_privilege_refuses(&request);
}

/* The folder of a service that names none; @ret_path is empty if there is no place for it. */
static void write_folder(const struct st_service_row *service, struct st_buf *ret_path)
{
	const char *given = getenv("STATE_DIRECTORY"); /* systemd.exec(5) */
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (given && *given == '/') {
		st_buf_add(ret_path, given, strcspn(given, ":"));
		st_buf_add_char(ret_path, '/');
		st_buf_add_text(ret_path, service->name);
		return;
	}
	if (geteuid() == 0) {
		st_buf_add_text(ret_path, STATE_FOLDER);
	} else if (state && *state == '/') {
		st_buf_add_text(ret_path, state);
	} else if (home && *home == '/') {
		st_buf_add_text(ret_path, home);
		st_buf_add_text(ret_path, USER_STATE_FOLDER);
	} else {
		return;
	}
	st_buf_add_text(ret_path, "/suptree/");
	st_buf_add_text(ret_path, service->name);
}

/* The folder that an argument names, or NULL. */
static const char *named_folder(const struct st_process_spec *process)
{
	for (uint32_t i = 0; i < process->nr_args; i++)
		if (!strncmp(process->argv[i], FOLDER_OPTION, strlen(FOLDER_OPTION)))
			return process->argv[i] + strlen(FOLDER_OPTION);
	return NULL;
}

static int keep_folder(struct st_identities *identities, enum st_service_id service,
		       const char *path)
{
	if (identities->folders[service])
		return 0;
	return set_variable(&identities->folders[service], "SUPTREE_FOLDER", path);
}

/*
 * Make the folder of a service. The service itself says what it cannot do without one, so
 * this refuses no configuration.
 */
static int make_folder(struct st_identities *identities, const struct st_process_spec *process)
{
	const struct st_service_row *service = &st_services[process->service];
	const struct st_credentials *user = st_identity_find(identities, process);
	const char *named = named_folder(process), *path;
	struct st_buf text = ST_BUF_INIT;
	int err, failure = 0;

	if (!service->has_folder)
		return 0;
	if (named)
		st_buf_add_text(&text, named);
	else
		write_folder(service, &text);
	err = st_buf_get(&text, &path);
	if (!err && *path)
		failure = st_folder_make(path, user ? user->uid : (uid_t)-1,
					 user ? user->gid : (gid_t)-1);
	if (failure)
		st_log("make %s for the %s: %s", path, service->name, strerror(-failure));
	else if (!err && *path && !named)
		err = keep_folder(identities, process->service, path);
	st_buf_done(&text);
	return err;
}

static int prepare(struct st_identities *identities, const struct st_child_def *def,
		   struct st_buf *why)
{
	const struct st_process_spec *process = &def->process;
	enum st_spawn_step step;
	int err = 0;

	if (def->sup)
		return 0;
	if ((user_of(identities, process) || process->group) &&
	    !st_identity_find(identities, process))
		err = resolve(identities, def, why);
	if (!err) {
		step = refused_step(identities, process);
		if (step == ST_SPAWN_STEP_NONE)
			return make_folder(identities, process);
		st_start_step_write(step, process, why);
		st_buf_add_text(why,
				": needs rights that this daemon does not have; run it as root");
		err = -EINVAL;
	}
	if (err == -ENOMEM)
		return err;
	st_buf_add_text(why, " (child ");
	st_buf_add_text(why, def->id);
	st_buf_add_char(why, ')');
	if (!st_buf_error(why))
		return err;
	st_buf_done(why); /* a part of a reason is none */
	return -ENOMEM;
}

int st_identity_prepare_sup(struct st_identities *identities, const struct st_sup_spec *spec,
			    struct st_buf *why)
{
	const struct st_child_spec *child;
	struct st_spec_walk walk;
	int err = 0;

	st_spec_walk_begin(&walk, spec);
	while (!err && (child = st_spec_walk_next(&walk)))
		err = prepare(identities, &child->def, why);
	return err;
}

int st_identity_prepare(struct st_identities *identities, const struct st_child_spec *spec,
			struct st_buf *why)
{
	int err = prepare(identities, &spec->def, why);

	if (!err && spec->def.sup)
		err = st_identity_prepare_sup(identities, spec->def.sup, why);
	return err;
}
