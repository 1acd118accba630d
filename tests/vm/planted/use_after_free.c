// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planted: reads memory that it has freed. KASAN is to find it.
 */
#include <linux/module.h>
#include <linux/slab.h>

static int __init plant(void)
{
	char *memory = kzalloc(64, GFP_KERNEL);

	if (!memory)
		return -ENOMEM;
	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	pr_info("planted: %d\n", READ_ONCE(memory[8]));
	return 0;
}

module_init(plant);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a use after free");
