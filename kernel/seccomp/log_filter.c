// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: logging what filters decide: log-once, and the logs of filters.
 */

#include <linux/errno.h>

#include "eval.h"
#include "filter_log.h"
#include "filter_summary.h"
#include "internal.h"
#include "log.h"
#include "once.h"
#include "program.h"
#include "record.h"
#include "table.h"

/*
 * The newest filter below @filter that always returns @action. The verdict has
 * those that were run.
 */
static const struct seccomp_filter *
next_same_action(const struct seccomp_filter *filter, unsigned int index,
		 u8 action)
{
	const struct seccomp_answer *older, *own;
	struct seccomp_answer nothing;

	while ((filter = filter->prev)) {
		older = seccomp_chain_lookup(filter, index, &nothing);
		if (older->action == action && older->match_depth)
			return seccomp_filter_at(filter, older->match_depth);
		if (!older->unknown)
			return NULL;

		filter = seccomp_filter_at(filter, older->run_depth);
		if (!filter->program->table)
			continue;
		own = seccomp_table_lookup(filter->program->table, index);
		if (own->action == action && own->match_depth)
			return filter;
	}
	return NULL;
}

/*
 * Would the system call be logged each time without the filter that decided? If
 * an older filter without log-once returned the same action, a newer one with
 * log-once does not change what is logged.
 */
static bool older_filter_logs_all(const struct seccomp_verdict *verdict,
				  unsigned int index)
{
	const struct seccomp_filter *filter = verdict->filter;
	u8 action = verdict->action_index;
	u8 older = verdict->older;

	while ((filter = next_same_action(filter, index, action)))
		older |= seccomp_verdict_older(filter);

	return (older & SECCOMP_OLDER_LOG && seccomp_log_is_due(action, true)) ||
	       (older & SECCOMP_OLDER && seccomp_log_is_due(action, false));
}

/*
 * Does the filter always return this value, and no older filter ever the same
 * action? Then log-once needs only the index.
 */
static bool is_constant(const struct seccomp_verdict *verdict,
			unsigned int index)
{
	const struct seccomp_filter *filter = verdict->filter;
	const struct seccomp_answer *older;
	struct seccomp_answer nothing;

	if (seccomp_syscall_index_is_gap(index) || !filter->program->table ||
	    seccomp_table_lookup(filter->program->table, index)->run_depth)
		return false;
	if (!filter->prev)
		return true;
	older = seccomp_chain_lookup(filter->prev, index, &nothing);
	return !older->run_depth && older->action > verdict->action_index;
}

/*
 * Claim the record of a system call. Returns an entry of log-once; -EEXIST if
 * no record is to be written; -ENOSPC if one is to be written without an entry.
 */
static int claim_record(const struct seccomp_data *sd,
			const struct seccomp_verdict *verdict)
{
	unsigned int index = seccomp_syscall_index(sd->nr, sd->arch);
	u8 action = verdict->action_index;
	struct seccomp_once *once;
	int entry;
	u64 key;

	if (!(READ_ONCE(seccomp_actions_logged_once) & BIT(action)) &&
	    (!verdict->filter->log_once ||
	     older_filter_logs_all(verdict, index)))
		return -ENOSPC;
	once = seccomp_filter_once(verdict->filter);
	if (!once)
		return -ENOSPC;

	if (is_constant(verdict, index)) {
		entry = seccomp_once_claim_syscall(once, index);
	} else {
		key = seccomp_once_key(sd->nr, sd->arch, action, verdict->data);
		entry = seccomp_once_claim_key(once, key);
	}
	if (entry == -EEXIST)
		seccomp_once_count(once);
	return entry;
}

/**
 * seccomp_log_filter_action() - log an action on which a filter has decided
 * @sd: the system call as it was evaluated
 * @verdict: the result, for which a record is due, apart from log-once
 * @sig: the signal that kills the task; 0 if the action does not kill
 *
 * Context: Task context, may sleep.
 */
void seccomp_log_filter_action(const struct seccomp_data *sd,
			       const struct seccomp_verdict *verdict, int sig)
{
	struct seccomp_filter_log *log = seccomp_filter_log_get(verdict->filter);
	int entry = claim_record(sd, verdict);

	if (entry == -EEXIST)
		return;

	seccomp_filter_log_add_syscall(log, sd->nr, sd->arch);
	switch (seccomp_record_call(sd, verdict, sig, log)) {
	case RECORD_TAKEN:
		if (seccomp_summary_due(&log->summary))
			seccomp_summary_announce(log);
		return;
	case RECORD_REFUSED:
		atomic64_inc(&log->lost);
		break;
	case RECORD_EXCLUDED:
		/* Other tasks with this filter may not be excluded. */
		break;
	case RECORD_NEVER:
		return;
	}
	if (entry >= 0)
		seccomp_once_forget(verdict->filter->once, entry);
}
