// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads /proc/PID/fd and /proc/PID/net; see held.h. The tables of the kernel list sockets by
 * inode, as the links in /proc/PID/fd do. tcp and tcp6 begin with the sockets that listen, so
 * the connections after them, which may be many, are not read.
 */
#include "os/held.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"

#define TCP_LISTENS 0x0a /* TCP_LISTEN of the kernel's tcp_states.h */
#define UNIX_LISTENS 0x10000 /* __SO_ACCEPTCON */
#define MAX_WORDS 10

struct table {
	const char *name;
	const char *protocol;
	bool is_ip6;
	bool has_connections; /* after those that listen */
};

static const struct table tables[] = {
	{ .name = "net/tcp", .protocol = "tcp", .has_connections = true },
	{ .name = "net/tcp6", .protocol = "tcp", .is_ip6 = true, .has_connections = true },
	{ .name = "net/udp", .protocol = "udp" },
	{ .name = "net/udp6", .protocol = "udp", .is_ip6 = true },
	{ .name = "net/unix", .protocol = "unix" },
};

/* As the kernel writes it: linux/dirent.h is not exported. */
struct name {
	uint64_t inode;
	int64_t offset;
	uint16_t len; /* of all of this */
	uint8_t type;
	char text[];
};

void st_held_init(struct st_held *held)
{
	memset(held, 0, sizeof(*held));
	held->proc = -1;
	held->fds = -1;
	held->table = -1;
}

void st_held_done(struct st_held *held)
{
	st_fd_close(&held->proc);
	st_fd_close(&held->fds);
	st_fd_close(&held->table);
	st_map_done(&held->sockets);
	st_held_init(held);
}

int st_held_open(struct st_held *held, pid_t pid)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	held->proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (held->proc < 0)
		return -errno;
	held->fds = openat(held->proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return held->fds < 0 ? -errno : 0;
}

/* ---- descriptors ---- */

/* Return: 1, 0 at the end, or -errno. */
static int next_name(struct st_held *held, const char **ret_name)
{
	const struct name *name;
	long nr;

	if (held->at >= held->nr_names) {
		nr = syscall(SYS_getdents64, held->fds, held->names, sizeof(held->names));
		if (nr <= 0)
			return nr < 0 ? -errno : 0;
		held->nr_names = (size_t)nr;
		held->at = 0;
	}
	name = (const void *)(held->names + held->at);
	held->at += name->len;
	*ret_name = name->text;
	return 1;
}

static bool begins_with(const char *text, const char *begin)
{
	return !strncmp(text, begin, strlen(begin));
}

static int note_socket(struct st_held *held, int fd)
{
	uint64_t inode = strtoull(held->text + strlen("socket:["), NULL, 10);

	if (held->sockets.nr >= ST_HELD_MAX_SOCKETS) {
		held->nr_unknown++;
		return 0;
	}
	if (!inode || st_map_get(&held->sockets, inode))
		return 0; /* a copy of a descriptor */
	if (st_map_reserve(&held->sockets, held->sockets.nr + 1))
		return -ENOMEM;
	st_map_put(&held->sockets, inode, (void *)((uintptr_t)fd + 1));
	return 0;
}

static enum st_held_kind kind_of(const char *text)
{
	if (*text == '/')
		return ST_HELD_FILE;
	if (begins_with(text, "socket:["))
		return ST_HELD_SOCKET;
	return begins_with(text, "pipe:[") ? ST_HELD_PIPE : ST_HELD_OTHER;
}

