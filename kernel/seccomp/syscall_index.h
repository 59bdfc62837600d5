/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The index of a system call in a verdict table: one for each system call of
 * each ABI, and for each ABI one, its gap, for all of its numbers that no
 * system call has.
 */
#ifndef _KERNEL_SECCOMP_SYSCALL_INDEX_H
#define _KERNEL_SECCOMP_SYSCALL_INDEX_H

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/nospec.h>
#include <linux/types.h>

#include "abi.h"

#define SECCOMP_ABI_INDEXES(id, abi_arch, first, last, count, name)	\
	INDEX_##id,							\
	INDEX_##id##_GAP = INDEX_##id + (count),

enum {
	SECCOMP_ABI_ROWS(SECCOMP_ABI_INDEXES)
	/* all numbers of architectures that have no ABI here */
	INDEX_OTHER_ARCH,
	SECCOMP_SYSCALLS
};

/*
 * Indexes, and SECCOMP_SYSCALLS itself, are kept in u16: see struct flow_pass.
 */
static_assert(SECCOMP_SYSCALLS < U16_MAX);
#ifdef SECCOMP_ARCH_NATIVE
/* seccomp_code_index() is one more than the index. */
static_assert(!INDEX_NATIVE);
#endif

#define SECCOMP_ABI_IS_GAP(id, abi_arch, first, last, count, name)	\
	index == INDEX_##id##_GAP ||

static inline bool seccomp_syscall_index_is_gap(unsigned int index)
{
	return SECCOMP_ABI_ROWS(SECCOMP_ABI_IS_GAP) index == INDEX_OTHER_ARCH;
}

/*
 * uretprobe(2) is made by the kernel's return probes, not by the program
 * itself. A filter that does not know it would break a program that is probed.
 * So filters and strict mode always allow it.
 */
#ifdef __NR_uretprobe
# define INDEX_EXEMPT	(INDEX_NATIVE + __NR_uretprobe)
#else
# define INDEX_EXEMPT	SECCOMP_SYSCALLS	/* none */
#endif

static inline bool seccomp_syscall_index_is_exempt(unsigned int index)
{
	return index == INDEX_EXEMPT && index < SECCOMP_SYSCALLS;
}

/* How far an ABI's number is from its first, at most as far as its gap */
static __always_inline unsigned int seccomp_abi_offset(u32 offset, u32 count)
{
	return likely(offset < count) ? array_index_nospec(offset, count) :
					count;
}

#define SECCOMP_ABI_END(id, abi_arch, first, last, count, name)		\
	end = (abi_arch) == arch ? INDEX_##id##_GAP + 1 : end,

/* The index behind those of an architecture, whose ABIs are adjacent */
static __always_inline unsigned int seccomp_arch_end(u32 arch)
{
	unsigned int end = 0;

	return SECCOMP_ABI_ROWS(SECCOMP_ABI_END) end;
}

#define SECCOMP_ABI_INDEX(id, abi_arch, first, last, count, name)	\
	arch == (abi_arch) && number >= (first) && number <= (last) ?	\
	INDEX_##id + seccomp_abi_offset(number - (first), count) :

/**
 * seccomp_syscall_index() - the index of a system call
 * @nr: system call number, any
 * @arch: AUDIT_ARCH_*
 *
 * Context: Any.
 * Return: Less than SECCOMP_SYSCALLS, also in speculation.
 */
static __always_inline unsigned int seccomp_syscall_index(int nr, u32 arch)
{
	u32 number = nr;

	return SECCOMP_ABI_ROWS(SECCOMP_ABI_INDEX) INDEX_OTHER_ARCH;
}

#endif /* _KERNEL_SECCOMP_SYSCALL_INDEX_H */
