// SPDX-License-Identifier: GPL-2.0-only
/*
 * The doubles of faults.h. The linker's --wrap sends each call of NAME to
 * __wrap_NAME, which is made here for all rows alike: keep the registers that hold
 * arguments, ask decide(), and either answer in NAME's stead or jump to the real
 * NAME with everything as it was. So no double needs to know its parameters.
 *
 * decide() also runs in a child that shares our memory and has a page of stack, so
 * nothing here is instrumented by a sanitizer, and errno is left alone there.
 */
#include <errno.h>
#include <liburing.h>
#include <netlink/errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "base/compiler.h"
#include "faults.h"
#include "wrapped.h"
#include "os/spawn/raw.h"

/* Linux 6.9: a NOP whose result is the submission's len. */
#define NOP_INJECT_RESULT 1u

enum how {
	MINUS,
	NOTHING,
	NEGATIVE,
	POSITIVE,
	DONE,
};

/* The kinds: functions, then numbers, then operations. */
enum {
#define FUNCTION(name, how, ...) KIND_##name,
	CALLS(FUNCTION)
#undef FUNCTION
	NR_FUNCTIONS,
	KIND_BEFORE_NUMBERS = NR_FUNCTIONS - 1,
#define NUMBER(how, nr, ...) KIND_##how##_##nr,
#define HARMLESS(nr)
	NUMBERS(NUMBER, HARMLESS)
#undef NUMBER
	KIND_OPERATION,
	NR_KINDS,
	/* The functions that are no kinds, but take numbers that are. */
#define FUNCTION(name, how) KIND_##name,
	KIND_BEFORE_NUMBERED = NR_KINDS - 1,
	NUMBERED(FUNCTION)
#undef FUNCTION
};

const struct fault_kind fault_kinds[] = {
#define FUNCTION(name, how, ...) { #name, { __VA_ARGS__ } },
	CALLS(FUNCTION)
#undef FUNCTION
#define NUMBER(how, nr, ...) { #how " " #nr, { __VA_ARGS__ } },
		NUMBERS(NUMBER, HARMLESS)
#undef NUMBER
			{ "an operation", { ECONNRESET, ENOMEM } },
};
const unsigned int nr_fault_kinds = NR_KINDS;

static const enum how hows[] = {
#define FUNCTION(name, how, ...) how,
	CALLS(FUNCTION)
#undef FUNCTION
#define NUMBER(how, nr, ...) how,
		NUMBERS(NUMBER, HARMLESS)
#undef NUMBER
			NEGATIVE,
};

static const struct {
	enum how how;
	long nr;
	unsigned int kind;
} numbers[] = {
#define NUMBER(how, nr, ...) { how, nr, KIND_##how##_##nr },
	NUMBERS(NUMBER, HARMLESS)
#undef NUMBER
};
#undef HARMLESS

static const long harmless[] = {
#define NUMBER(how, nr, ...)
#define HARMLESS(nr) nr,
	NUMBERS(NUMBER, HARMLESS)
#undef NUMBER
#undef HARMLESS
};

static bool is_on;
static unsigned int armed_kind;
static unsigned long left;
static int armed_error;
static bool has_fired;
static long unlisted = -1;
static unsigned long *nr_fired;

/* Shared with all processes to come: each test is one. */
static __attribute__((constructor)) void make_counters(void)
{
	nr_fired = mmap(NULL, NR_KINDS * sizeof(*nr_fired), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void faults_arm(unsigned int kind, unsigned long nth, int error)
{
	armed_kind = kind;
	left = nth;
	armed_error = error;
	has_fired = false;
}

void faults_calm(void)
{
	left = 0;
}

bool faults_fired(void)
{
	return has_fired;
}

const char *faults_fired_name(void)
{
	return has_fired ? fault_kinds[armed_kind].name : "";
}

long faults_unlisted(void)
{
	return unlisted;
}

void faults_on(void)
{
	is_on = true;
}

void faults_off(void)
{
	is_on = false;
}

unsigned long faults_nr_fired(unsigned int kind)
{
	return nr_fired[kind];
}

static ST_RAW bool is_refused(unsigned int kind)
{
	if (!is_on || kind != armed_kind || !left || --left)
		return false;
	has_fired = true;
	nr_fired[kind]++;
	return true;
}

/* The row of a number; harmless ones, and those that are unknown, have none. */
static ST_RAW int kind_of(enum how how, long nr)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(numbers); i++)
		if (numbers[i].how == how && numbers[i].nr == nr)
			return (int)numbers[i].kind;
	for (size_t i = 0; i < ST_ARRAY_SIZE(harmless); i++)
		if (harmless[i] == nr)
			return -1;
	unlisted = nr;
	return -1;
}

