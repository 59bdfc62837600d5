// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the mode of a task.
 */

#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "internal.h"

/* Architectures that can mitigate speculation per task override this. */
void __weak arch_seccomp_spec_mitigate(struct task_struct *task)
{
}

/**
 * seccomp_mode_may_enter() - may current enter a mode?
 * @mode: SECCOMP_MODE_STRICT or SECCOMP_MODE_FILTER
 *
 * No mode can be left.
 *
 * Context: Holds current's siglock.
 * Return: true if it may, or is in it already.
 */
bool seccomp_mode_may_enter(int mode)
{
	lockdep_assert_held(seccomp_lock(current));

	return current->seccomp.mode == SECCOMP_MODE_DISABLED ||
	       current->seccomp.mode == mode;
}

/**
 * seccomp_mode_enter() - set the mode of a task
 * @task: a thread of current's group
 * @mode: SECCOMP_MODE_STRICT or SECCOMP_MODE_FILTER
 * @flags: SECCOMP_FILTER_FLAG_* of the attach; SPEC_ALLOW is used
 *
 * Context: Holds the group's siglock. The filter is set before.
 */
void seccomp_mode_enter(struct task_struct *task, int mode,
			unsigned long flags)
{
	lockdep_assert_held(seccomp_lock(task));

	WRITE_ONCE(task->seccomp.mode, mode);
	if (!(flags & SECCOMP_FILTER_FLAG_SPEC_ALLOW))
		arch_seccomp_spec_mitigate(task);

	/*
	 * A task that sees the work flag sees the mode and the filter. Pairs
	 * with the barrier in seccomp_mode_current().
	 */
	smp_mb__before_atomic();
	set_task_syscall_work(task, SECCOMP);
}

/**
 * seccomp_mark_killed() - allow no more system calls of current
 *
 * With the lock, so that a thread sync at the same time does not set the codes
 * again.
 *
 * Context: Task context. Takes current's siglock.
 */
void seccomp_mark_killed(void)
{
	spin_lock_irq(seccomp_lock(current));
	current->seccomp.killed = true;
	WRITE_ONCE(current->seccomp.codes, NULL);
	spin_unlock_irq(seccomp_lock(current));
}
