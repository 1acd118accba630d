/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table: every function by which os/ and loop/ ask for something that may be
 * refused, and the refusals that are plausible. tools/build/tests.mk takes the
 * names out of it and links this part's programs with --wrap for each; doubles.c
 * makes a double of each row; complete.py proves with nm that no function is
 * missing here.
 *
 * CALL(name, how, errnos...), how the function says no:
 *	MINUS	-1 (or MAP_FAILED) and errno	NOTHING	a null pointer and errno
 *	NEGATIVE	-errno			POSITIVE	errno
 *	DONE	as MINUS, after it has been done all the same
 * NUMBER(how, nr, errnos...): a system call by number, in syscall(2) (MINUS), or in
 *	st_raw_call(), which the child between clone and exec uses (NEGATIVE)
 * HARMLESS(nr): one that cannot fail, or whose failure is its normal answer
 */
#ifndef ST_TESTS_FAULTS_WRAPPED_H
#define ST_TESTS_FAULTS_WRAPPED_H

#define NO_FD EMFILE, ENFILE, ENOMEM

#define CALLS(CALL) \
	CALL(access, MINUS, ENOENT) \
	CALL(bind, MINUS, EADDRINUSE, EACCES, ENOSPC) \
	CALL(chmod, MINUS, EPERM, EROFS) \
	CALL(close, DONE, EIO, EINTR) \
	CALL(close_range, MINUS, ENOMEM, EMFILE) \
	CALL(closedir, DONE, EIO) \
	CALL(connect, MINUS, ECONNREFUSED, EAGAIN) \
	CALL(dup2, MINUS, EBUSY) \
	CALL(dup3, MINUS, EBUSY) \
	CALL(eventfd, MINUS, NO_FD) \
	CALL(faccessat, MINUS, EACCES) \
	CALL(fchmod, MINUS, EPERM, EROFS) \
	CALL(fchown, MINUS, EPERM) \
	CALL(fcntl, MINUS, EMFILE) \
	CALL(fdopendir, NOTHING, ENOMEM) \
	CALL(fork, MINUS, EAGAIN, ENOMEM) \
	CALL(fstat, MINUS, ENOMEM) \
	CALL(fstatat, MINUS, ENOMEM) \
	CALL(fstatfs, MINUS, ENOMEM) \
	CALL(genl_connect, NEGATIVE, NLE_NOMEM, NLE_BAD_SOCK) \
	CALL(genl_ctrl_resolve, NEGATIVE, NLE_OBJ_NOTFOUND, NLE_NOMEM, NLE_PERM) \
	CALL(genlmsg_put, NOTHING, ENOMEM) \
	CALL(getgrnam_r, POSITIVE, EIO, ENOMEM, EMFILE, EINTR) \
	CALL(getgrouplist, MINUS, ENOMEM) \
	CALL(getpwnam_r, POSITIVE, EIO, ENOMEM, EMFILE, EINTR) \
	CALL(getpwuid_r, POSITIVE, EIO, ENOMEM, EMFILE, EINTR) \
	CALL(getrandom, MINUS, EAGAIN) \
	CALL(getsockopt, MINUS, ENOMEM) \
	CALL(io_uring_get_probe_ring, NOTHING, ENOMEM) \
	CALL(io_uring_queue_init, NEGATIVE, ENOSYS, EPERM, NO_FD) \
	CALL(io_uring_queue_init_params, NEGATIVE, EPERM, NO_FD) \
	CALL(io_uring_submit, NEGATIVE, EBUSY, EAGAIN) \
	CALL(io_uring_submit_and_get_events, NEGATIVE, EBUSY, EAGAIN, EINTR, EBADR) \
	CALL(io_uring_submit_and_wait, NEGATIVE, EBUSY, EAGAIN, EINTR) \
	CALL(io_uring_submit_and_wait_timeout, NEGATIVE, EBUSY, EAGAIN, EINTR, ETIME, EBADR) \
	CALL(lstat, MINUS, EACCES, ENOMEM) \
	CALL(memfd_create, MINUS, NO_FD) \
	CALL(mkdir, MINUS, EACCES, EROFS, ENOSPC) \
	CALL(mkdirat, MINUS, EACCES, ENOSPC) \
	CALL(mmap, MINUS, ENOMEM) \
	CALL(mprotect, MINUS, ENOMEM) \
	CALL(nl_socket_alloc, NOTHING, ENOMEM) \
	CALL(nl_socket_set_buffer_size, NEGATIVE, NLE_BAD_SOCK) \
	CALL(nl_socket_set_nonblocking, NEGATIVE, NLE_BAD_SOCK) \
	CALL(nla_put_flag, NEGATIVE, NLE_NOMEM) \
	CALL(nla_put_string, NEGATIVE, NLE_NOMEM) \
	CALL(nla_put_u32, NEGATIVE, NLE_NOMEM) \
	CALL(nla_put_u64, NEGATIVE, NLE_NOMEM) \
	CALL(nla_put_u8, NEGATIVE, NLE_NOMEM) \
	CALL(nlmsg_alloc, NOTHING, ENOMEM) \
	CALL(open, MINUS, EACCES, NO_FD) \
	CALL(openat, MINUS, EACCES, NO_FD) \
	CALL(opendir, NOTHING, EACCES, NO_FD) \
	CALL(pipe2, MINUS, NO_FD) \
	CALL(poll, MINUS, ENOMEM) \
	CALL(prctl, MINUS, EINVAL) \
	CALL(prlimit, MINUS, EPERM) \
	CALL(read, MINUS, EIO, ENOMEM) \
	CALL(readdir, NOTHING, EIO, ENOMEM) \
	CALL(readlinkat, MINUS, EACCES, ENOMEM) \
	CALL(recv, MINUS, EAGAIN, ENOBUFS, ENOMEM) \
	CALL(recvmsg, MINUS, EAGAIN, ENOMEM) \
	CALL(renameat, MINUS, EACCES, ENOSPC) \
	CALL(rmdir, MINUS, EACCES) \
	CALL(send, MINUS, EAGAIN, ENOMEM, EPIPE) \
	CALL(sendmsg, MINUS, EAGAIN, ENOMEM) \
	CALL(sendto, MINUS, EAGAIN, EMSGSIZE, ENOBUFS, ENOMEM) \
	CALL(setrlimit, MINUS, EPERM) \
	CALL(setsockopt, MINUS, ENOMEM) \
	CALL(signalfd, MINUS, NO_FD) \
	CALL(socket, MINUS, EAFNOSUPPORT, NO_FD) \
	CALL(st_alloc, NOTHING, ENOMEM) \
	CALL(st_alloc_array, NOTHING, ENOMEM) \
	CALL(st_raw_clone, NEGATIVE, EAGAIN, ENOMEM, EPERM) \
	CALL(st_realloc, NOTHING, ENOMEM) \
	CALL(stat, MINUS, EACCES) \
	CALL(statx, MINUS, EINVAL) \
	CALL(unlink, MINUS, EACCES) \
	CALL(unlinkat, MINUS, EACCES) \
	CALL(waitid, MINUS, ECHILD) \
	CALL(write, MINUS, EACCES, EIO)

