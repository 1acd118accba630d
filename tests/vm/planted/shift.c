// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planted: shifts by more than the number has bits. UBSAN is to find it.
 */
#include <linux/module.h>

static int __init plant(void)
{
	int bits = 40, one = 1;

	OPTIMIZER_HIDE_VAR(bits);
	OPTIMIZER_HIDE_VAR(one);
	pr_info("planted: %d\n", one << bits);
	return 0;
}

module_init(plant);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a shift out of bounds");
