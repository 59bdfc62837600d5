// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the decision whether an action is logged.
 */

#include <linux/audit.h>
#include <kunit/visibility.h>

#include "internal.h"
#include "log.h"
#include "record.h"

/* The actions that may be logged: kernel.seccomp.actions_logged */
u32 seccomp_actions_logged = SECCOMP_ACTIONS_LOGGABLE;

/*
 * Those logged if the process is audited: kernel.seccomp.actions_logged_audited
 */
u32 seccomp_actions_logged_audited = SECCOMP_ACTIONS_LOGGABLE;

/* Those logged once for each filter: kernel.seccomp.actions_logged_once */
u32 seccomp_actions_logged_once;

/**
 * seccomp_log_decide() - is this action logged?
 * @action: the index of the action
 * @logged: kernel.seccomp.actions_logged
 * @logged_audited: kernel.seccomp.actions_logged_audited
 * @log_flag: the filter that decided has SECCOMP_FILTER_FLAG_LOG
 * @audit_on: auditing is enabled
 * @audited: there are audit rules, and none of them exempts the process
 *
 * The first line that applies decides:
 *
 *  - allow is never logged;
 *  - kills, and log itself, are logged if @logged has them;
 *  - any other action is logged if @logged has it and @log_flag is set;
 *  - the actions of audited processes are logged if @logged_audited has them.
 *
 * Context: Any.
 * Return: true if a record is due.
 */
bool seccomp_log_decide(u8 action, u32 logged, u32 logged_audited, bool log_flag,
			bool audit_on, bool audited)
{
	bool in_set = logged & BIT(action);

	switch (action) {
	case SECCOMP_ACTION_ALLOW:
		return false;
	case SECCOMP_ACTION_KILL_PROCESS:
	case SECCOMP_ACTION_KILL_THREAD:
	case SECCOMP_ACTION_LOG:
		if (in_set)
			return true;
		break;
	default:
		if (in_set && log_flag)
			return true;
	}

	return audit_on && audited && logged_audited & BIT(action);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_log_decide);

/**
 * seccomp_log_is_due() - is an action of current logged?
 * @action: the index of the action
 * @log_flag: the filter that decided has SECCOMP_FILTER_FLAG_LOG
 *
 * Context: Task context.
 * Return: true if a record is due, apart from log-once.
 */
bool seccomp_log_is_due(u8 action, bool log_flag)
{
	return seccomp_log_decide(action, READ_ONCE(seccomp_actions_logged),
				  READ_ONCE(seccomp_actions_logged_audited),
				  log_flag, audit_enabled != AUDIT_OFF,
				  seccomp_record_rules_apply());
}
