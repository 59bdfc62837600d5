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
 * seccomp_filter_log_create() - for a filter that current attaches
 * @insns: number of the program's instructions
 * @flags: SECCOMP_FILTER_FLAG_*
 *
 * Context: Task context, may sleep.
 * Return: A log with one reference, for seccomp_filter_log_end(); NULL without
 * memory.
 */
struct seccomp_filter_log *seccomp_filter_log_create(unsigned int insns,
						     unsigned int flags)
{
	struct seccomp_filter_log *log;
	char exe[FILTER_LOG_EXE];
	struct text text = TEXT_IN(exe);

	if (!text_add_exe(&text))
		return NULL;
	text_end(&text);

	log = kzalloc(struct_size(log, exe, text.len + 1), GFP_KERNEL_ACCOUNT);
	if (!log)
		return NULL;

	refcount_set(&log->refs, 1);
	log->id = seccomp_filter_log_new_id();
	spin_lock_init(&log->lock);
	seccomp_summary_init(&log->summary);
	log->pid = task_tgid_nr(current);
	log->uid = current_uid();
	get_task_comm(log->comm, current);
	log->insns = insns;
	log->flags = flags;
	memcpy(log->exe, exe, text.len + 1);
	return log;
}

/**
 * seccomp_filter_log_put() - let go of a log
 * @log: a reference
 *
 * Context: Any but interrupts.
 */
void seccomp_filter_log_put(struct seccomp_filter_log *log)
{
	if (refcount_dec_and_test(&log->refs))
		kfree(log);
}

/**
 * seccomp_filter_log_end() - the filter is gone
 * @log: its log and its reference to it, or NULL
 *
 * If it has logged something, its summary is written.
 *
 * Context: Task context. May sleep if it has logged something.
 */
void seccomp_filter_log_end(struct seccomp_filter_log *log)
{
	if (!log)
		return;

	log->left_out = seccomp_once_free(log->once);
	log->once = NULL;
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
 * @log: the filter's
 *
 * Context: Task context, may sleep.
 * Return: The memory, made if there is none; NULL if it cannot be made.
 */
struct seccomp_once *seccomp_filter_log_once(struct seccomp_filter_log *log)
{
	/* Pairs with the cmpxchg below: it is complete. */
	struct seccomp_once *once = smp_load_acquire(&log->once);
	struct seccomp_once *other;

	if (likely(once))
		return once;

	once = seccomp_once_create();
	if (!once)
		return NULL;
	other = cmpxchg(&log->once, NULL, once);
	if (!other)
		return once;
	seccomp_once_free(once);
	return other;
}
