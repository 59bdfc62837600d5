// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: from a system call and a chain of filters to one verdict. Changes
 * nothing.
 */

#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <asm/syscall.h>

#include "internal.h"

static const struct seccomp_filter *newest_filter(void)
{
	/* Pairs with the releases in filter.c: the filter is complete. */
	return smp_load_acquire(&current->seccomp.filter);
}

/**
 * seccomp_passes() - does the call in the registers pass without a question?
 *
 * Looks at number and architecture alone, so it costs next to nothing.
 *
 * Context: Task context at system call entry, in filter mode.
 * Return: true where every filter allows every such call.
 */
bool seccomp_passes(void)
{
	const struct seccomp_filter *newest = newest_filter();

	return newest &&
	       seccomp_allowed_test(&newest->allowed,
				    syscall_get_nr(current, current_pt_regs()),
				    syscall_get_arch(current));
}

/**
 * seccomp_evaluate() - ask current's filters
 * @sd: the system call
 * @verdict: where the answer goes
 *
 * All of them are asked. The action that is lowest as a signed number wins,
 * the newest filter's among equal ones; only then does an action that does not
 * exist become kill_process.
 *
 * Context: Task context.
 */
void seccomp_evaluate(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict)
{
	const struct seccomp_filter *f;
	s32 lowest = S32_MAX;
	u32 value = SECCOMP_RET_KILL_PROCESS;

	verdict->match = NULL;
	for (f = newest_filter(); f; f = f->prev) {
		u32 ret = bpf_prog_run_pin_on_cpu(f->prog, sd);
		s32 action = ret & SECCOMP_RET_ACTION_FULL;

		if (action < lowest) {
			lowest = action;
			value = ret;
			verdict->match = f;
		}
	}

	verdict->action = value & SECCOMP_RET_ACTION_FULL;
	verdict->data = value & SECCOMP_RET_DATA;
	if (unlikely(seccomp_action_index(verdict->action) < 0))
		verdict->action = SECCOMP_RET_KILL_PROCESS;
}
