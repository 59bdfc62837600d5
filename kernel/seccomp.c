// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the front door. Takes system calls from entry code and requests
 * from seccomp(2) and prctl(2), and joins the rooms of kernel/seccomp/ in
 * order: evaluate, log, act.
 */

#include <linux/compat.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/seccomp_entry.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/syscall.h>
#include <kunit/visibility.h>

#include "seccomp/eval.h"
#include "seccomp/internal.h"
#include "seccomp/log.h"

/* Take the system call from current's registers. */
static void seccomp_data_get(struct seccomp_data *sd)
{
	struct pt_regs *regs = current_pt_regs();

	sd->nr = syscall_get_nr(current, regs);
	sd->arch = syscall_get_arch(current);
	sd->instruction_pointer = KSTK_EIP(current);
#ifdef CONFIG_64BIT
	syscall_get_arguments(current, regs, (unsigned long *)sd->args);
#else
	unsigned long args[ARRAY_SIZE(sd->args)];

	syscall_get_arguments(current, regs, args);
	for (unsigned int i = 0; i < ARRAY_SIZE(args); i++)
		sd->args[i] = args[i];
#endif
}

static const int *strict_calls(void)
{
	static const int native[] = {
		__NR_seccomp_read,
		__NR_seccomp_write,
		__NR_seccomp_exit,
		__NR_seccomp_sigreturn,
#ifdef __NR_uretprobe
		/* as seccomp_call_is_exempt() has it */
		__NR_uretprobe,
#endif
		-1,
	};

#ifdef CONFIG_COMPAT
	if (in_compat_syscall())
		return get_compat_mode1_syscalls();
#endif
	return native;
}

static void strict_check(const struct seccomp_data *sd)
{
	static const struct seccomp_verdict kill = {
		.action = SECCOMP_RET_KILL_THREAD,
		.index = SECCOMP_ACTION_KILL_THREAD,
	};

	for (const int *call = strict_calls(); *call != -1; call++)
		if (*call == sd->nr)
			return;

	seccomp_mode_killed();
	seccomp_log(sd, &kill, SIGKILL);
	do_exit(SIGKILL);
}

static bool suspended(void)
{
	return IS_ENABLED(CONFIG_CHECKPOINT_RESTORE) &&
	       unlikely(current->ptrace & PT_SUSPEND_SECCOMP);
}

#ifdef CONFIG_SECCOMP_FILTER
static void log_verdict(const struct seccomp_data *sd,
			const struct seccomp_verdict *verdict)
{
	seccomp_log(sd, verdict, seccomp_actions[verdict->index].signal);
}

/* Carry out what was decided of @sd and logged where that was due. */
static int filter_act(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict)
{
	struct seccomp_data changed;

	if (verdict->action != SECCOMP_RET_TRACE)
		return seccomp_act(sd, verdict);
	if (!seccomp_act_trace(verdict))
		return -1;

	/*
	 * What the tracer made of the call must pass as well; that it would
	 * trace again is fine.
	 */
	seccomp_data_get(&changed);
	seccomp_evaluate(&changed, verdict);
	if (verdict->action == SECCOMP_RET_ALLOW)
		return 0;
	log_verdict(&changed, verdict);
	return seccomp_act(&changed, verdict);
}

static int filter_conclude(const struct seccomp_data *sd,
			   struct seccomp_verdict *verdict)
{
	if (likely(verdict->action == SECCOMP_RET_ALLOW))
		return 0;
	log_verdict(sd, verdict);
	return filter_act(sd, verdict);
}

static noinline int filter_check(const struct seccomp_data *sd)
{
	struct seccomp_verdict verdict;

	seccomp_evaluate(sd, &verdict);
	return filter_conclude(sd, &verdict);
}

/* The same for the call in the registers, if current's chain has a table. */
static noinline int filter_check_run(const struct seccomp_filter *newest,
				     const struct seccomp_answer *answer,
				     unsigned int call)
{
	struct seccomp_verdict verdict;
	struct seccomp_data sd;

	seccomp_data_get(&sd);
	seccomp_evaluate_known(newest, answer, call, &sd, &verdict);
	return filter_conclude(&sd, &verdict);
}

