// SPDX-License-Identifier: GPL-2.0-only
/*
 * Child specifications of Erlang: of a file of terms, or of the init/1 of a supervisor.
 * Further files are the modules of supervisors that are children.
 *
 * What OTP's supervisor refuses is refused. A function of Erlang is no program: its start
 * runs it in a node of its own, which ends as its process does, so that the configuration
 * can be tried before programs take the place of the functions.
 */
#include "cli/import/erlang_supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_DEPTH 32 /* of supervisors in supervisors */
#define MAX_ARGS 2000 /* bytes of the arguments of a function */

struct erlang {
	struct st_import *import;
	struct st_plan *plan;
	struct st_erl_file *files;
	struct st_erl_supervisor *first; /* these are to be made */
	struct st_erl_supervisor *last;
	size_t nr_children;
};

enum field {
	ID,
	START,
	RESTART,
	SIGNIFICANT,
	SHUTDOWN,
	TYPE,
	MODULES,
	NR_FIELDS
};

static const char *const field_names[] = {
	[ID] = "id",
	[START] = "start",
	[RESTART] = "restart",
	[SIGNIFICANT] = "significant",
	[SHUTDOWN] = "shutdown",
	[TYPE] = "type",
	[MODULES] = "modules",
	[NR_FIELDS] = NULL,
};

/* A child specification. */
struct spec {
	const struct st_erl_term *whole;
	const struct st_erl_term *fields[NR_FIELDS]; /* NULL: OTP's default */
	const char *name; /* of the id, as a text */
};

/* A child that is made. */
struct making {
	struct erlang *all;
	const struct st_erl_supervisor *supervisor;
	const struct spec *spec;
	struct st_plan_node *child;
};

static void note(const struct making *making, const struct st_erl_term *term, const char *why)
{
	st_plan_note(making->all->plan, making->child, term->line, "%s: %s",
		     st_erl_text(making->all->plan, term, 200), why);
}

/* ---- children ---- */

static int read_spec(const struct st_erl_supervisor *supervisor, const struct st_erl_term *term,
		     struct spec *spec)
{
	static const enum field places[] = { ID, START, RESTART, SHUTDOWN, TYPE, MODULES };

	*spec = (struct spec){ .whole = term };
	if (term->type == ST_ERL_IS_TUPLE && term->nr == ST_ARRAY_SIZE(places))
		for (size_t i = 0; i < term->nr; i++)
			spec->fields[places[i]] = term->items[i];
	else if (term->type == ST_ERL_IS_MAP)
		for (size_t i = 0; i < NR_FIELDS; i++)
			spec->fields[i] = st_erl_value_of(term, field_names[i]);
	else
		return st_erl_supervisor_refuse(
			supervisor, term,
			"a child specification must be a map, or {Id, Start, Restart, "
			"Shutdown, Type, Modules}");
	if (!spec->fields[ID])
		return st_erl_supervisor_refuse(supervisor, term, "a child specification needs id");
	if (!spec->fields[START])
		return st_erl_supervisor_refuse(supervisor, term,
						"a child specification needs start");
	return 0;
}

/* A field that is an atom; NULL: OTP's default. */
static int take_word(struct making *making, enum field field, const char *const *words,
		     const char **ret_word)
{
	const struct st_erl_term *term = making->spec->fields[field];
	char why[160];

	*ret_word = NULL;
	if (!term)
		return 0;
	if (term->type == ST_ERL_IS_OPAQUE) {
		note(making, term, "it is known only when it runs; this key is not carried over");
		return 0;
	}
	if (!st_erl_is_one_of(term, words)) {
		(void)snprintf(why, sizeof(why), "%s must be %s%s%s or %s", field_names[field],
			       words[0], words[2] ? ", " : "", words[2] ? words[1] : "",
			       words[2] ? words[2] : words[1]);
		return st_erl_supervisor_refuse(making->supervisor, term, why);
	}
	*ret_word = term->text;
	return 0;
}

