// SPDX-License-Identifier: GPL-2.0-only
/*
 * OTP's answer to an invalid specification, as JSON. The words and their wrapping are
 * those of supervisor.erl: check_flags, check_startspec and do_check_childspec return
 * them, init wraps them. [V1] [V2] [V3] [V4] [V5]
 */
#include <errno.h>

#include "config/diag.h"

/* The form of the error, and how init wraps it. */
struct term {
	enum {
		WORD,
		WITH_VALUE,
		COMBINATION
	} form;
	const char *wrap; /* NULL: init adds nothing */
	const char *detail; /* COMBINATION */
};

static const struct term terms[ST_SPEC__MAX] = {
	[ST_SPEC_NONE] = { WORD, NULL, NULL },
	[ST_SPEC_INVALID_STRATEGY] = { WITH_VALUE, "supervisor_data", NULL },
	[ST_SPEC_INVALID_INTENSITY] = { WITH_VALUE, "supervisor_data", NULL },
	[ST_SPEC_INVALID_PERIOD] = { WITH_VALUE, "supervisor_data", NULL },
	[ST_SPEC_INVALID_AUTO_SHUTDOWN] = { WITH_VALUE, "supervisor_data", NULL },
	[ST_SPEC_INVALID_CHILD_SPEC] = { WORD, "start_spec", NULL },
	[ST_SPEC_MISSING_ID] = { WORD, "start_spec", NULL },
	[ST_SPEC_MISSING_START] = { WORD, "start_spec", NULL },
	[ST_SPEC_INVALID_MFA] = { WITH_VALUE, "start_spec", NULL },
	[ST_SPEC_INVALID_RESTART_TYPE] = { WITH_VALUE, "start_spec", NULL },
	[ST_SPEC_BAD_COMBINATION_AUTO_SHUTDOWN] = { COMBINATION, "start_spec",
						    "{\"auto_shutdown\":\"never\"}" },
	[ST_SPEC_BAD_COMBINATION_RESTART] = { COMBINATION, "start_spec",
					      "{\"restart\":\"permanent\"}" },
	[ST_SPEC_INVALID_SIGNIFICANT] = { WITH_VALUE, "start_spec", NULL },
	[ST_SPEC_INVALID_CHILD_TYPE] = { WITH_VALUE, "start_spec", NULL },
	[ST_SPEC_INVALID_SHUTDOWN] = { WITH_VALUE, "start_spec", NULL },
	[ST_SPEC_DUPLICATE_CHILD_NAME] = { WITH_VALUE, "start_spec", NULL },
	[ST_SPEC_BAD_START_SPEC] = { WORD, NULL, NULL },
};

static void add_string(struct st_buf *out, const char *word)
{
	st_buf_add_char(out, '"');
	st_buf_add_text(out, word);
	st_buf_add_char(out, '"');
}

static void write_term(const struct st_diag *diag, const struct term *term, struct st_buf *out)
{
	if (term->form == WORD) {
		add_string(out, st_spec_error_text[diag->otp]);
		return;
	}
	st_buf_add_char(out, '{');
	add_string(out, st_spec_error_text[diag->otp]);
	st_buf_add_char(out, ':');
	if (term->form == COMBINATION) {
		st_buf_add_char(out, '[');
		st_buf_add_text(out, term->detail);
		st_buf_add_text(out, ",{\"significant\":true}]");
	} else {
		st_buf_add_text(out, diag->value ? diag->value : "null");
	}
	st_buf_add_char(out, '}');
}

int st_diags_otp_term(const struct st_diags *diags, enum st_otp_form form, struct st_buf *out)
{
	for (unsigned int i = 0; i < diags->nr; i++) {
		const struct st_diag *diag = &diags->items[i];
		const struct term *term = &terms[diag->otp];
		bool is_wrapped = form == ST_OTP_INIT && term->wrap;

		if (diag->otp == ST_SPEC_NONE)
			continue;
		if (is_wrapped) {
			st_buf_add_char(out, '{');
			add_string(out, term->wrap);
			st_buf_add_char(out, ':');
		}
		write_term(diag, term, out);
		if (is_wrapped)
			st_buf_add_char(out, '}');
		return 0;
	}
	return -ENOENT;
}
