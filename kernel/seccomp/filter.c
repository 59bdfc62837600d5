// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the life of filters, from user memory to the last put.
 */

#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/filter.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <kunit/visibility.h>

#include "eval.h"
#include "filter_log.h"
#include "internal.h"
#include "program.h"
#include "table.h"

static int copy_program(const void __user *uprog, struct sock_fprog *prog)
{
#ifdef CONFIG_COMPAT
	if (in_compat_syscall()) {
		struct compat_sock_fprog prog32;

		if (copy_from_user(&prog32, uprog, sizeof(prog32)))
			return -EFAULT;
		prog->len = prog32.len;
		prog->filter = compat_ptr(prog32.filter);
		return 0;
	}
#endif
	if (copy_from_user(prog, uprog, sizeof(*prog)))
		return -EFAULT;
	return 0;
}

/*
 * A filter can make a set-user-ID program misbehave. So it takes the promise
 * never to gain privileges, or privileges already.
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
 * Where a filter on top of @below jumps: two jumps of the same length in a row
 * make one of both, so jumps are as long as the powers of two.
 */
static struct seccomp_filter *jump_from(struct seccomp_filter *below)
{
	struct seccomp_filter *one = below->jump;
	struct seccomp_filter *two = one ? one->jump : NULL;

	if (one && below->depth - one->depth == one->depth - depth_of(two))
		return two;
	return below;
}

static void filter_free(struct seccomp_filter *filter)
{
	seccomp_listener_orphan(filter->listener);
	seccomp_filter_log_end(filter);
	seccomp_table_put(filter->table);
	seccomp_program_put(filter->program);
	kfree(filter);
}

/*
 * A filter with one reference, the caller's, and no chain yet. Errors: EFAULT,
 * EINVAL (the program), EACCES, ENOMEM.
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

	newest = seccomp_newest();
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
	filter->id = seccomp_filter_log_new_id();
	filter->attacher = seccomp_attacher_get(newest ? newest->attacher :
							 NULL);
	if (!filter->attacher) {
		filter_free(filter);
		return ERR_PTR(-ENOMEM);
	}
	return filter;
}

/*
 * The table of the chain with @filter on top: that of @below if the filter adds
 * nothing, none if the chain has too many. Errors: ENOMEM
 */
