// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planted: leaks memory. Kmemleak must find it. There are several leaks, because the
 * address of one may still be in a register or on a stack.
 */
#include <linux/module.h>
#include <linux/slab.h>

static int __init plant(void)
{
	for (int i = 0; i < 16; i++) {
		char *memory = kzalloc(100, GFP_KERNEL);

		if (!memory)
			return -ENOMEM;
		OPTIMIZER_HIDE_VAR(memory);
	}
	return 0;
}

module_init(plant);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a leak");
