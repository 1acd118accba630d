// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of sd_notify(3) that the daemon sends.
 */
#include "daemon/own_service.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"
#include "loop/ring.h"

#define NSEC_PER_USEC 1000u
#define MAX_WATCHDOG_USEC (UINT64_MAX / NSEC_PER_USEC)

static void read_address(struct st_own_service *service)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path ? strlen(path) : 0;

	if (!len || len >= sizeof(service->address.sun_path))
		return;
	service->address.sun_family = AF_UNIX;
	memcpy(service->address.sun_path, path, len);
	if (path[0] == '@')
		service->address.sun_path[0] = '\0'; /* an abstract name */
	service->address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

/* Return: 0 if the variable is not set, or is not a decimal number. */
static uint64_t read_number(const char *name)
{
	const char *text = getenv(name);
	unsigned long long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoull(text, &end, 10);
	return errno || *end ? 0 : value;
}

/*
 * $WATCHDOG_PID names the process that it is for; a process may have inherited
 * it.
 */
static void read_watchdog(struct st_own_service *service)
{
	uint64_t usec = read_number("WATCHDOG_USEC");

	if (getenv("WATCHDOG_PID") && read_number("WATCHDOG_PID") != (uint64_t)getpid())
		return;
	if (usec <= MAX_WATCHDOG_USEC)
		service->interval_ns = usec * NSEC_PER_USEC / 2;
}

static void say(const struct st_own_service *service, const char *message)
{
	int fd;

	if (!service->address_len)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT,
			     (const struct sockaddr *)&service->address, service->address_len) < 0)
		st_log("say %s to $NOTIFY_SOCKET: %s", message, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void on_tick(struct st_deadline *deadline)
{
	const struct st_own_service *service = container_of(deadline, struct st_own_service, next);

	say(service, "WATCHDOG=1");
	st_deadline_set(deadline, st_clock_ns() + service->interval_ns);
}

int st_own_service_init(struct st_own_service *service, struct st_ring *ring)
{
	*service = (struct st_own_service){ .interval_ns = 0 };
	read_address(service);
	if (service->address_len)
		read_watchdog(service);
	return st_deadline_init(&service->next, ring, on_tick);
}

void st_own_service_done(struct st_own_service *service)
{
	st_deadline_done(&service->next);
}

void st_own_service_ready(struct st_own_service *service, uint64_t now_ns)
{
	say(service, "READY=1");
	if (service->interval_ns)
		st_deadline_set(&service->next, now_ns + service->interval_ns);
}

void st_own_service_stopping(struct st_own_service *service)
{
	if (!service->is_stopping)
		say(service, "STOPPING=1");
	service->is_stopping = true;
}
