// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: filter mode at system call entry. A system call is evaluated,
 * logged, and acted on.
 */

#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <asm/syscall.h>

#include "entry.h"
#include "eval.h"
#include "internal.h"
#include "log.h"
#include "syscall_index.h"
#include "table.h"

static void log_verdict(const struct seccomp_data *sd,
			const struct seccomp_verdict *verdict)
{
	seccomp_log(sd, verdict, seccomp_actions[verdict->action_index].signal);
}

/* Do what was decided about @sd, after it was logged. */
static int do_verdict(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict)
{
	struct seccomp_data changed;

	if (verdict->action != SECCOMP_RET_TRACE)
		return seccomp_do_action(sd, verdict);
	if (!seccomp_do_trace(verdict))
		return -1;

	/*
	 * The tracer may have changed the system call: evaluate it again. It is
	 * not traced a second time.
	 */
	seccomp_data_get(&changed);
	seccomp_evaluate(&changed, verdict);
	if (verdict->action == SECCOMP_RET_ALLOW)
		return 0;
	log_verdict(&changed, verdict);
	return seccomp_do_action(&changed, verdict);
}

static int log_and_do_verdict(const struct seccomp_data *sd,
			      struct seccomp_verdict *verdict)
{
	if (likely(verdict->action == SECCOMP_RET_ALLOW))
		return 0;
	log_verdict(sd, verdict);
	return do_verdict(sd, verdict);
}

/**
 * seccomp_check_filters() - check a system call by current's filters
 * @sd: the system call
 *
 * Context: As for seccomp_check_current().
 * Return: As seccomp_check_current().
 */
noinline int seccomp_check_filters(const struct seccomp_data *sd)
{
	struct seccomp_verdict verdict;

	seccomp_evaluate(sd, &verdict);
	return log_and_do_verdict(sd, &verdict);
}

/* The same for the registers, if current's chain has a table */
static noinline int check_filters_from(const struct seccomp_filter *newest,
				       const struct seccomp_answer *answer,
				       unsigned int index)
{
	struct seccomp_verdict verdict;
	struct seccomp_data sd;

	seccomp_data_get(&sd);
	seccomp_evaluate_answer(newest, answer, index, &sd, &verdict);
	return log_and_do_verdict(&sd, &verdict);
}

/* The same if the answer is constant */
static noinline int do_constant_answer(const struct seccomp_filter *match,
				       const struct seccomp_answer *answer)
{
	struct seccomp_verdict verdict = {
		.action = seccomp_actions[answer->action].value,
		.data = answer->value & SECCOMP_RET_DATA,
		.action_index = answer->action,
		.filter = match,
	};
	struct seccomp_data sd;

	seccomp_data_get(&sd);
	log_verdict(&sd, &verdict);
	return do_verdict(&sd, &verdict);
}

/* The most frequent constant answers need no struct seccomp_data. */
static __always_inline int
do_answer_of(const struct seccomp_filter *match,
	     const struct seccomp_answer *answer, unsigned int index)
{
	if (answer->action == SECCOMP_ACTION_LOG &&
	    !seccomp_log_wanted(index, match, SECCOMP_ACTION_LOG))
		return 0;
	if (answer->action == SECCOMP_ACTION_ERRNO &&
	    !seccomp_log_wanted(index, match, SECCOMP_ACTION_ERRNO))
		return seccomp_do_errno(answer->value & SECCOMP_RET_DATA);
	return do_constant_answer(match, answer);
}

/* The same if an older filter than @newest returned it */
static noinline int do_older_answer(const struct seccomp_filter *newest,
				    const struct seccomp_answer *answer,
				    unsigned int index)
{
	const struct seccomp_filter *match = seccomp_answer_filter(newest, answer);

	return do_answer_of(match, answer, index);
}

/*
 * A system call that is not always allowed. All calls of functions are at the
 * end, so that the fast paths save no registers.
 */
static __always_inline int
do_answer(const struct seccomp_answer *answer, unsigned int index)
{
	const struct seccomp_filter *newest;

	/*
	 * A task that sees the codes of a table also sees the table's filter,
	 * or a newer one. Pairs with the release in seccomp_task_set_filter().
	 */
	smp_rmb();
	newest = seccomp_current_filter();

	if (answer->run_depth)
		return check_filters_from(newest, answer, index);
	if (answer->match_depth != newest->depth)
		return do_older_answer(newest, answer, index);
	return do_answer_of(newest, answer, index);
}

/**
 * seccomp_check_codes() - check a system call whose code is not that of allow
 * @codes: the codes of a table of current's chain
 * @code_index: the index of the code; 0 if the system call has none
 *
 * If a thread sync adds filters at the same time, they apply from the next
 * system call on.
 *
 * Context: As for seccomp_check_current().
 * Return: As seccomp_check_current().
 */
noinline int seccomp_check_codes(const u8 *codes, unsigned long code_index)
{
	const struct seccomp_table *table =
		container_of(codes, struct seccomp_table, no_code);
	unsigned int index = code_index - 1;

	if (unlikely(!code_index)) {
		int nr = syscall_get_nr(current, current_pt_regs());

		index = seccomp_syscall_index(nr, syscall_get_arch(current));
		if (table->code[index] == SECCOMP_CODE_ALLOW)
			return 0;
	}
	if (seccomp_is_suspended())
		return 0;
	return do_answer(seccomp_table_lookup(table, index), index);
}
