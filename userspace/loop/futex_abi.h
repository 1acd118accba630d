/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of the kernel's interface that the build's headers are too old to
 * know: IORING_OP_FUTEX_WAIT and the flags of futex2, all from Linux 6.7.
 * They are fixed for ever. Used by futex.c and probe.c.
 */
#ifndef ST_LOOP_FUTEX_ABI_H
#define ST_LOOP_FUTEX_ABI_H

/* enum io_uring_op: sqe->fd: flags, addr: word, off: value, addr3: bit mask. */
#define ST_IORING_OP_FUTEX_WAIT 51

#define ST_FUTEX2_SIZE_U32 0x02
#define ST_FUTEX_BITSET_MATCH_ANY 0xffffffffu

#endif
