/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What <linux/sched.h> needs to know of seccomp.
 */
#ifndef _LINUX_SECCOMP_TYPES_H
#define _LINUX_SECCOMP_TYPES_H

#ifdef CONFIG_SECCOMP

#include <linux/types.h>

struct seccomp_filter;

/**
 * struct seccomp - a task's sandbox
 * @mode: SECCOMP_MODE_*. Only ever leaves SECCOMP_MODE_DISABLED. Written under
 *	the task's sighand->siglock, read locklessly by the task itself and by
 *	/proc/PID/status.
 * @filter_count: length of the chain that starts at @filter. Written under
 *	siglock, read locklessly by /proc/PID/status.
 * @filter: the most recently attached filter, one reference held; the others
 *	follow by their ->prev. Written under siglock and only ever replaced by
 *	a descendant, until exit clears it; read locklessly by the task itself,
 *	under siglock by everybody else.
 * @codes: what @filter's table has for each call that needs no look at anything
 *	but the number; NULL without filter or table, and for a task that is
 *	@killed. @filter keeps the table. Written under siglock together with
 *	@filter, read locklessly by the task itself.
 * @killed: this task is condemned; no system call passes any more, whatever a
 *	tracer does to the signal. Written by the task itself under siglock, read
 *	by it locklessly and by a thread sync under siglock; never inherited
 *	because a condemned task cannot fork.
 */
struct seccomp {
	const u8 *codes;
	int mode;
	atomic_t filter_count;
	struct seccomp_filter *filter;
	bool killed;
};

#else /* !CONFIG_SECCOMP */

struct seccomp { };

#endif

#endif /* _LINUX_SECCOMP_TYPES_H */