/* The same for a constant answer, which need not be asked for. */
static noinline int filter_check_known(const struct seccomp_filter *match,
				       const struct seccomp_answer *answer)
{
	struct seccomp_verdict verdict = {
		.action = seccomp_actions[answer->action].value,
		.data = answer->value & SECCOMP_RET_DATA,
		.index = answer->action,
		.match = match,
	};
	struct seccomp_data sd;

	seccomp_data_get(&sd);
	log_verdict(&sd, &verdict);
	return filter_act(&sd, &verdict);
}

/*
 * A call that is not simply allowed. The most frequent answers that need nothing
 * but its number are carried out without a look at the rest of it.
 */
static __always_inline int
filter_check_answer(const struct seccomp_answer *answer, unsigned int call)
{
	const struct seccomp_filter *newest;
	const struct seccomp_filter *match;

	/*
	 * Who saw a table's codes sees its filter, or one on top of it. Pairs
	 * with the release of the codes in task_set_filter().
	 */
	smp_rmb();
	newest = seccomp_newest();

	if (answer->run)
		return filter_check_run(newest, answer, call);

	match = seccomp_match(newest, answer);
	if (answer->action == SECCOMP_ACTION_LOG &&
	    !seccomp_log_wanted(call, match, SECCOMP_ACTION_LOG))
		return 0;
	if (answer->action == SECCOMP_ACTION_ERRNO &&
	    !seccomp_log_wanted(call, match, SECCOMP_ACTION_ERRNO))
		return seccomp_act_errno(answer->value & SECCOMP_RET_DATA);
	return filter_check_known(match, answer);
}

/*
 * A call that is not allowed by its code alone, which is at @index of @codes. They
 * are of a table of current's chain; a thread sync may have put more filters on
 * top of it, which count from the next call on.
 */
static noinline int filter_check_codes(const u8 *codes, unsigned long index)
{
	const struct seccomp_table *table =
		container_of(codes, struct seccomp_table, no_code);
	unsigned int call = index - 1;

	if (unlikely(!index)) {
		call = seccomp_call(syscall_get_nr(current, current_pt_regs()),
				    syscall_get_arch(current));
		if (table->code[call] == SECCOMP_CODE_ALLOW)
			return 0;
	}
	if (suspended())
		return 0;
	return filter_check_answer(seccomp_table_answer(table, call), call);
}
#else
static int filter_check(const struct seccomp_data *sd)
{
	/* The mode cannot be entered. Fail closed. */
	WARN_ON_ONCE(1);
	do_exit(SIGKILL);
}

static int filter_check_codes(const u8 *codes, unsigned long index)
{
	return filter_check(NULL);
}
#endif

/*
 * Without a table: strict mode, a task that is killed, or too many filters. The
 * call is in the registers if @sd is NULL.
 */
static noinline int check_mode(const struct seccomp_data *sd)
{
	int mode = seccomp_mode_current();
	struct seccomp_data current_sd;

	/* Nobody brings a condemned task back: not even who may suspend. */
	if (unlikely(current->seccomp.killed))
		do_exit(SIGKILL);
	if (suspended())
		return 0;

	if (!sd) {
		seccomp_data_get(&current_sd);
		sd = &current_sd;
	}
	switch (mode) {
	case SECCOMP_MODE_FILTER:
		return filter_check(sd);
	case SECCOMP_MODE_STRICT:
		strict_check(sd);
		return 0;
	default:
		/* No other mode sets the work flag. Fail closed. */
		WARN_ON_ONCE(1);
		do_exit(SIGKILL);
	}
}

/**
 * seccomp_check_current() - judge the system call that current is making
 *
 * Context: Task context at system call entry, SYSCALL_WORK_SECCOMP set. May
 * sleep. Does not return if the calling thread is to die at once.
 * Return: 0 to go on with the number that is in the registers now, -1 to skip
 * the call: its return value is in place.
 */
int seccomp_check_current(void)
{
	const u8 *codes = READ_ONCE(current->seccomp.codes);
	unsigned long index;

	if (unlikely(!codes))
		return check_mode(NULL);
	if (!seccomp_has_codes())
		return filter_check_codes(codes, 0);
	index = seccomp_code_index(current_pt_regs());
	if (likely(codes[index] == SECCOMP_CODE_ALLOW))
		return 0;
	return filter_check_codes(codes, index);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_check_current);

