// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: whether an action is logged, and the record of it.
 */

#include <linux/audit.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <kunit/visibility.h>

#include "internal.h"

/*
 * The actions that may be logged, a set of bits that seccomp_action_index()
 * numbers. Written by the sysctl, read by every task that logs; each access is
 * a single one, so no lock.
 */
static u32 actions_logged = ~0U;

/**
 * seccomp_logged_set() - the actions that may be logged
 *
 * Context: Any.
 * Return: A set of bits that seccomp_action_index() numbers, without allow.
 */
u32 seccomp_logged_set(void)
{
	u32 all = BIT(seccomp_action_index(SECCOMP_RET_ALLOW)) - 1;

	return READ_ONCE(actions_logged) & all;
}

/**
 * seccomp_logged_exchange() - say anew which actions may be logged
 * @set: the new set
 *
 * Context: Any. Takes effect with each task's next logged action.
 * Return: The set that @set replaces.
 */
u32 seccomp_logged_exchange(u32 set)
{
	u32 all = BIT(seccomp_action_index(SECCOMP_RET_ALLOW)) - 1;

	return xchg(&actions_logged, set) & all;
}

/**
 * seccomp_log_decide() - is this action logged?
 * @action: SECCOMP_RET_*, one that exists
 * @logged: set of the actions that may be logged
 * @asked: the filter that decided was attached with SECCOMP_FILTER_FLAG_LOG
 * @audit_on: auditing is enabled
 * @audited: the process has a live audit context, so there are audit rules and
 *	none of them exempts it
 *
 * The first line that applies decides:
 *
 *  - allow is never logged;
 *  - kills, and log itself, are logged where @logged has them;
 *  - any other action is logged where @logged has it and the filter @asked;
 *  - what an audited process does is logged in any case.
 *
 * Context: Any, reads nothing but its arguments.
 * Return: true where a record is due.
 */
bool seccomp_log_decide(u32 action, u32 logged, bool asked, bool audit_on,
			bool audited)
{
	bool listed = logged & BIT(seccomp_action_index(action));

	switch (action) {
	case SECCOMP_RET_ALLOW:
		return false;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_LOG:
		if (listed)
			return true;
		break;
	default:
		if (listed && asked)
			return true;
	}

	return audit_on && audited;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_log_decide);

/* "auid= uid= gid= ses= [subj=] pid= comm= exe=", as audit's own records */
static void log_task(struct audit_buffer *ab)
{
	struct mm_struct *mm = current->mm;
	char comm[TASK_COMM_LEN];
	struct file *exe;
	kuid_t uid;
	kgid_t gid;

	current_uid_gid(&uid, &gid);
	audit_log_format(ab, "auid=%u uid=%u gid=%u ses=%u",
			 from_kuid(&init_user_ns, audit_get_loginuid(current)),
			 from_kuid(&init_user_ns, uid),
			 from_kgid(&init_user_ns, gid),
			 audit_get_sessionid(current));
	audit_log_task_context(ab);

	audit_log_format(ab, " pid=%d comm=", task_tgid_nr(current));
	audit_log_untrustedstring(ab, get_task_comm(comm, current));

	exe = mm ? get_mm_exe_file(mm) : NULL;
	if (exe) {
		audit_log_d_path(ab, " exe=", &exe->f_path);
		fput(exe);
	} else {
		audit_log_format(ab, " exe=(null)");
	}
}

/* Everything comes from what was evaluated; the registers may differ by now. */
static void log_record(const struct seccomp_data *sd, u32 action, int sig)
{
	struct audit_buffer *ab;

	ab = audit_log_start(audit_context(), GFP_KERNEL, AUDIT_SECCOMP);
	if (!ab)
		return;

	log_task(ab);
	audit_log_format(ab,
			 " sig=%d arch=%x syscall=%d compat=%d ip=0x%llx code=0x%x",
			 sig, sd->arch, sd->nr, in_compat_syscall(),
			 sd->instruction_pointer, action);
	audit_log_end(ab);
}

/**
 * seccomp_log() - log an action where that is due
 * @sd: the call as it was evaluated
 * @verdict: what was decided of it
 * @sig: the signal that goes with it, 0 for none
 *
 * To be called once for each action, when it is decided and before it is
 * carried out. It logs even where auditing is off or nobody listens: the
 * record then goes to the kernel log.
 *
 * Context: Task context, may sleep.
 */
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig)
{
	bool asked = verdict->match && verdict->match->log;

	if (seccomp_log_decide(verdict->action, seccomp_logged_set(), asked,
			       audit_enabled != AUDIT_OFF,
			       audit_rules_apply()))
		log_record(sd, verdict->action, sig);
}

/**
 * seccomp_log_setting() - log an attempt to change which actions are logged
 * @actions: the set asked for, names separated by commas
 * @old_actions: the set before
 * @done: whether the attempt succeeded
 *
 * Context: Task context, may sleep.
 */
void seccomp_log_setting(const char *actions, const char *old_actions,
			 bool done)
{
	audit_log(audit_context(), GFP_KERNEL, AUDIT_CONFIG_CHANGE,
		  "op=seccomp-logging actions=%s old-actions=%s res=%d",
		  actions, old_actions, done);
}
