/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Times that may lie so far back that jiffies have wrapped since.
 */
#ifndef _KERNEL_SECCOMP_DUE_H
#define _KERNEL_SECCOMP_DUE_H

#include <linux/jiffies.h>

/**
 * seccomp_is_due() - has a time come?
 * @time: the time, in jiffies
 * @max: how far ahead it was at most when it was set, in jiffies
 *
 * time_after_eq() would answer no for half of the time in which jiffies wrap:
 * 25 days on a 32-bit kernel with HZ=1000.
 *
 * Context: Any.
 * Return: true if it has.
 */
static inline bool seccomp_is_due(unsigned long time, unsigned long max)
{
	return time - jiffies - 1 >= max;
}

#endif /* _KERNEL_SECCOMP_DUE_H */