/* Return: 1; 0: it was closed meanwhile; or -errno. */
static int look_at(struct st_held *held, const char *name, struct st_held_fd *ret_fd)
{
	ssize_t len = readlinkat(held->fds, name, held->text, ST_HELD_MAX_TEXT);
	struct stat mode;

	/* the permissions of the link are those with which it was opened */
	if (len < 0 || fstatat(held->fds, name, &mode, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	held->text[len] = '\0';
	*ret_fd = (struct st_held_fd){
		.fd = (int)strtol(name, NULL, 10),
		.kind = kind_of(held->text),
		.reads = mode.st_mode & S_IRUSR,
		.writes = mode.st_mode & S_IWUSR,
		.path = held->text,
	};
	if (ret_fd->kind == ST_HELD_SOCKET && note_socket(held, ret_fd->fd))
		return -ENOMEM;
	return 1;
}

int st_held_next_fd(struct st_held *held, struct st_held_fd *ret_fd)
{
	const char *name = "";
	int ret;

	while ((ret = next_name(held, &name)) > 0) {
		if (*name == '.')
			continue;
		ret = look_at(held, name, ret_fd);
		if (ret)
			return ret;
	}
	return ret;
}

/* ---- tables ---- */

/* Read more after the rest of a line. Return: false at the end of the table. */
static bool read_more(struct st_held *held)
{
	size_t rest = held->nr_lines - held->line;
	ssize_t nr;

	if (rest == ST_HELD_MAX_TEXT) { /* a line that is too long: none that we know */
		held->is_cut = true;
		rest = 0;
	}
	memmove(held->lines, held->lines + held->line, rest);
	held->line = 0;
	held->nr_lines = rest;
	nr = read(held->table, held->lines + rest, ST_HELD_MAX_TEXT - rest);
	if (nr <= 0)
		return false;
	held->nr_lines += (size_t)nr;
	return true;
}

/* Return: the next whole line, NUL-terminated; NULL: it is not here yet. */
static char *next_line(struct st_held *held)
{
	char *line = held->lines + held->line;
	char *end = memchr(line, '\n', held->nr_lines - held->line);
	bool is_cut = held->is_cut;

	if (!end)
		return NULL;
	*end = '\0';
	held->line = (size_t)(end + 1 - held->lines);
	held->is_cut = false;
	return is_cut ? end : line;
}

/* Split at blanks, at most @max words; the last one has the rest. Return: their number. */
static unsigned int split(char *line, char *words[], unsigned int max)
{
	unsigned int nr = 0;

	while (nr < max) {
		line += strspn(line, " ");
		if (!*line)
			break;
		words[nr++] = line;
		line += strcspn(line, " ");
		if (*line && nr < max)
			*line++ = '\0';
	}
	return nr;
}

static int holder_of(const struct st_held *held, const char *inode)
{
	uint64_t number = strtoull(inode, NULL, 10);

	/* a socket that nobody has accepted yet has no inode */
	return number ? (int)(uintptr_t)st_map_get(&held->sockets, number) - 1 : -1;
}

/* "0100007F:1F90": words of 32 bits as this machine has them, and the port. */
static bool read_address(struct st_held *held, char *text, bool is_ip6, int *ret_port)
{
	char *colon = strchr(text, ':');
	uint32_t words[4] = { 0 };
	size_t nr = is_ip6 ? 4 : 1;

	if (!colon || colon != text + nr * 8)
		return false;
	*ret_port = (int)strtol(colon + 1, NULL, 16);
	for (size_t i = nr; i--;) {
		text[(i + 1) * 8] = '\0';
		words[i] = (uint32_t)strtoul(text + i * 8, NULL, 16);
	}
	return inet_ntop(is_ip6 ? AF_INET6 : AF_INET, words, held->text, INET6_ADDRSTRLEN);
}

static int port_of_ip(struct st_held *held, const struct table *table, char *line,
		      struct st_held_port *ret_port)
{
	char *words[MAX_WORDS + 1] = { NULL };

	/* sl local remote state queues timer retransmissions uid timeout inode ... */
	if (split(line, words, MAX_WORDS + 1) < MAX_WORDS || !strcmp(words[0], "sl"))
		return -EAGAIN;
	if (table->has_connections && strtoul(words[3], NULL, 16) != TCP_LISTENS)
		return 0; /* so are all that follow */
	*ret_port = (struct st_held_port){
		.fd = holder_of(held, words[9]),
		.protocol = table->protocol,
		.address = held->text,
	};
	if (ret_port->fd < 0 || !read_address(held, words[1], table->is_ip6, &ret_port->port))
		return -EAGAIN;
	return 1;
}

static int port_of_unix(struct st_held *held, char *line, struct st_held_port *ret_port)
{
	char *words[8] = { NULL };
	unsigned long flags, type;

	/* address: references protocol flags type state inode path */
	if (split(line, words, ST_ARRAY_SIZE(words)) < ST_ARRAY_SIZE(words))
		return -EAGAIN; /* it has no path */
	flags = strtoul(words[3], NULL, 16);
	type = strtoul(words[4], NULL, 16);
	*ret_port = (struct st_held_port){
		.fd = holder_of(held, words[6]),
		.protocol = "unix",
		.address = held->text,
		.port = -1,
	};
	if (ret_port->fd < 0 || !(flags & UNIX_LISTENS || type == SOCK_DGRAM))
		return -EAGAIN;
	(void)snprintf(held->text, sizeof(held->text), "%s", words[7]);
	return 1;
}

static void begin_table(struct st_held *held)
{
	held->nr_lines = 0;
	held->line = 0;
	held->is_cut = false;
	held->table = openat(held->proc, tables[held->nr_tables++].name, O_RDONLY | O_CLOEXEC);
}

int st_held_next_port(struct st_held *held, struct st_held_port *ret_port)
{
	const struct table *table;
	char *line;
	int ret = -EAGAIN;

	if (held->table < 0) {
		if (!held->sockets.nr || held->nr_tables == ST_ARRAY_SIZE(tables))
			return 0;
		begin_table(held);
		return -EAGAIN;
	}
	table = &tables[held->nr_tables - 1];
	while (ret == -EAGAIN && (line = next_line(held)))
		ret = strcmp(table->protocol, "unix") ? port_of_ip(held, table, line, ret_port) :
							port_of_unix(held, line, ret_port);
	if (ret == 1)
		return 1;
	if (!ret || !read_more(held))
		st_fd_close(&held->table);
	return -EAGAIN;
}