static int take_shutdown(struct making *making)
{
	const struct st_erl_term *term = making->spec->fields[SHUTDOWN];
	static const char *const words[] = { "infinity", "brutal_kill", NULL };
	struct st_plan *plan = making->all->plan;

	if (!term)
		return 0;
	if (term->type == ST_ERL_IS_OPAQUE)
		note(making, term, "it is known only when it runs; shutdown is not carried over");
	else if (st_erl_is_one_of(term, words))
		(void)st_plan_add(plan, making->child, ST_PLAN_VALUE, "shutdown", term->text);
	else if (term->type == ST_ERL_IS_INTEGER && term->integer >= 0)
		(void)st_plan_add_ms(plan, making->child, "shutdown", (uint64_t)term->integer);
	else
		return st_erl_supervisor_refuse(
			making->supervisor, term,
			"shutdown must be infinity, brutal_kill or a number of milliseconds");
	return 0;
}

/* The call of {M, F, A}: "m:f(1, 2)"; false: it is too long. */
static bool write_call(const struct st_erl_term *start, struct st_buf *out)
{
	const struct st_erl_term *args = start->items[2];
	size_t begin = out->len;

	st_buf_add_text(out, start->items[0]->raw);
	st_buf_add_char(out, ':');
	st_buf_add_text(out, start->items[1]->raw);
	st_buf_add_char(out, '(');
	for (size_t i = 0; i < args->nr && out->len < begin + MAX_ARGS; i++) {
		if (i)
			st_buf_add_text(out, ", ");
		st_erl_print(args->items[i], MAX_ARGS, out);
	}
	if (!args->nr && args->raw)
		st_buf_add_text(out, args->raw);
	st_buf_add_char(out, ')');
	return out->len < begin + MAX_ARGS;
}

/* A node that runs a function, and ends as the process does that the function starts. */
static int add_start(struct making *making)
{
	const struct st_erl_term *start = making->spec->fields[START];
	struct st_plan *plan = making->all->plan;
	struct st_buf text = ST_BUF_INIT, call = ST_BUF_INIT;
	struct st_plan_node *words;
	bool fits = write_call(start, &call);

	st_buf_add_text(&text, "process_flag(trap_exit, true), {ok, P} = ");
	st_buf_add_buf(&text, &call);
	st_buf_add_text(&text, ", receive {_, P, R} -> halt(case R of normal -> 0; shutdown -> 0; "
			       "{shutdown, _} -> 0; _ -> 1 end) end.");
	plan->has_failed |= text.failed || call.failed;
	if (!plan->has_failed && fits) {
		st_plan_note(plan, making->child, start->line, "%s%s", st_buf_text(&call),
			     start->items[2]->has_opaque ?
				     ": what is no literal here is known only when it runs" :
				     "");
		words = st_plan_add(plan, making->child, ST_PLAN_WORDS, "start", NULL);
		(void)st_plan_add(plan, words, ST_PLAN_TEXT, NULL, "erl");
		(void)st_plan_add(plan, words, ST_PLAN_TEXT, NULL, "-noshell");
		(void)st_plan_add(plan, words, ST_PLAN_TEXT, NULL, "-eval");
		(void)st_plan_add(plan, words, ST_PLAN_TEXT, NULL, st_buf_text(&text));
	}
	st_buf_done(&text);
	st_buf_done(&call);
	return fits ? 0 :
		      st_erl_supervisor_refuse(making->supervisor, start,
					       "its arguments are too long");
}

static int check_start(const struct making *making)
{
	const struct st_erl_term *start = making->spec->fields[START];

	if (start->type != ST_ERL_IS_TUPLE || start->nr != 3 ||
	    start->items[0]->type != ST_ERL_IS_ATOM || start->items[1]->type != ST_ERL_IS_ATOM ||
	    !st_erl_is_list(start->items[2]))
		return st_erl_supervisor_refuse(making->supervisor, start,
						"start must be {Module, Function, Args}");
	return 0;
}

/* ---- supervisors ---- */

static struct st_erl_file *find_module(const struct erlang *all, const char *module)
{
	for (size_t i = 0; i < all->import->nr_files; i++)
		if (all->files[i].module && !strcmp(all->files[i].module, module))
			return &all->files[i];
	return NULL;
}

static int add_supervisor(struct erlang *all, struct st_erl_file *file, struct st_plan_node *map,
			  unsigned int depth)
{
	struct st_erl_supervisor *supervisor =
		st_arena_alloc(&all->plan->arena, 1, sizeof(*supervisor));

	if (!supervisor)
		return -ENOMEM;
	*supervisor = (struct st_erl_supervisor){ .file = file, .map = map, .depth = depth };
	if (all->last)
		all->last->next = supervisor;
	else
		all->first = supervisor;
	all->last = supervisor;
	file->is_used = true;
	return 0;
}

