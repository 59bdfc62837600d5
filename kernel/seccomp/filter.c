// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the life of filters, from user memory to the last put.
 */

#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/filter.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

static int copy_program(const void __user *uprog, struct sock_fprog *prog)
{
#ifdef CONFIG_COMPAT
	if (in_compat_syscall()) {
		struct compat_sock_fprog prog32;

		if (copy_from_user(&prog32, uprog, sizeof(prog32)))
			return -EFAULT;
		prog->len = prog32.len;
		prog->filter = compat_ptr(prog32.filter);
		return 0;
	}
#endif
	if (copy_from_user(prog, uprog, sizeof(*prog)))
		return -EFAULT;
	return 0;
}

/*
 * A filter can make a set-user-ID program misbehave. So it takes the promise
 * never to gain privileges, or privileges already.
 */
static bool may_attach(void)
{
	return task_no_new_privs(current) ||
	       ns_capable_noaudit(current_user_ns(), CAP_SYS_ADMIN);
}

static void filter_free(struct seccomp_filter *filter)
{
	bpf_prog_destroy(filter->prog);
	kfree(filter);
}

/*
 * A filter with one reference, the caller's, and no chain yet. Errors: EFAULT,
 * EINVAL (the program), EACCES, ENOMEM.
 */
static struct seccomp_filter *filter_create(const void __user *uprog,
					    unsigned int flags)
{
	struct seccomp_filter *filter;
	struct sock_fprog prog;
	int err;

	err = copy_program(uprog, &prog);
	if (err)
		return ERR_PTR(err);
	if (!prog.len || prog.len > BPF_MAXINSNS)
		return ERR_PTR(-EINVAL);
	if (!may_attach())
		return ERR_PTR(-EACCES);

	filter = kzalloc(sizeof(*filter), GFP_KERNEL | __GFP_NOWARN);
	if (!filter)
		return ERR_PTR(-ENOMEM);

	err = bpf_prog_create_from_user(&filter->prog, &prog,
					seccomp_check_program,
					IS_ENABLED(CONFIG_CHECKPOINT_RESTORE));
	if (err) {
		kfree(filter);
		return ERR_PTR(err);
	}

	refcount_set(&filter->refs, 1);
	filter->chain_insns = prog.len;
	filter->log = flags & SECCOMP_FILTER_FLAG_LOG;
	return filter;
}

/**
 * seccomp_filter_put() - let go of a filter and what only it holds
 * @filter: a reference, or NULL
 *
 * A loop, for a chain can be longer than the stack is deep.
 *
 * Context: Any but interrupts.
 */
void seccomp_filter_put(struct seccomp_filter *filter)
{
	while (filter && refcount_dec_and_test(&filter->refs)) {
		struct seccomp_filter *prev = filter->prev;

		filter_free(filter);
		filter = prev;
	}
}

/*
 * Put @filter on top of current's chain, whose reference passes from the task
 * to the filter, or change nothing. Errors: EINVAL (mode), ENOMEM (length).
 */
static int publish(struct seccomp_filter *filter, unsigned int flags)
{
	struct seccomp *own = &current->seccomp;

	lockdep_assert_held(seccomp_lock(current));

	if (!seccomp_mode_may_become(SECCOMP_MODE_FILTER))
		return -EINVAL;

	if (own->filter)
		filter->chain_insns += own->filter->chain_insns +
				       SECCOMP_FILTER_INSNS_EXTRA;
	if (filter->chain_insns > SECCOMP_CHAIN_INSNS_MAX)
		return -ENOMEM;

	filter->prev = own->filter;
	/* Pairs with the acquire in seccomp_evaluate(). */
	smp_store_release(&own->filter, filter);
	atomic_inc(&own->filter_count);
	seccomp_mode_enter(current, SECCOMP_MODE_FILTER, flags);
	return 0;
}

/**
 * seccomp_filter_attach() - give current one more filter
 * @flags: SECCOMP_FILTER_FLAG_*
 * @uprog: struct sock_fprog in user memory
 *
 * See seccomp(2), SECCOMP_SET_MODE_FILTER.
 *
 * Context: Task context, may sleep. Takes current's siglock.
 * Return: 0, or
 *  - EINVAL for flags that do not exist, for a program that is empty, too long,
 *    unsound or not for system calls, and in strict mode,
 *  - EFAULT where the program cannot be read,
 *  - EACCES without no_new_privs or CAP_SYS_ADMIN in the user namespace,
 *  - ENOMEM without memory and where the chain would be too long.
 */
long seccomp_filter_attach(unsigned int flags, const void __user *uprog)
{
	struct seccomp_filter *filter;
	int err;

	if (flags & ~SECCOMP_FILTER_FLAG_MASK)
		return -EINVAL;

	filter = filter_create(uprog, flags);
	if (IS_ERR(filter))
		return PTR_ERR(filter);

	spin_lock_irq(seccomp_lock(current));
	err = publish(filter, flags);
	spin_unlock_irq(seccomp_lock(current));

	if (err)
		seccomp_filter_put(filter);
	return err;
}

/**
 * get_seccomp_filter() - a reference for a child that gets current's chain
 * @tsk: current, about to fork
 *
 * Context: Holds @tsk's siglock.
 */
void get_seccomp_filter(struct task_struct *tsk)
{
	lockdep_assert_held(seccomp_lock(tsk));

	if (tsk->seccomp.filter)
		refcount_inc(&tsk->seccomp.filter->refs);
}

/**
 * seccomp_filter_get_nth() - one filter of a task's chain
 * @task: any task
 * @n: 0 for the filter that was attached first
 *
 * Context: Task context. Takes @task's siglock.
 * Return: A reference, for seccomp_filter_put(); NULL where the chain is not
 * that long.
 */
struct seccomp_filter *seccomp_filter_get_nth(struct task_struct *task,
					      unsigned long n)
{
	struct seccomp_filter *filter;
	unsigned long length = 0;
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return NULL;

	for (filter = task->seccomp.filter; filter; filter = filter->prev)
		length++;
	filter = NULL;
	if (n < length) {
		filter = task->seccomp.filter;
		while (++n < length)
			filter = filter->prev;
		refcount_inc(&filter->refs);
	}
	unlock_task_sighand(task, &flags);

	return filter;
}

/**
 * seccomp_filter_release() - let go of an exiting task's chain
 * @tsk: current, PF_EXITING set, so that nobody gives it another filter
 *
 * Context: Task context. Takes siglock, but only where there is a filter.
 */
void seccomp_filter_release(struct task_struct *tsk)
{
	struct seccomp_filter *filter;

	if (WARN_ON_ONCE(!(tsk->flags & PF_EXITING)))
		return;
	if (!READ_ONCE(tsk->seccomp.filter))
		return;

	spin_lock_irq(seccomp_lock(tsk));
	filter = tsk->seccomp.filter;
	tsk->seccomp.filter = NULL;
	spin_unlock_irq(seccomp_lock(tsk));

	seccomp_filter_put(filter);
}
