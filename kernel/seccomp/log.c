// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: whether an action is logged.
 */

#include <linux/audit.h>
#include <kunit/visibility.h>

#include "eval.h"
#include "filter_log.h"
#include "filter_summary.h"
#include "internal.h"
#include "log.h"
#include "once.h"
#include "program.h"
#include "record.h"
#include "table.h"

/* The actions that may be logged: kernel.seccomp.actions_logged */
u32 seccomp_actions_logged = SECCOMP_ACTIONS_LOGGABLE;

/* Those that are logged if the process is audited: ...actions_logged_audited */
u32 seccomp_actions_logged_audited = SECCOMP_ACTIONS_LOGGABLE;

/* Those of which a filter logs each call once: ...actions_logged_once */
u32 seccomp_actions_logged_once;

/**
 * seccomp_log_decide() - is this action logged?
 * @action: as seccomp_action_index() numbers it
 * @logged: set of the actions that may be logged
 * @logged_audited: set of those that are logged if the process is audited
 * @asked: the filter that decided was attached with SECCOMP_FILTER_FLAG_LOG
 * @audit_on: auditing is enabled
 * @audited: the process has a live audit context, so there are audit rules and
 *	none of them exempts it
 *
 * The first line that applies decides:
 *
 *  - allow is never logged;
 *  - kills, and log itself, are logged if @logged has them;
 *  - any other action is logged if @logged has it and the filter @asked;
 *  - what an audited process does is logged if @logged_audited has it.
 *
 * Context: Any, reads nothing but its arguments.
 * Return: true if a record is due.
 */
bool seccomp_log_decide(u8 action, u32 logged, u32 logged_audited, bool asked,
			bool audit_on, bool audited)
{
	bool listed = logged & BIT(action);

	switch (action) {
	case SECCOMP_ACTION_ALLOW:
		return false;
	case SECCOMP_ACTION_KILL_PROCESS:
	case SECCOMP_ACTION_KILL_THREAD:
	case SECCOMP_ACTION_LOG:
		if (listed)
			return true;
		break;
	default:
		if (listed && asked)
			return true;
	}

	return audit_on && audited && logged_audited & BIT(action);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_log_decide);

static bool is_due(u8 action, bool asked)
{
	return seccomp_log_decide(action, READ_ONCE(seccomp_actions_logged),
				  READ_ONCE(seccomp_actions_logged_audited),
				  asked, audit_enabled != AUDIT_OFF,
				  seccomp_record_rules_apply());
}

#ifdef CONFIG_SECCOMP_FILTER
/*
 * The newest filter below @filter whose constant answer is the same action. Those
 * that were run are in the verdict.
 */
static const struct seccomp_filter *
next_same_action(const struct seccomp_filter *filter, unsigned int call,
		 u8 action)
{
	const struct seccomp_answer *older, *own;
	struct seccomp_answer nothing;

	while ((filter = filter->prev)) {
		older = seccomp_filter_answer(filter, call, &nothing);
		if (older->action == action && older->match)
			return seccomp_filter_at(filter, older->match);
		if (!older->unknown)
			return NULL;

		filter = seccomp_filter_at(filter, older->run);
		if (!filter->program->table)
			continue;
		own = seccomp_table_answer(filter->program->table, call);
		if (own->action == action && own->match)
			return filter;
	}
	return NULL;
}

/*
 * Would a call be logged each time without the filter that decides? An older
 * filter came to the same action, and whoever attached the newer one must not
 * change what is logged for it.
 */
static bool older_filter_logs_all(const struct seccomp_verdict *verdict,
				  unsigned int call)
{
	const struct seccomp_filter *filter = verdict->match;
	u8 older = verdict->older;

	while ((filter = next_same_action(filter, call, verdict->index)))
		older |= seccomp_verdict_older(filter);

	return (older & SECCOMP_OLDER_ASKED && is_due(verdict->index, true)) ||
	       (older & SECCOMP_OLDER && is_due(verdict->index, false));
}

