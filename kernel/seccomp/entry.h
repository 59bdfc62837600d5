/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System call entry: what strict mode and filter mode share.
 */
#ifndef _KERNEL_SECCOMP_ENTRY_H
#define _KERNEL_SECCOMP_ENTRY_H

#include <linux/bug.h>
#include <linux/kconfig.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/seccomp.h>
#include <asm/syscall.h>

/* The system call in current's registers */
static inline void seccomp_data_get(struct seccomp_data *sd)
{
	struct pt_regs *regs = current_pt_regs();
	unsigned long args[ARRAY_SIZE(sd->args)];

	sd->nr = syscall_get_nr(current, regs);
	sd->arch = syscall_get_arch(current);
	sd->instruction_pointer = KSTK_EIP(current);
	if (IS_ENABLED(CONFIG_64BIT)) {
		syscall_get_arguments(current, regs, (unsigned long *)sd->args);
		return;
	}
	syscall_get_arguments(current, regs, args);
	for (unsigned int i = 0; i < ARRAY_SIZE(args); i++)
		sd->args[i] = args[i];
}

/* Has a tracer suspended seccomp for current? See PTRACE_O_SUSPEND_SECCOMP. */
static inline bool seccomp_is_suspended(void)
{
	return IS_ENABLED(CONFIG_CHECKPOINT_RESTORE) &&
	       unlikely(current->ptrace & PT_SUSPEND_SECCOMP);
}

/* enforce.c */
#ifdef CONFIG_SECCOMP_FILTER
int seccomp_check_filters(const struct seccomp_data *sd);
int seccomp_check_codes(const u8 *codes, unsigned long code_index);
#else
static inline int seccomp_check_filters(const struct seccomp_data *sd)
{
	/* There is no way into this mode. Fail closed. */
	WARN_ON_ONCE(1);
	do_exit(SIGKILL);
}

static inline int seccomp_check_codes(const u8 *codes, unsigned long code_index)
{
	return seccomp_check_filters(NULL);
}
#endif

#endif /* _KERNEL_SECCOMP_ENTRY_H */
