// SPDX-License-Identifier: GPL-2.0-only
/*
 * The player of play.h.
 */
#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINE 512
#define MAX_ARGS 16

/* One line with '>': the command, its first argument, and the rest of the line. */
struct command {
	char text[MAX_LINE];
	const char *name;
	char *target;
	char *rest; /* "" if there is none */
};

static char *cut(char *text)
{
	char *space = strchr(text, ' ');

	if (!space)
		return text + strlen(text);
	*space = '\0';
	return space + 1;
}

static void cut_command(struct command *command, const char *line, size_t len)
{
	snprintf(command->text, sizeof(command->text), "%.*s", (int)len, line);
	command->name = command->text;
	command->target = cut(command->text);
	command->rest = cut(command->target);
}

static bool play_root(struct st_world *world, const struct command *command)
{
	static const char *const names[] = { "boot", "stop", "kill" };
	static const enum st_event_type types[] = { ST_EV_BOOT, ST_EV_STOP, ST_EV_KILL };
	int index = st_text_index(names, ST_ARRAY_SIZE(names), command->name);

	if (!strcmp(command->name, "up"))
		st_world_boot(world);
	else if (!strcmp(command->name, "quiet") || !strcmp(command->name, "loud"))
		world->quiet = command->name[0] == 'q';
	else if (!strcmp(command->name, "causes"))
		world->shows_causes = true;
	else if (index >= 0)
		st_world_event(world, &(struct st_event){ .type = types[index] });
	else
		return false;
	return true;
}

static bool play_process(struct st_world *world, const struct command *command)
{
	int type = st_text_index(st_event_text, ST_EV__MAX, command->name);
	struct st_event event = { .pid = 77, .text = command->rest };

	if (!strcmp(command->name, "exit")) {
		st_world_exit(world, command->target, command->rest);
		return true;
	}
	if (type != ST_EV_SPAWNED && type != ST_EV_READY && type != ST_EV_IGNORE &&
	    type != ST_EV_ERROR && type != ST_EV_SPAWN_FAILED && type != ST_EV_UNHEALTHY)
		return false;
	event.type = (enum st_event_type)type;
	event.generation = st_world_generation(world, command->target);
	st_world_event(world, &event);
	return true;
}

static bool play_habit(struct st_world *world, const struct command *command)
{
	static const char *const names[] = {
		[ST_HABIT_GOOD] = "good",	  [ST_HABIT_HELD] = "hold",
		[ST_HABIT_STUBBORN] = "stubborn", [ST_HABIT_FAILING] = "failing",
		[ST_HABIT_IGNORING] = "ignoring", [ST_HABIT_ANSWERING] = "answer",
	};
	int type = st_text_index(names, ST_ARRAY_SIZE(names), command->name);

	if (type < 0)
		return false;
	st_world_habit(world, command->target, (enum st_habit_type)type,
		       type == ST_HABIT_ANSWERING ? command->rest : NULL);
	return true;
}

static bool play_time(struct st_world *world, const struct command *command)
{
	uint64_t deadline_ns = st_next_deadline(world->tree);
	char line[64];

	if (!strcmp(command->name, "after")) {
		st_world_after(world, strtoull(command->target, NULL, 10) *
					      (strcmp(command->rest, "s") ? ST_NSEC_PER_MSEC :
									    ST_NSEC_PER_SEC));
		return true;
	}
	if (strcmp(command->name, "deadline"))
		return false;
	if (deadline_ns == ST_NO_DEADLINE)
		snprintf(line, sizeof(line), "  none\n");
	else
		snprintf(line, sizeof(line), "  in %llu ms\n",
			 (unsigned long long)((deadline_ns - world->now_ns) / ST_NSEC_PER_MSEC));
	st_buf_add_text(&world->transcript, line);
	return true;
}

