// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a tree of a saved state; see save.h. The text may be anything, also one that somebody has
 * made up: what core could not have written is refused, and everything made so far is freed.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "core/load_internal.h"

bool st_load_fail(struct st_load *load, const char *what)
{
	if (!load->err) {
		load->err = -EINVAL;
		load->error->what = what;
	}
	return false;
}

bool st_load_no_memory(struct st_load *load)
{
	if (!load->err) {
		load->err = -ENOMEM;
		load->error->what = "out of memory";
	}
	return false;
}

static bool fail_with(struct st_load *load, int err)
{
	if (err == -ENOMEM)
		return st_load_no_memory(load);
	(void)st_load_fail(load, "the tree is larger than it may be");
	load->err = err;
	return false;
}

bool st_load_child(struct st_load *load, enum st_key key, struct st_child **ret_child)
{
	uint64_t number = st_load_number(&load->line, key);

	if (!st_load_has(&load->line, key) || number >= load->nr)
		return st_load_fail(load, "there is no child with this number");
	*ret_child = load->nodes[number];
	return true;
}

static bool read32(struct st_load *load, enum st_key key, uint32_t *ret_number)
{
	uint64_t number = st_load_number(&load->line, key);

	*ret_number = (uint32_t)number;
	return number <= UINT32_MAX || st_load_fail(load, "a number is too large");
}

/* ---- children ---- */

static bool read_spec(struct st_load *load, const struct st_sup *parent,
		      struct st_child_spec **ret_spec)
{
	const struct st_load_line *line = &load->line;
	struct st_sup_spec *sup;

	if (!parent) {
		if (!st_load_has(line, ST_KEY_sup))
			return st_load_fail(load, "the root has no specification");
		if (!st_load_sup_spec(load, &sup))
			return false;
		*ret_spec = st_root_spec_new(sup);
		st_sup_spec_put(sup);
		return *ret_spec || st_load_no_memory(load);
	}
	if (st_load_has(line, ST_KEY_spec))
		return st_load_child_spec(load, ret_spec);
	if (!st_load_has(line, ST_KEY_same) ||
	    st_load_number(line, ST_KEY_same) >= parent->spec->nr_children)
		return st_load_fail(load, "a child has no specification");
	*ret_spec = st_child_spec_get(parent->spec->children[st_load_number(line, ST_KEY_same)]);
	return true;
}

/* The text of a reason belongs to the child from now on. */
static bool set_error(struct st_load *load, struct st_child *child, const char *text)
{
	size_t size = strlen(text) + 1;

	child->error = st_alloc(sizeof(*child->error) + size);
	if (!child->error)
		return st_load_no_memory(load);
	memcpy(child->error->text, text, size);
	child->reason.text = child->error->text;
	return true;
}

