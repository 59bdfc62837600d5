/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fast path of system call entry: a look-up by number.
 */
#ifndef _LINUX_SECCOMP_ENTRY_H
#define _LINUX_SECCOMP_ENTRY_H

#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <asm/syscall.h>

struct pt_regs;

/* The code of system calls that all filters always allow */
#define SECCOMP_CODE_ALLOW	0

#if defined(CONFIG_SECCOMP_FILTER) && defined(SECCOMP_ARCH_NATIVE)
/* Does current make its system call by the ABI that has codes? */
static __always_inline bool seccomp_has_codes(void)
{
	return likely(syscall_get_arch(current) == SECCOMP_ARCH_NATIVE);
}

/**
 * seccomp_code_index() - the index of a system call's code
 * @regs: current's registers at system call entry
 *
 * Context: Task context at system call entry, if seccomp_has_codes().
 * Return: An index that is valid for current's codes, also in speculation; 0
 * for an unknown number: the code there is never that of allow.
 */
static __always_inline unsigned long seccomp_code_index(struct pt_regs *regs)
{
	unsigned long nr = (unsigned int)syscall_get_nr(current, regs);

	return (nr + 1) & array_index_mask_nospec(nr, SECCOMP_ARCH_NATIVE_NR);
}

/**
 * seccomp_allows() - do all of current's filters always allow its system call?
 * @regs: current's registers at system call entry
 *
 * Most system calls need no more than this. The cost does not depend on the
 * number of filters.
 *
 * Context: Task context at system call entry.
 * Return: true if they do; false if not, or if seccomp_check_current() has to
 * find out.
 */
static __always_inline bool seccomp_allows(struct pt_regs *regs)
{
	/*
	 * No barrier: current sees the filters that it attaches itself, and
	 * those of a thread sync at the same time may apply from the next
	 * system call on. Current's chain keeps the table.
	 */
	const u8 *codes = READ_ONCE(current->seccomp.codes);

	return likely(codes) && seccomp_has_codes() &&
	       codes[seccomp_code_index(regs)] == SECCOMP_CODE_ALLOW;
}
#else
static __always_inline bool seccomp_has_codes(void)
{
	return false;
}

static __always_inline unsigned long seccomp_code_index(struct pt_regs *regs)
{
	return 0;
}

static __always_inline bool seccomp_allows(struct pt_regs *regs)
{
	return false;
}
#endif

/**
 * seccomp_enter() - check the system call of a task that has no other entry work
 * @regs: current's registers at system call entry
 * @syscall: the number of the system call
 *
 * Context: As __secure_computing().
 * Return: The number to continue with, which a tracer may have changed; -1 to
 * skip the system call.
 */
static __always_inline long seccomp_enter(struct pt_regs *regs, long syscall)
{
	if (seccomp_allows(regs))
		return syscall;
	if (__secure_computing(NULL) == -1)
		return -1;
	return syscall_get_nr(current, regs);
}

#endif /* _LINUX_SECCOMP_ENTRY_H */
