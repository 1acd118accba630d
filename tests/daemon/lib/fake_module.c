// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module of fake_module.h, called through doubles of os/genl and
 * os/genl_watch.
 */
#include "fake_module.h"

#include <errno.h>
#include <linux/suptree.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/genl.h"
#include "os/genl_watch.h"

#define FAMILY 42
#define ROOT_NAME "root"

int __wrap_st_genl_open(struct st_genl *genl, const char *family, uint8_t version);
void __wrap_st_genl_close(struct st_genl *genl);
int __wrap_st_genl_flush(struct st_genl *genl);
int __wrap_st_genl_read_refusal(struct st_genl *genl, struct st_genl_refusal *ret_refusal);
int __wrap_st_genl_watch_open(int *ret_fd);
int __wrap_st_genl_watch_read(int fd, const char *family);

struct fake_module fake_module;

void fake_module_init(bool is_loaded)
{
	memset(&fake_module, 0, sizeof(fake_module));
	fake_module.is_loaded = is_loaded;
	if (pipe(fake_module.news_fds))
		abort();
}

void fake_module_done(void)
{
	close(fake_module.news_fds[1]); /* the mirror closes the other */
}

void fake_module_tell(int change)
{
	fake_module.news = change;
	if (write(fake_module.news_fds[1], "!", 1) != 1)
		abort();
}

static int take(int *error)
{
	int taken = *error;

	*error = 0;
	return taken;
}

static void forget_all(void)
{
	memset(fake_module.nodes, 0, sizeof(fake_module.nodes));
}

int __wrap_st_genl_open(struct st_genl *genl, const char *family, uint8_t version)
{
	if (strcmp(family, SUPTREE_GENL_NAME) != 0)
		abort();
	if (fake_module.open_error)
		return take(&fake_module.open_error);
	if (!fake_module.is_loaded)
		return -ENOENT;
	*genl = (struct st_genl){ .sock = (struct nl_sock *)&fake_module,
				  .family = FAMILY,
				  .version = version };
	fake_module.nr_owners++;
	return 0;
}

void __wrap_st_genl_close(struct st_genl *genl)
{
	if (!genl->sock)
		return;
	forget_all();
	genl->sock = NULL;
	st_buf_done(&genl->batch);
}

static struct fake_node *node_of(uint32_t id)
{
	if (!id || id >= FAKE_MODULE_NODES)
		abort();
	return &fake_module.nodes[id];
}

static void set(struct fake_node *node, struct nlattr **a)
{
	if (a[SUPTREE_A_PID])
		node->pid = nla_get_u32(a[SUPTREE_A_PID]);
	if (a[SUPTREE_A_GENERATION])
		node->generation = nla_get_u64(a[SUPTREE_A_GENERATION]);
	if (a[SUPTREE_A_RESTARTS])
		node->restarts = nla_get_u32(a[SUPTREE_A_RESTARTS]);
	if (a[SUPTREE_A_STRATEGY])
		node->strategy = nla_get_u8(a[SUPTREE_A_STRATEGY]);
}

static int do_new(struct fake_node *node, struct nlattr **a)
{
	if (node->id)
		return -EEXIST;
	if (!a[SUPTREE_A_NAME] || !a[SUPTREE_A_KIND])
		return -EINVAL;
	if (a[SUPTREE_A_PARENT]) {
		node->parent = nla_get_u32(a[SUPTREE_A_PARENT]);
		if (!node_of(node->parent)->id)
			return -ENOENT;
		if (node_of(node->parent)->kind != SUPTREE_KIND_SUPERVISOR)
			return -ENOTDIR;
	}
	node->id = nla_get_u32(a[SUPTREE_A_ID]);
	node->kind = nla_get_u8(a[SUPTREE_A_KIND]);
	(void)snprintf(node->name, sizeof(node->name), "%s", nla_get_string(a[SUPTREE_A_NAME]));
	for (const char *c = node->name; *c; c++)
		if (*c < '!' || *c > '~' || *c == '/')
			return -EINVAL;
	set(node, a);
	return 0;
}

static int do_delete(struct fake_node *node, struct nlattr **a)
{
	for (uint32_t id = 1; id < FAKE_MODULE_NODES; id++) {
		if (!fake_module.nodes[id].id || fake_module.nodes[id].parent != node->id)
			continue;
		if (!a[SUPTREE_A_SUBTREE])
			return -ENOTEMPTY;
		(void)do_delete(&fake_module.nodes[id], a);
	}
	memset(node, 0, sizeof(*node));
	return 0;
}

static int serve(struct nlmsghdr *header)
{
	struct nlattr *a[SUPTREE_A_MAX + 1] = { NULL };
	const struct genlmsghdr *command = nlmsg_data(header);
	struct fake_node *node;

	fake_module.nr_messages++;
	if (fake_module.refusal)
		return take(&fake_module.refusal);
	if (header->nlmsg_type != FAMILY || genlmsg_parse(header, 0, a, SUPTREE_A_MAX, NULL) ||
	    !a[SUPTREE_A_ID])
		return -EINVAL;
	node = node_of(nla_get_u32(a[SUPTREE_A_ID]));
	if (command->cmd == SUPTREE_CMD_NODE_NEW)
		return do_new(node, a);
	if (!node->id)
		return -ENOENT;
	if (command->cmd == SUPTREE_CMD_NODE_DEL)
		return do_delete(node, a);
	if (command->cmd != SUPTREE_CMD_NODE_SET)
		return -EOPNOTSUPP;
	if (node->kind == SUPTREE_KIND_SUPERVISOR ? !!a[SUPTREE_A_PID] : !!a[SUPTREE_A_STRATEGY])
		return -EINVAL;
	set(node, a);
	return 0;
}

