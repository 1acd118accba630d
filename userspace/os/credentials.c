// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users and groups; see credentials.h. This uses the re-entrant look-ups, because
 * they distinguish "there is none" (0 and no entry) from "the database failed".
 */
#include "os/credentials.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"

/* One entry with all its members; groups can be long. */
#define ENTRY_SIZE (256 * 1024)

/* The facts about the user, before the group is looked up. */
struct user {
	uid_t uid;
	gid_t gid;
	char *name;
	char *home;
	char *shell;
	bool has_entry;
};

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* (uid_t)-1 means "leave as it is" to the kernel, so it is no id. */
static int parse_id(const char *text, uint32_t *ret_id)
{
	errno = 0;
	unsigned long long value = strtoull(text, NULL, 10);

	if (errno || value >= UINT32_MAX)
		return -EINVAL;
	*ret_id = (uint32_t)value;
	return 0;
}

/* NSS modules answer "none" in several ways (getpwnam(3), Return value). */
static int nss_error(int error, bool is_found)
{
	if (is_found)
		return 0;
	switch (error) {
	case 0:
	case ENOENT:
	case ESRCH:
	case EBADF:
	case EPERM:
		return -ESRCH;
	default:
		return -error;
	}
}

static int find_user_entry(const char *name, bool is_id, struct user *user, char *buf)
{
	struct passwd entry;
	struct passwd *found = NULL;
	int error = is_id ? getpwuid_r(user->uid, &entry, buf, ENTRY_SIZE, &found) :
			    getpwnam_r(name, &entry, buf, ENTRY_SIZE, &found);
	int ret = nss_error(error, found);

	if (ret < 0)
		return ret;
	*user = (struct user){
		.uid = found->pw_uid,
		.gid = found->pw_gid,
		.name = found->pw_name,
		.home = found->pw_dir,
		.shell = found->pw_shell,
		.has_entry = true,
	};
	return 0;
}

/* A number needs no entry; it only lacks a primary group then. */
static int find_user(const char *name, struct user *user, char *buf)
{
	bool is_id = !name || is_number(name);

	if (name && !*name)
		return -EINVAL;
	user->has_entry = false;
	if (is_id) {
		int ret = 0;

		if (name)
			ret = parse_id(name, &user->uid);
		else
			user->uid = getuid();
		if (ret < 0)
			return ret;
	}
	int ret = find_user_entry(name, is_id, user, buf);

	return is_id && ret == -ESRCH ? 0 : ret;
}

static int find_group(const char *name, gid_t *ret_gid, char *buf)
{
	struct group entry;
	struct group *found = NULL;

	if (is_number(name))
		return parse_id(name, ret_gid);
	if (!*name)
		return -EINVAL;
	int error = getgrnam_r(name, &entry, buf, ENTRY_SIZE, &found);
	int ret = nss_error(error, found);

	if (!ret)
		*ret_gid = found->gr_gid;
	return ret;
}

static int find_groups(const struct user *user, struct st_credentials *credentials)
{
	int nr = ST_CREDENTIALS_GROUPS_MAX;

	credentials->groups = st_alloc_array((size_t)nr, sizeof(gid_t));
	if (!credentials->groups)
		return -ENOMEM;
	if (getgrouplist(user->name, credentials->gid, credentials->groups, &nr) < 0)
		return -E2BIG;
	credentials->nr_groups = (size_t)nr;
	return 0;
}

static int copy_text(const char *text, char **ret_copy)
{
	size_t size = strlen(text) + 1;

	*ret_copy = st_alloc(size);
	if (!*ret_copy)
		return -ENOMEM;
	memcpy(*ret_copy, text, size);
	return 0;
}

static int copy_texts(const struct user *user, struct st_credentials *credentials)
{
	int ret = copy_text(user->name, &credentials->name);

	if (!ret)
		ret = copy_text(user->home ? user->home : "/", &credentials->home);
	if (!ret)
		ret = copy_text(user->shell && *user->shell ? user->shell : "/bin/sh",
				&credentials->shell);
	return ret;
}

/* With @buf for the database's strings: everything but the allocation of it. */
static int resolve(const char *names[2], struct st_credentials *credentials,
		   const char **reterr_what, char *buf)
{
	struct user user;

	*reterr_what = "user";
	int ret = find_user(names[0], &user, buf);

	if (ret < 0)
		return ret;
	if (!names[1] && !user.has_entry)
		return -EINVAL;
	credentials->uid = user.uid;
	if (user.has_entry) /* else it has no primary group, and @names has one */
		credentials->gid = user.gid;
	if (names[1]) {
		*reterr_what = "group";
		/* The user's name lives in the first half of @buf. */
		ret = find_group(names[1], &credentials->gid, buf + ENTRY_SIZE);
		if (ret < 0)
			return ret;
	}
	*reterr_what = "user";
	if (!user.has_entry)
		return 0;
	ret = find_groups(&user, credentials);
	return ret ? ret : copy_texts(&user, credentials);
}

int st_credentials_resolve(const char *user, const char *group,
			   struct st_credentials *ret_credentials, const char **reterr_what)
{
	struct st_credentials credentials = { 0 };
	const char *names[2] = { user, group };
	const char *what = "user";
	char *buf = st_alloc(2 * (size_t)ENTRY_SIZE);
	int ret = buf ? resolve(names, &credentials, &what, buf) : -ENOMEM;

	st_free(buf);
	if (ret < 0) {
		st_credentials_done(&credentials);
		*reterr_what = what;
		return ret;
	}
	*ret_credentials = credentials;
	return 0;
}

void st_credentials_done(struct st_credentials *credentials)
{
	st_free(credentials->groups);
	st_free(credentials->name);
	st_free(credentials->home);
	st_free(credentials->shell);
	*credentials = (struct st_credentials){ 0 };
}
