/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether an action is logged.
 */
#ifndef _KERNEL_SECCOMP_LOG_H
#define _KERNEL_SECCOMP_LOG_H

#include <linux/audit.h>
#include <linux/bits.h>
#include <linux/types.h>

#include "filter_log.h"
#include "internal.h"
#include "once.h"

/*
 * Sets of bits that seccomp_action_index() numbers, without allow. Written by
 * the sysctls, read by every task that logs; each access is a single one, so no
 * lock.
 */
extern u32 seccomp_actions_logged;
extern u32 seccomp_actions_logged_audited;
extern u32 seccomp_actions_logged_once;

bool seccomp_log_decide(u8 action, u32 logged, u32 logged_audited, bool asked,
			bool audit_on, bool audited);
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig);
void seccomp_log_setting(const char *op, const char *actions,
			 const char *old_actions, bool done);

#ifdef CONFIG_SECCOMP_FILTER
/* Is log-once asked for, by the filter that decides or by the administrator? */
static inline bool seccomp_log_is_once(const struct seccomp_filter *match,
				       u8 action)
{
	return match->log_once ||
	       READ_ONCE(seccomp_actions_logged_once) & BIT(action);
}

/**
 * seccomp_log_wanted() - need seccomp_log() be called?
 * @call: the call, as seccomp_call() numbers it
 * @match: the filter that decides, always in the same way
 * @action: SECCOMP_ACTION_LOG or SECCOMP_ACTION_ERRNO
 *
 * Quicker than seccomp_log(). Counts what log-once leaves out, too.
 *
 * Context: Task context.
 * Return: false if it is easily seen that no record is due.
 */
static __always_inline bool
seccomp_log_wanted(unsigned int call, const struct seccomp_filter *match,
		   u8 action)
{
	bool listed = READ_ONCE(seccomp_actions_logged) & BIT(action);
	const struct seccomp_once *once;

	if (!listed || (action == SECCOMP_ACTION_ERRNO && !match->log))
		return audit_enabled != AUDIT_OFF &&
		       READ_ONCE(seccomp_actions_logged_audited) & BIT(action);

	/* Pairs with the cmpxchg in seccomp_filter_log_once(). */
	once = smp_load_acquire(&match->once);
	if (!seccomp_once_knows(once, call) ||
	    !seccomp_log_is_once(match, action))
		return true;
	seccomp_once_count(once);
	return false;
}
#endif /* CONFIG_SECCOMP_FILTER */

#endif /* _KERNEL_SECCOMP_LOG_H */
