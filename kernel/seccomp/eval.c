// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: evaluation of a system call by a chain of filters. Has no side
 * effects.
 */

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/preempt.h>
#include <kunit/visibility.h>

#include "eval.h"
#include "internal.h"
#include "program.h"
#include "table.h"

/**
 * struct strongest - the strongest return value so far
 * @value: the value
 * @depth: the depth of the filter that returned it
 * @older: SECCOMP_OLDER* of the older filters that were run and returned the
 *	same action
 */
struct strongest {
	u32 value;
	u16 depth;
	u8 older;
};

/* Of equal actions that of the newest filter counts. */
static void update_strongest(struct strongest *strongest, u32 value,
			     const struct seccomp_filter *filter)
{
	s32 action = value & SECCOMP_RET_ACTION_FULL;
	s32 strongest_action = strongest->value & SECCOMP_RET_ACTION_FULL;

	/* Most programs that are run return this, and it is the weakest. */
	if (action == SECCOMP_RET_ALLOW)
		return;

	if (action < strongest_action ||
	    (action == strongest_action && filter->depth > strongest->depth)) {
		strongest->value = value;
		strongest->depth = filter->depth;
		strongest->older = 0;
	} else if (action == strongest_action) {
		strongest->older |= seccomp_verdict_older(filter);
	}
}

static __always_inline u32 run_program(const struct bpf_prog *prog,
				       const struct seccomp_data *sd)
{
	u32 value;

	/* At most BPF_MAXINSNS instructions: cheaper than migrate_disable(). */
	preempt_disable();
	value = bpf_prog_run(prog, sd);
	preempt_enable();
	return value;
}

/* What a filter returns, from the table of its program if possible */
static u32 run_filter(const struct seccomp_filter *filter,
		      const struct seccomp_data *sd)
{
	const struct seccomp_table *table = filter->program->table;
	const struct seccomp_answer *known;
	unsigned int index;

	if (table) {
		index = seccomp_syscall_index(sd->nr, sd->arch);
		known = seccomp_table_lookup(table, index);
		if (!known->run_depth)
			return known->value;
	}
	return run_program(filter->program->prog, sd);
}

/**
 * seccomp_evaluate_answer() - evaluate a system call whose answer is looked up
 * @newest: the chain
 * @known: the answer of the chain's table
 * @index: the index of the system call
 * @sd: the system call
 * @verdict: where the result goes
 *
 * Context: Task context.
 */
void seccomp_evaluate_answer(const struct seccomp_filter *newest,
			     const struct seccomp_answer *known,
			     unsigned int index, const struct seccomp_data *sd,
			     struct seccomp_verdict *verdict)
{
	const struct seccomp_filter *filter = newest;
	struct strongest strongest = { known->value, known->match_depth, 0 };
	const struct seccomp_filter *match;
	struct seccomp_answer nothing;
	bool unknown;
	u32 value;

	while (known->run_depth) {
		if (filter->depth != known->run_depth)
			filter = seccomp_filter_at(filter, known->run_depth);
		unknown = known->unknown;
		value = unknown ? run_filter(filter, sd) :
				  run_program(filter->program->prog, sd);
		update_strongest(&strongest, value, filter);

		filter = filter->prev;
		if (!filter)
			break;
		known = seccomp_chain_lookup(filter, index, &nothing);
		/* Otherwise the value before includes it. */
		if (unknown && known->match_depth) {
			match = seccomp_filter_at(filter, known->match_depth);
			update_strongest(&strongest, known->value, match);
		}
	}

	verdict->action = strongest.value & SECCOMP_RET_ACTION_FULL;
	verdict->action_index = SECCOMP_ACTION_ALLOW;
	verdict->data = strongest.value & SECCOMP_RET_DATA;
	verdict->older = strongest.older;
	verdict->filter = NULL;
	if (likely(verdict->action == SECCOMP_RET_ALLOW))
		return;

	verdict->action_index = max(seccomp_action_index(verdict->action), 0);
	verdict->action = seccomp_actions[verdict->action_index].value;
	verdict->filter = seccomp_filter_at(newest, strongest.depth);
}

/**
 * seccomp_evaluate() - evaluate a system call by current's filters
 * @sd: the system call
 * @verdict: where the result goes
 *
 * Tables have the constant return values; the other filters are run. The action
 * that is lowest as a signed number wins, and of equal ones that of the newest
 * filter. Only after that an action that does not exist becomes kill_process.
 *
 * Context: Task context.
 */
void seccomp_evaluate(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict)
{
	const struct seccomp_filter *newest = seccomp_current_filter();
	unsigned int index = seccomp_syscall_index(sd->nr, sd->arch);
	struct seccomp_answer nothing;

	if (seccomp_syscall_index_is_exempt(index)) {
		*verdict = (struct seccomp_verdict){
			.action = SECCOMP_RET_ALLOW,
			.action_index = SECCOMP_ACTION_ALLOW,
		};
		return;
	}
	if (WARN_ON_ONCE(!newest)) {
		/* Filter mode without a filter does not occur. Fail closed. */
		verdict->action = SECCOMP_RET_KILL_PROCESS;
		verdict->action_index = SECCOMP_ACTION_KILL_PROCESS;
		verdict->data = 0;
		verdict->older = 0;
		verdict->filter = NULL;
		return;
	}

	seccomp_evaluate_answer(newest,
				seccomp_chain_lookup(newest, index, &nothing),
				index, sd, verdict);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_evaluate);
