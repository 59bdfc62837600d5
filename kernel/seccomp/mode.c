// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the mode that a task is in.
 */

#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "internal.h"

/* Architectures that can restrain speculation for one task say how. */
void __weak arch_seccomp_spec_mitigate(struct task_struct *task)
{
}

/**
 * seccomp_mode_may_become() - may current enter a mode?
 * @mode: SECCOMP_MODE_STRICT or SECCOMP_MODE_FILTER
 *
 * There is no way back and no way across.
 *
 * Context: Holds current's siglock.
 * Return: true where it may, or is there already.
 */
bool seccomp_mode_may_become(int mode)
{
	lockdep_assert_held(seccomp_lock(current));

	return current->seccomp.mode == SECCOMP_MODE_DISABLED ||
	       current->seccomp.mode == mode;
}

/**
 * seccomp_mode_enter() - put a task under a mode
 * @task: a thread of current's group
 * @mode: SECCOMP_MODE_STRICT or SECCOMP_MODE_FILTER
 * @flags: SECCOMP_FILTER_FLAG_*, of which SPEC_ALLOW counts here
 *
 * Context: Holds the group's siglock. What the mode needs is in place.
 */
void seccomp_mode_enter(struct task_struct *task, int mode,
			unsigned long flags)
{
	lockdep_assert_held(seccomp_lock(task));

	WRITE_ONCE(task->seccomp.mode, mode);
	if (!(flags & SECCOMP_FILTER_FLAG_SPEC_ALLOW))
		arch_seccomp_spec_mitigate(task);

	/*
	 * Whoever sees the work flag sees the mode and the filter. Pairs with
	 * the barrier in seccomp_mode_current().
	 */
	smp_mb__before_atomic();
	set_task_syscall_work(task, SECCOMP);
}

/**
 * seccomp_mode_killed() - no system call of current passes any more
 *
 * Under the lock, so that a thread sync that is under way does not bring back
 * what lets calls pass.
 *
 * Context: Task context. Takes current's siglock.
 */
void seccomp_mode_killed(void)
{
	spin_lock_irq(seccomp_lock(current));
	current->seccomp.killed = true;
	WRITE_ONCE(current->seccomp.codes, NULL);
	spin_unlock_irq(seccomp_lock(current));
}