/* "!invalid_shutdown {...}": what the binder found out before the request. */
static void read_invalid(struct st_request *request, char *rest)
{
	char *json = cut(rest);
	int error = st_text_index(st_spec_error_text, ST_SPEC__MAX, rest + 1);

	if (error < 0) {
		fprintf(stderr, "unknown error %s\n", rest + 1);
		exit(2);
	}
	request->error = (enum st_spec_error)error;
	request->error_json = json;
}

static void read_start(const struct st_world *world, struct st_request *request, char *rest,
		       const char **args)
{
	const struct st_child *child = st_tree_find(world->tree, request->sup);

	if (*rest == '!') {
		read_invalid(request, rest);
		return;
	}
	if (!child || !child->sup ||
	    child->sup->spec->flags.strategy != ST_STRATEGY_SIMPLE_ONE_FOR_ONE) {
		request->start.spec = st_words_child(rest);
		return;
	}
	request->id = rest;
	request->start.args = args;
	for (rest = cut(rest); *rest && request->start.nr_args < MAX_ARGS; rest = cut(rest)) {
		args[request->start.nr_args++] = rest;
	}
}

static void read_change(struct st_request *request, const char *rest)
{
	static const char whole[] = "whole ";

	request->change.whole = !strncmp(rest, whole, sizeof(whole) - 1);
	request->change.to = st_words_sup(request->change.whole ? rest + sizeof(whole) - 1 : rest);
}

static bool play_request(struct st_world *world, const struct command *command)
{
	int type = st_text_index(st_request_text, ST_REQUEST__MAX, command->name);
	struct st_request request = { .sup = command->target, .id = command->rest };
	const char *args[MAX_ARGS];

	if (type < 0)
		return false;
	request.type = (enum st_request_type)type;
	if (type == ST_REQUEST_TERMINATE_CHILD)
		request.terminate.foreign = !strcmp(command->rest, "foreign");
	if (type == ST_REQUEST_TERMINATE_CHILD && command->rest[0] == '#')
		request.terminate.generation = st_world_generation(world, command->rest);
	if (type == ST_REQUEST_START_CHILD)
		read_start(world, &request, command->rest, args);
	else if (type == ST_REQUEST_CHANGE && command->rest[0] == '!')
		read_invalid(&request, command->rest);
	else if (type == ST_REQUEST_CHANGE)
		read_change(&request, command->rest);
	else if (type == ST_REQUEST_STOP)
		request.stop.reason = st_words_reason(command->rest);
	st_world_request(world, &request);
	st_request_done(&request);
	return true;
}

static void play_line(struct st_world *world, const char *line, size_t len)
{
	struct command command;

	cut_command(&command, line, len);
	if (play_root(world, &command) || play_process(world, &command) ||
	    play_habit(world, &command) || play_time(world, &command) ||
	    play_request(world, &command))
		return;
	fprintf(stderr, "unknown command: %.*s\n", (int)len, line);
	exit(2);
}

static void print_difference(const char *script, const char *actual)
{
	const char *from = script;
	size_t same = 0;

	while (script[same] && script[same] == actual[same])
		if (script[same++] == '\n')
			from = script + same;
	same = (size_t)(from - script);
	fprintf(stderr, "# the same:\n%.*s# expected:\n%s# came out:\n%s# end\n", (int)same, script,
		script + same, actual + same);
}

bool st_play(const char *script)
{
	size_t len = strcspn(script, "\n");
	struct st_world world;
	char spec[MAX_LINE];
	bool equal;

	snprintf(spec, sizeof(spec), "%.*s", (int)len, script);
	if (st_world_init(&world, spec))
		return false;
	st_buf_add(&world.transcript, script, len + 1);
	for (const char *line = script + len + 1; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		if (*line != '>')
			continue;
		st_buf_add(&world.transcript, line, len);
		st_buf_add_char(&world.transcript, '\n');
		play_line(&world, line + 2, len - 2);
	}
	equal = !strcmp(script, st_buf_text(&world.transcript));
	if (!equal)
		print_difference(script, st_buf_text(&world.transcript));
	st_world_done(&world);
	return equal;
}
