/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the base kernels. No other file depends on the version.
 */
#ifndef _KERNEL_SECCOMP_COMPAT_H
#define _KERNEL_SECCOMP_COMPAT_H

#include <linux/bpf.h>
#include <linux/file.h>
#include <linux/filter.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sysctl.h>
#include <linux/version.h>
#include <linux/wait.h>

/* Is the table of a proc_handler const, and what ends a table of sysctls? */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
# define SECCOMP_CTL_CONST	const
# define SECCOMP_CTL_END
#else
# define SECCOMP_CTL_CONST
# define SECCOMP_CTL_END	{ }
#endif

/* Install @file in current. Returns its descriptor or an error. */
static inline int seccomp_receive_fd(struct file *file, unsigned int flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	return receive_fd(file, NULL, flags);
#else
	return receive_fd(file, flags);
#endif
}

/* Wake those who poll for @what, with the hint that current will soon sleep. */
static inline void seccomp_wake_up_poll_sync(struct wait_queue_head *waiters,
					     __poll_t what)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	wake_up_poll_on_current_cpu(waiters, what);
#else
	__wake_up_sync_key(waiters, TASK_NORMAL, poll_to_key(what));
#endif
}

/* Does the JIT blind the constants of a program that current attaches? */
static inline bool seccomp_jit_blinds(void)
{
	/* From 6.9 on this has a token, which no classic program has. */
	static struct bpf_prog_aux no_token;
	struct bpf_prog prog = { .jit_requested = true, .aux = &no_token };

	return bpf_jit_blinding_enabled(&prog);
}

#endif /* _KERNEL_SECCOMP_COMPAT_H */
