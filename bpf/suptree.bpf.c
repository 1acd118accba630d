// SPDX-License-Identifier: GPL-2.0-only
/*
 * All BPF programs of the message tracer, as one object. userspace/tracer/session.c
 * chooses which of them are loaded, by trial.
 *
 * They only observe: they do not change, delay on purpose or refuse anything. Read
 * record.h (the output), watch.bpf.h (the watched processes), emit.bpf.h (how a record is
 * written), then the hooks.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "record.h"

#include "../userspace/proto/version.h"

#include "watch.bpf.h"

#include "payload.bpf.h"

#include "emit.bpf.h"

#include "caller.bpf.h"
#include "channel.bpf.h"
#include "iterator.bpf.h"

#include "process.bpf.h"
#include "signal.bpf.h"

#include "unix.bpf.h"

#include "unix_hooks.bpf.h"

#include "object.bpf.h"

#include "pipe.bpf.h"

#include "eventfd.bpf.h"
#include "futex.bpf.h"
#include "queue.bpf.h"

/* What `bpftool prog` shows for each program. */
const char bpf_metadata_project[] SEC(".rodata") = "suptree";
const char bpf_metadata_version[] SEC(".rodata") = ST_VERSION;

char LICENSE[] SEC("license") = "GPL";
