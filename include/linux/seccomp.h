/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface of seccomp to the rest of the kernel: system call entry, fork,
 * exit and ptrace.
 */
#ifndef _LINUX_SECCOMP_H
#define _LINUX_SECCOMP_H

#include <uapi/linux/seccomp.h>
#include <linux/seccomp_types.h>

struct pid;
struct pid_namespace;
struct seq_file;
struct task_struct;

#ifdef CONFIG_SECCOMP

#include <linux/errno.h>
#include <linux/thread_info.h>
#include <linux/types.h>
#include <asm/seccomp.h>

int seccomp_check_current(void);
int seccomp_check_data(const struct seccomp_data *sd);

/**
 * __secure_computing() - check a system call
 * @sd: the system call, or NULL for the one in current's registers
 *
 * Context: Task context at system call entry, SYSCALL_WORK_SECCOMP is set. May
 * sleep. May not return if the task is killed.
 * Return: 0 to continue with the number that is in the registers now (a tracer
 * may have changed it); -1 to skip the system call, whose return value is set.
 */
static inline int __secure_computing(const struct seccomp_data *sd)
{
	return sd ? seccomp_check_data(sd) : seccomp_check_current();
}

#ifdef CONFIG_HAVE_ARCH_SECCOMP_FILTER
/**
 * secure_computing() - check the system call in current's registers
 *
 * Context: Task context at system call entry, may sleep. May not return if the
 * task is killed.
 * Return: As __secure_computing().
 */
static inline int secure_computing(void)
{
	if (unlikely(test_syscall_work(SECCOMP)))
		return __secure_computing(NULL);
	return 0;
}
#else
void secure_computing_strict(int this_syscall);
#endif

long prctl_get_seccomp(void);
long prctl_set_seccomp(unsigned long seccomp_mode, void __user *filter);

static inline int seccomp_mode(struct seccomp *s)
{
	return s->mode;
}

#else /* !CONFIG_SECCOMP */

#include <linux/errno.h>

static inline int __secure_computing(const struct seccomp_data *sd)
{
	return 0;
}

#ifdef CONFIG_HAVE_ARCH_SECCOMP_FILTER
static inline int secure_computing(void)
{
	return 0;
}
#else
static inline void secure_computing_strict(int this_syscall)
{
}
#endif

static inline long prctl_get_seccomp(void)
{
	return -EINVAL;
}

static inline long prctl_set_seccomp(unsigned long mode, void __user *filter)
{
	return -EINVAL;
}

static inline int seccomp_mode(struct seccomp *s)
{
	return SECCOMP_MODE_DISABLED;
}

#endif /* CONFIG_SECCOMP */

#ifdef CONFIG_SECCOMP_FILTER
void get_seccomp_filter(struct task_struct *tsk);
void seccomp_filter_release(struct task_struct *tsk);
#else
static inline void get_seccomp_filter(struct task_struct *tsk)
{
}

static inline void seccomp_filter_release(struct task_struct *tsk)
{
}
#endif

#if defined(CONFIG_SECCOMP_FILTER) && defined(CONFIG_CHECKPOINT_RESTORE)
long seccomp_get_filter(struct task_struct *task, unsigned long filter_off,
			void __user *data);
long seccomp_get_metadata(struct task_struct *task, unsigned long size,
			  void __user *data);
#else
static inline long seccomp_get_filter(struct task_struct *task,
				      unsigned long filter_off,
				      void __user *data)
{
	return -EINVAL;
}

static inline long seccomp_get_metadata(struct task_struct *task,
					unsigned long size, void __user *data)
{
	return -EINVAL;
}
#endif

#ifdef CONFIG_SECCOMP_CACHE_DEBUG
int proc_pid_seccomp_cache(struct seq_file *m, struct pid_namespace *ns,
			   struct pid *pid, struct task_struct *task);
#endif

#endif /* _LINUX_SECCOMP_H */