/* Each operation on its way to the kernel counts; the one to fail becomes a NOP that does. */
static ST_RAW void refuse_operation(struct io_uring *ring)
{
	struct io_uring_sq *queue = &ring->sq;

	for (unsigned int i = queue->sqe_head; i != queue->sqe_tail; i++) {
		struct io_uring_sqe *sqe = &queue->sqes[i & *queue->kring_mask];

		if (!sqe->user_data || !is_refused(KIND_OPERATION))
			continue;
		*sqe = (struct io_uring_sqe){
			.opcode = IORING_OP_NOP,
			.len = (uint32_t)-armed_error,
			.rw_flags = NOP_INJECT_RESULT,
			.user_data = sqe->user_data,
		};
	}
}

/* What decide() says, as two registers. */
struct verdict {
	long is_answered;
	long answer;
};

struct verdict decide(unsigned int kind, long first, long (*real)(long));

ST_RAW __attribute__((used)) struct verdict decide(unsigned int kind, long first,
						   long (*real)(long))
{
	static const struct verdict go_on = { 0, 0 };

	if (kind >= NR_KINDS) {
		int found = kind_of(kind == KIND_syscall ? MINUS : NEGATIVE, first);

		if (found < 0)
			return go_on;
		kind = (unsigned int)found;
	}
	if (kind >= KIND_io_uring_submit && kind <= KIND_io_uring_submit_and_wait_timeout)
		refuse_operation((struct io_uring *)first);
	if (!is_refused(kind))
		return go_on;
	if (hows[kind] == NEGATIVE)
		return (struct verdict){ 1, -armed_error };
	if (hows[kind] == POSITIVE)
		return (struct verdict){ 1, armed_error };
	if (hows[kind] == DONE)
		(void)real(first);
	errno = armed_error;
	return (struct verdict){ 1, hows[kind] == NOTHING ? 0 : -1 };
}

/* rax too: for variable arguments it holds the number of floating-point arguments. */
#define DOUBLE(name, number) \
	extern const unsigned int fault_number_##name; \
	const unsigned int fault_number_##name = number; \
	__asm__(".text\n" \
		".globl __wrap_" #name "\n" \
		".type __wrap_" #name ", @function\n" \
		"__wrap_" #name ":\n\t" \
		"push %rdi; push %rsi; push %rdx; push %rcx; push %r8; push %r9; push %rax\n\t" \
		"mov %rdi, %rsi\n\t" \
		"mov fault_number_" #name "(%rip), %edi\n\t" \
		"mov __real_" #name "@GOTPCREL(%rip), %rdx\n\t" \
		"call decide\n\t" \
		"test %rax, %rax\n\t" \
		"jnz 1f\n\t" \
		"pop %rax; pop %r9; pop %r8; pop %rcx; pop %rdx; pop %rsi; pop %rdi\n\t" \
		"jmp *__real_" #name "@GOTPCREL(%rip)\n" \
		"1:\tadd $56, %rsp\n\t" \
		"mov %rdx, %rax\n\t" \
		"ret\n\t" \
		".size __wrap_" #name ", . - __wrap_" #name);

#define FUNCTION(name, how, ...) DOUBLE(name, KIND_##name)
CALLS(FUNCTION)
NUMBERED(FUNCTION)
#undef FUNCTION