/* Those that take the number of what they call. */
#define NUMBERED(CALL) \
	CALL(syscall, MINUS) \
	CALL(st_raw_call, NEGATIVE)

#define NUMBERS(NUMBER, HARMLESS) \
	NUMBER(MINUS, SYS_capget, EPERM) \
	NUMBER(MINUS, SYS_capset, EPERM) \
	NUMBER(MINUS, SYS_getdents64, EIO) \
	NUMBER(MINUS, SYS_kcmp, ENOSYS, EPERM) \
	NUMBER(MINUS, SYS_openat2, EACCES, ENOSYS, NO_FD) \
	NUMBER(MINUS, SYS_pidfd_open, NO_FD) \
	NUMBER(MINUS, SYS_pidfd_send_signal, EPERM) \
	NUMBER(MINUS, SYS_rt_sigaction, EINVAL) \
	NUMBER(MINUS, SYS_waitid, ECHILD) \
	NUMBER(NEGATIVE, SYS_chdir, EACCES, EIO) \
	NUMBER(NEGATIVE, SYS_close_range, ENOMEM, EMFILE) \
	NUMBER(NEGATIVE, SYS_dup3, EBUSY) \
	NUMBER(NEGATIVE, SYS_execve, EAGAIN, ENOMEM, EIO, ETXTBSY) \
	NUMBER(NEGATIVE, SYS_fcntl, EPERM) \
	NUMBER(NEGATIVE, SYS_prctl, EINVAL) \
	NUMBER(NEGATIVE, SYS_prlimit64, EPERM) \
	NUMBER(NEGATIVE, SYS_rt_sigaction, EINVAL) \
	NUMBER(NEGATIVE, SYS_setgroups, EPERM, ENOMEM) \
	NUMBER(NEGATIVE, SYS_setpgid, EPERM) \
	NUMBER(NEGATIVE, SYS_setpriority, EACCES) \
	NUMBER(NEGATIVE, SYS_setresgid, EPERM) \
	NUMBER(NEGATIVE, SYS_setresuid, EAGAIN, EPERM) \
	NUMBER(NEGATIVE, SYS_setsid, EPERM) \
	NUMBER(NEGATIVE, SYS_write, EPIPE) \
	HARMLESS(SYS_clock_gettime) /* cannot fail for this clock */ \
	HARMLESS(SYS_exit_group) /* does not return */ \
	HARMLESS(SYS_futex) /* each wait is a loop that looks at the word */ \
	HARMLESS(SYS_getpgid) /* asks whether a process is there */ \
	HARMLESS(SYS_getppid) /* cannot fail */ \
	HARMLESS(SYS_rt_sigprocmask) /* fails for bad addresses only */ \
	HARMLESS(SYS_sched_yield) /* cannot fail */ \
	HARMLESS(SYS_umask) /* cannot fail */

#endif
