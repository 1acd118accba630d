/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracer as a supervised service: `suptree-tracer --service`.
 *
 *	suptreed --ps, events--> children.c     which pid is which child
 *	         --CALL trace_start {...}--> operations.c --> trace.c --> session.c
 *	         <--report_signal-- witness.c                   all traces
 *
 * It is a gen_server of libsuptree, like other children. The daemon passes the requests
 * of clients on (userspace/daemon/operations/owned.c), each over its own connection. So the
 * two need no new protocol, a tracer that hangs delays only its own clients, and its end
 * removes all its BPF programs. A file in a private folder beside the control socket
 * describes the traces of children. The next incarnation begins these traces again; the old
 * messages are lost. It
 * supervises nothing, and the daemon decides nothing by its reports.
 */
#ifndef ST_TRACER_SERVICE_H
#define ST_TRACER_SERVICE_H

#include "base/list.h"
#include "libsuptree/suptree.h"
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
	char *folder; /* has the descriptions of the traces; owned */
};

/* Return: the exit status. */
int st_service_main(int argc, char **argv);

/* operations.c */

/**
 * st_operations_answer() - do what a client wants
 * @service: the service
 * @request: "trace_start {...}": the name of an operation and its parameters
 * @out: the answer is appended: JSON, or "KIND TEXT"; or it has failed
 *
 * Return: 0: the answer is a whole result; -errno: it is an error. Then nothing was done;
 * -ENOMEM: @out may have failed.
 */
int __must_check st_operations_answer(struct st_service *service, const char *request,
				      struct st_buf *out);
void st_operations_resume(struct st_service *service); /* the traces of the file */
void st_operations_forget(const struct st_service *service); /* remove the file */

/* witness.c: the senders of signals to children, for `suptree why` */
int __must_check st_witness_open(struct st_service *service);
int __must_check st_witness_read(struct st_service *service);

#endif
