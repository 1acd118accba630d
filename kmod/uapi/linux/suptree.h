/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * suptree.ko: how the owner of a supervision tree describes it to the kernel.
 *
 * Generic netlink, family "suptree", multicast group "events". In /proc/suptree
 * the module shows what owners have sent, together with what it sees itself. It
 * decides nothing, and no process depends on it. suptree-kmod(4) describes the files.
 *
 * Owners and trees
 * ----------------
 * A socket that sends NODE_NEW owns a tree. One socket has one tree, which may have
 * several roots. No other sender can change the tree (-EPERM), whatever its
 * privileges. The tree ends with its socket: when the last descriptor is closed, also
 * by the death of the process, all nodes are removed and OWNER_LOST is sent. Another
 * socket, of the same or another process, has another tree; trees are independent.
 * The module numbers trees from 1 and does not use a number again while it is loaded.
 *
 * Permission
 * ----------
 * NODE_NEW, NODE_SET and NODE_DEL need CAP_NET_ADMIN in the initial user
 * namespace. The process that opened the socket and the sender both need it
 * (GENL_ADMIN_PERM), as in all of generic netlink. A capability in the user namespace
 * of the network namespace is not enough: every user can have it in a new namespace,
 * and nodes cost kernel memory and appear in every user's /proc. Reading (NODE_GET,
 * the group, /proc/suptree) needs no privilege.
 *
 * Namespaces
 * ----------
 * A PID in a request is a pid of the sender's pid namespace, in an answer of the
 * reader's, and in an event of the owner's. It is absent if the process has no pid
 * there. Netlink shows a tree only in its owner's network namespace. Netlink and /proc
 * show it only in pid namespaces in which its owner has a pid.
 *
 * Batches
 * -------
 * Requests are handled in order, inside of sendmsg(2), so one call may send many. A
 * request that fails changes nothing. It is answered by NLMSG_ERROR with its sequence
 * number and, if NETLINK_EXT_ACK is set, with the offending attribute
 * (NLMSGERR_ATTR_OFFS) and a sentence (NLMSGERR_ATTR_MSG). The requests after it are
 * still handled. With NLM_F_ACK success is answered, too. Unknown attributes and
 * commands, wrong lengths and values out of range are refused (strict).
 *
 * Commands
 * --------
 * NODE_NEW: add a node; the first one makes the tree.
 *
 *     ID          u32     the owner's number of the node, not 0, unique in the tree
 *     NAME        string  the last part of its path: 1 to 255 bytes of ! to ~, no /
 *     KIND        u8      SUPERVISOR or WORKER
 *     PARENT      u32     [0] ID of its supervisor; 0: it is a root
 *     STRATEGY    u8      [one_for_one] of a supervisor; refused for a worker
 *     PID         u32     [none] its process, as in NODE_SET
 *     GENERATION  u64     [0] as in NODE_SET
 *     RESTARTS    u32     [0] restarts so far
 *
 *     A new node is the last child of its parent.
 *     -EEXIST ID in use; -ENOENT no such PARENT; -ENOTDIR the parent is a worker;
 *     -ELOOP deeper than SUPTREE_DEPTH_MAX; -ENOSPC the module's max_nodes or
 *     max_trees; -EINVAL attribute missing or NAME not printable; those of PID.
 *
 * NODE_SET: change a node; absent attributes stay as they are.
 *
 *     ID          u32
 *     PID         u32     the node's new process; 0: it has none, on purpose
 *     GENERATION  u64     owner's number of this process, repeated in EXITED; needs PID
 *     RESTARTS    u32     absent: each PID after an earlier PID counts as one restart
 *     STRATEGY    u8      of a supervisor
 *
 *     The process must be a child of the sender, and the sender must not have waited
 *     for it yet, so that its pid is unique; it may be a zombie. The process that the
 *     node already has does not count as new. The exits of all processes that ended
 *     before a request are reported before the request is handled. When a request
 *     replaces a process or removes its node, the exit of that process is no longer
 *     reported.
 *     -ENOENT no such ID; -ESRCH no such process; -ECHILD not the sender's child.
 *
 * NODE_DEL: remove a node.
 *
 *     ID          u32
 *     SUBTREE     flag    with everything below it, as one event
 *
 *     -ENOTEMPTY it has children, and SUBTREE is absent; -ENOENT.
 *
 * NODE_GET: read nodes. With NLM_F_DUMP the answer has all nodes of all trees that the
 * reader may see, each tree in pre-order, as they were at one moment. Without it:
 *
 *     ID          u32
 *     TREE        u32     [the sender's own] number of the tree
 *
 *     -ENOENT no such tree or node. Answers, of the command NODE_GET:
 *
 *     TREE        u32     number of the tree
 *     OWNER_PID   u32     thread group that sent its first NODE_NEW
 *     OWNER_PORT  u32     netlink port of the owner's socket
 *     SEQ         u64     number of the tree's last event before this moment
 *     ID, PARENT, KIND, NAME, RESTARTS, GENERATION; STRATEGY of a supervisor
 *     STATE       u8      IDLE (no process), RUNNING, EXITED: as the module sees it
 *     PID         u32     while RUNNING or EXITED
 *     EXIT_STATUS u32     while EXITED, as from wait(2); absent if it was lost
 *
 * Events
 * ------
 * Messages of the command EVENT to the group "events":
 *
 *     EVENT       u8      ADDED, STARTED, EXITED, CLEARED (PID 0), CHANGED (STRATEGY,
 *                         RESTARTS, GENERATION), REMOVED (with all below it), OWNER_LOST
 *     SEQ         u64     counts from 1 in each tree, without a gap: a missing event was
 *                         lost (ENOBUFS), and a dump shows the state after it
 *     TIME_NS     u64     CLOCK_BOOTTIME; for an exit the time of the exit itself
 *     TREE, OWNER_PID, OWNER_PORT
 *     the attributes that NODE_GET has for the node, at that time; not with OWNER_LOST
 *
 * A NODE_NEW with PID is one event, STARTED. Each exit of a process that belongs to a
 * node is reported exactly once, in the order of the exits.
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
