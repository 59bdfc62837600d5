// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: from a system call and a chain of filters to one verdict. Changes
 * nothing.
 */

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/preempt.h>
#include <kunit/visibility.h>

#include "eval.h"
#include "internal.h"
#include "program.h"
#include "table.h"

/* The strongest value so far, and the depth of the filter that it is from */
struct best {
	u32 value;
	u16 depth;
};

/* Among equal actions the newest filter's counts. */
static void consider(struct best *best, u32 value, u16 depth)
{
	s32 action = value & SECCOMP_RET_ACTION_FULL;
	s32 best_action = best->value & SECCOMP_RET_ACTION_FULL;

	if (action < best_action ||
	    (action == best_action && depth > best->depth)) {
		best->value = value;
		best->depth = depth;
	}
}

static __always_inline u32 run_program(const struct bpf_prog *prog,
				       const struct seccomp_data *sd)
{
	u32 value;

	/* at most BPF_MAXINSNS simple instructions: not worth a migrate_disable() */
	preempt_disable();
	value = bpf_prog_run(prog, sd);
	preempt_enable();
	return value;
}

/**
 * seccomp_ask() - ask one filter
 * @filter: a filter of current's chain
 * @sd: the system call
 *
 * Context: Task context.
 * Return: What its program returns.
 */
u32 seccomp_ask(const struct seccomp_filter *filter,
		const struct seccomp_data *sd)
{
	const struct seccomp_answer *known =
		seccomp_table_answer(filter->program->table,
				     seccomp_call(sd->nr, sd->arch));

	return known->run ? run_program(filter->program->run, sd) : known->value;
}

/* Depth of the next filter below @filter that has no constant answer, or 0 */
static u16 next_to_run(const struct seccomp_filter *filter, unsigned int call)
{
	if (!filter->prev)
		return 0;
	return seccomp_table_answer(filter->prev->table, call)->run;
}

/**
 * seccomp_evaluate() - ask current's filters
 * @sd: the system call
 * @verdict: where the answer goes
 *
 * The table knows what those say that always say the same; the others are run.
 * The action that is lowest as a signed number wins, the newest filter's among
 * equal ones; only then does an action that does not exist become kill_process.
 *
 * Context: Task context.
 */
void seccomp_evaluate(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict)
{
	const struct seccomp_filter *newest = seccomp_newest();
	unsigned int call = seccomp_call(sd->nr, sd->arch);
	const struct seccomp_answer *known;
	const struct seccomp_filter *filter;
	struct best best;
	u16 run;

	if (WARN_ON_ONCE(!newest)) {
		/* The mode cannot be entered without. Fail closed. */
		verdict->action = SECCOMP_RET_KILL_PROCESS;
		verdict->index = SECCOMP_ACTION_KILL_PROCESS;
		verdict->data = 0;
		verdict->match = NULL;
		return;
	}

	known = seccomp_table_answer(newest->table, call);
	best.value = known->value;
	best.depth = known->match;
	run = known->run;
	for (filter = newest; run; run = next_to_run(filter, call)) {
		filter = seccomp_filter_at(filter, run);
		consider(&best, run_program(filter->program->run, sd), run);
	}

	verdict->action = best.value & SECCOMP_RET_ACTION_FULL;
	verdict->index = SECCOMP_ACTION_ALLOW;
	verdict->data = best.value & SECCOMP_RET_DATA;
	verdict->match = NULL;
	if (likely(verdict->action == SECCOMP_RET_ALLOW))
		return;

	verdict->index = max(seccomp_action_index(verdict->action), 0);
	verdict->action = seccomp_actions[verdict->index].value;
	verdict->match = seccomp_filter_at(newest, best.depth);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_evaluate);
