// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: filters, their chains and references.
 */

#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "filter_log.h"
#include "filter_summary.h"
#include "internal.h"
#include "program.h"
#include "table.h"

/* Free a filter; true if audit may have made current wait for it. */
static bool filter_free(struct seccomp_filter *filter, bool may_wait)
{
	bool waited = seccomp_filter_summary_end(filter, may_wait);

	seccomp_table_put(filter->table);
	seccomp_program_put(filter->program);
	kfree(filter);
	return waited;
}

/**
 * seccomp_filter_put() - drop a reference
 * @filter: a filter, or NULL
 *
 * The last put of a filter drops its reference to the filter below it. These are
 * loops, because a chain may be too long for a recursion.
 *
 * Context: Task context. May sleep if it is the last put of a filter that has
 * logged something.
 */
void seccomp_filter_put(struct seccomp_filter *filter)
{
	struct seccomp_filter *unused = filter;
	bool may_wait = true;

	/* Supervisors need not wait for what sleeps below. */
	while (filter && refcount_dec_and_test(&filter->refs)) {
		seccomp_listener_orphan(filter->listener);
		filter = filter->prev;
	}
	/* A task waits for audit once, however many of its filters end. */
	while (unused != filter) {
		struct seccomp_filter *prev = unused->prev;

		if (filter_free(unused, may_wait))
			may_wait = false;
		unused = prev;
	}
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_put);

/**
 * seccomp_filter_at() - the filter at a depth of a chain
 * @newest: the chain, which the caller keeps alive
 * @depth: from 1 to the depth of @newest
 *
 * The number of steps is logarithmic in the length of the chain.
 *
 * Context: Any.
 * Return: The filter.
 */
const struct seccomp_filter *
seccomp_filter_at(const struct seccomp_filter *newest, unsigned int depth)
{
	while (newest->depth > depth) {
		if (newest->jump && newest->jump->depth >= depth)
			newest = newest->jump;
		else
			newest = newest->prev;
	}
	return newest;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_at);

/**
 * seccomp_task_set_filter() - make a filter the newest of a task's chain
 * @task: a thread of current's group
 * @filter: the filter; one of its references becomes the task's
 *
 * The caller takes care of the old chain, the mode and the work flag.
 *
 * Context: Holds the group's siglock.
 */
void seccomp_task_set_filter(struct task_struct *task,
			     struct seccomp_filter *filter)
{
	const u8 *codes = filter->table ? &filter->table->no_code : NULL;
	struct seccomp *its = &task->seccomp;

	lockdep_assert_held(seccomp_lock(task));

	/* Pairs with the acquire in seccomp_current_filter(). */
	smp_store_release(&its->filter, filter);
	if (its->killed)
		return;
	/*
	 * The release makes the content of the table visible to a reader that
	 * depends on the pointer, and pairs with the barrier in do_answer(). An
	 * older pointer that @task has read stays valid, because the new chain
	 * includes the older one.
	 */
	smp_store_release(&its->codes, codes);
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
 * seccomp_filter_get_newest() - the newest filter of a task
 * @task: any task
 *
 * Context: Task context. Takes @task's siglock.
 * Return: A reference, for seccomp_filter_put(); NULL if there is no filter,
 * ERR_PTR(-ESRCH) if the task is gone.
 */
struct seccomp_filter *seccomp_filter_get_newest(struct task_struct *task)
{
	struct seccomp_filter *filter;
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return ERR_PTR(-ESRCH);
	filter = task->seccomp.filter;
	if (filter)
		refcount_inc(&filter->refs);
	unlock_task_sighand(task, &flags);

	return filter;
}

/**
 * seccomp_filter_get_nth() - a filter of a task by its number
 * @task: any task
 * @n: 0 for the filter that was attached first
 *
 * Context: Task context. Takes @task's siglock.
 * Return: A reference, for seccomp_filter_put(). ERR_PTR(-EINVAL) if the task
 * has no filters, ERR_PTR(-ENOENT) if it has fewer, ERR_PTR(-ESRCH) if it is
 * gone.
 */
struct seccomp_filter *seccomp_filter_get_nth(struct task_struct *task,
					      unsigned long n)
{
	struct seccomp_filter *newest = seccomp_filter_get_newest(task);
	struct seccomp_filter *filter = ERR_PTR(-ENOENT);

	if (IS_ERR(newest))
		return newest;
	if (!newest)
		return ERR_PTR(-EINVAL);

	if (n < newest->depth) {
		filter = newest;
		while (filter->depth > n + 1)
			filter = filter->prev;
		refcount_inc(&filter->refs);
	}
	seccomp_filter_put(newest);

	return filter;
}

/**
 * seccomp_filter_release() - drop the filters of an exiting task
 * @tsk: current. PF_EXITING is set, so that a thread sync does not give it a
 *	filter.
 *
 * Context: Task context. Takes siglock if there is a filter.
 */
void seccomp_filter_release(struct task_struct *tsk)
{
	struct seccomp_filter *filter;

	if (WARN_ON_ONCE(!(tsk->flags & PF_EXITING)))
		return;

	/*
	 * exit_signals() sets PF_EXITING without siglock if it sees
	 * SIGNAL_GROUP_EXIT. A thread sync gives @tsk a filter only while that
	 * flag is clear, under siglock, and the flag is set under siglock
	 * later: the unlock and the lock between them order the two stores for
	 * every processor. The barrier orders the two loads here, so @tsk sees
	 * the filter if it saw the flag. This is the message passing pattern:
	 *
	 *	thread sync		group exit		@tsk
	 *	lock			lock			r1 = flags
	 *	  filter = f		  flags = GROUP_EXIT	smp_rmb
	 *	unlock			unlock			r2 = filter
	 *
	 * r1 == GROUP_EXIT and r2 == NULL is impossible. In the other cases
	 * PF_EXITING was set under siglock, or there is no other thread.
	 */
	smp_rmb();
	if (!READ_ONCE(tsk->seccomp.filter))
		return;

	spin_lock_irq(seccomp_lock(tsk));
	filter = tsk->seccomp.filter;
	tsk->seccomp.filter = NULL;
	tsk->seccomp.codes = NULL;
	spin_unlock_irq(seccomp_lock(tsk));

	seccomp_filter_put(filter);
}
