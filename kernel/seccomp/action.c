// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the table of actions, and doing them.
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
 * seccomp_action_index() - the index of an action
 * @value: SECCOMP_RET_*, without data
 *
 * Context: Any.
 * Return: The index in seccomp_actions[], which is also the bit in a set of
 * actions; -1 if there is no such action.
 */
int seccomp_action_index(u32 value)
{
	for (int i = 0; i < SECCOMP_ACTIONS; i++)
		if (seccomp_actions[i].value == value)
			return i;

	return -1;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_action_index);

static void set_return_value(long error)
{
	syscall_set_return_value(current, current_pt_regs(), error, 0);
}

/*
 * Kill the thread or the process. A core dump, which has the registers of the
 * system call, is written only if the whole process is killed.
 */
static void kill_current(const struct seccomp_data *sd,
			 const struct seccomp_verdict *verdict)
{
	bool last = atomic_read(&current->signal->live) == 1;

	seccomp_mark_killed();
	if (verdict->action == SECCOMP_RET_KILL_THREAD && !last)
		do_exit(SIGSYS);

	syscall_rollback(current, current_pt_regs());
	force_sig_seccomp(sd->nr, verdict->data, true);
}

/**
 * seccomp_do_trace() - do a SECCOMP_RET_TRACE
 * @verdict: the result, whose data becomes the message of the ptrace event
 *
 * The tracer may change all registers. After true the caller must evaluate the
 * system call again.
 *
 * Context: Task context, sleeps until the tracer resumes the task.
 * Return: true if the system call continues; false if it is skipped: there is
 * no tracer (ENOSYS), the tracer has set a negative number, or the task is
 * being killed.
 */
bool seccomp_do_trace(const struct seccomp_verdict *verdict)
{
	if (!ptrace_event_enabled(current, PTRACE_EVENT_SECCOMP)) {
		set_return_value(-ENOSYS);
		return false;
	}

	ptrace_event(PTRACE_EVENT_SECCOMP, verdict->data);

	/*
	 * If the tracer was killed, or has killed the task, the registers may
	 * have any content.
	 */
	if (fatal_signal_pending(current))
		return false;

	return syscall_get_nr(current, current_pt_regs()) >= 0;
}

/**
 * seccomp_do_errno() - do a SECCOMP_RET_ERRNO
 * @data: the error number; MAX_ERRNO if it is higher
 *
 * Context: Task context at system call entry.
 * Return: -1, because the system call is skipped.
 */
int seccomp_do_errno(u16 data)
{
	set_return_value(-min_t(int, data, MAX_ERRNO));
	return -1;
}

/**
 * seccomp_do_action() - do the action of a verdict
 * @sd: the system call as it was evaluated
 * @verdict: the result, which has been logged
 *
 * Context: Task context at system call entry. Does not return if only the
 * calling thread is killed.
 * Return: 0 if the system call continues, -1 if it is skipped.
 */
int seccomp_do_action(const struct seccomp_data *sd,
		      const struct seccomp_verdict *verdict)
{
	switch (verdict->action) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return 0;

	case SECCOMP_RET_USER_NOTIF:
		return seccomp_notify(sd, verdict);

	case SECCOMP_RET_TRACE:
		/* After seccomp_do_trace(): the tracer has agreed already. */
		return 0;

	case SECCOMP_RET_ERRNO:
		return seccomp_do_errno(verdict->data);

	case SECCOMP_RET_TRAP:
		/* The handler gets the registers of the system call. */
		syscall_rollback(current, current_pt_regs());
		force_sig_seccomp(sd->nr, verdict->data, false);
		return -1;

	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_KILL_PROCESS:
	default:
		kill_current(sd, verdict);
		return -1;
	}
}
