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
 * seccomp_recall() - what the table has on a call
 * @newest: current's chain
 * @call: the call, as seccomp_call() numbers it
 *
 * Costs next to nothing however many filters there are.
 *
 * Context: Task context.
 * Return: The answer of all filters that have a constant one; NULL where all
 * have one and it is allow.
 */
static __always_inline const struct seccomp_answer *
seccomp_recall(const struct seccomp_filter *newest, unsigned int call)
{
	const struct seccomp_table *table = newest->table;
	u16 code = table->code[call];

	return likely(code == SECCOMP_CODE_ALLOW) ? NULL :
						    &table->answers[code];
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
#endif /* CONFIG_SECCOMP_FILTER */

#endif /* _KERNEL_SECCOMP_EVAL_H */
