// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the interface to the rest of the kernel. System call entry,
 * seccomp(2) and prctl(2) come here. Each system call of a task in filter mode
 * is evaluated, logged, and acted on, in this order.
 */

#include <linux/compat.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seccomp_entry.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/syscall.h>
#include <kunit/visibility.h>

#include "seccomp/entry.h"
#include "seccomp/internal.h"
#include "seccomp/log.h"

#ifdef CONFIG_COMPAT
static const int *compat_strict_syscalls(void)
{
	return in_compat_syscall() ? get_compat_mode1_syscalls() : NULL;
}
#else
static const int *compat_strict_syscalls(void)
{
	return NULL;
}
#endif

static const int *strict_syscalls(void)
{
	static const int native[] = {
		__NR_seccomp_read,
		__NR_seccomp_write,
		__NR_seccomp_exit,
		__NR_seccomp_sigreturn,
#ifdef __NR_uretprobe
		/* See seccomp_syscall_index_is_exempt(). */
		__NR_uretprobe,
#endif
		-1,
	};

	return compat_strict_syscalls() ?: native;
}

static void check_strict(const struct seccomp_data *sd)
{
	static const struct seccomp_verdict kill = {
		.action = SECCOMP_RET_KILL_THREAD,
		.action_index = SECCOMP_ACTION_KILL_THREAD,
	};

	for (const int *nr = strict_syscalls(); *nr != -1; nr++)
		if (*nr == sd->nr)
			return;

	seccomp_mark_killed();
	seccomp_log(sd, &kill, SIGKILL);
	do_exit(SIGKILL);
}

/*
 * The check without codes: @sd is given, or the task is in strict mode, or is
 * killed, or its chain has no table. If @sd is NULL, the system call is in the
 * registers.
 */
static noinline int check_mode(const struct seccomp_data *sd)
{
	int mode = seccomp_mode_current();
	struct seccomp_data current_sd;

	/* This comes first: a suspended task that is killed stays killed. */
	if (unlikely(current->seccomp.killed))
		do_exit(SIGKILL);
	if (seccomp_is_suspended())
		return 0;

	if (!sd) {
		seccomp_data_get(&current_sd);
		sd = &current_sd;
	}
	switch (mode) {
	case SECCOMP_MODE_FILTER:
		return seccomp_check_filters(sd);
	case SECCOMP_MODE_STRICT:
		check_strict(sd);
		return 0;
	default:
		/* Only these modes set the work flag. Fail closed. */
		WARN_ON_ONCE(1);
		do_exit(SIGKILL);
	}
}

/**
 * seccomp_check_current() - check the system call in current's registers
 *
 * Context: Task context at system call entry, SYSCALL_WORK_SECCOMP is set. May
 * sleep. Does not return if only the calling thread is killed.
 * Return: 0 to continue with the number that is in the registers now; -1 to
 * skip the system call, whose return value is set.
 */
int seccomp_check_current(void)
{
	const u8 *codes = READ_ONCE(current->seccomp.codes);
	unsigned long code_index;

	if (unlikely(!codes))
		return check_mode(NULL);
	if (!seccomp_has_codes())
		return seccomp_check_codes(codes, 0);
	code_index = seccomp_code_index(current_pt_regs());
	if (likely(codes[code_index] == SECCOMP_CODE_ALLOW))
		return 0;
	return seccomp_check_codes(codes, code_index);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_check_current);

/**
 * seccomp_check_data() - check a system call that is not in the registers
 * @sd: the system call
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
 * secure_computing_strict() - secure_computing() of architectures without
 * filters
 * @this_syscall: the number, which may not be in the registers yet
 *
 * Context: Task context at system call entry. Returns only if the system call
 * is allowed.
 */
void secure_computing_strict(int this_syscall)
{
	struct seccomp_data sd;

	if (!test_syscall_work(SECCOMP) || seccomp_is_suspended() ||
	    seccomp_mode_current() == SECCOMP_MODE_DISABLED)
		return;

	seccomp_data_get(&sd);
	sd.nr = this_syscall;
	check_strict(&sd);
}
#endif

/* Strict mode also takes away the time stamp counter. */
static void disable_timestamps(void)
{
#ifdef TIF_NOTSC
	disable_TSC();
#endif
}

static long set_mode_strict(void)
{
	long ret = -EINVAL;

	spin_lock_irq(seccomp_lock(current));
	if (seccomp_mode_may_enter(SECCOMP_MODE_STRICT)) {
		disable_timestamps();
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
 * Return: Current's SECCOMP_MODE_*. Strict mode does not allow prctl(2).
 */
long prctl_get_seccomp(void)
{
	return current->seccomp.mode;
}

/**
 * prctl_set_seccomp() - PR_SET_SECCOMP, which is older than seccomp(2)
 * @seccomp_mode: SECCOMP_MODE_STRICT or SECCOMP_MODE_FILTER
 * @filter: struct sock_fprog in user memory; ignored for strict mode
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
