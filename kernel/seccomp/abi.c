// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the table of ABIs.
 */

#include "abi.h"
#include "syscall_index.h"

#define SECCOMP_ABI_ENTRY(id, abi_arch, first_nr, last_nr, nr, abi_name) \
	{								\
		.arch = abi_arch,					\
		.first = first_nr,					\
		.last = last_nr,					\
		.count = nr,						\
		.index = INDEX_##id,					\
		.name = abi_name,					\
	},

const struct seccomp_abi seccomp_abis[SECCOMP_ABIS] = {
	SECCOMP_ABI_ROWS(SECCOMP_ABI_ENTRY)
};

/**
 * seccomp_abi_find() - the ABI that a system call number belongs to
 * @nr: system call number, any
 * @arch: AUDIT_ARCH_*
 *
 * Context: Any.
 * Return: The ABI, also for a number that no system call has; NULL if this
 * kernel has no ABI of that architecture.
 */
const struct seccomp_abi *seccomp_abi_find(int nr, u32 arch)
{
	const struct seccomp_abi *abi;
	u32 number = nr;

	for_each_seccomp_abi(abi)
		if (abi->arch == arch && number >= abi->first &&
		    number <= abi->last)
			return abi;
	return NULL;
}
