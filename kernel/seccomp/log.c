// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: logging of actions and of changes of the sysctls.
 */

#include <linux/audit.h>

#include "internal.h"
#include "log.h"
#include "record.h"

/**
 * seccomp_log() - log an action if it is to be logged
 * @sd: the system call as it was evaluated
 * @verdict: the result, which is not allow
 * @sig: the signal that kills the task; 0 if the action does not kill
 *
 * To be called once for each action, before the action is done.
 *
 * Context: Task context, may sleep.
 */
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig)
{
	const struct seccomp_filter *filter = verdict->filter;

	if (!seccomp_log_is_due(verdict->action_index, filter && filter->log))
		return;
	if (filter)
		seccomp_log_filter_action(sd, verdict, sig);
	else
		seccomp_record_call(sd, verdict, sig, NULL);
}

/**
 * seccomp_log_setting() - log an attempt to change a sysctl
 * @op: which sysctl
 * @actions: the new set, names separated by commas
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
