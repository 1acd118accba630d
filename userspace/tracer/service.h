/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracer as a supervised service: `suptree-tracer --service`.
 *
 *	suptreed --ps, events--> children.c     which pid is which child
 *	         --CALL trace_start {...}--> operations.c --> trace.c --> session.c
 *	         <--report_signal-- witness.c                   all traces that are wanted
 *
 * A gen_server of libsuptree, as any child may be: the daemon passes on what clients ask
 * (userspace/daemon/handle_trace.c), each over a connection of its own. So nothing new
 * had to be invented between the two, a tracer that hangs holds up nobody but who asks
 * it, and its end takes all its BPF programs along. The next incarnation begins the
 * traces of children again that a file beside the control socket describes; what they
 * had seen is lost. It supervises nothing, and the daemon decides nothing by what it says.
 */
#ifndef ST_TRACER_SERVICE_H
#define ST_TRACER_SERVICE_H

#include "base/list.h"
#include "lib/suptree.h"
#include "tracer/children.h"
#include "tracer/session.h"
#include "tracer/trace.h"

#define ST_SERVICE_TRACES 16 /* at once */

struct st_service {
	struct st_traced_children children;
	struct st_session *witness; /* every signal to a child; NULL: no right to */
	struct st_list traces;
	uint32_t nr_traces;
	uint64_t last_id;
	char *file; /* descriptions of the traces; owned */
};

/* Return: the exit status. */
int st_service_main(int argc, char **argv);

/* operations.c */

/**
 * st_operations_answer() - do what a client wants
 * @service: the service
 * @request: "trace_start {...}": the name of an operation and its parameters
 * @out: the answer is appended: JSON, or "KIND TEXT"
 *
 * Return: 0: the answer is a result; -errno: it is an error.
 */
int __must_check st_operations_answer(struct st_service *service, const char *request,
				      struct st_buf *out);
void st_operations_resume(struct st_service *service); /* the traces of the file */

/* witness.c: who sends signals to children, for `suptree why` */
int __must_check st_witness_open(struct st_service *service);
int __must_check st_witness_read(struct st_service *service);

#endif
