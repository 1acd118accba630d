/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel module that exists in this process only. It reads the messages of
 * the mirror, checks that they keep to the contract (linux/suptree.h), and can
 * be made to come, go, refuse and fail. There is one at a time.
 */
#ifndef ST_TESTS_DAEMON_FAKE_MODULE_H
#define ST_TESTS_DAEMON_FAKE_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/types.h"

#define FAKE_MODULE_NODES 4096

struct fake_node {
	uint32_t id; /* 0: free */
	uint32_t parent;
	uint8_t kind;
	uint8_t strategy;
	uint32_t pid;
	uint64_t generation;
	uint32_t restarts;
	char name[256];
};

struct fake_module {
	bool is_loaded;
	int open_error; /* of the next st_genl_open(): -errno, or 0 */
	int flush_error; /* of the next st_genl_flush() */
	int refusal; /* -errno of the next message */
	const char *refusal_reason;
	int news; /* enum st_genl_change, told once */
	int news_fds[2]; /* a pipe */
	struct fake_node nodes[FAKE_MODULE_NODES]; /* by id */
	unsigned int nr_messages; /* ever */
	unsigned int nr_batches; /* ever */
	unsigned int nr_owners; /* connections ever made */
	bool has_refused;
	int refused_err;
};

extern struct fake_module fake_module;

void fake_module_init(bool is_loaded);
void fake_module_done(void);
void fake_module_tell(int change); /* enum st_genl_change, by way of the ring */

/* The node at a path ("root/p/a"), or NULL. */
struct fake_node *fake_module_find(const char *path);
unsigned int fake_module_count(void);

/**
 * fake_module_differs() - hold the module's tree against core's
 * @tree: core's
 *
 * Return: false if they are the same; else the difference was printed.
 */
bool fake_module_differs(const struct st_tree *tree);

#endif
