// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections to other processes, found by name through the daemon and kept.
 *
 * A connection belongs to one incarnation. When that ends, the connection breaks, and the
 * next use finds the next incarnation. When a name goes to another process, the daemon
 * sends `renamed` (asking.c), and the connection kept under that name is dropped.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "libsuptree/internal.h"

void st_route_drop(struct suptree *self, struct st_route *route)
{
	st_list_del(&route->link);
	self->nr_routes--;
	st_peer_close(&route->fd);
	free(route->path);
	free(route);
}

void st_route_drop_name(struct suptree *self, const char *name)
{
	struct st_list *pos, *next;

	for (pos = self->routes.next; pos != &self->routes; pos = next) {
		struct st_route *route = st_list_entry(pos, struct st_route, link);

		next = pos->next;
		if (!strcmp(route->name, name))
			st_route_drop(self, route);
	}
}

void st_route_drop_all(struct suptree *self)
{
	while (!st_list_is_empty(&self->routes))
		st_route_drop(self, st_list_entry(self->routes.next, struct st_route, link));
}

static struct st_route *find_kept(struct suptree *self, const char *name)
{
	struct st_list *pos;

	st_list_for_each(pos, &self->routes) {
		struct st_route *route = st_list_entry(pos, struct st_route, link);

		if (strcmp(route->name, name) != 0)
			continue;
		st_list_del(&route->link);
		st_list_add(&route->link, &self->routes);
		return route;
	}
	return NULL;
}

static int keep(struct suptree *self, const char *name, const json_t *found, int fd,
		struct st_route **ret_route)
{
	size_t len = strlen(name);
	const char *path = json_string_value(json_object_get(found, "path"));
	struct st_route *route = calloc(1, sizeof(*route) + len + 1);

	if (route)
		route->path = strdup(path ? path : "");
	if (!route || !route->path) {
		free(route);
		st_peer_close(&fd);
		return st_fail(self, -ENOMEM, "no memory");
	}
	route->fd = fd;
	route->timeout_ms = SUPTREE_INFINITY;
	route->generation = (uint64_t)json_integer_value(json_object_get(found, "generation"));
	route->may_link = json_is_true(json_object_get(found, "link"));
	memcpy(route->name, name, len + 1);
	if (self->nr_routes == ST_MAX_ROUTES)
		st_route_drop(self, st_list_entry(self->routes.prev, struct st_route, link));
	st_list_add(&route->link, &self->routes);
	self->nr_routes++;
	*ret_route = route;
	return 0;
}

/* A look that costs one system call when there is nothing to be seen. */
static void heed_names(struct suptree *self)
{
	struct pollfd look = { .fd = st_conn_fd(self->daemon), .events = POLLIN };

	if (self->has_asked || poll(&look, 1, 0) > 0)
		(void)st_heed(self);
}

int st_route_find(struct suptree *self, const char *name, struct st_route **ret_route)
{
	json_t *found;
	int fd, ret;

	if (self->daemon)
		heed_names(self);
	*ret_route = find_kept(self, name);
	if (*ret_route)
		return 0;
	ret = st_ask(self, ST_OPERATION_CONNECT, json_pack("{s:s}", "path", name), &found);
	if (ret)
		return ret;
	fd = st_conn_take_fd(self->daemon);
	if (fd < 0)
		ret = st_fail(self, -EPROTO, "no connection came with the daemon's answer");
	else
		ret = keep(self, name, found, fd, ret_route);
	json_decref(found);
	return ret;
}