/* A child that is a supervisor, with what the file of its module has. */
static int add_inner(struct making *making, struct st_erl_file *file)
{
	const struct st_erl_term *start = making->spec->fields[START];
	struct st_plan *plan = making->all->plan;
	struct st_plan_node *map;

	if (making->supervisor->depth == MAX_DEPTH)
		return st_erl_supervisor_refuse(
			making->supervisor, start,
			"supervisors are nested deeper than 32, or in a circle");
	st_plan_note(plan, making->child, start->line, "%s:%s/%zu%s", start->items[0]->raw,
		     start->items[1]->raw, start->items[2]->nr,
		     file ? "" :
			    ": its children are not here; give the source of this module as a "
			    "further FILE");
	map = st_plan_add(plan, making->child, ST_PLAN_MAP, "supervisor", NULL);
	if (file)
		return add_supervisor(making->all, file, map, making->supervisor->depth + 1);
	(void)st_plan_add(plan, map, ST_PLAN_LIST, "children", NULL);
	return 0;
}

static int take_fields(struct making *making)
{
	static const char *const restarts[] = { "permanent", "transient", "temporary", NULL };
	static const char *const types[] = { "worker", "supervisor", NULL };
	static const char *const bools[] = { "true", "false", NULL };
	const struct st_erl_term *start = making->spec->fields[START];
	struct st_plan *plan = making->all->plan;
	const char *restart = NULL, *type = NULL, *significant = NULL;
	struct st_erl_file *file;
	int err = check_start(making);

	if (!err)
		err = take_word(making, RESTART, restarts, &restart);
	if (!err)
		err = take_word(making, TYPE, types, &type);
	if (!err)
		err = take_word(making, SIGNIFICANT, bools, &significant);
	if (err)
		return err;
	file = find_module(making->all, start->items[0]->text);
	if (type ? !strcmp(type, "supervisor") : file && file != making->supervisor->file)
		err = add_inner(making, file);
	else
		err = add_start(making);
	(void)st_plan_add(plan, making->child, ST_PLAN_VALUE, "restart",
			  restart ? restart : "permanent");
	if (significant && !strcmp(significant, "true"))
		(void)st_plan_add(plan, making->child, ST_PLAN_VALUE, "significant", "true");
	return err ? err : take_shutdown(making);
}

static void note_keys(struct making *making)
{
	const struct st_erl_term *map = making->spec->whole;

	for (size_t i = 0; map->type == ST_ERL_IS_MAP && i < map->nr; i += 2)
		if (!st_erl_is_one_of(map->items[i], field_names))
			note(making, map->items[i], "a child specification has no such key");
}

static int make_child(struct erlang *all, const struct st_erl_supervisor *supervisor,
		      struct st_plan_node *list, struct spec *specs, size_t nr)
{
	struct spec *spec = &specs[nr];
	const struct st_erl_term *id = spec->fields[ID];
	struct making making = { .all = all, .supervisor = supervisor, .spec = spec };
	const char *name;

	spec->name = id->text && *id->text ? id->text : st_erl_text(all->plan, id, 200);
	for (size_t i = 0; i < nr; i++)
		if (id->type != ST_ERL_IS_OPAQUE && specs[i].fields[ID]->type == id->type &&
		    !strcmp(specs[i].name, spec->name))
			return st_erl_supervisor_refuse(supervisor, id,
							"another child has this id");
	if (++all->nr_children > ST_IMPORT_MAX_CHILDREN)
		return st_erl_supervisor_refuse(supervisor, spec->whole,
						"these are more than 1000 children");
	name = st_import_id(all->import, list, spec->name);
	making.child = st_import_child(all->import, list, name);
	if (id->type == ST_ERL_IS_OPAQUE)
		note(&making, id, "it is known only when it runs; the id is only like it");
	else if (strcmp(name, spec->name))
		note(&making, id, "this cannot be an id");
	note_keys(&making);
	return take_fields(&making);
}

