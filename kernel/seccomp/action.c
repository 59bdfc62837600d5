// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the actions, by name and by deed.
 */

#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/signal.h>
#include <asm/syscall.h>
#include <kunit/visibility.h>

#include "internal.h"

const struct seccomp_action seccomp_actions[SECCOMP_ACTIONS] = {
	[SECCOMP_ACTION_KILL_PROCESS] = {
		SECCOMP_RET_KILL_PROCESS, "kill_process", SIGSYS
	},
	[SECCOMP_ACTION_KILL_THREAD] = {
		SECCOMP_RET_KILL_THREAD, "kill_thread", SIGSYS
	},
	[SECCOMP_ACTION_TRAP] = { SECCOMP_RET_TRAP, "trap" },
	[SECCOMP_ACTION_ERRNO] = { SECCOMP_RET_ERRNO, "errno" },
	[SECCOMP_ACTION_USER_NOTIF] = { SECCOMP_RET_USER_NOTIF, "user_notif" },
	[SECCOMP_ACTION_TRACE] = { SECCOMP_RET_TRACE, "trace" },
	[SECCOMP_ACTION_LOG] = { SECCOMP_RET_LOG, "log" },
	[SECCOMP_ACTION_ALLOW] = { SECCOMP_RET_ALLOW, "allow" },
};
EXPORT_SYMBOL_IF_KUNIT(seccomp_actions);

/**
 * seccomp_action_index() - find an action in the table
 * @value: SECCOMP_RET_*, without data
 *
 * Context: Any.
 * Return: The action's place in seccomp_actions[], which is its bit in a set of
 * actions, or -1 where there is no such action.
 */
int seccomp_action_index(u32 value)
{
	for (int i = 0; i < SECCOMP_ACTIONS; i++)
		if (seccomp_actions[i].value == value)
			return i;

	return -1;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_action_index);

/* What the caller finds in its return register. */
static void answer(long error)
{
	syscall_set_return_value(current, current_pt_regs(), error, 0);
}

/*
 * The end of a thread, or of all of them. What is dumped shows the registers
 * as they were at the call; a dump is due only where the whole process goes.
 */
static void condemn(const struct seccomp_data *sd,
		    const struct seccomp_verdict *verdict)
{
	bool last = atomic_read(&current->signal->live) == 1;

	seccomp_mode_killed();
	if (verdict->action == SECCOMP_RET_KILL_THREAD && !last)
		do_exit(SIGSYS);

	syscall_rollback(current, current_pt_regs());
	force_sig_seccomp(sd->nr, verdict->data, true);
}

/**
 * seccomp_act_trace() - let the tracer have a look
 * @verdict: a SECCOMP_RET_TRACE, its data becomes the event's message
 *
 * The tracer may rewrite all registers, so what was evaluated no longer
 * counts: on true the caller must evaluate again.
 *
 * Context: Task context, sleeps until the tracer resumes the task.
 * Return: true where the call goes on, false where it is to be skipped because
 * there is no tracer (ENOSYS), the tracer said so (a negative number), or the
 * task is about to die.
 */
bool seccomp_act_trace(const struct seccomp_verdict *verdict)
{
	if (!ptrace_event_enabled(current, PTRACE_EVENT_SECCOMP)) {
		answer(-ENOSYS);
		return false;
	}

	ptrace_event(PTRACE_EVENT_SECCOMP, verdict->data);

	/*
	 * A tracer that was killed, or that killed the task, may have left
	 * anything in the registers.
	 */
	if (fatal_signal_pending(current))
		return false;

	return syscall_get_nr(current, current_pt_regs()) >= 0;
}

/**
 * seccomp_act_errno() - fail a call
 * @data: the error number, from 0; above MAX_ERRNO it is that
 *
 * Context: Task context at system call entry.
 * Return: -1, for the call is skipped.
 */
int seccomp_act_errno(u16 data)
{
	answer(-min_t(int, data, MAX_ERRNO));
	return -1;
}

/**
 * seccomp_act() - carry out a verdict
 * @sd: the call as it was evaluated
 * @verdict: what was decided of it, already logged where that was due
 *
 * Context: Task context at system call entry. Does not return where only the
 * calling thread is killed.
 * Return: 0 where the call goes on, -1 where it is skipped.
 */
int seccomp_act(const struct seccomp_data *sd,
		const struct seccomp_verdict *verdict)
{
	switch (verdict->action) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return 0;

	case SECCOMP_RET_USER_NOTIF:
		return seccomp_notify(sd, verdict);

	case SECCOMP_RET_TRACE:
		/* Only asked a second time: the tracer has already agreed. */
		return 0;

	case SECCOMP_RET_ERRNO:
		return seccomp_act_errno(verdict->data);

	case SECCOMP_RET_TRAP:
		/* The handler finds the call's own registers, not a result. */
		syscall_rollback(current, current_pt_regs());
		force_sig_seccomp(sd->nr, verdict->data, false);
		return -1;

	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_KILL_PROCESS:
	default:
		condemn(sd, verdict);
		return -1;
	}
}