static bool read_state(struct st_load *load, struct st_child *child)
{
	const struct st_load_line *line = &load->line;
	int state = st_load_index(load, ST_KEY_state, st_child_state_text, ST_CHILD_STATE__MAX);
	int outcome = st_load_index(load, ST_KEY_outcome, st_outcome_text, ST_OUTCOME__MAX);
	char *text = NULL;
	bool is_read;

	if (state < 0 || outcome < 0)
		return false;
	child->state = (enum st_child_state)state;
	child->outcome = (enum st_outcome)outcome;
#define READ_NUMBER(member) \
	child->member = (__typeof__(child->member))st_load_number(line, ST_KEY_##member);
	ST_SAVED_NUMBERS(READ_NUMBER)
#undef READ_NUMBER
	child->status = (int)(int64_t)st_load_number(line, ST_KEY_status);
#define READ_FLAG(member) child->member = st_load_has(line, ST_KEY_##member);
	ST_SAVED_FLAGS(READ_FLAG)
#undef READ_FLAG
	is_read = st_load_reason(load, &child->reason, &text) &&
		  (!text || set_error(load, child, text));
	st_free(text);
	return is_read;
}

/* Put a child where its supervisor keeps it. */
static bool place(struct st_load *load, struct st_child *child)
{
	uint64_t slot = st_load_number(&load->line, ST_KEY_slot);
	struct st_sup *sup = child->parent;
	int err = st_lookup_reserve(sup, sup->nr_children + sup->nr_slots + 1);

	if (err)
		return fail_with(load, err);
	if (st_load_has(&load->line, ST_KEY_slot)) {
		if (slot >= sup->nr_slots || sup->slots[slot])
			return st_load_fail(load, "a child has no place in the specification");
		sup->slots[slot] = child;
		child->from_spec = true;
	}
	if (!st_load_has(&load->line, ST_KEY_unlisted)) {
		bool deleted = child->deleted;

		st_child_link(child, &sup->children);
		child->deleted = deleted;
		return true;
	}
	if (!child->from_spec)
		return st_load_fail(load, "a child is nowhere");
	st_lookup_add(child);
	return true;
}

static bool make_child(struct st_load *load, struct st_sup *parent, struct st_child_spec *spec,
		       struct st_instance *instance)
{
	struct st_child *child;
	int err = st_child_alloc(load->tree, parent, spec, instance, &child);

	if (err) {
		st_instance_put(instance);
		return fail_with(load, err);
	}
	load->nodes[load->nr++] = child;
	if (!read_state(load, child) || (parent && !place(load, child))) {
		if (!parent || (!child->listed && !child->from_spec)) {
			load->nr--;
			st_child_dealloc(load->tree, child);
		}
		return false;
	}
	if (!parent)
		load->tree->root = child;
	return true;
}

static bool read_child(struct st_load *load)
{
	struct st_child *above = NULL;
	struct st_child_spec *spec;
	struct st_instance *instance;
	bool is_made;

	if (load->nr == load->expected)
		return st_load_fail(load, "there are more children than it says");
	if (load->nr && !st_load_child(load, ST_KEY_parent, &above))
		return false;
	if (above && !above->sup)
		return st_load_fail(load, "a child is below a worker");
	if (!read_spec(load, above ? above->sup : NULL, &spec))
		return false;
	is_made = st_load_instance(load, &instance) &&
		  make_child(load, above ? above->sup : NULL, spec, instance);
	st_child_spec_put(spec);
	return is_made;
}

/* ---- supervisors ---- */

static bool read_window(struct st_load *load, struct st_sup *sup)
{
	struct st_window *window = &sup->window;
	struct st_member member;
	uint64_t second = 0;
	int err;

	err = st_window_reserve(window, sup->spec->flags.intensity, sup->spec->flags.period_s);
	st_load_rewind(&load->line);
	while (!err && st_load_member(&load->line, &member)) {
		if (member.key == ST_KEY_second)
			second = member.number;
		if (member.key == ST_KEY_restarts)
			err = st_window_put(window, (struct st_bucket){ second, member.number });
	}
	if (err == -EINVAL)
		return st_load_fail(load, "restarts are not in their order");
	return !err || st_load_no_memory(load);
}

static bool read_cause(struct st_load *load, struct st_cause *cause)
{
	int rule = st_load_index(load, ST_KEY_rule, st_saved_rule_text, ST_RULE__MAX);

	if (rule < 0)
		return false;
	cause->rule = (enum st_rule)rule;
	cause->generation = st_load_number(&load->line, ST_KEY_cause);
	cause->token = st_load_number(&load->line, ST_KEY_token);
	return read32(load, ST_KEY_used, &cause->nr_restarts) &&
	       read32(load, ST_KEY_intensity, &cause->intensity) &&
	       read32(load, ST_KEY_period, &cause->period_s);
}

static bool fill_sup(struct st_load *load, struct st_sup *sup)
{
	int phase = st_load_index(load, ST_KEY_phase, st_phase_text, ST_PHASE__MAX);
	int job = st_load_index(load, ST_KEY_job, st_job_text, ST_JOB__MAX);
	uint64_t nr_slots = st_load_number(&load->line, ST_KEY_slots);
	char *text = NULL;

	if (phase < 0 || job < 0)
		return false;
	if (nr_slots > load->expected)
		return st_load_fail(load, "there are more children than it says");
	sup->phase = (enum st_phase)phase;
	st_sup_set_job(sup, (enum st_job)job);
	sup->slots = st_alloc_array(nr_slots, sizeof(*sup->slots));
	if (!sup->slots)
		return st_load_no_memory(load);
	sup->nr_slots = (uint32_t)nr_slots;
	sup->begun = st_load_has(&load->line, ST_KEY_begun);
	sup->alone = st_load_has(&load->line, ST_KEY_alone);
	if (!st_load_reason(load, &sup->end_reason, &text) || text) {
		st_free(text);
		return st_load_fail(load, "a supervisor ends for a reason without a text");
	}
	return read32(load, ST_KEY_nr_waiting, &sup->nr_waiting) && read_cause(load, &sup->cause) &&
	       read_window(load, sup);
}

/* The supervisor that the child before this line is. */
static bool read_sup(struct st_load *load)
{
	struct st_sup_spec *spec;
	struct st_child *child;
	bool is_own = st_load_has(&load->line, ST_KEY_sup);
	int err;

	if (!st_load_child(load, ST_KEY_of, &child))
		return false;
	if (child->sup || child != load->nodes[load->nr - 1])
		return st_load_fail(load, "a supervisor comes twice, or too late");
	if (is_own && !st_load_sup_spec(load, &spec))
		return false;
	if (!is_own)
		spec = child->spec->def.sup ? st_sup_spec_get(child->spec->def.sup) : NULL;
	if (!spec)
		return st_load_fail(load, "a worker cannot be a supervisor");
	err = st_sup_alloc(load->tree, child, spec);
	st_sup_spec_put(spec);
	if (err)
		return fail_with(load, err);
	return fill_sup(load, child->sup);
}

/* ---- what refers to children that come later ---- */

static bool find_place(struct st_load *load, struct st_sup *sup, enum st_key key,
		       struct st_list **ret_place)
{
	struct st_child *child;

	if (!st_load_child(load, key, &child))
		return false;
	if (child == sup->self)
		*ret_place = &sup->children;
	else if (child->parent == sup && child->listed)
		*ret_place = &child->sibling;
	else
		return st_load_fail(load, "a job is at a child of another supervisor");
	return true;
}

static bool refer(struct st_load *load)
{
	const struct st_load_line *line = &load->line;
	struct st_child *child;
	struct st_sup *sup;

	if (!st_load_is(line, "sup"))
		return true;
	if (!st_load_child(load, ST_KEY_of, &child))
		return false;
	sup = child->sup;
	if (st_load_has(line, ST_KEY_waiting_for) &&
	    !st_load_child(load, ST_KEY_waiting_for, &sup->waiting_for))
		return false;
	if (st_load_has(line, ST_KEY_failed) && !st_load_child(load, ST_KEY_failed, &sup->failed))
		return false;
	if ((sup->waiting_for && sup->waiting_for->parent != sup) ||
	    (sup->failed && sup->failed->parent != sup))
		return st_load_fail(load, "a supervisor waits for another one's child");
	if (st_job_has_walk(sup) && !find_place(load, sup, ST_KEY_walk, &sup->walk))
		return false;
	return sup->job != ST_JOB_ROUND_STOP || find_place(load, sup, ST_KEY_range, &sup->range);
}

/* A reason that is that of a child which could not be started. */
static bool join_reasons(struct st_load *load)
{
	for (uint32_t i = 0; i < load->nr; i++) {
		struct st_child *child = load->nodes[i];

		if (child->reason.type != ST_REASON_FAILED_CHILD)
			continue;
		if (!child->sup || !child->sup->failed)
			return st_load_fail(load, "no child has failed");
		child->reason.text = st_child_name(child->sup->failed);
		child->reason.inner = &child->sup->failed->reason;
	}
	return true;
}

/* ---- the whole ---- */

static bool read_head(struct st_load *load)
{
	const struct st_load_line *line = &load->line;
	struct st_tree *tree = load->tree;
	uint64_t nodes = st_load_number(line, ST_KEY_nodes);
	uint64_t room = st_load_number(line, ST_KEY_room);
	int err;

	if (!nodes || nodes > ST_MAX_NODES + 1)
		return st_load_fail(load, "it has no children, or too many");
	load->expected = (uint32_t)nodes;
	load->nodes = st_alloc_array(nodes, sizeof(*load->nodes));
	if (!load->nodes)
		return st_load_no_memory(load);
	tree->now_ns = st_load_number(line, ST_KEY_now);
	tree->random = st_load_number(line, ST_KEY_random);
	tree->last_generation = st_load_number(line, ST_KEY_generation);
	tree->nr_changes = st_load_number(line, ST_KEY_changes);
	tree->halted = st_load_has(line, ST_KEY_halted);
	if (!tree->random)
		return st_load_fail(load, "a random state is never 0");
	if (!read32(load, ST_KEY_max_fds, &tree->max_fds))
		return false;
	err = st_tree_reserve_for(tree, load->expected, room);
	return !err || (err == -EINVAL ? st_load_fail(load, "it has no room for effects") :
					 fail_with(load, err));
}

static bool read_line(struct st_load *load)
{
	if (st_load_is(&load->line, "child"))
		return read_child(load);
	if (st_load_is(&load->line, "sup"))
		return load->nr ? read_sup(load) : st_load_fail(load, "a child must come first");
	return load->nr == load->expected ?
		       st_load_message(load) :
		       st_load_fail(load, "there are fewer children than it says");
}

/* Call @use for each line from @text to @end; each one ends with a newline. */
static bool each_line(struct st_load *load, const char *text, const char *end,
		      bool (*use)(struct st_load *load))
{
	for (load->error->line = 2; text < end; load->error->line++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *wrong = st_load_line(text, newline, &load->line);

		if (wrong)
			return st_load_fail(load, wrong);
		if (!use(load))
			return false;
		text = newline + 1;
	}
	return true;
}

/* Nodes come before messages, and messages refer to places in lists: so it takes two passes. */
static bool read_node_line(struct st_load *load)
{
	if (load->nr == load->expected && !st_load_is(&load->line, "sup") &&
	    !st_load_is(&load->line, "child"))
		return true;
	return read_line(load);
}

static bool read_other_line(struct st_load *load)
{
	if (st_load_is(&load->line, "sup") || st_load_is(&load->line, "child"))
		return refer(load);
	return read_line(load);
}

/* The last line has the checksum of all before it. Return: where it begins, or NULL. */
static const char *check_end(struct st_load *load, const char *text, size_t len)
{
	const char *last = len ? memrchr(text, '\n', len - 1) : NULL;
	const char *wrong;

	if (!last || text[len - 1] != '\n')
		return NULL;
	wrong = st_load_line(++last, text + len - 1, &load->line);
	if (wrong || !st_load_is(&load->line, "end") ||
	    st_load_number(&load->line, ST_KEY_checksum) !=
		    st_save_checksum(text, (size_t)(last - text)))
		return NULL;
	return last;
}

static bool read_all(struct st_load *load, const char *text, size_t len)
{
	static const char begin[] = "suptree-state ", version[] = "suptree-state 1";
	const size_t size = sizeof(version) - 1;
	const char *end, *newline, *wrong;

	if (len <= size || memcmp(text, begin, sizeof(begin) - 1) != 0)
		return st_load_fail(load, "this is not the state of a tree");
	load->error->line = 1;
	if (memcmp(text, version, size) != 0 || text[size] != ' ')
		return st_load_fail(load, "only version 1 can be read");
	end = check_end(load, text, len);
	load->error->line = 0;
	if (!end)
		return st_load_fail(load, "it is damaged, or its end is missing");
	load->error->line = 1;
	newline = memchr(text, '\n', len);
	/* the version is the word of this line */
	wrong = st_load_line(text + sizeof(begin) - 1, newline, &load->line);
	if (wrong)
		return st_load_fail(load, wrong);
	if (!read_head(load) || !each_line(load, newline + 1, end, read_node_line))
		return false;
	if (load->nr != load->expected)
		return st_load_fail(load, "there are fewer children than it says");
	return each_line(load, newline + 1, end, read_other_line) && join_reasons(load) &&
	       st_load_check(load);
}

/* Places of a specification that were not filled do not exist. */
static void drop_gaps(struct st_load *load)
{
	for (uint32_t i = 0; i < load->nr; i++) {
		struct st_sup *sup = load->nodes[i]->sup;
		uint32_t nr = 0;

		for (uint32_t slot = 0; sup && slot < sup->nr_slots; slot++)
			if (sup->slots[slot])
				sup->slots[nr++] = sup->slots[slot];
		if (sup)
			sup->nr_slots = nr;
	}
}

int st_tree_load(const char *text, size_t len, const struct st_spec_reader *reader,
		 struct st_tree **ret_tree, struct st_load_error *ret_error)
{
	struct st_load load = { .reader = reader, .error = ret_error };
	bool is_read;

	*ret_error = (struct st_load_error){ 0 };
	load.tree = st_tree_alloc(1);
	is_read = load.tree ? read_all(&load, text, len) : st_load_no_memory(&load);
	if (!is_read) {
		drop_gaps(&load);
		st_tree_free(load.tree);
	} else {
		*ret_error = (struct st_load_error){ 0 };
		*ret_tree = load.tree;
	}
	st_free(load.nodes);
	return load.err;
}
