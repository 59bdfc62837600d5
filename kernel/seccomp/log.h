/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether an action is logged, and the record of it.
 */
#ifndef _KERNEL_SECCOMP_LOG_H
#define _KERNEL_SECCOMP_LOG_H

#include <linux/audit.h>
#include <linux/bitops.h>
#include <linux/types.h>

#include "internal.h"
#include "journal.h"

/*
 * Sets of bits that seccomp_action_index() numbers, without allow. Written by
 * the sysctls, read by every task that logs; each access is a single one, so no
 * lock.
 */
extern u32 seccomp_actions_logged;
extern u32 seccomp_actions_logged_once;

bool seccomp_log_decide(u32 action, u32 logged, bool asked, bool audit_on,
			bool audited);
#ifdef CONFIG_SECCOMP_FILTER
bool seccomp_log_silent(const struct seccomp_data *sd,
			const struct seccomp_verdict *verdict);
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig);
#endif
void seccomp_log_strict(const struct seccomp_data *sd,
			const struct seccomp_verdict *verdict, int sig);
void seccomp_log_setting(const char *op, const char *actions,
			 const char *old_actions, bool done);

static inline bool seccomp_audit_on(void)
{
	return audit_enabled != AUDIT_OFF;
}

/*
 * Log-once: the filter that decides says so, or the administrator of all. The
 * filter does not say it for older ones, which is to be asked where they can
 * have wanted the same.
 */
static inline bool seccomp_is_once(const struct seccomp_filter *match, u8 action)
{
	return match->log_once ||
	       READ_ONCE(seccomp_actions_logged_once) & BIT(action);
}

/**
 * seccomp_log_needless() - is it easily seen that no record is due?
 * @call: the call, as seccomp_call() numbers it
 * @match: the filter that decides, always in the same way
 * @action: SECCOMP_ACTION_LOG or SECCOMP_ACTION_ERRNO
 *
 * Quicker than seccomp_log_silent(). Counts what log-once leaves out, too.
 *
 * Context: Task context.
 * Return: true where no record is due; false where that is not known.
 */
static __always_inline bool
seccomp_log_needless(unsigned int call, const struct seccomp_filter *match,
		     u8 action)
{
	bool listed = READ_ONCE(seccomp_actions_logged) & BIT(action);

	if (!listed || (action == SECCOMP_ACTION_ERRNO && !match->log))
		return !seccomp_audit_on();
	if (!test_bit(call, match->journal->remembered) ||
	    !seccomp_is_once(match, action))
		return false;
	atomic64_inc(&match->journal->left_out);
	return true;
}

#endif /* _KERNEL_SECCOMP_LOG_H */
