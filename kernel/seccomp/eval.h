/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of a system call before a program is run. Inline, because it is
 * on the path of every system call of a filtered task.
 */
#ifndef _KERNEL_SECCOMP_EVAL_H
#define _KERNEL_SECCOMP_EVAL_H

#include <linux/sched.h>

#include "internal.h"
#include "table.h"

#ifdef CONFIG_SECCOMP_FILTER
/**
 * seccomp_current_filter() - the newest filter of current's chain
 *
 * Context: Task context.
 * Return: The filter that was attached last; NULL if there is none.
 */
static __always_inline const struct seccomp_filter *seccomp_current_filter(void)
{
	/* Pairs with the releases in filter.c. */
	return smp_load_acquire(&current->seccomp.filter);
}

/**
 * seccomp_chain_lookup() - look up the answer of a chain
 * @filter: the chain
 * @index: the index of the system call
 * @nothing: memory for the answer of a chain without a table
 *
 * Context: Any.
 * Return: The answer in the chain's table. If it has no table, @nothing: it
 * says that @filter has to be run.
 */
static __always_inline const struct seccomp_answer *
seccomp_chain_lookup(const struct seccomp_filter *filter, unsigned int index,
		     struct seccomp_answer *nothing)
{
	if (likely(filter->table))
		return seccomp_table_lookup(filter->table, index);

	*nothing = (struct seccomp_answer){
		.value = SECCOMP_RET_ALLOW,
		.run_depth = filter->depth,
		.action = SECCOMP_ACTION_ALLOW,
		.unknown = true,
	};
	return nothing;
}

/**
 * seccomp_answer_filter() - the filter that returned the value of an answer
 * @newest: current's chain
 * @answer: an answer from its table, not allow
 *
 * Context: Task context.
 * Return: The filter.
 */
static __always_inline const struct seccomp_filter *
seccomp_answer_filter(const struct seccomp_filter *newest,
		      const struct seccomp_answer *answer)
{
	return likely(answer->match_depth == newest->depth) ? newest :
		seccomp_filter_at(newest, answer->match_depth);
}

/* eval.c */
void seccomp_evaluate_answer(const struct seccomp_filter *newest,
			     const struct seccomp_answer *known,
			     unsigned int index, const struct seccomp_data *sd,
			     struct seccomp_verdict *verdict);
#endif /* CONFIG_SECCOMP_FILTER */

#endif /* _KERNEL_SECCOMP_EVAL_H */