/**
 * seccomp_check_data() - the same for a call that is not in the registers yet
 * @sd: the call
 *
 * Context: As for seccomp_check_current().
 * Return: As seccomp_check_current().
 */
int seccomp_check_data(const struct seccomp_data *sd)
{
	return check_mode(sd);
}

#ifndef CONFIG_HAVE_ARCH_SECCOMP_FILTER
/**
 * secure_computing_strict() - as secure_computing(), where there are no filters
 * @this_syscall: the number, which may not be in the registers yet
 *
 * Context: Task context at system call entry. Returns only where the call may
 * go on.
 */
void secure_computing_strict(int this_syscall)
{
	struct seccomp_data sd;

	if (!test_syscall_work(SECCOMP) || suspended() ||
	    seccomp_mode_current() == SECCOMP_MODE_DISABLED)
		return;

	seccomp_data_get(&sd);
	sd.nr = this_syscall;
	strict_check(&sd);
}
#endif

static long set_mode_strict(void)
{
	long ret = -EINVAL;

	spin_lock_irq(seccomp_lock(current));
	if (seccomp_mode_may_become(SECCOMP_MODE_STRICT)) {
#ifdef TIF_NOTSC
		disable_TSC();
#endif
		seccomp_mode_enter(current, SECCOMP_MODE_STRICT, 0);
		ret = 0;
	}
	spin_unlock_irq(seccomp_lock(current));

	return ret;
}

static long get_action_avail(const char __user *uaction)
{
	u32 action;

	if (copy_from_user(&action, uaction, sizeof(action)))
		return -EFAULT;

	return seccomp_action_index(action) < 0 ? -EOPNOTSUPP : 0;
}

static long get_notif_sizes(void __user *usizes)
{
	const struct seccomp_notif_sizes sizes = {
		.seccomp_notif = sizeof(struct seccomp_notif),
		.seccomp_notif_resp = sizeof(struct seccomp_notif_resp),
		.seccomp_data = sizeof(struct seccomp_data),
	};

	return copy_to_user(usizes, &sizes, sizeof(sizes)) ? -EFAULT : 0;
}

static long do_seccomp(unsigned int op, unsigned int flags, void __user *uargs)
{
	switch (op) {
	case SECCOMP_SET_MODE_STRICT:
		if (flags || uargs)
			return -EINVAL;
		return set_mode_strict();
	case SECCOMP_SET_MODE_FILTER:
		return seccomp_filter_attach(flags, uargs);
	case SECCOMP_GET_ACTION_AVAIL:
		if (flags)
			return -EINVAL;
		return get_action_avail(uargs);
	case SECCOMP_GET_NOTIF_SIZES:
		if (flags)
			return -EINVAL;
		return get_notif_sizes(uargs);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE3(seccomp, unsigned int, op, unsigned int, flags,
		void __user *, uargs)
{
	return do_seccomp(op, flags, uargs);
}

/**
 * prctl_get_seccomp() - PR_GET_SECCOMP
 *
 * Context: Task context.
 * Return: Current's SECCOMP_MODE_*, which in strict mode nobody lives to see.
 */
long prctl_get_seccomp(void)
{
	return current->seccomp.mode;
}

/**
 * prctl_set_seccomp() - PR_SET_SECCOMP, the older way in
 * @seccomp_mode: SECCOMP_MODE_STRICT or SECCOMP_MODE_FILTER
 * @filter: struct sock_fprog in user memory; strict mode ignores it
 *
 * Context: Task context, may sleep.
 * Return: 0, or as seccomp(2).
 */
long prctl_set_seccomp(unsigned long seccomp_mode, void __user *filter)
{
	switch (seccomp_mode) {
	case SECCOMP_MODE_STRICT:
		return do_seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL);
	case SECCOMP_MODE_FILTER:
		return do_seccomp(SECCOMP_SET_MODE_FILTER, 0, filter);
	default:
		return -EINVAL;
	}
}
