// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executes effects. An effect that fails comes back as an event.
 */
#include "daemon/effects.h"

#include "daemon/daemon.h"
#include "daemon/log.h"
#include "daemon/process/log_choice.h"
#include "daemon/process/prepare.h"
#include "daemon/requests/relay.h"
#include "daemon/requests/reply.h"
#include "daemon/signals.h"
#include "daemon/stopping.h"

static void act(struct st_daemon *daemon, const struct st_effect *effect)
{
	if (effect->type == ST_FX_SPAWN)
		st_process_start(&daemon->processes, effect->child);
	else if (effect->type == ST_FX_SIGNAL)
		st_process_signal(&daemon->processes, effect->generation, effect->value);
}

static void forget_output(struct st_daemon *daemon, const struct st_child *child)
{
	struct st_buf buf = ST_BUF_INIT;
	const char *path;

	if (!st_child_path(child, &buf, &path))
		st_outputs_forget(daemon->outputs, path);
	st_buf_done(&buf);
}

/*
 * A process has ended: free its names, and report the reason to clients that
 * watch it or wait for it.
 */
static void forget_process(struct st_daemon *daemon, const struct st_effect *effect)
{
	st_names_forget(&daemon->names, effect->generation);
	st_names_forget(&daemon->groups, effect->generation);
	st_offers_forget(&daemon->offers, effect->generation);
	st_monitors_ended(&daemon->monitors, effect->generation, &effect->reason);
	st_relays_ended(&daemon->relays, effect->generation, &effect->reason);
	st_probes_ended(&daemon->probes, effect->generation);
}

/*
 * A permanent child that was asked to stop and ended with exit status 0 [G5]. That is how
 * services obey SIGTERM, where a process of OTP ends with `shutdown`, which is not reported.
 * So it is an event, but no report: people look for faults there.
 */
static bool is_obedience(const struct st_effect *effect)
{
	return effect->context == ST_CONTEXT_SHUTDOWN_ERROR &&
	       effect->reason.type == ST_REASON_NORMAL;
}

/* Write a report [L]: supervisor, context, reason, offender. */
static void log_report(const struct st_effect *effect)
{
	struct st_buf text = ST_BUF_INIT;

	if (is_obedience(effect))
		return;
	st_buf_add_text(&text, st_context_text[effect->context]);
	st_buf_add_text(&text, " supervisor=");
	st_child_write_path(effect->sup->self, &text);
	if (effect->child) {
		st_buf_add_text(&text, " child=");
		st_child_write_path(effect->child, &text);
	} else {
		st_buf_add_text(&text, " count=");
		st_buf_add_u64(&text, effect->count);
	}
	st_buf_add_text(&text, " reason=");
	st_reason_write(&effect->reason, &text);
	st_log("%s", st_buf_text(&text));
	st_buf_done(&text);
}

/* A path comes before a registered name, so the name of a new child leads to the child now. */
static void tell_names(struct st_daemon *daemon, const struct st_child *child)
{
	bool is_top = child->parent && !child->parent->self->parent;

	if (is_top && st_names_find(&daemon->names, st_child_name(child)))
		st_control_tell_renamed(daemon->control, st_child_name(child));
}

static void tell(struct st_daemon *daemon, const struct st_effect *effect, uint64_t now_ns)
{
	switch (effect->type) {
	case ST_FX_SPAWN:
		st_probes_spawned(&daemon->probes, effect->child);
		return;
	case ST_FX_SIGNAL:
	case ST_FX__MAX:
		return;
	case ST_FX_REPLY:
		st_reply(&daemon->requests, effect);
		return;
	case ST_FX_REPORT:
		log_report(effect);
		break;
	case ST_FX_REMOVED:
		forget_output(daemon, effect->child);
		break;
	case ST_FX_HALTED:
		st_daemon_halted(daemon, &effect->reason);
		break;
	case ST_FX_STARTED:
		st_probes_started(&daemon->probes, effect->child);
		if (!effect->child->parent)
			st_own_service_ready(&daemon->own_service, now_ns); /* the root is ready */
		break;
	case ST_FX_CHANGED:
		st_log_choice_changed(&daemon->processes, effect->child->sup->self);
		break;
	case ST_FX_ADDED:
		tell_names(daemon, effect->child);
		break;
	case ST_FX_STARTING:
	case ST_FX_IGNORED:
	case ST_FX_DONE:
	case ST_FX_START_FAILED:
	case ST_FX_START_ABORTED:
	case ST_FX_EXITED:
	case ST_FX_DELAYED:
		break;
	}
	st_events_add(daemon->history.events, effect, now_ns);
	if (effect->type == ST_FX_EXITED || effect->type == ST_FX_START_FAILED ||
	    effect->type == ST_FX_START_ABORTED || effect->type == ST_FX_IGNORED ||
	    effect->type == ST_FX_DONE)
		forget_process(daemon, effect);
}

static void note(struct st_daemon *daemon, const struct st_event *event,
		 const struct st_effects *effects, uint64_t now_ns)
{
	st_events_input(daemon->history.events, event, now_ns);
	if (!daemon->transcript)
		return;
	st_transcript_event(daemon->transcript, event, now_ns);
	st_transcript_effects(daemon->transcript, effects);
}

static void execute(void *owner, const struct st_event *event, const struct st_effects *effects,
		    uint64_t now_ns)
{
	struct st_daemon *daemon = owner;

	note(daemon, event, effects, now_ns);
	for (uint32_t i = 0; i < effects->nr; i++)
		act(daemon, &effects->items[i]);
	st_prepare_next(&daemon->processes, effects, now_ns);
	for (uint32_t i = 0; i < effects->nr; i++)
		tell(daemon, &effects->items[i], now_ns);
	if (effects->nr)
		st_untils_check(daemon->untils, effects);
	st_mirror_follow(&daemon->mirror, event, effects);
}

static void rest(void *owner, bool is_idle)
{
	struct st_daemon *daemon = owner;

	st_mirror_flush(&daemon->mirror, st_clock_ns());
	/*
	 * answers are still to come from the effects of the last step, and from
	 * events left for a tick
	 */
	if (!daemon->has_halted || daemon->is_closing || !is_idle)
		return;
	st_stopping_close(daemon);
	st_signals_close(daemon);
}

const struct st_executor st_effects_executor = { .execute = execute, .rest = rest };
