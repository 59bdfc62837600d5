/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of a system call as soon as its number is.
 */
#ifndef _LINUX_SECCOMP_ENTRY_H
#define _LINUX_SECCOMP_ENTRY_H

#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <asm/syscall.h>

struct pt_regs;

/* What a call has in a table of codes if all filters always allow it */
#define SECCOMP_CODE_ALLOW	0

#if defined(CONFIG_SECCOMP_FILTER) && defined(SECCOMP_ARCH_NATIVE)
/* Is current's call of the convention that has codes? */
static __always_inline bool seccomp_has_codes(void)
{
	return likely(syscall_get_arch(current) == SECCOMP_ARCH_NATIVE);
}

/**
 * seccomp_code_index() - where a call's code stands
 * @regs: current's registers at system call entry
 *
 * Context: Task context at system call entry, seccomp_has_codes().
 * Return: The place among current's codes, also in speculation; 0, where a code
 * stands that allows nothing, for a number that has none.
 */
static __always_inline unsigned long seccomp_code_index(struct pt_regs *regs)
{
	unsigned long nr = (unsigned int)syscall_get_nr(current, regs);

	return (nr + 1) & array_index_mask_nospec(nr, SECCOMP_ARCH_NATIVE_NR);
}

/**
 * seccomp_allows() - do all of current's filters always allow its call?
 * @regs: current's registers at system call entry
 *
 * All that most calls need: costs next to nothing however many filters there
 * are.
 *
 * Context: Task context at system call entry.
 * Return: true if they do; false if they do not, or if that is not known.
 */
static __always_inline bool seccomp_allows(struct pt_regs *regs)
{
	/*
	 * No barrier: current sees what it attaches, and what a thread sync
	 * gives it at the same time may count from the next call on. The chain
	 * that current has keeps the table.
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

#endif /* _LINUX_SECCOMP_ENTRY_H */
