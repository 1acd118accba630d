// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/suptree/stats: numbers of the whole module, one a line. If the generation is
 * even, and the same before and after reading something, nothing has changed.
 */
#include "proc.h"

#include <linux/proc_fs.h>
#include <linux/suptree.h>

#include "netlink.h"
#include "registry.h"
#include "ring.h"

static int show(struct seq_file *m, void *v)
{
	struct st_netlink_counts netlink;
	struct st_counts counts;

	st_registry_settle();
	st_registry_count(&counts);
	st_netlink_count(&netlink);
	seq_printf(m, "version %d\n", SUPTREE_GENL_VERSION);
	seq_printf(m, "generation %lu\n", st_registry_generation());
	seq_printf(m, "trees %u\n", counts.nr_trees);
	seq_printf(m, "max_trees %u\n", counts.max_trees);
	seq_printf(m, "nodes %u\n", counts.nr_nodes);
	seq_printf(m, "max_nodes %u\n", counts.max_nodes);
	seq_printf(m, "events %llu\n", st_ring_last());
	seq_printf(m, "exits %llu\n", counts.nr_exits);
	seq_printf(m, "lost %llu\n", netlink.nr_lost);
	seq_printf(m, "refused %llu\n", netlink.nr_refused);
	return 0;
}

int st_proc_stats_init(struct proc_dir_entry *folder)
{
	return proc_create_single("stats", 0444, folder, show) ? 0 : -ENOMEM;
}