/*
 * Is the filter's answer to the call always this one, and no older filter's ever
 * the same action? Then the call's number is all that there is to remember.
 */
static bool is_constant(const struct seccomp_verdict *verdict,
			unsigned int call)
{
	const struct seccomp_filter *filter = verdict->match;
	const struct seccomp_answer *older;
	struct seccomp_answer nothing;

	if (seccomp_call_is_gap(call) || !filter->program->table ||
	    seccomp_table_answer(filter->program->table, call)->run)
		return false;
	if (!filter->prev)
		return true;
	older = seccomp_filter_answer(filter->prev, call, &nothing);
	return !older->run && older->action > verdict->index;
}

/*
 * Claim the record of a call: a place, -EEXIST if none is to be written, -ENOSPC
 * if it is to be written and not remembered.
 */
static int claim(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict)
{
	unsigned int call = seccomp_call(sd->nr, sd->arch);
	struct seccomp_once *once;
	int place;

	if (!(READ_ONCE(seccomp_actions_logged_once) & BIT(verdict->index)) &&
	    (!verdict->match->log_once || older_filter_logs_all(verdict, call)))
		return -ENOSPC;
	once = seccomp_filter_log_once(verdict->match);
	if (!once)
		return -ENOSPC;

	if (is_constant(verdict, call))
		place = seccomp_once_claim_call(once, call);
	else
		place = seccomp_once_claim_key(once,
					       seccomp_once_key(sd->nr, sd->arch,
								verdict->index,
								verdict->data));
	if (place == -EEXIST)
		seccomp_once_count(once);
	return place;
}

static void log_match(const struct seccomp_data *sd,
		      const struct seccomp_verdict *verdict, int sig)
{
	struct seccomp_filter_log *log = seccomp_filter_log_get(verdict->match);
	int place = claim(sd, verdict);

	if (place == -EEXIST)
		return;

	seccomp_filter_log_add_call(log, sd->nr, sd->arch);
	switch (seccomp_record_call(sd, verdict, sig, log)) {
	case RECORD_TAKEN:
		if (seccomp_summary_due(&log->summary))
			seccomp_summary_announce(log);
		return;
	case RECORD_REFUSED:
		atomic64_inc(&log->lost);
		break;
	case RECORD_EXCLUDED:
		/* another task with this filter may not be excluded */
		break;
	case RECORD_NEVER:
		return;
	}
	if (place >= 0)
		seccomp_once_forget(verdict->match->once, place);
}
#else
static void log_match(const struct seccomp_data *sd,
		      const struct seccomp_verdict *verdict, int sig)
{ }
#endif /* CONFIG_SECCOMP_FILTER */

/**
 * seccomp_log() - log an action if that is due
 * @sd: the call as it was evaluated
 * @verdict: what was decided of it, not allow
 * @sig: the signal that goes with it, 0 for none
 *
 * To be called once for each action, when it is decided and before it is carried
 * out.
 *
 * Context: Task context, may sleep.
 */
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig)
{
	const struct seccomp_filter *match = verdict->match;

	if (!is_due(verdict->index, match && match->log))
		return;
	if (match)
		log_match(sd, verdict, sig);
	else
		seccomp_record_call(sd, verdict, sig, NULL);
}

/**
 * seccomp_log_setting() - log an attempt to change which actions are logged
 * @op: which of the settings
 * @actions: the set asked for, names separated by commas
 * @old_actions: the set before
 * @done: whether the attempt succeeded
 *
 * Context: Task context, may sleep.
 */
void seccomp_log_setting(const char *op, const char *actions,
			 const char *old_actions, bool done)
{
	audit_log(audit_context(), GFP_KERNEL, AUDIT_CONFIG_CHANGE,
		  "op=%s actions=%s old-actions=%s res=%d", op, actions,
		  old_actions, done);
}
