// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that takes messages; see server.h.
 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/channel.h"

/* Autobind: the kernel chooses five hexadecimal digits. */
static void listen_somewhere(struct server *server)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sa_family_t);

	server->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&name, len) ||
	    listen(server->listener, 4))
		abort();
	len = sizeof(name);
	if (getsockname(server->listener, (struct sockaddr *)&name, &len))
		abort();
	server->address = (uint32_t)strtoul(name.sun_path + 1, NULL, 16);
}

void server_init(struct server *server)
{
	*server = (struct server){ .listener = -1 };
	small_tree_init(&server->small);
	small_tree_boot(&server->small);
	st_names_init(&server->names, ST_MAX_NAMES);
	if (st_map_reserve(&server->processes.by_generation, SERVER_PROCESSES))
		abort();
	server->directory = (struct st_directory){
		.tree = server->small.tree,
		.names = &server->names,
		.processes = &server->processes,
	};
	listen_somewhere(server);
}

void server_done(struct server *server)
{
	if (server->listener >= 0)
		close(server->listener);
	st_map_done(&server->processes.by_generation);
	st_names_done(&server->names);
	small_tree_done(&server->small);
}

struct st_process *server_process(struct server *server, const char *path, bool has_mailbox)
{
	struct st_process *process = &server->process[server->nr++];

	if (server->nr > SERVER_PROCESSES)
		abort();
	process->generation = small_tree_find(&server->small, path)->generation;
	process->spec = small_tree_find(&server->small, path)->spec;
	process->ref.pid = getpid();
	process->has_mailbox = has_mailbox;
	process->mailbox = server->address & ST_CHANNEL_MAX_ADDRESS;
	st_map_put(&server->processes.by_generation, process->generation, process);
	return process;
}

int server_accept(struct server *server)
{
	struct st_packet packet;
	size_t len;
	int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 || st_packet_receive(fd, &packet, MSG_DONTWAIT, &len) ||
	    packet.header.type != ST_PACKET_HELLO)
		abort();
	return fd;
}

const char *server_read(int fd, struct st_packet *packet)
{
	static char text[512];
	size_t len = 0;

	if (st_packet_receive(fd, packet, MSG_DONTWAIT, &len))
		return "closed";
	snprintf(text, sizeof(text), "%u %llu %.400s", packet->header.type,
		 (unsigned long long)packet->header.ref, packet->payload);
	return text;
}

void server_send(int fd, enum st_packet_type type, uint64_t ref, const char *data, size_t len)
{
	const struct st_packet_header header = { .type = (uint8_t)type, .ref = ref };

	if (st_packet_send(fd, &header, data, len, MSG_DONTWAIT))
		abort();
}
