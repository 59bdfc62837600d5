// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: from a system call and a chain of filters to one verdict. Changes
 * nothing.
 */

#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <asm/syscall.h>

#include "internal.h"

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
	const struct seccomp_filter *newest, *f;
	s32 lowest = S32_MAX;
	u32 value = SECCOMP_RET_KILL_PROCESS;

	/* Pairs with the release in publish(): the filter is complete. */
	newest = smp_load_acquire(&current->seccomp.filter);

	verdict->match = NULL;
	for (f = newest; f; f = f->prev) {
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
