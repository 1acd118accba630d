/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths with keys: pool/{KEY} is the partition of a supervisor that has this key. [X5]
 *
 * The path is written anew, with the partition in place of the key, before anybody looks
 * at it. So a key can stand wherever a path can, and no other code knows of keys.
 */
#ifndef ST_DAEMON_REQUESTS_PARTITION_H
#define ST_DAEMON_REQUESTS_PARTITION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

struct st_client;
struct st_rpc_request;
struct st_tree;

/**
 * st_partition_path() - put partitions in the place of keys
 * @tree: the tree, which knows the partitions
 * @path: a path. A key begins after "/{" and ends before the first '}' that ends the
 *	path or has a '/' after it
 * @out: gets the path; what does not follow a supervisor with partitions stays as it is
 *
 * Return: whether there was a key. Without memory @out has failed.
 */
bool st_partition_path(const struct st_tree *tree, const char *path, struct st_buf *out);

/**
 * st_partition_route() - the same for all paths of a request
 * @tree: the tree
 * @client: the client that asks
 * @request: its parameters are changed in place
 *
 * Return: 0; -ENOMEM: the client has its answer.
 */
int st_partition_route(const struct st_tree *tree, struct st_client *client,
		       const struct st_rpc_request *request) __must_check;

#endif
