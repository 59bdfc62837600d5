/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of system call numbers as ranges, and as text.
 */
#ifndef _KERNEL_SECCOMP_RANGES_H
#define _KERNEL_SECCOMP_RANGES_H

#include <linux/types.h>

/**
 * struct seccomp_range - adjacent numbers of one architecture
 * @arch: AUDIT_ARCH_*
 * @first: the first number, as unsigned
 * @last: the last one, which may be the same
 */
struct seccomp_range {
	u32 arch;
	u32 first;
	u32 last;
};

/* ranges.c */
unsigned int seccomp_ranges_add(struct seccomp_range *ranges, unsigned int nr,
				unsigned int max, u32 arch, u32 number);
unsigned int seccomp_ranges_of_bits(struct seccomp_range *ranges,
				    const unsigned long *bits,
				    unsigned int from, unsigned int count,
				    u32 arch, u32 number);
unsigned int seccomp_ranges_sort(struct seccomp_range *ranges, unsigned int nr);
unsigned int seccomp_ranges_print(char *buf, size_t size,
				  const struct seccomp_range *ranges,
				  unsigned int nr);

#endif /* _KERNEL_SECCOMP_RANGES_H */
