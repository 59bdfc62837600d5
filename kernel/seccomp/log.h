/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The decision whether an action is logged.
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
 * Sets of actions, one bit for each index, without allow. Written by the
 * sysctls, read by every task that logs. Each access is a single load or store,
 * without a lock.
 */
extern u32 seccomp_actions_logged;
extern u32 seccomp_actions_logged_audited;
extern u32 seccomp_actions_logged_once;

/* log_decision.c */
bool seccomp_log_decide(u8 action, u32 logged, u32 logged_audited, bool log_flag,
			bool audit_on, bool audited);
bool seccomp_log_is_due(u8 action, bool log_flag);

/* log.c */
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig);
void seccomp_log_setting(const char *op, const char *actions,
			 const char *old_actions, bool done);

/* log_filter.c */
#ifdef CONFIG_SECCOMP_FILTER
void seccomp_log_filter_action(const struct seccomp_data *sd,
			       const struct seccomp_verdict *verdict, int sig);

/* Is log-once on, by the filter that decided or by the sysctl? */
static inline bool seccomp_log_is_once(const struct seccomp_filter *match,
				       u8 action)
{
	return match->log_once ||
	       READ_ONCE(seccomp_actions_logged_once) & BIT(action);
}

/**
 * seccomp_log_wanted() - is it possible that a record is due?
 * @index: the index of the system call
 * @match: the filter that decided, whose answer is constant
 * @action: SECCOMP_ACTION_LOG or SECCOMP_ACTION_ERRNO
 *
 * A fast check before seccomp_log(). It counts what log-once does not log.
 *
 * Context: Task context.
 * Return: false if no record is due; true if seccomp_log() has to be called.
 */
static __always_inline bool
seccomp_log_wanted(unsigned int index, const struct seccomp_filter *match,
		   u8 action)
{
	bool in_set = READ_ONCE(seccomp_actions_logged) & BIT(action);
	const struct seccomp_once *once;

	if (!in_set || (action == SECCOMP_ACTION_ERRNO && !match->log))
		return audit_enabled != AUDIT_OFF &&
		       READ_ONCE(seccomp_actions_logged_audited) & BIT(action);

	/* Pairs with the cmpxchg in seccomp_filter_once(). */
	once = smp_load_acquire(&match->once);
	if (!seccomp_once_knows(once, index) ||
	    !seccomp_log_is_once(match, action))
		return true;
	seccomp_once_count(once);
	return false;
}
#else
static inline void
seccomp_log_filter_action(const struct seccomp_data *sd,
			  const struct seccomp_verdict *verdict, int sig)
{
}
#endif /* CONFIG_SECCOMP_FILTER */

#endif /* _KERNEL_SECCOMP_LOG_H */
