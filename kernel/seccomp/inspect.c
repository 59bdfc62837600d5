// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: what ptrace(2) and /proc show of a task's filters.
 */

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "abi.h"
#include "internal.h"
#include "program.h"
#include "syscall_index.h"
#include "table.h"

#ifdef CONFIG_CHECKPOINT_RESTORE
/* For checkpoint tools. A tracer that is filtered itself is refused. */
static bool may_inspect(void)
{
	return capable(CAP_SYS_ADMIN) &&
	       current->seccomp.mode == SECCOMP_MODE_DISABLED;
}

/**
 * seccomp_get_filter() - PTRACE_SECCOMP_GET_FILTER
 * @task: the tracee
 * @filter_off: 0 for the filter that was attached first
 * @data: where the classic BPF instructions go, or NULL
 *
 * See ptrace(2).
 *
 * Context: Task context, may sleep. @task is stopped.
 * Return: Number of instructions, or EACCES without CAP_SYS_ADMIN and for a
 * tracer that is filtered itself, EINVAL for a tracee without filters, ENOENT
 * if it has no filter of that number, EFAULT.
 */
long seccomp_get_filter(struct task_struct *task, unsigned long filter_off,
			void __user *data)
{
	const struct seccomp_program *program;
	struct seccomp_filter *filter;
	long ret;

	if (!may_inspect())
		return -EACCES;
	filter = seccomp_filter_get_nth(task, filter_off);
	if (IS_ERR(filter))
		return PTR_ERR(filter);

	program = filter->program;
	ret = program->len;
	if (data && copy_to_user(data, program->insns,
				 array_size(program->len,
					    sizeof(*program->insns))))
		ret = -EFAULT;

	seccomp_filter_put(filter);
	return ret;
}

/**
 * seccomp_get_metadata() - PTRACE_SECCOMP_GET_METADATA
 * @task: the tracee
 * @size: size of @data in bytes, as its user knows it
 * @data: a struct seccomp_metadata whose filter_off says which filter
 *
 * See ptrace(2).
 *
 * Context: Task context, may sleep. @task is stopped.
 * Return: Number of bytes written, or EINVAL if @size does not even hold
 * filter_off, EFAULT, and the errors of seccomp_get_filter().
 */
long seccomp_get_metadata(struct task_struct *task, unsigned long size,
			  void __user *data)
{
	struct seccomp_metadata metadata = {};
	struct seccomp_filter *filter;

	if (!may_inspect())
		return -EACCES;

	size = min_t(unsigned long, size, sizeof(metadata));
	if (size < sizeof(metadata.filter_off))
		return -EINVAL;
	if (copy_from_user(&metadata.filter_off, data,
			   sizeof(metadata.filter_off)))
		return -EFAULT;

	filter = seccomp_filter_get_nth(task, metadata.filter_off);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	if (filter->log)
		metadata.flags |= SECCOMP_FILTER_FLAG_LOG;
	if (filter->log_once)
		metadata.flags |= SECCOMP_FILTER_FLAG_LOG_ONCE;
	seccomp_filter_put(filter);

	return copy_to_user(data, &metadata, size) ? -EFAULT : size;
}
#endif /* CONFIG_CHECKPOINT_RESTORE */

#ifdef CONFIG_SECCOMP_CACHE_DEBUG
/*
 * One line for each system call: ALLOW if it is known to be always allowed,
 * else FILTER.
 */
static void print_abi(struct seq_file *m, const struct seccomp_abi *abi,
		      const struct seccomp_table *table)
{
	for (unsigned int i = 0; i < abi->count; i++) {
		unsigned int index = abi->index + i;
		bool allowed = seccomp_syscall_index_is_exempt(index) ||
			(table && table->code[index] == SECCOMP_CODE_ALLOW);

		seq_printf(m, "%s %u %s\n", abi->name, abi->first + i,
			   allowed ? "ALLOW" : "FILTER");
	}
}

/**
 * proc_pid_seccomp_cache() - /proc/PID/seccomp_cache
 * @m: where it is printed
 * @ns: the reader's pid namespace
 * @pid: the task's id
 * @task: the task
 *
 * Context: Task context, may sleep.
 * Return: 0, also for a task without filters; EACCES without CAP_SYS_ADMIN,
 * because an attacker could use the list; ESRCH for a task that is gone.
 */
int proc_pid_seccomp_cache(struct seq_file *m, struct pid_namespace *ns,
			   struct pid *pid, struct task_struct *task)
{
	const struct seccomp_abi *abi;
	struct seccomp_filter *filter;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;

	filter = seccomp_filter_get_newest(task);
	if (IS_ERR_OR_NULL(filter))
		return PTR_ERR_OR_ZERO(filter);

	for_each_seccomp_abi(abi)
		if (abi->name)
			print_abi(m, abi, filter->table);
	seccomp_filter_put(filter);
	return 0;
}
#endif /* CONFIG_SECCOMP_CACHE_DEBUG */
