// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: what is known of a filter's log, from the attach to the summary.
 */

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "filter_log.h"
#include "filter_summary.h"
#include "internal.h"
#include "once.h"
#include "program.h"
#include "text.h"

/**
 * seccomp_filter_log_new_id() - a name for a filter
 *
 * Begins anywhere and goes on in steps of random length: two ids do not tell
 * how many filters were attached between them.
 *
 * Context: Any.
 * Return: A number that is never 0 and is returned only once.
 */
u64 seccomp_filter_log_new_id(void)
{
	static atomic64_t steps = ATOMIC64_INIT(1);
	static u64 start;

	get_random_once(&start, sizeof(start));
	/* far from the end, which nobody lives to see */
	return (start >> 2) +
	       atomic64_add_return(1 + get_random_u8() % 16, &steps);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_log_new_id);

/**
 * seccomp_attacher_get() - current, as who attaches a filter
 * @likely_same: who attached the filter below, which the caller keeps alive; or
 *	NULL
 *
 * Context: Task context, may sleep.
 * Return: A reference, to @likely_same if that is the same; NULL without memory.
 */
struct seccomp_attacher *
seccomp_attacher_get(struct seccomp_attacher *likely_same)
{
	struct seccomp_attacher *attacher = likely_same;
	pid_t pid = task_tgid_nr(current);
	kuid_t uid = current_uid();
	char comm[TASK_COMM_LEN];
	char exe[FILTER_LOG_EXE];
	struct text text = TEXT_IN(exe);

	if (!text_add_exe(&text))
		return NULL;
	text_end(&text);
	get_task_comm(comm, current);

	if (attacher && attacher->pid == pid && uid_eq(attacher->uid, uid) &&
	    !strcmp(attacher->comm, comm) && !strcmp(attacher->exe, exe)) {
		refcount_inc(&attacher->refs);
		return attacher;
	}

	attacher = kmalloc(struct_size(attacher, exe, text.len + 1),
			   GFP_KERNEL_ACCOUNT);
	if (!attacher)
		return NULL;
	refcount_set(&attacher->refs, 1);
	attacher->pid = pid;
	attacher->uid = uid;
	memcpy(attacher->comm, comm, sizeof(comm));
	memcpy(attacher->exe, exe, text.len + 1);
	return attacher;
}

/**
 * seccomp_attacher_put() - let go of who attached a filter
 * @attacher: a reference, or NULL
 *
 * Context: Any but interrupts.
 */
void seccomp_attacher_put(struct seccomp_attacher *attacher)
{
	if (attacher && refcount_dec_and_test(&attacher->refs))
		kfree(attacher);
}

static struct seccomp_filter_log *
filter_log_create(const struct seccomp_filter *filter)
{
	struct seccomp_filter_log *log;

	/* Small, and once for a filter: a record that cannot be counted is worse. */
	log = kzalloc(sizeof(*log), GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);

	refcount_set(&log->refs, 1);
	log->id = filter->id;
	refcount_inc(&filter->attacher->refs);
	log->attacher = filter->attacher;
	spin_lock_init(&log->lock);
	seccomp_summary_init(&log->summary);
	log->insns = filter->program->len;
	log->flags = filter->attach_flags;
	return log;
}

/**
 * seccomp_filter_log_get() - the log of a filter that logs
 * @filter: the filter
 *
 * Most filters log nothing, so it is made only now.
 *
 * Context: Task context, may sleep.
 * Return: The log, which lives as long as the filter.
 */
struct seccomp_filter_log *
seccomp_filter_log_get(const struct seccomp_filter *filter)
{
	/* a filter is constant but for this member and @once */
	struct seccomp_filter_log **place =
		(struct seccomp_filter_log **)&filter->log_state;
	/* Pairs with the cmpxchg below: it is complete. */
	struct seccomp_filter_log *log = smp_load_acquire(place);
	struct seccomp_filter_log *other;

	if (likely(log))
		return log;

	log = filter_log_create(filter);
	other = cmpxchg(place, NULL, log);
	if (!other)
		return log;
	seccomp_filter_log_put(log);
	return other;
}

/**
 * seccomp_filter_log_put() - let go of a log
 * @log: a reference
 *
 * Context: Any but interrupts.
 */
void seccomp_filter_log_put(struct seccomp_filter_log *log)
{
	if (!refcount_dec_and_test(&log->refs))
		return;
	seccomp_attacher_put(log->attacher);
	kfree(log);
}

/**
 * seccomp_filter_log_end() - the filter is gone
 * @filter: the filter, which nobody else has any more
 *
 * If it has logged something, its summary is written.
 *
 * Context: Task context. May sleep if it has logged something.
 */
void seccomp_filter_log_end(struct seccomp_filter *filter)
{
	struct seccomp_filter_log *log = filter->log_state;
	u64 left_out = seccomp_once_free(filter->once);

	seccomp_attacher_put(filter->attacher);
	if (!log)
		return;

	log->left_out = left_out;
	if (atomic64_read(&log->records))
		seccomp_summary_close(log);
	seccomp_filter_log_put(log);
}

/**
 * seccomp_filter_log_add_call() - a record of a call is due
 * @log: the deciding filter's
 * @nr: system call number
 * @arch: AUDIT_ARCH_*
 *
 * Context: Task context.
 */
void seccomp_filter_log_add_call(struct seccomp_filter_log *log, int nr,
				 u32 arch)
{
	unsigned int call = seccomp_call(nr, arch);

	if (!seccomp_call_is_gap(call)) {
		if (!test_bit(call, log->calls))
			set_bit(call, log->calls);
		return;
	}

	spin_lock(&log->lock);
	log->gaps_nr = seccomp_ranges_add(log->gaps, log->gaps_nr,
					  FILTER_LOG_GAPS, arch, nr);
	spin_unlock(&log->lock);
}

/**
 * seccomp_filter_log_once() - what log-once remembers of a filter
 * @filter: the filter
 *
 * Context: Task context, may sleep.
 * Return: The memory, made if there is none; NULL if it cannot be made.
 */
struct seccomp_once *
seccomp_filter_log_once(const struct seccomp_filter *filter)
{
	/* a filter is constant but for this member and @log_state */
	struct seccomp_once **place = (struct seccomp_once **)&filter->once;
	/* Pairs with the cmpxchg below: it is complete. */
	struct seccomp_once *once = smp_load_acquire(place);
	struct seccomp_once *other;

	if (likely(once))
		return once;

	once = seccomp_once_create();
	if (!once)
		return NULL;
	other = cmpxchg(place, NULL, once);
	if (!other)
		return once;
	seccomp_once_free(once);
	return other;
}
