/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of the module, for perf, trace-cmd, bpftrace and bpftool:
 *
 *   suptree:suptree_event     an event, when it is reported
 *   suptree:suptree_refused   a request that failed, and its error
 *   suptree:suptree_snapshot  a read of the trees: its rows, and the walks that it took
 *
 * Names are dynamic arrays and not strings, because __assign_str() has had two forms.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM suptree

#if !defined(_SUPTREE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _SUPTREE_TRACE_H

#include <linux/string.h>
#include <linux/suptree.h>
#include <linux/tracepoint.h>

/* clang-format off */
/* so that tools outside of the kernel know the numbers */
TRACE_DEFINE_ENUM(SUPTREE_EVENT_ADDED);
TRACE_DEFINE_ENUM(SUPTREE_EVENT_STARTED);
TRACE_DEFINE_ENUM(SUPTREE_EVENT_EXITED);
TRACE_DEFINE_ENUM(SUPTREE_EVENT_CLEARED);
TRACE_DEFINE_ENUM(SUPTREE_EVENT_CHANGED);
TRACE_DEFINE_ENUM(SUPTREE_EVENT_REMOVED);
TRACE_DEFINE_ENUM(SUPTREE_EVENT_OWNER_LOST);
TRACE_DEFINE_ENUM(SUPTREE_CMD_NODE_NEW);
TRACE_DEFINE_ENUM(SUPTREE_CMD_NODE_SET);
TRACE_DEFINE_ENUM(SUPTREE_CMD_NODE_DEL);
TRACE_DEFINE_ENUM(SUPTREE_CMD_NODE_GET);

TRACE_EVENT(suptree_event,
	    TP_PROTO(u8 event, u32 tree, u32 id, int pid, int status, const char *name),
	    TP_ARGS(event, tree, id, pid, status, name),
	    TP_STRUCT__entry(__field(u8, event)
			     __field(u32, tree)
			     __field(u32, id)
			     __field(int, pid)
			     __field(int, status)
			     __dynamic_array(char, name, strlen(name) + 1)),
	    TP_fast_assign(__entry->event = event;
			   __entry->tree = tree;
			   __entry->id = id;
			   __entry->pid = pid;
			   __entry->status = status;
			   memcpy(__get_dynamic_array(name), name, strlen(name) + 1);),
	    TP_printk("%s tree=%u id=%u pid=%d status=%d name=%s",
		      __print_symbolic(__entry->event,
				       { SUPTREE_EVENT_ADDED, "added" },
				       { SUPTREE_EVENT_STARTED, "started" },
				       { SUPTREE_EVENT_EXITED, "exited" },
				       { SUPTREE_EVENT_CLEARED, "cleared" },
				       { SUPTREE_EVENT_CHANGED, "changed" },
				       { SUPTREE_EVENT_REMOVED, "removed" },
				       { SUPTREE_EVENT_OWNER_LOST, "owner_lost" }),
		      __entry->tree, __entry->id, __entry->pid, __entry->status,
		      __get_str(name))
);

TRACE_EVENT(suptree_refused,
	    TP_PROTO(u8 command, u32 port, int err),
	    TP_ARGS(command, port, err),
	    TP_STRUCT__entry(__field(u8, command)
			     __field(u32, port)
			     __field(int, err)),
	    TP_fast_assign(__entry->command = command;
			   __entry->port = port;
			   __entry->err = err;),
	    TP_printk("%s port=%u err=%d",
		      __print_symbolic(__entry->command,
				       { SUPTREE_CMD_NODE_NEW, "node_new" },
				       { SUPTREE_CMD_NODE_SET, "node_set" },
				       { SUPTREE_CMD_NODE_DEL, "node_del" },
				       { SUPTREE_CMD_NODE_GET, "node_get" }),
		      __entry->port, __entry->err)
);

TRACE_EVENT(suptree_snapshot,
	    TP_PROTO(unsigned int rows, unsigned int walks),
	    TP_ARGS(rows, walks),
	    TP_STRUCT__entry(__field(unsigned int, rows)
			     __field(unsigned int, walks)),
	    TP_fast_assign(__entry->rows = rows;
			   __entry->walks = walks;),
	    TP_printk("rows=%u walks=%u", __entry->rows, __entry->walks)
);
/* clang-format on */

#endif /* _SUPTREE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
