// SPDX-License-Identifier: GPL-2.0-only
/*
 * act WORD...: a child that does what its arguments say, one after the other, and
 * then exits with status 0.
 *
 *	notify=TEXT	send TEXT to the socket of $NOTIFY_SOCKET
 *	helper=TEXT	start a process that sends TEXT there, and wait for its end
 *	newline=N	write a newline to descriptor N
 *	env=NAME	print NAME=VALUE, or NAME if it is not set
 *	leave		leave a process behind that does nothing
 *	escape		leave one in a session of its own, with no variable in its environment
 *	traced		leave one that traces this process
 *	insist		leave one that ignores SIGTERM, and tell the test when it does
 *	pause		do nothing until a signal comes
 *	kill=N		send signal N to itself
 *	exit=N		exit with status N
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int is_good, const char *what)
{
	if (is_good)
		return;
	perror(what);
	exit(99);
}

static int number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

static void notify(const char *text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	check(fd >= 0 && path, "find the socket");
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	check(sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address, sizeof(address)) >= 0,
	      "notify");
	close(fd);
}

/* Its zombie stays, so that it has a parent when the message is read. */
static void send_help(const char *text)
{
	siginfo_t info;
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid) {
		notify(text);
		_exit(0);
	}
	check(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0 && !info.si_status, "wait");
}

static void print(const char *name)
{
	const char *value = getenv(name);

	printf("%s%s%s\n", name, value ? "=" : "", value ? value : "");
	(void)fflush(stdout);
}

static void leave(void)
{
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid)
		pause();
}

/* Returns when the process has executed its program: env -i setsid sleep infinity. */
static void escape(void)
{
	char *argv[] = { "sleep", "infinity", NULL };
	char *envp[] = { NULL };
	int fds[2];
	char byte;

	check(pipe(fds) == 0, "pipe");
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid) {
		close(fds[0]);
		(void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
		setsid();
		execve("/bin/sleep", argv, envp);
		check(0, "execve");
	}
	close(fds[1]);
	check(read(fds[0], &byte, 1) == 0, "wait for the exec");
	close(fds[0]);
}

/* Its zombie is the tracer's until that has ended. */
static void get_traced(void)
{
	int fds[2];
	char byte;

	check(pipe(fds) == 0, "pipe");
	/* EINVAL: there is no Yama that asks for it */
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid) {
		check(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0, "trace");
		check(write(fds[1], "x", 1) == 1, "write");
		for (;;)
			pause();
	}
	check(read(fds[0], &byte, 1) == 1, "wait for the tracer");
	close(fds[0]);
	close(fds[1]);
}

static void insist(void)
{
	int fds[2];
	char byte;

	check(pipe(fds) == 0, "pipe");
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid) {
		(void)signal(SIGTERM, SIG_IGN);
		check(write(fds[1], "x", 1) == 1, "write");
		for (;;)
			pause();
	}
	check(read(fds[0], &byte, 1) == 1, "wait for the other process");
	close(fds[0]);
	close(fds[1]);
}

static void act(const char *word, const char *value)
{
	if (!strcmp(word, "leave"))
		leave();
	else if (!strcmp(word, "escape"))
		escape();
	else if (!strcmp(word, "traced"))
		get_traced();
	else if (!strcmp(word, "insist"))
		insist();
	else if (!strcmp(word, "pause"))
		pause();
	else if (!strncmp(word, "notify=", 7))
		notify(value);
	else if (!strncmp(word, "helper=", 7))
		send_help(value);
	else if (!strncmp(word, "newline=", 8))
		check(write(number(value), "\n", 1) == 1, "write");
	else if (!strncmp(word, "env=", 4))
		print(value);
	else if (!strncmp(word, "kill=", 5))
		raise(number(value));
	else if (!strncmp(word, "exit=", 5))
		exit(number(value));
	else
		exit(98);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');

		act(argv[i], equals ? equals + 1 : "");
	}
	return 0;
}