static int stack_table(struct seccomp_filter *filter,
		       const struct seccomp_filter *below)
{
	struct seccomp_table *table;

	filter->tables_nr = below->tables_nr;
	if (!below->table || !filter->program->table)
		return 0;

	table = seccomp_table_stack(filter->program->table, below->table,
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
 * Fit @filter to the chain that it is to go on top of; NULL for none. Again
 * where that chain has changed.
 */
VISIBLE_IF_KUNIT int seccomp_filter_stack(struct seccomp_filter *filter,
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
	filter->jump = jump_from(below);
	return stack_table(filter, below);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_stack);

/**
 * seccomp_filter_at() - the filter of a chain that is at some depth
 * @newest: the chain, which the caller keeps alive
 * @depth: from 1 to @newest's own
 *
 * Takes a number of steps that grows with the logarithm of the chain's length.
 *
 * Context: Any.
 * Return: The filter.
 */
const struct seccomp_filter *
seccomp_filter_at(const struct seccomp_filter *newest, unsigned int depth)
{
	while (newest->depth > depth) {
		if (newest->jump && newest->jump->depth >= depth)
			newest = newest->jump;
		else
			newest = newest->prev;
	}
	return newest;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_at);

/**
 * seccomp_filter_put() - let go of a filter and what only it holds
 * @filter: a reference, or NULL
 *
 * A loop, for a chain can be longer than the stack is deep.
 *
 * Context: Task context. May sleep if that was the last of a filter that has
 * logged something.
 */
void seccomp_filter_put(struct seccomp_filter *filter)
{
	while (filter && refcount_dec_and_test(&filter->refs)) {
		struct seccomp_filter *prev = filter->prev;

		filter_free(filter);
		filter = prev;
	}
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_put);

/* Is @chain all or a lower part of @longer? NULL is a part of all. */
static bool is_part_of(const struct seccomp_filter *chain,
		       const struct seccomp_filter *longer)
{
	if (!chain)
		return true;
	return longer && chain->depth <= longer->depth &&
	       seccomp_filter_at(longer, chain->depth) == chain;
}

static bool has_open_listener(const struct seccomp_filter *chain)
{
	for (; chain; chain = chain->prev)
		if (seccomp_listener_open(chain->listener))
			return true;
	return false;
}

/* An exiting thread is neither asked nor led: it makes no more calls. */
static bool is_follower(const struct task_struct *thread)
{
	return thread != current && !(thread->flags & PF_EXITING);
}

/*
 * May @thread leave its chain for current's? Yes where current's begins with
 * it, so that nothing is lost.
 */
static bool may_follow(struct task_struct *thread)
{
	switch (thread->seccomp.mode) {
	case SECCOMP_MODE_DISABLED:
		return true;
	case SECCOMP_MODE_FILTER:
		return is_part_of(thread->seccomp.filter,
				  current->seccomp.filter);
	default:
		return false;
	}
}

/*
 * 0 where every thread may follow current, else what the caller is to be told:
 * the id of one that may not, or ESRCH.
 */
static int all_may_follow(unsigned int flags)
{
	const struct seccomp_filter *followed = current->seccomp.filter;
	struct task_struct *thread;
	pid_t id;

	lockdep_assert_held(seccomp_lock(current));

	for_each_thread(current, thread) {
		if (!is_follower(thread))
			continue;
		/* Most have the same chain: walk it once, not for each. */
		if (thread->seccomp.filter && thread->seccomp.filter == followed)
			continue;
		if (may_follow(thread)) {
			followed = thread->seccomp.filter;
			continue;
		}
		id = task_pid_vnr(thread);
		if (flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH || WARN_ON_ONCE(!id))
			return -ESRCH;
		return id;
	}
	return 0;
}

/* What @task's chain starts with from now on. Mode and work flag come later. */
static void task_set_filter(struct task_struct *task,
			    struct seccomp_filter *filter)
{
	const u8 *codes = filter->table ? &filter->table->no_code : NULL;
	struct seccomp *its = &task->seccomp;

	lockdep_assert_held(seccomp_lock(task));

	/* Pairs with the acquire in seccomp_newest(). */
	smp_store_release(&its->filter, filter);
	if (its->killed)
		return;
	/*
	 * The release makes the table's content visible to a reader that depends
	 * on the pointer, and pairs with the barrier in filter_check_answer().
	 * An older pointer that @task has read stays good: the older chain is
	 * part of the new one.
	 */
	smp_store_release(&its->codes, codes);
}

/*
 * Give every other thread what current has. A thread's old chain is part of
 * the new one, so letting go of it here frees nothing.
 */
static void lead_all(unsigned int flags)
{
	struct task_struct *thread;

	lockdep_assert_held(&current->signal->cred_guard_mutex);
	lockdep_assert_held(seccomp_lock(current));

	for_each_thread(current, thread) {
		struct seccomp *its = &thread->seccomp;
		struct seccomp_filter *old = its->filter;

		if (!is_follower(thread))
			continue;

		refcount_inc(&current->seccomp.filter->refs);
		task_set_filter(thread, current->seccomp.filter);
		atomic_set(&its->filter_count,
			   atomic_read(&current->seccomp.filter_count));
		/* The promise by which current could attach binds all. */
		if (task_no_new_privs(current))
			task_set_no_new_privs(thread);
		seccomp_mode_enter(thread, SECCOMP_MODE_FILTER, flags);
		seccomp_filter_put(old);
	}
}

/*
 * A reference to the chain that @filter is to go on top of; NULL for none. Or an
 * error that comes before those of the chain's length and of memory: EINVAL in
 * strict mode, EBUSY if @filter has a listener and the chain an open one. Neither
 * can become true of the same chain later.
 */
static struct seccomp_filter *get_chain_for(const struct seccomp_filter *filter)
{
	struct seccomp_filter *chain;

	spin_lock_irq(seccomp_lock(current));
	chain = current->seccomp.filter;
	if (!seccomp_mode_may_become(SECCOMP_MODE_FILTER))
		chain = ERR_PTR(-EINVAL);
	else if (filter->listener && has_open_listener(chain))
		chain = ERR_PTR(-EBUSY);
	else if (chain)
		refcount_inc(&chain->refs);
	spin_unlock_irq(seccomp_lock(current));

	return chain;
}

/*
 * Put @filter on top of @below, which get_chain_for() returned; the chain's
 * reference passes from the task to the filter. Or change nothing: errors as for
 * seccomp_filter_attach(), or EAGAIN if the chain is another by now.
 */
static int publish(struct seccomp_filter *filter, struct seccomp_filter *below,
		   unsigned int flags)
{
	struct seccomp *own = &current->seccomp;
	int ret;

	lockdep_assert_held(seccomp_lock(current));

	if (own->filter != below)
		return -EAGAIN;

	if (flags & SECCOMP_FILTER_FLAG_TSYNC) {
		/*
		 * Threads of a dying group may go without taking the lock: see
		 * exit_signals() and seccomp_filter_release(). Nobody will see
		 * the error.
		 */
		if (current->signal->flags & SIGNAL_GROUP_EXIT)
			return -EINTR;
		ret = all_may_follow(flags);
		if (ret)
			return ret;
	}

	filter->prev = below;
	task_set_filter(current, filter);
	atomic_inc(&own->filter_count);
	seccomp_mode_enter(current, SECCOMP_MODE_FILTER, flags);

	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		lead_all(flags);
	return 0;
}

/* publish() under the lock, with all that takes memory done before */
static int publish_locked(struct seccomp_filter *filter, unsigned int flags)
{
	struct seccomp_filter *below;
	int ret;

	/* Another thread's exec computes privileges from no_new_privs. */
	if (flags & SECCOMP_FILTER_FLAG_TSYNC &&
	    mutex_lock_killable(&current->signal->cred_guard_mutex))
		return -EINTR;

	do {
		below = get_chain_for(filter);
		if (IS_ERR(below)) {
			ret = PTR_ERR(below);
			break;
		}
		ret = seccomp_filter_stack(filter, below);
		if (!ret) {
			spin_lock_irq(seccomp_lock(current));
			ret = publish(filter, below, flags);
			spin_unlock_irq(seccomp_lock(current));
		}
		seccomp_filter_put(below);
		/* A sibling's thread sync got in between: each time a longer chain. */
	} while (ret == -EAGAIN);

	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		mutex_unlock(&current->signal->cred_guard_mutex);
	return ret;
}

/* Attach with a descriptor to listen by. Returns its number or as attach. */
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

	ret = publish_locked(filter, flags);
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

static bool flags_fit(unsigned int flags)
{
	if (flags & ~SECCOMP_ALL_FLAGS)
		return false;

	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		/* A number returned could be a descriptor or a thread. */
		return !(flags & SECCOMP_FILTER_FLAG_TSYNC) ||
		       flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH;

	return !(flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
}

/**
 * seccomp_filter_attach() - give current one more filter
 * @flags: SECCOMP_FILTER_FLAG_*
 * @uprog: struct sock_fprog in user memory
 *
 * See seccomp(2), SECCOMP_SET_MODE_FILTER. All or nothing: a failed attach
 * changes no thread.
 *
 * Context: Task context, may sleep. Takes current's siglock, for TSYNC inside
 * the group's cred_guard_mutex.
 * Return: 0; with NEW_LISTENER the listener's descriptor; with TSYNC the id of a
 * thread that cannot follow (ESRCH with TSYNC_ESRCH). Errors:
 *  - EINVAL for flags that do not exist or do not go together, for a program
 *    that is empty, too long, unsound or not for system calls, and in strict
 *    mode,
 *  - EFAULT where the program cannot be read,
 *  - EACCES without no_new_privs or CAP_SYS_ADMIN in the user namespace,
 *  - EBUSY where the chain has a listener already,
 *  - EMFILE, ENFILE where there is no descriptor,
 *  - EINTR for a task that is about to die,
 *  - ENOMEM without memory and where the chain would be too long.
 */
long seccomp_filter_attach(unsigned int flags, const void __user *uprog)
{
	struct seccomp_filter *filter;
	long ret;

	if (!flags_fit(flags))
		return -EINVAL;

	filter = filter_create(uprog, flags);
	if (IS_ERR(filter))
		return PTR_ERR(filter);

	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) {
		ret = attach_listener(filter, flags);
		if (ret < 0)
			seccomp_filter_put(filter);
	} else {
		ret = publish_locked(filter, flags);
		if (ret)
			seccomp_filter_put(filter);
	}
	return ret;
}

/**
 * get_seccomp_filter() - a reference for a child that gets current's chain
 * @tsk: current, about to fork
 *
 * Context: Holds @tsk's siglock.
 */
void get_seccomp_filter(struct task_struct *tsk)
{
	lockdep_assert_held(seccomp_lock(tsk));

	if (tsk->seccomp.filter)
		refcount_inc(&tsk->seccomp.filter->refs);
}

/**
 * seccomp_filter_get_newest() - the filter that a task's chain starts with
 * @task: any task
 *
 * Context: Task context. Takes @task's siglock.
 * Return: A reference, for seccomp_filter_put(); NULL where there is no filter,
 * and ERR_PTR(-ESRCH) where the task is gone.
 */
struct seccomp_filter *seccomp_filter_get_newest(struct task_struct *task)
{
	struct seccomp_filter *filter;
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return ERR_PTR(-ESRCH);
	filter = task->seccomp.filter;
	if (filter)
		refcount_inc(&filter->refs);
	unlock_task_sighand(task, &flags);

	return filter;
}

/**
 * seccomp_filter_get_nth() - one filter of a task's chain
 * @task: any task
 * @n: 0 for the filter that was attached first
 *
 * Context: Task context. Takes @task's siglock.
 * Return: A reference, for seccomp_filter_put(). ERR_PTR(-EINVAL) if the task has
 * no filters, ERR_PTR(-ENOENT) if it has not that many, ERR_PTR(-ESRCH) if it is
 * gone.
 */
struct seccomp_filter *seccomp_filter_get_nth(struct task_struct *task,
					      unsigned long n)
{
	struct seccomp_filter *newest = seccomp_filter_get_newest(task);
	struct seccomp_filter *filter = ERR_PTR(-ENOENT);

	if (IS_ERR(newest))
		return newest;
	if (!newest)
		return ERR_PTR(-EINVAL);

	if (n < newest->depth) {
		filter = newest;
		while (filter->depth > n + 1)
			filter = filter->prev;
		refcount_inc(&filter->refs);
	}
	seccomp_filter_put(newest);

	return filter;
}

/**
 * seccomp_filter_release() - let go of an exiting task's chain
 * @tsk: current, PF_EXITING set, so that nobody gives it another filter
 *
 * Context: Task context. Takes siglock, but only where there is a filter.
 */
void seccomp_filter_release(struct task_struct *tsk)
{
	struct seccomp_filter *filter;

	if (WARN_ON_ONCE(!(tsk->flags & PF_EXITING)))
		return;

	/*
	 * exit_signals() sets PF_EXITING without siglock if it sees
	 * SIGNAL_GROUP_EXIT. A thread sync gives @tsk a filter only while that
	 * flag is clear, under siglock, and the flag is set under siglock later:
	 * the two stores are ordered for every processor by the lock that is
	 * released and taken between them. The barrier orders our two loads, so
	 * who saw the flag sees the filter. As for message passing,
	 *
	 *	thread sync		group exit		@tsk
	 *	lock			lock			r1 = flags
	 *	  filter = f		  flags = GROUP_EXIT	smp_rmb
	 *	unlock			unlock			r2 = filter
	 *
	 * r1 == GROUP_EXIT and r2 == NULL is impossible. In the other cases
	 * PF_EXITING was set under siglock, or there is no other thread.
	 */
	smp_rmb();
	if (!READ_ONCE(tsk->seccomp.filter))
		return;

	spin_lock_irq(seccomp_lock(tsk));
	filter = tsk->seccomp.filter;
	tsk->seccomp.filter = NULL;
	tsk->seccomp.codes = NULL;
	spin_unlock_irq(seccomp_lock(tsk));

	seccomp_filter_put(filter);
}