static int make_children(struct erlang *all, const struct st_erl_supervisor *supervisor,
			 const struct st_erl_parts *parts)
{
	struct st_plan_node *list =
		st_plan_add(all->plan, supervisor->map, ST_PLAN_LIST, "children", NULL);
	const struct st_erl_term *whole = parts->list ? parts->list : parts->child;
	const struct st_erl_term *const *items = parts->list ? whole->items : &parts->child;
	size_t nr = parts->list ? whole->nr : 1, nr_specs = 0;
	struct spec *specs = st_alloc_array(nr ? nr : 1, sizeof(*specs));
	int err = specs ? 0 : -ENOMEM;

	if (whole->type == ST_ERL_IS_OPAQUE)
		st_plan_note(all->plan, list, whole->line,
			     "%s is known only when it runs: these children are not carried over",
			     whole->raw);
	for (size_t i = 0; i < nr && !err; i++) {
		if (items[i]->type == ST_ERL_IS_OPAQUE) {
			st_plan_note(all->plan, list, items[i]->line,
				     "%s is known only when it runs: it is not carried over",
				     items[i]->raw);
			continue;
		}
		err = read_spec(supervisor, items[i], &specs[nr_specs]);
		if (!err)
			err = make_child(all, supervisor, list, specs, nr_specs++);
	}
	st_free(specs);
	return err;
}

/* The root cannot be simple_one_for_one: then it gets one child that is. */
static void lower_pool(struct erlang *all, struct st_erl_supervisor *supervisor,
		       const struct st_erl_parts *parts)
{
	const struct st_erl_term *flags = parts->flags, *strategy = NULL;
	const char *module = supervisor->file->module;
	struct st_plan_node *list, *child;

	if (supervisor->depth || !flags)
		return;
	if (flags->type == ST_ERL_IS_MAP)
		strategy = st_erl_value_of(flags, "strategy");
	else if (flags->type == ST_ERL_IS_TUPLE)
		strategy = flags->items[0];
	if (!strategy || !st_erl_is_atom(strategy, "simple_one_for_one"))
		return;
	list = st_plan_add(all->plan, supervisor->map, ST_PLAN_LIST, "children", NULL);
	child = st_import_child(all->import, list,
				st_import_id(all->import, list, module ? module : "pool"));
	supervisor->map = st_plan_add(all->plan, child, ST_PLAN_MAP, "supervisor", NULL);
	supervisor->depth++;
}

static int make_supervisor(struct erlang *all, struct st_erl_supervisor *supervisor)
{
	struct st_erl_parts parts = { .flags = NULL };
	int err;

	all->plan->source = supervisor->file->file->name;
	err = st_erl_find_parts(supervisor, &parts);
	if (err)
		return err;
	lower_pool(all, supervisor, &parts);
	if (supervisor->file->has_more_clauses)
		st_plan_note(all->plan, supervisor->map, supervisor->file->more_line,
			     "further clauses of init/1 are not carried over");
	if (parts.flags)
		err = st_erl_take_flags(all->plan, supervisor, parts.flags);
	return err ? err : make_children(all, supervisor, &parts);
}

static int make_all(struct erlang *all)
{
	int err;

	st_plan_note(
		all->plan, all->plan->root, 0,
		"Each worker is a function of Erlang, which its comment names. Its start runs "
		"the function in a node of its own, and the node ends as the process does. Put "
		"a program there, or add -pa and the folder of the modules.");
	err = add_supervisor(all, &all->files[0], all->plan->root, 0);
	for (struct st_erl_supervisor *supervisor = all->first; supervisor && !err;
	     supervisor = supervisor->next)
		err = make_supervisor(all, supervisor);
	for (size_t i = 0; i < all->import->nr_files && !err; i++)
		if (!all->files[i].is_used)
			st_plan_note(all->plan, all->plan->root, 0,
				     "%s: no child starts its module %s, which is not carried over",
				     all->files[i].file->name, all->files[i].module);
	return err;
}

int st_import_erlang(struct st_import *import)
{
	struct erlang all = { .import = import, .plan = &import->plan };
	int err = 0;

	all.files = st_alloc_array(import->nr_files, sizeof(*all.files));
	if (!all.files)
		return -ENOMEM;
	for (size_t i = 0; i < import->nr_files && !err; i++) {
		struct st_erl_file *file = &all.files[i];

		file->import = import;
		file->file = &import->files[i];
		import->plan.source = file->file->name;
		err = st_erl_read_file(file);
		if (!err && i && !file->module)
			err = st_import_refuse(import, file->file, 0,
					       "a further file must be a module");
	}
	if (!err)
		err = make_all(&all);
	st_free(all.files);
	return err;
}
