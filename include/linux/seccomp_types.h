/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seccomp state of a task, for <linux/sched.h>.
 */
#ifndef _LINUX_SECCOMP_TYPES_H
#define _LINUX_SECCOMP_TYPES_H

#ifdef CONFIG_SECCOMP

#include <linux/types.h>

struct seccomp_filter;

/**
 * struct seccomp - the seccomp state of a task
 * @mode: SECCOMP_MODE_*. Changes once, from SECCOMP_MODE_DISABLED. Written
 *	under the task's sighand->siglock; read without it by the task itself
 *	and by /proc/PID/status.
 * @filter_count: length of the chain that starts at @filter. Written under
 *	siglock; read without it by /proc/PID/status.
 * @filter: the newest filter, one reference held. Written under siglock: an
 *	attach or a thread sync replaces it by one whose chain includes it, and
 *	exit sets it to NULL. Read without the lock by the task itself, with it
 *	by others.
 * @codes: the codes of @filter's table, of which it holds a reference; NULL
 *	without filter or table, and if the task is @killed. Written under
 *	siglock together with @filter, read without the lock by the task itself.
 * @killed: no system call of the task is allowed any more, even if a tracer
 *	suppresses the signal. Written by the task itself under siglock, read by
 *	it without the lock, and by a thread sync under siglock. Not inherited,
 *	because a killed task does not fork.
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
