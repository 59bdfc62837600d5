// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: attaching a filter.
 */

#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/filter.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <kunit/visibility.h>

#include "eval.h"
#include "filter_log.h"
#include "internal.h"
#include "program.h"
#include "table.h"

#ifdef CONFIG_COMPAT
static int copy_compat_program(const void __user *uprog,
			       struct sock_fprog *prog)
{
	struct compat_sock_fprog prog32;

	if (copy_from_user(&prog32, uprog, sizeof(prog32)))
		return -EFAULT;
	prog->len = prog32.len;
	prog->filter = compat_ptr(prog32.filter);
	return 0;
}
#else
static int copy_compat_program(const void __user *uprog,
			       struct sock_fprog *prog)
{
	return -EINVAL;
}
#endif

static int copy_program(const void __user *uprog, struct sock_fprog *prog)
{
	if (in_compat_syscall())
		return copy_compat_program(uprog, prog);
	return copy_from_user(prog, uprog, sizeof(*prog)) ? -EFAULT : 0;
}

/*
 * A filter can make a set-user-ID program misbehave. So attaching needs
 * no_new_privs, or privileges.
 */
static bool may_attach(void)
{
	return task_no_new_privs(current) ||
	       ns_capable_noaudit(current_user_ns(), CAP_SYS_ADMIN);
}

static unsigned int depth_of(const struct seccomp_filter *filter)
{
	return filter ? filter->depth : 0;
}

/*
 * The jump of a filter on top of @below. Two successive jumps of the same
 * length become one, so that a search takes a logarithmic number of steps (a
 * skew-binary jump list).
 */
static struct seccomp_filter *next_jump(struct seccomp_filter *below)
{
	struct seccomp_filter *one = below->jump;
	struct seccomp_filter *two = one ? one->jump : NULL;

	if (one && below->depth - one->depth == one->depth - depth_of(two))
		return two;
	return below;
}

/*
 * A filter that has one reference and is in no chain. Errors: EFAULT, EINVAL
 * (the program), EACCES, ENOMEM.
 */
static struct seccomp_filter *filter_create(const void __user *uprog,
					    unsigned int flags)
{
	const struct seccomp_filter *newest;
	struct seccomp_program *program;
	struct seccomp_filter *filter;
	struct sock_fprog prog;
	int err;

	err = copy_program(uprog, &prog);
	if (err)
		return ERR_PTR(err);
	if (!prog.len || prog.len > BPF_MAXINSNS)
		return ERR_PTR(-EINVAL);
	if (!may_attach())
		return ERR_PTR(-EACCES);
	if (!prog.filter)
		return ERR_PTR(-EINVAL);

	newest = seccomp_current_filter();
	program = seccomp_program_get(&prog, newest && !newest->table);
	if (IS_ERR(program))
		return ERR_CAST(program);
	filter = kzalloc(sizeof(*filter), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!filter) {
		seccomp_program_put(program);
		return ERR_PTR(-ENOMEM);
	}

	refcount_set(&filter->refs, 1);
	filter->program = program;
	filter->log = flags & SECCOMP_FILTER_FLAG_LOG;
	filter->log_once = flags & SECCOMP_FILTER_FLAG_LOG_ONCE;
	filter->attach_flags = flags;
	filter->id = seccomp_filter_new_id();
	filter->attacher = seccomp_attacher_get(newest ? newest->attacher :
							 NULL);
	if (!filter->attacher) {
		seccomp_filter_put(filter);
		return ERR_PTR(-ENOMEM);
	}
	return filter;
}

/*
 * The table of the chain with @filter on top; none if the chain has too many
 * tables. Errors: ENOMEM
 */
static int merge_table(struct seccomp_filter *filter,
		       const struct seccomp_filter *below)
{
	struct seccomp_table *table;

	filter->tables_nr = below->tables_nr;
	if (!below->table || !filter->program->table)
		return 0;

	table = seccomp_table_merge(filter->program->table, below->table,
				    filter->depth);
	if (!table)
		return -ENOMEM;
	if (table != below->table) {
		if (filter->tables_nr == SECCOMP_CHAIN_TABLES_MAX) {
			seccomp_table_put(table);
			return 0;
		}
		filter->tables_nr++;
	}
	filter->table = table;
	return 0;
}

/*
 * Prepare @filter to go on top of @below, which is NULL for the first filter of
 * a chain. To be called again if the chain has changed. Errors: ENOMEM
 */
VISIBLE_IF_KUNIT int seccomp_filter_link(struct seccomp_filter *filter,
					 struct seccomp_filter *below)
{
	seccomp_table_put(filter->table);
	filter->table = NULL;
	filter->jump = NULL;
	if (!below) {
		filter->depth = 1;
		filter->chain_insns = filter->program->len;
		filter->table = seccomp_table_get(filter->program->table);
		filter->tables_nr = 1;
		return 0;
	}

	filter->chain_insns = filter->program->len + below->chain_insns +
			      SECCOMP_FILTER_INSNS_EXTRA;
	if (filter->chain_insns > SECCOMP_CHAIN_INSNS_MAX)
		return -ENOMEM;
	filter->depth = below->depth + 1;
	filter->jump = next_jump(below);
	return merge_table(filter, below);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_link);

static bool has_open_listener(const struct seccomp_filter *chain)
{
	for (; chain; chain = chain->prev)
		if (seccomp_listener_open(chain->listener))
			return true;
	return false;
}

/*
 * A reference to the chain that @filter is to go on top of; NULL if there is
 * none. Errors that precede those of the chain's length and of memory: EINVAL
 * in strict mode, EBUSY if both @filter and the chain have a listener. None of
 * them can become due for the same chain later.
 */
