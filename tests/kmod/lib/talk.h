/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of suptree.ko for its tests: raw netlink, so that nothing of the project
 * but the contract, <linux/suptree.h>, is between a test and the module.
 *
 * Sockets block, and give up after a while so that a test that waits in vain ends.
 */
#ifndef ST_TESTS_KMOD_TALK_H
#define ST_TESTS_KMOD_TALK_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/suptree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TALK_PATIENCE_S 120

struct talk {
	int fd;
	uint16_t family;
	uint32_t group; /* of events */
	uint32_t port;
	uint32_t seq;
	char reason[128]; /* of the last refusal, in the kernel's words; or "" */
	uint32_t attribute; /* offset of what was refused in the message; 0: none */
	char buf[65536];
	size_t len, at; /* what is left of a datagram of events */
};

/* Return: 0 or -errno; -ENOENT: the module is not loaded. */
int talk_open(struct talk *talk);
void talk_close(struct talk *talk);
int talk_listen(struct talk *talk);

/* A request in the making. */
struct request {
	char bytes[4096] __attribute__((aligned(8)));
};

void request_begin(struct request *request, const struct talk *talk, uint8_t command,
		   uint16_t flags);
void request_u8(struct request *request, int attribute, uint8_t value);
void request_u32(struct request *request, int attribute, uint32_t value);
void request_u64(struct request *request, int attribute, uint64_t value);
void request_text(struct request *request, int attribute, const char *text);
void request_bytes(struct request *request, int attribute, const void *bytes, size_t len);
size_t request_len(const struct request *request);

/* Send it and wait for its end. Return: 0 or the module's -errno. */
int talk_ask(struct talk *talk, struct request *request);

/* What a message of the module says; has: bit n for attribute n. */
struct seen {
	uint32_t has;
	uint8_t command;
	uint32_t tree, owner_pid, owner_port, id, parent, restarts, pid, exit_status;
	uint64_t generation, seq, time_ns;
	uint8_t kind, strategy, state, event;
	char name[SUPTREE_NAME_MAX + 1];
};

static inline bool seen_has(const struct seen *seen, int attribute)
{
	return seen->has >> attribute & 1;
}

/* NODE_GET of one node; tree 0: the socket's own. */
int talk_get(struct talk *talk, uint32_t tree, uint32_t id, struct seen *ret_seen);

/* A dump; calls @each for every node. Return: their number or -errno. */
int talk_dump(struct talk *talk, void (*each)(const struct seen *seen, void *data), void *data);

/* The next event. Return: 0; -ENOBUFS: some were lost; -EAGAIN: none came. */
int talk_event(struct talk *talk, struct seen *ret_seen);

/* The next event that is @event of node @id. */
int talk_await(struct talk *talk, uint8_t event, uint32_t id, struct seen *ret_seen);

/* NODE_NEW: what is 0 or NULL is left out. */
struct new_node {
	uint32_t id, parent;
	const char *name; /* NULL: "n<id>" */
	uint8_t kind, strategy;
	pid_t pid;
	uint64_t generation;
	uint32_t restarts;
};

void request_new(struct request *request, const struct talk *talk, const struct new_node *node);
int talk_new(struct talk *talk, struct new_node node);
int talk_set_pid(struct talk *talk, uint32_t id, pid_t pid, uint64_t generation);
int talk_del(struct talk *talk, uint32_t id, bool with_subtree);

#endif
