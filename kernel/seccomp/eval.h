/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of a system call without running a program. Inline, since every
 * call of every filtered task asks.
 */
#ifndef _KERNEL_SECCOMP_EVAL_H
#define _KERNEL_SECCOMP_EVAL_H

#include <linux/sched.h>

#include "internal.h"
#include "table.h"

#ifdef CONFIG_SECCOMP_FILTER
/**
 * seccomp_newest() - where current's chain of filters starts
 *
 * Context: Task context.
 * Return: The filter attached last, complete; NULL where there is none.
 */
static __always_inline const struct seccomp_filter *seccomp_newest(void)
{
	/* Pairs with the releases in filter.c. */
	return smp_load_acquire(&current->seccomp.filter);
}

/**
 * seccomp_filter_answer() - what is known of a chain's answer to a call
 * @filter: the chain
 * @call: the call, as seccomp_call() numbers it
 * @nothing: where to say that nothing is known
 *
 * Context: Any.
 * Return: What the chain's table has; @nothing, which says that @filter is to be
 * asked, if it has no table.
 */
static __always_inline const struct seccomp_answer *
seccomp_filter_answer(const struct seccomp_filter *filter, unsigned int call,
		      struct seccomp_answer *nothing)
{
	if (likely(filter->table))
		return seccomp_table_answer(filter->table, call);

	*nothing = (struct seccomp_answer){
		.value = SECCOMP_RET_ALLOW,
		.run = filter->depth,
		.action = SECCOMP_ACTION_ALLOW,
		.unknown = true,
	};
	return nothing;
}

/**
 * seccomp_match() - the filter that an answer is from
 * @newest: current's chain
 * @answer: an answer from its table, not allow
 *
 * Context: Task context.
 * Return: The filter.
 */
static __always_inline const struct seccomp_filter *
seccomp_match(const struct seccomp_filter *newest,
	      const struct seccomp_answer *answer)
{
	return likely(answer->match == newest->depth) ? newest :
		seccomp_filter_at(newest, answer->match);
}

/* eval.c */
void seccomp_evaluate_known(const struct seccomp_filter *newest,
			    const struct seccomp_answer *known,
			    unsigned int call, const struct seccomp_data *sd,
			    struct seccomp_verdict *verdict);
#endif /* CONFIG_SECCOMP_FILTER */

#endif /* _KERNEL_SECCOMP_EVAL_H */