static struct seccomp_filter *
get_chain_for_attach(const struct seccomp_filter *filter)
{
	struct seccomp_filter *chain;

	spin_lock_irq(seccomp_lock(current));
	chain = current->seccomp.filter;
	if (!seccomp_mode_may_enter(SECCOMP_MODE_FILTER))
		chain = ERR_PTR(-EINVAL);
	else if (filter->listener && has_open_listener(chain))
		chain = ERR_PTR(-EBUSY);
	else if (chain)
		refcount_inc(&chain->refs);
	spin_unlock_irq(seccomp_lock(current));

	return chain;
}

/*
 * Attach @filter on top of @below, which get_chain_for_attach() has returned.
 * The task's reference to the chain becomes the filter's. After an error
 * nothing has changed. Errors: as for seccomp_filter_attach(); EAGAIN if @below
 * is not current's chain any more.
 */
static int attach_filter_locked(struct seccomp_filter *filter,
				struct seccomp_filter *below,
				unsigned int flags)
{
	struct seccomp *own = &current->seccomp;
	int ret;

	lockdep_assert_held(seccomp_lock(current));

	if (own->filter != below)
		return -EAGAIN;

	if (flags & SECCOMP_FILTER_FLAG_TSYNC) {
		/*
		 * Threads of a group that exits may do so without the lock: see
		 * exit_signals() and seccomp_filter_release(). Nobody will see
		 * the error.
		 */
		if (current->signal->flags & SIGNAL_GROUP_EXIT)
			return -EINTR;
		ret = seccomp_tsync_check_all(flags);
		if (ret)
			return ret;
	}

	filter->prev = below;
	seccomp_task_set_filter(current, filter);
	atomic_inc(&own->filter_count);
	seccomp_mode_enter(current, SECCOMP_MODE_FILTER, flags);

	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		seccomp_tsync_apply(flags);
	return 0;
}

/* Prepare and attach @filter. Errors: as for seccomp_filter_attach() */
static int attach_filter(struct seccomp_filter *filter, unsigned int flags)
{
	struct seccomp_filter *below;
	int ret;

	/* Another thread's exec computes privileges from no_new_privs. */
	if (flags & SECCOMP_FILTER_FLAG_TSYNC &&
	    mutex_lock_killable(&current->signal->cred_guard_mutex))
		return -EINTR;

	do {
		below = get_chain_for_attach(filter);
		if (IS_ERR(below)) {
			ret = PTR_ERR(below);
			break;
		}
		ret = seccomp_filter_link(filter, below);
		if (!ret) {
			spin_lock_irq(seccomp_lock(current));
			ret = attach_filter_locked(filter, below, flags);
			spin_unlock_irq(seccomp_lock(current));
		}
		seccomp_filter_put(below);
		/*
		 * Another thread's thread sync was faster. The chain only
		 * grows.
		 */
	} while (ret == -EAGAIN);

	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		mutex_unlock(&current->signal->cred_guard_mutex);
	return ret;
}

/* Attach a filter with a listener. Returns the descriptor or an error. */
static long attach_listener(struct seccomp_filter *filter, unsigned int flags)
{
	bool killable = flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	struct file *file;
	int fd, ret;

	filter->listener = seccomp_listener_create(killable);
	if (!filter->listener)
		return -ENOMEM;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = seccomp_listener_file(filter->listener);
	if (IS_ERR(file)) {
		ret = PTR_ERR(file);
		goto out_put_fd;
	}

	ret = attach_filter(filter, flags);
	if (ret)
		goto out_put_file;

	fd_install(fd, file);
	return fd;

out_put_file:
	fput(file);
out_put_fd:
	put_unused_fd(fd);
	return ret;
}

static bool flags_valid(unsigned int flags)
{
	if (flags & ~SECCOMP_ALL_FLAGS)
		return false;

	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		/* The return value is a descriptor, so not also a thread id. */
		return !(flags & SECCOMP_FILTER_FLAG_TSYNC) ||
		       flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH;

	return !(flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
}

/**
 * seccomp_filter_attach() - SECCOMP_SET_MODE_FILTER of seccomp(2)
 * @flags: SECCOMP_FILTER_FLAG_*
 * @uprog: struct sock_fprog in user memory
 *
 * After an error no thread has changed.
 *
 * Context: Task context, may sleep. Takes current's siglock, for TSYNC inside
 * the group's cred_guard_mutex.
 * Return: 0; with NEW_LISTENER the listener's descriptor; with TSYNC the id of
 * a thread that cannot be synchronized (ESRCH with TSYNC_ESRCH). Errors:
 *  - EINVAL for unknown flags or flags that exclude each other, for a program
 *    that is empty, too long, or not valid for seccomp, and in strict mode,
 *  - EFAULT if the program cannot be read,
 *  - EACCES without no_new_privs and without CAP_SYS_ADMIN in the user
 *    namespace,
 *  - EBUSY if the chain has a listener already,
 *  - EMFILE, ENFILE if there is no free descriptor,
 *  - EINTR for a task that is being killed,
 *  - ENOMEM without memory and if the chain would be too long.
 */
long seccomp_filter_attach(unsigned int flags, const void __user *uprog)
{
	struct seccomp_filter *filter;
	long ret;

	if (!flags_valid(flags))
		return -EINVAL;

	filter = filter_create(uprog, flags);
	if (IS_ERR(filter))
		return PTR_ERR(filter);

	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) {
		ret = attach_listener(filter, flags);
		if (ret < 0)
			seccomp_filter_put(filter);
	} else {
		ret = attach_filter(filter, flags);
		if (ret)
			seccomp_filter_put(filter);
	}
	return ret;
}
