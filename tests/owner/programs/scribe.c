// SPDX-License-Identifier: GPL-2.0-only
/*
 * The service of the owner "scribe": a server that registers this name and answers the
 * operations of scribe.h as userspace/proto/owners.h says. It keeps one note.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libsuptree/suptree.h"

struct scribe {
	char path[1024]; /* "": there is no note */
	char text[1024];
	int weight;
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	(void)state;
	(void)argc;
	(void)argv;
	return suptree_register(self, "scribe");
}

static const char *text_of(const json_t *params, const char *key)
{
	const char *text = json_string_value(json_object_get(params, key));

	return text ? text : "";
}

static void add(struct scribe *scribe, const json_t *params)
{
	const json_t *weight = json_object_get(params, "weight");

	snprintf(scribe->path, sizeof(scribe->path), "%s", text_of(params, "path"));
	snprintf(scribe->text, sizeof(scribe->text), "%s", text_of(params, "text"));
	scribe->weight = weight ? (int)json_integer_value(weight) : 1;
}

static void show(struct suptree *self, struct suptree_from from, const struct scribe *scribe,
		 const json_t *params)
{
	json_t *answer;
	char *text;

	if (!*scribe->path || strcmp(scribe->path, text_of(params, "path")) != 0) {
		suptree_reply_error(self, from, "not_found there is no note about it");
		return;
	}
	answer = json_pack("{s:s, s:s, s:i}", "path", scribe->path, "note", scribe->text, "weight",
			   scribe->weight);
	text = json_dumps(answer, JSON_COMPACT);
	suptree_reply(self, from, "%s", text ? text : "null");
	free(text);
	json_decref(answer);
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const char *blank = strchr(request->data, ' ');
	json_t *params = blank ? json_loads(blank, 0, NULL) : NULL;

	if (!strncmp(request->data, "note_add ", strlen("note_add "))) {
		add(state, params);
		suptree_reply(self, from, "{\"ok\":true}");
	} else {
		show(self, from, state, params);
	}
	json_decref(params);
	return SUPTREE_CONTINUE;
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server scribe = {
		.vsn = "1",
		.state_size = sizeof(struct scribe),
		.init = init,
		.handle_call = handle_call,
	};

	return suptree_gen_server_main(&scribe, argc, argv);
}
