// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the logs of filters.
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
 * seccomp_filter_new_id() - a new id for a filter
 *
 * The first id and the steps to the next ones are random, so that ids do not
 * tell how many filters were attached.
 *
 * Context: Any.
 * Return: A unique number, not 0.
 */
u64 seccomp_filter_new_id(void)
{
	static atomic64_t steps = ATOMIC64_INIT(1);
	static u64 start;

	get_random_once(&start, sizeof(start));
	/* The start is far enough from the end that the ids do not wrap. */
	return (start >> 2) +
	       atomic64_add_return(1 + get_random_u8() % 16, &steps);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_filter_new_id);

/**
 * seccomp_attacher_get() - describe current, which attaches a filter
 * @likely_same: the attacher of the filter below, which the caller keeps alive;
 *	or NULL
 *
 * Context: Task context, may sleep.
 * Return: A reference, to @likely_same if that is current; NULL without memory.
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

	attacher = kmalloc(struct_size(attacher, exe, text.end - exe + 1),
			   GFP_KERNEL_ACCOUNT);
	if (!attacher)
		return NULL;
	refcount_set(&attacher->refs, 1);
	attacher->pid = pid;
	attacher->uid = uid;
	memcpy(attacher->comm, comm, sizeof(comm));
	memcpy(attacher->exe, exe, text.end - exe + 1);
	return attacher;
}

/**
 * seccomp_attacher_put() - drop a reference
 * @attacher: an attacher, or NULL
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

	/*
	 * Small, and once for each filter. No record is lost for want of
	 * memory.
	 */
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
 * Most filters log nothing, so it is made for the first record.
 *
 * Context: Task context, may sleep.
 * Return: The log, which lives as long as the filter.
 */
struct seccomp_filter_log *
seccomp_filter_log_get(const struct seccomp_filter *filter)
{
	/*
	 * @log_state and @once are the members that change in a const filter.
	 */
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
 * seccomp_filter_log_put() - drop a reference
 * @log: a log
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
 * seccomp_filter_log_add_syscall() - note that a record of a system call is due
 * @log: the log of the filter that decided
 * @nr: system call number
 * @arch: AUDIT_ARCH_*
 *
 * Context: Task context.
 */
void seccomp_filter_log_add_syscall(struct seccomp_filter_log *log, int nr,
				    u32 arch)
{
	unsigned int index = seccomp_syscall_index(nr, arch);

	if (!seccomp_syscall_index_is_gap(index)) {
		if (!test_bit(index, log->syscalls))
			set_bit(index, log->syscalls);
		return;
	}

	spin_lock(&log->lock);
	log->gaps_nr = seccomp_ranges_add(log->gaps, log->gaps_nr,
					  FILTER_LOG_GAPS, arch, nr);
	spin_unlock(&log->lock);
}

/**
 * seccomp_filter_once() - the log-once state of a filter
 * @filter: the filter
 *
 * Context: Task context, may sleep.
 * Return: The state, made if there is none; NULL without memory.
 */
struct seccomp_once *
seccomp_filter_once(const struct seccomp_filter *filter)
{
	/* See seccomp_filter_log_get(). */
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
