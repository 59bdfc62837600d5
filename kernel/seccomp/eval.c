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

/*
 * The strongest value so far, the depth of the filter that it is from, and
 * SECCOMP_OLDER* of those that were run below it with the same action
 */
struct best {
	u32 value;
	u16 depth;
	u8 older;
};

/* Among equal actions the newest filter's counts. */
static void consider(struct best *best, u32 value,
		     const struct seccomp_filter *filter)
{
	s32 action = value & SECCOMP_RET_ACTION_FULL;
	s32 best_action = best->value & SECCOMP_RET_ACTION_FULL;

	/* what most programs return that are run at all; it beats nothing */
	if (action == SECCOMP_RET_ALLOW)
		return;

	if (action < best_action ||
	    (action == best_action && filter->depth > best->depth)) {
		best->value = value;
		best->depth = filter->depth;
		best->older = 0;
	} else if (action == best_action) {
		best->older |= seccomp_verdict_older(filter);
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

/* What a filter's program returns, by its table or run */
static u32 run_filter(const struct seccomp_filter *filter,
		      const struct seccomp_data *sd)
{
	const struct seccomp_table *table = filter->program->table;
	const struct seccomp_answer *known;

	if (table) {
		known = seccomp_table_answer(table,
					     seccomp_call(sd->nr, sd->arch));
		if (!known->run)
			return known->value;
	}
	return run_program(filter->program->run, sd);
}

/**
 * seccomp_evaluate_known() - ask a chain, some of whose answer is known
 * @newest: the chain
 * @known: what its table has on the call
 * @call: the call, as seccomp_call() numbers it
 * @sd: the call
 * @verdict: where the answer goes
 *
 * Context: Task context.
 */
void seccomp_evaluate_known(const struct seccomp_filter *newest,
			    const struct seccomp_answer *known,
			    unsigned int call, const struct seccomp_data *sd,
			    struct seccomp_verdict *verdict)
{
	const struct seccomp_filter *filter = newest;
	struct best best = { known->value, known->match, 0 };
	struct seccomp_answer nothing;
	bool unknown;
	u32 value;

	while (known->run) {
		if (filter->depth != known->run)
			filter = seccomp_filter_at(filter, known->run);
		unknown = known->unknown;
		value = unknown ? run_filter(filter, sd) :
				  run_program(filter->program->run, sd);
		consider(&best, value, filter);

		filter = filter->prev;
		if (!filter)
			break;
		known = seccomp_filter_answer(filter, call, &nothing);
		/* else it is part of what was known before */
		if (unknown && known->match)
			consider(&best, known->value,
				 seccomp_filter_at(filter, known->match));
	}

	verdict->action = best.value & SECCOMP_RET_ACTION_FULL;
	verdict->index = SECCOMP_ACTION_ALLOW;
	verdict->data = best.value & SECCOMP_RET_DATA;
	verdict->older = best.older;
	verdict->match = NULL;
	if (likely(verdict->action == SECCOMP_RET_ALLOW))
		return;

	verdict->index = max(seccomp_action_index(verdict->action), 0);
	verdict->action = seccomp_actions[verdict->index].value;
	verdict->match = seccomp_filter_at(newest, best.depth);
}

/**
 * seccomp_evaluate() - ask current's filters
 * @sd: the system call
 * @verdict: where the answer goes
 *
 * Tables know what those say that always say the same; the others are run.
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
	struct seccomp_answer nothing;

	if (seccomp_call_is_exempt(call)) {
		*verdict = (struct seccomp_verdict){
			.action = SECCOMP_RET_ALLOW,
			.index = SECCOMP_ACTION_ALLOW,
		};
		return;
	}
	if (WARN_ON_ONCE(!newest)) {
		/* The mode cannot be entered without. Fail closed. */
		verdict->action = SECCOMP_RET_KILL_PROCESS;
		verdict->index = SECCOMP_ACTION_KILL_PROCESS;
		verdict->data = 0;
		verdict->older = 0;
		verdict->match = NULL;
		return;
	}

	seccomp_evaluate_known(newest,
			       seccomp_filter_answer(newest, call, &nothing),
			       call, sd, verdict);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_evaluate);
