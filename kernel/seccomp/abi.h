/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ABIs of this kernel, by which programs make system calls. A new one is
 * one row of SECCOMP_ABI_ROWS().
 */
#ifndef _KERNEL_SECCOMP_ABI_H
#define _KERNEL_SECCOMP_ABI_H

#include <linux/limits.h>
#include <linux/types.h>
#include <uapi/linux/audit.h>

#include <asm/seccomp.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

/*
 * How many system calls each ABI has, and its row; 0 and none if this kernel
 * does not have the ABI.
 */
#ifdef SECCOMP_ARCH_NATIVE
# define SYSCALLS_NATIVE		SECCOMP_ARCH_NATIVE_NR
# define SECCOMP_ABI_ROW_NATIVE(ROW)					\
	ROW(NATIVE, SECCOMP_ARCH_NATIVE, 0, SECCOMP_ABI_NATIVE_LAST,	\
	    SYSCALLS_NATIVE, SECCOMP_ARCH_NATIVE_NAME)
#else
# define SYSCALLS_NATIVE		0
# define SECCOMP_ABI_ROW_NATIVE(ROW)
#endif

#ifdef CONFIG_X86_X32_ABI
# define SYSCALLS_X32			X32_NR_syscalls
# define SECCOMP_ABI_NATIVE_LAST	(__X32_SYSCALL_BIT - 1)
# define SECCOMP_ABI_ROW_X32(ROW)					\
	ROW(X32, SECCOMP_ARCH_NATIVE, __X32_SYSCALL_BIT, U32_MAX,	\
	    SYSCALLS_X32, NULL)
#else
# define SYSCALLS_X32			0
# define SECCOMP_ABI_NATIVE_LAST	U32_MAX
# define SECCOMP_ABI_ROW_X32(ROW)
#endif

#ifdef SECCOMP_ARCH_COMPAT
# define SYSCALLS_COMPAT		SECCOMP_ARCH_COMPAT_NR
# define SECCOMP_ABI_ROW_COMPAT(ROW)					\
	ROW(COMPAT, SECCOMP_ARCH_COMPAT, 0, U32_MAX,			\
	    SYSCALLS_COMPAT, SECCOMP_ARCH_COMPAT_NAME)
#else
# define SYSCALLS_COMPAT		0
# define SECCOMP_ABI_ROW_COMPAT(ROW)
#endif

/*
 * ROW(id, arch, first, last, count, name) for each ABI, the native one first.
 * Those of one audit architecture are adjacent and share its numbers in
 * ascending order: an ABI has those from @first to @last, and system calls have
 * the lowest @count of these.
 */
#define SECCOMP_ABI_ROWS(ROW)						\
	SECCOMP_ABI_ROW_NATIVE(ROW)					\
	SECCOMP_ABI_ROW_X32(ROW)					\
	SECCOMP_ABI_ROW_COMPAT(ROW)

/*
 * Can syscall_get_arch() return an architecture that has no row? On these it
 * returns the native one or, for compat tasks, the compat one. On powerpc it
 * does not know that a compat task is little endian.
 */
#if defined(CONFIG_X86) || defined(CONFIG_ARM64) || defined(CONFIG_ARM) || \
	defined(CONFIG_S390) || defined(CONFIG_RISCV) || \
	(defined(CONFIG_PPC64) && !defined(CONFIG_COMPAT))
# define SECCOMP_OTHER_ARCHS		0
#else
# define SECCOMP_OTHER_ARCHS		1
#endif

/**
 * struct seccomp_abi - an ABI
 * @arch: AUDIT_ARCH_*
 * @first: its lowest number
 * @last: its highest number, whether a system call has it or not
 * @count: how many system calls it has, from @first on
 * @index: @first's index, as seccomp_syscall_index() returns it
 * @name: what /proc/PID/seccomp_cache calls it; NULL if it is not shown there
 */
struct seccomp_abi {
	u32 arch;
	u32 first;
	u32 last;
	u16 count;
	u16 index;
	const char *name;
};

#define SECCOMP_ABI_ONE(id, abi_arch, first, last, count, name)	+ 1
#define SECCOMP_ABIS		(0 SECCOMP_ABI_ROWS(SECCOMP_ABI_ONE))

/* abi.c */
extern const struct seccomp_abi seccomp_abis[SECCOMP_ABIS];

const struct seccomp_abi *seccomp_abi_find(int nr, u32 arch);

#define for_each_seccomp_abi(abi) \
	for (abi = seccomp_abis; abi < seccomp_abis + SECCOMP_ABIS; abi++)

#endif /* _KERNEL_SECCOMP_ABI_H */
