/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The system calls that a verdict table tells apart: each number that some
 * architecture of this kernel has, and beyond these one for all the numbers of
 * a gap.
 */
#ifndef _KERNEL_SECCOMP_CALLS_H
#define _KERNEL_SECCOMP_CALLS_H

#include <linux/nospec.h>
#include <linux/types.h>
#include <uapi/linux/audit.h>

#include <asm/seccomp.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#ifdef SECCOMP_ARCH_NATIVE
# define CALLS_NATIVE		SECCOMP_ARCH_NATIVE_NR
#else
# define CALLS_NATIVE		0
#endif
#ifdef CONFIG_X86_X32_ABI
# define CALLS_X32		X32_NR_syscalls
#else
# define CALLS_X32		0
#endif
#ifdef SECCOMP_ARCH_COMPAT
# define CALLS_COMPAT		SECCOMP_ARCH_COMPAT_NR
#else
# define CALLS_COMPAT		0
#endif

/*
 * The order in a table: an architecture's numbers stand in theirs. A convention
 * that this kernel does not have takes no place, not even for its gap.
 */
enum {
	CALL_NATIVE	= 0,
	CALL_NATIVE_GAP	= CALL_NATIVE + CALLS_NATIVE,
	CALL_X32	= CALL_NATIVE_GAP + !!CALLS_NATIVE,
	CALL_X32_GAP	= CALL_X32 + CALLS_X32,
	CALL_COMPAT	= CALL_X32_GAP + !!CALLS_X32,
	CALL_COMPAT_GAP	= CALL_COMPAT + CALLS_COMPAT,
	/* all calls of other architectures */
	CALL_FOREIGN	= CALL_COMPAT_GAP + !!CALLS_COMPAT,
	SECCOMP_CALLS
};

static inline bool seccomp_call_is_gap(unsigned int call)
{
	return (CALLS_NATIVE && call == CALL_NATIVE_GAP) ||
	       (CALLS_X32 && call == CALL_X32_GAP) ||
	       (CALLS_COMPAT && call == CALL_COMPAT_GAP) ||
	       call == CALL_FOREIGN;
}

/*
 * A call that the kernel makes a task do, on behalf of a probe that somebody
 * else has set: no filter may stop it.
 */
#ifdef __NR_uretprobe
# define CALL_EXEMPT		(CALL_NATIVE + __NR_uretprobe)
#else
# define CALL_EXEMPT		SECCOMP_CALLS	/* none */
#endif

static inline bool seccomp_call_is_exempt(unsigned int call)
{
	return call == CALL_EXEMPT && CALL_EXEMPT < SECCOMP_CALLS;
}

/*
 * Where syscall_get_arch() tells no architecture but the two, there is nothing
 * foreign for which a program would have to be kept whole.
 */
#if defined(CONFIG_X86) || defined(CONFIG_ARM64)
# define CALLS_FOREIGN		0
#else
# define CALLS_FOREIGN		1
#endif

/**
 * seccomp_call() - a call's place in a verdict table
 * @nr: system call number, any
 * @arch: AUDIT_ARCH_*
 *
 * Context: Any.
 * Return: Less than SECCOMP_CALLS, also in speculation.
 */
static __always_inline unsigned int seccomp_call(int nr, u32 arch)
{
	unsigned int number = nr;

#ifdef SECCOMP_ARCH_NATIVE
	if (likely(arch == SECCOMP_ARCH_NATIVE)) {
		if (likely(number < CALLS_NATIVE))
			return array_index_nospec(number, CALLS_NATIVE);
# if CALLS_X32
		if (number < __X32_SYSCALL_BIT)
			return CALL_NATIVE_GAP;
		number -= __X32_SYSCALL_BIT;
		if (number < CALLS_X32)
			return CALL_X32 + array_index_nospec(number, CALLS_X32);
		return CALL_X32_GAP;
# endif
		return CALL_NATIVE_GAP;
	}
#endif
#ifdef SECCOMP_ARCH_COMPAT
	if (arch == SECCOMP_ARCH_COMPAT) {
		if (number < CALLS_COMPAT)
			return CALL_COMPAT +
			       array_index_nospec(number, CALLS_COMPAT);
		return CALL_COMPAT_GAP;
	}
#endif
	return CALL_FOREIGN;
}

#endif /* _KERNEL_SECCOMP_CALLS_H */
