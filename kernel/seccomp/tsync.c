// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: thread synchronization, SECCOMP_FILTER_FLAG_TSYNC.
 */

#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "internal.h"

/* Does @longer consist of @chain and newer filters, if any? */
static bool is_ancestor_chain(const struct seccomp_filter *chain,
			      const struct seccomp_filter *longer)
{
	if (!chain)
		return true;
	return longer && chain->depth <= longer->depth &&
	       seccomp_filter_at(longer, chain->depth) == chain;
}

/* Not an exiting thread: it makes no more system calls. */
static bool tsync_concerns(const struct task_struct *thread)
{
	return thread != current && !(thread->flags & PF_EXITING);
}

/*
 * May @thread's chain be replaced by current's? Yes if current's continues it,
 * so that no filter is lost.
 */
static bool tsync_check(struct task_struct *thread)
{
	switch (thread->seccomp.mode) {
	case SECCOMP_MODE_DISABLED:
		return true;
	case SECCOMP_MODE_FILTER:
		return is_ancestor_chain(thread->seccomp.filter,
					 current->seccomp.filter);
	default:
		return false;
	}
}

/**
 * seccomp_tsync_check_all() - may the chains of all threads be replaced?
 * @flags: SECCOMP_FILTER_FLAG_* of the attach
 *
 * Context: Holds current's siglock.
 * Return: 0 if they may; otherwise what seccomp(2) returns: the id of a thread
 * for which this is not so, or -ESRCH.
 */
int seccomp_tsync_check_all(unsigned int flags)
{
	const struct seccomp_filter *checked = current->seccomp.filter;
	struct task_struct *thread;
	pid_t id;

	lockdep_assert_held(seccomp_lock(current));

	for_each_thread(current, thread) {
		if (!tsync_concerns(thread))
			continue;
		/* Most have the same chain: check it once. */
		if (thread->seccomp.filter && thread->seccomp.filter == checked)
			continue;
		if (tsync_check(thread)) {
			checked = thread->seccomp.filter;
			continue;
		}
		id = task_pid_vnr(thread);
		if (flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH || WARN_ON_ONCE(!id))
			return -ESRCH;
		return id;
	}
	return 0;
}

/**
 * seccomp_tsync_apply() - give every other thread current's chain
 * @flags: SECCOMP_FILTER_FLAG_* of the attach
 *
 * The new chain includes a thread's old one, so the put here does not free a
 * filter.
 *
 * Context: Holds current's siglock and the group's cred_guard_mutex.
 */
void seccomp_tsync_apply(unsigned int flags)
{
	struct task_struct *thread;

	lockdep_assert_held(&current->signal->cred_guard_mutex);
	lockdep_assert_held(seccomp_lock(current));

	for_each_thread(current, thread) {
		struct seccomp *its = &thread->seccomp;
		struct seccomp_filter *old = its->filter;

		if (!tsync_concerns(thread))
			continue;

		refcount_inc(&current->seccomp.filter->refs);
		seccomp_task_set_filter(thread, current->seccomp.filter);
		atomic_set(&its->filter_count,
			   atomic_read(&current->seccomp.filter_count));
		/* If current needs no_new_privs for the filter, so do they. */
		if (task_no_new_privs(current))
			task_set_no_new_privs(thread);
		seccomp_mode_enter(thread, SECCOMP_MODE_FILTER, flags);
		seccomp_filter_put(old);
	}
}
