/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * suptree.ko: how an owner of a supervision tree tells the kernel of it.
 *
 * Generic netlink, family "suptree", multicast group "events". The module shows
 * what it is told, beside what it sees by itself, in /proc/suptree; it decides
 * nothing, and no process depends on it. What stands there: suptree-kmod(4).
 *
 * Owners and trees
 * ----------------
 * A socket that sends NODE_NEW owns a tree: one socket, one tree, however many
 * roots it has. Nobody else changes the tree (-EPERM), whatever his privileges.
 * The tree ends with its socket: close(2) of the last descriptor, by the death of
 * the process too, removes all nodes and is told as OWNER_LOST. Another socket,
 * of the same or another process, is another tree; trees know nothing of each
 * other. The module numbers trees from 1 on, never again while it is loaded.
 *
 * Permission
 * ----------
 * NODE_NEW, NODE_SET and NODE_DEL need CAP_NET_ADMIN in the initial user
 * namespace, of the socket's opener and of the sender (GENL_ADMIN_PERM). That is
 * the capability all of generic netlink asks for. The weaker kind, a capability in the
 * network namespace's own user namespace, is no choice: any user has it in a
 * namespace of his own, and nodes cost kernel memory and stand in everybody's
 * /proc. Reading (NODE_GET, the group, /proc/suptree) needs no privilege.
 *
 * Namespaces
 * ----------
 * A PID in a request is a number of the sender's pid namespace. In an answer it
 * is one of the reader's, in an event one of the owner's; it is absent where the
 * process has no number there. A tree is seen in its owner's network namespace
 * by netlink, and by netlink and in /proc only where its owner has a pid.
 *
 * Batches
 * -------
 * Requests are done in their order inside of sendmsg(2), so many may go in one. A
 * request that fails changes nothing and is answered by NLMSG_ERROR with its
 * sequence number, the offending attribute (NLMSGERR_ATTR_OFFS) and a sentence
 * (NLMSGERR_ATTR_MSG) if NETLINK_EXT_ACK is set; those after it are still done.
 * NLM_F_ACK asks for an answer to success as well. Unknown attributes and
 * commands, wrong lengths and values out of range are refused (strict).
 *
 * Commands
 * --------
 * NODE_NEW: a node, and with the first one the tree.
 *
 *     ID          u32     by which the owner calls it, not 0, unique in the tree
 *     NAME        string  the last part of its path: 1 to 255 bytes of ! to ~, no /
 *     KIND        u8      SUPERVISOR or WORKER
 *     PARENT      u32     [0] ID of the supervisor it is under; 0: a root
 *     STRATEGY    u8      [one_for_one] of a supervisor; refused for a worker
 *     PID         u32     [none] its process, as in NODE_SET
 *     GENERATION  u64     [0] as in NODE_SET
 *     RESTARTS    u32     [0] so far
 *
 *     A new node is the last child of its parent.
 *     -EEXIST ID in use; -ENOENT no such PARENT; -ENOTDIR the parent is a worker;
 *     -ELOOP deeper than SUPTREE_DEPTH_MAX; -ENOSPC the module's max_nodes or
 *     max_trees; -EINVAL attribute missing or NAME not printable; those of PID.
 *
 * NODE_SET: what changed; what is absent stays.
 *
 *     ID          u32
 *     PID         u32     the node's new process; 0: it has none, on purpose
 *     GENERATION  u64     owner's number of this process, echoed in EXITED; needs PID
 *     RESTARTS    u32     absent: a PID after an earlier PID counts one
 *     STRATEGY    u8      of a supervisor
 *
 *     The process must be a child of the sender that was not yet waited for, so
 *     that its number cannot mean another; it may be a zombie. The process that the
 *     node has already is no new one. The exits of all processes that ended before
 *     a request are told before it is done; an exit of the process that is replaced
 *     by a request, or whose node is removed, is not told any more.
 *     -ENOENT no such ID; -ESRCH no such process; -ECHILD not the sender's child.
 *
 * NODE_DEL: a node goes.
 *
 *     ID          u32
 *     SUBTREE     flag    with everything below it, as one event
 *
 *     -ENOTEMPTY it has children, and SUBTREE is absent; -ENOENT.
 *
 * NODE_GET: what the module knows. With NLM_F_DUMP all nodes of all trees that
 * the reader may see, each tree in pre-order, as they were at one moment. Else:
 *
 *     ID          u32
 *     TREE        u32     [the sender's own] number of the tree
 *
 *     -ENOENT no such tree or node. Answers, of the command NODE_GET:
 *
 *     TREE        u32     number of the tree
 *     OWNER_PID   u32     thread group that sent its first NODE_NEW
 *     OWNER_PORT  u32     netlink port of the owner's socket
 *     SEQ         u64     of the tree's last event before this moment
 *     ID, PARENT, KIND, NAME, RESTARTS, GENERATION; STRATEGY of a supervisor
 *     STATE       u8      IDLE (no process), RUNNING, EXITED: the module's own finding
 *     PID         u32     while RUNNING or EXITED
 *     EXIT_STATUS u32     while EXITED, as wait(2) gives it; absent if it was lost
 *
 * Events
 * ------
 * Messages of the command EVENT to the group "events":
 *
 *     EVENT       u8      ADDED, STARTED, EXITED, CLEARED (PID 0), CHANGED (STRATEGY,
 *                         RESTARTS, GENERATION), REMOVED (with all below it), OWNER_LOST
 *     SEQ         u64     from 1 on in each tree, without a gap: one that is missing
 *                         was lost (ENOBUFS), and only a dump tells what it was
 *     TIME_NS     u64     CLOCK_BOOTTIME, of an exit the moment of the exit itself
 *     TREE, OWNER_PID, OWNER_PORT
 *     what NODE_GET answers of the node, as it was then; not with OWNER_LOST
 *
 * A NODE_NEW with PID is one event, STARTED. Each exit of a process that is bound
 * to a node is told exactly once, in the order in which they ended.
 */
#ifndef _UAPI_LINUX_SUPTREE_H
#define _UAPI_LINUX_SUPTREE_H

#define SUPTREE_GENL_NAME "suptree"
#define SUPTREE_GENL_VERSION 1
#define SUPTREE_MCGRP_EVENTS "events"

#define SUPTREE_NAME_MAX 255 /* bytes of NAME, without the 0 */
#define SUPTREE_DEPTH_MAX 63 /* a root's depth is 0 */

enum suptree_cmd {
	SUPTREE_CMD_UNSPEC,
	SUPTREE_CMD_NODE_NEW,
	SUPTREE_CMD_NODE_SET,
	SUPTREE_CMD_NODE_DEL,
	SUPTREE_CMD_NODE_GET,
	SUPTREE_CMD_EVENT,
	__SUPTREE_CMD_MAX,
};

#define SUPTREE_CMD_MAX (__SUPTREE_CMD_MAX - 1)

enum suptree_attr {
	SUPTREE_A_UNSPEC,
	SUPTREE_A_PAD,
	SUPTREE_A_TREE, /* u32 */
	SUPTREE_A_OWNER_PID, /* u32 */
	SUPTREE_A_OWNER_PORT, /* u32 */
	SUPTREE_A_ID, /* u32 */
	SUPTREE_A_PARENT, /* u32 */
	SUPTREE_A_KIND, /* u8, enum suptree_kind */
	SUPTREE_A_NAME, /* string */
	SUPTREE_A_STRATEGY, /* u8, enum suptree_strategy */
	SUPTREE_A_PID, /* u32 */
	SUPTREE_A_GENERATION, /* u64 */
	SUPTREE_A_RESTARTS, /* u32 */
	SUPTREE_A_STATE, /* u8, enum suptree_state */
	SUPTREE_A_EXIT_STATUS, /* u32 */
	SUPTREE_A_EVENT, /* u8, enum suptree_event */
	SUPTREE_A_SEQ, /* u64 */
	SUPTREE_A_TIME_NS, /* u64 */
	SUPTREE_A_SUBTREE, /* flag */
	__SUPTREE_A_MAX,
};

#define SUPTREE_A_MAX (__SUPTREE_A_MAX - 1)

enum suptree_kind {
	SUPTREE_KIND_SUPERVISOR,
	SUPTREE_KIND_WORKER,
	__SUPTREE_KIND_MAX,
};

enum suptree_strategy {
	SUPTREE_STRATEGY_ONE_FOR_ONE,
	SUPTREE_STRATEGY_ONE_FOR_ALL,
	SUPTREE_STRATEGY_REST_FOR_ONE,
	SUPTREE_STRATEGY_SIMPLE_ONE_FOR_ONE,
	SUPTREE_STRATEGY_DYNAMIC, /* Elixir's DynamicSupervisor */
	__SUPTREE_STRATEGY_MAX,
};

enum suptree_state {
	SUPTREE_STATE_IDLE,
	SUPTREE_STATE_RUNNING,
	SUPTREE_STATE_EXITED,
	__SUPTREE_STATE_MAX,
};

enum suptree_event {
	SUPTREE_EVENT_UNSPEC,
	SUPTREE_EVENT_ADDED,
	SUPTREE_EVENT_STARTED,
	SUPTREE_EVENT_EXITED,
	SUPTREE_EVENT_CLEARED,
	SUPTREE_EVENT_CHANGED,
	SUPTREE_EVENT_REMOVED,
	SUPTREE_EVENT_OWNER_LOST,
	__SUPTREE_EVENT_MAX,
};

#endif /* _UAPI_LINUX_SUPTREE_H */