int __wrap_st_genl_flush(struct st_genl *genl)
{
	struct nlmsghdr *header = (struct nlmsghdr *)genl->batch.data;
	int left = (int)genl->batch.len, err = st_buf_error(&genl->batch);

	fake_module.nr_batches++;
	if (!err)
		err = take(&fake_module.flush_error);
	for (; !err && nlmsg_ok(header, left); header = nlmsg_next(header, &left)) {
		int refused = serve(header);

		if (refused) {
			fake_module.has_refused = true;
			fake_module.refused_err = refused;
		}
	}
	st_buf_reset(&genl->batch);
	return err;
}

int __wrap_st_genl_read_refusal(struct st_genl *genl, struct st_genl_refusal *ret_refusal)
{
	(void)genl;
	if (!fake_module.has_refused)
		return 0;
	fake_module.has_refused = false;
	*ret_refusal = (struct st_genl_refusal){ .err = fake_module.refused_err };
	if (fake_module.refusal_reason)
		(void)snprintf(ret_refusal->reason, sizeof(ret_refusal->reason), "%s",
			       fake_module.refusal_reason);
	return 1;
}

int __wrap_st_genl_watch_open(int *ret_fd)
{
	*ret_fd = fake_module.news_fds[0];
	return 0;
}

int __wrap_st_genl_watch_read(int fd, const char *family)
{
	char byte;

	(void)family;
	if (fake_module.news && read(fd, &byte, 1) != 1)
		abort();
	return take(&fake_module.news);
}

static struct fake_node *find_below(uint32_t parent, const char *name, size_t len)
{
	for (uint32_t id = 1; id < FAKE_MODULE_NODES; id++) {
		struct fake_node *node = &fake_module.nodes[id];

		if (node->id && node->parent == parent && strlen(node->name) == len &&
		    !memcmp(node->name, name, len))
			return node;
	}
	return NULL;
}

struct fake_node *fake_module_find(const char *path)
{
	struct fake_node *node = NULL;

	for (size_t len; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		node = find_below(node ? node->id : 0, path, len);
		if (!node)
			return NULL;
	}
	return node;
}

unsigned int fake_module_count(void)
{
	unsigned int nr = 0;

	for (uint32_t id = 1; id < FAKE_MODULE_NODES; id++)
		nr += fake_module.nodes[id].id != 0;
	return nr;
}

static const char *const strategies[] = {
	[SUPTREE_STRATEGY_ONE_FOR_ONE] = "one_for_one",
	[SUPTREE_STRATEGY_ONE_FOR_ALL] = "one_for_all",
	[SUPTREE_STRATEGY_REST_FOR_ONE] = "rest_for_one",
	[SUPTREE_STRATEGY_SIMPLE_ONE_FOR_ONE] = "simple_one_for_one",
	[SUPTREE_STRATEGY_DYNAMIC] = "dynamic",
};

/* What is wrong with a node, or NULL. */
static const char *judge(const struct fake_node *node, const struct st_child *child)
{
	bool has_process = !child->sup && child->alive && child->pid;

	if (!node)
		return "is missing";
	if (node->kind != (child->sup ? SUPTREE_KIND_SUPERVISOR : SUPTREE_KIND_WORKER))
		return "is of the other kind";
	if (has_process && node->pid != (uint32_t)child->pid)
		return "has another process";
	if (has_process && node->generation != child->generation)
		return "has another generation";
	if (node->restarts != child->nr_restarts)
		return "has another number of restarts";
	if (child->sup && strcmp(strategies[node->strategy],
				 st_strategy_text[child->sup->spec->flags.strategy]) != 0)
		return "has another strategy";
	return NULL;
}

/* A child is found by the path of its names; of pools two may have the same. */
bool fake_module_differs(const struct st_tree *tree)
{
	unsigned int nr = 0;

	for (struct st_child *child = tree->root; child; child = st_child_next(child, tree->root)) {
		struct st_buf path = ST_BUF_INIT;
		const char *wrong;

		st_buf_add_text(&path, ROOT_NAME "/");
		if (child->parent)
			st_child_write_path(child, &path);
		wrong = judge(fake_module_find(st_buf_text(&path)), child);
		if (wrong)
			(void)fprintf(stderr, "# %s %s\n", st_buf_text(&path), wrong);
		st_buf_done(&path);
		if (wrong)
			return true;
		nr++;
	}
	if (nr != fake_module_count())
		(void)fprintf(stderr, "# the module has %u nodes, core %u\n", fake_module_count(),
			      nr);
	return nr != fake_module_count();
}
