// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: when the records about filters are written. A filter is announced
 * soon after its first record, and summarized when it is freed. Workers do
 * this, because audit may make its callers wait.
 */

#include <linux/audit.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/oom.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "filter_log.h"
#include "filter_record.h"
#include "filter_summary.h"
#include "internal.h"
#include "once.h"
#include "record.h"

/* Delay from the first record of a filter to its announcement */
#define ANNOUNCE_DELAY	(HZ / 10)

/*
 * Delay after which it is checked whether a summary may be lost; and how often
 * at most, if audit has taken it. One that audit has refused is checked until
 * audit takes it.
 */
#define WATCH_TIME	(5 * HZ)
#define CHECKS_MAX	64

/*
 * Summaries of one user's filters that are watched. Beyond that none is; if more
 * than half of these are, each is given up after SUMMARY_WRITES_MIN checks.
 */
#define WATCHED_MAX	1024

/* Users share the counts of these, except root, who has one alone. */
#define USER_BITS	6

/*
 * If more are queued, a task that frees filters writes one summary itself, for
 * which audit may make it wait.
 */
#define READY_MAX	1024

/* Logs of filters about which a record is due, oldest first */
static LIST_HEAD(ready);
/* Logs whose summary was written, oldest first */
static LIST_HEAD(watched);
static unsigned int ready_nr;
static unsigned int watched_nr[BIT(USER_BITS)];
/* guards all of the above, and struct seccomp_summary */
static DEFINE_SPINLOCK(summaries_lock);
/* summaries that may be lost and are not written again */
static atomic_long_t missing;

static void write_ready(struct work_struct *work);
static DECLARE_DELAYED_WORK(ready_work, write_ready);
static void check_watched(struct work_struct *work);
static DECLARE_DELAYED_WORK(watched_work, check_watched);

static unsigned int *watched_of(const struct seccomp_filter_log *log)
{
	uid_t uid = from_kuid(&init_user_ns, log->attacher->uid);

	lockdep_assert_held(&summaries_lock);
	return &watched_nr[uid ? max(hash_32(uid, USER_BITS), 1U) : 0];
}

static void enqueue_ready(struct seccomp_filter_log *log)
{
	lockdep_assert_held(&summaries_lock);

	WRITE_ONCE(log->summary.queued, true);
	list_add_tail(&log->summary.node, &ready);
	ready_nr++;
}

static void dequeue_ready(struct seccomp_filter_log *log)
{
	lockdep_assert_held(&summaries_lock);

	list_del(&log->summary.node);
	ready_nr--;
	WRITE_ONCE(log->summary.queued, false);
}

/**
 * seccomp_summary_announce() - have a worker write who attached a filter
 * @log: the filter's log, which the caller keeps alive
 *
 * Context: Task context.
 */
void seccomp_summary_announce(struct seccomp_filter_log *log)
{
	bool due;

	spin_lock(&summaries_lock);
	due = !log->summary.writing && seccomp_summary_due(&log->summary);
	if (due) {
		refcount_inc(&log->refs);
		enqueue_ready(log);
	}
	spin_unlock(&summaries_lock);
	if (due)
		queue_delayed_work(system_unbound_wq, &ready_work,
				   ANNOUNCE_DELAY);
}

/*
 * Write what is due about a filter. No other task writes about it: either
 * summary->writing is set, or the filter is freed and its log is in no queue.
 */
static void write_records(struct seccomp_filter_log *log, bool closed)
{
	struct seccomp_summary *summary = &log->summary;
	unsigned int generation = audit_generation();
	enum seccomp_record result = RECORD_TAKEN;

	if (!summary->taken || summary->generation != generation)
		result = seccomp_filter_record_attacher(log);
	if (closed && result != RECORD_REFUSED)
		result = seccomp_filter_record_summary(log);

	WRITE_ONCE(summary->taken, result != RECORD_REFUSED);
	WRITE_ONCE(summary->generation, generation);
}

/* Watch a summary that was written or refused; false if there are too many. */
static bool watch(struct seccomp_filter_log *log)
{
	unsigned int *nr = watched_of(log);

	if (*nr >= WATCHED_MAX)
		return false;
	++*nr;
	log->summary.due = jiffies + WATCH_TIME;
	list_add_tail(&log->summary.node, &watched);
	return true;
}

/* Stop watching. */
static void unwatch(struct seccomp_filter_log *log)
{
	const struct seccomp_summary *summary = &log->summary;

	if (!summary->taken || summary->generation != audit_generation()) {
		/* also counts those of which nothing is said */
		long nr = atomic_long_inc_return(&missing);

		pr_notice_ratelimited("seccomp: summaries of %ld filters may be missing in the audit log\n",
				      nr);
	}
	seccomp_filter_log_put(log);
}

/* The records were written or refused: decide what is next. */
static void finish_write(struct seccomp_filter_log *log, bool closed)
{
	struct seccomp_summary *summary = &log->summary;
	bool kept = true;

	spin_lock(&summaries_lock);
	summary->writing = false;
	if (closed) {
		kept = watch(log);
	} else if (summary->closed) {
		enqueue_ready(log);
	} else {
		WRITE_ONCE(summary->due, jiffies + ANNOUNCE_AGAIN);
		kept = false;
	}
	spin_unlock(&summaries_lock);

	if (closed && kept)
		queue_delayed_work(system_unbound_wq, &watched_work,
				   WATCH_TIME);
	else if (closed)
		unwatch(log);
	else if (!kept)
		seccomp_filter_log_put(log);
}

/*
 * The filter of @log, which has logged something, is freed. Returns whether the
 * summary was written here.
 */
static bool close_summary(struct seccomp_filter_log *log, bool may_wait)
{
	struct seccomp_summary *summary = &log->summary;
	bool direct;

	spin_lock(&summaries_lock);
	summary->closed = true;
	direct = may_wait && ready_nr >= READY_MAX && !summary->writing &&
		 !tsk_is_oom_victim(current);
	/* If it is being announced, there is a reference for this already. */
	if (!summary->queued && !summary->writing)
		refcount_inc(&log->refs);
	if (direct) {
		if (summary->queued)
			dequeue_ready(log);
		summary->writing = true;
	} else if (!summary->queued && !summary->writing) {
		enqueue_ready(log);
	}
	spin_unlock(&summaries_lock);

	if (direct) {
		write_records(log, true);
		finish_write(log, true);
	} else {
		mod_delayed_work(system_unbound_wq, &ready_work, 0);
	}
	return direct;
}

/**
 * seccomp_filter_summary_end() - a filter is freed
 * @filter: the filter
 * @may_wait: audit may make the caller wait
 *
 * If it has logged something, its summary is written: by a worker, or if too
 * many are waiting for it and @may_wait, by the caller.
 *
 * Context: Task context. May sleep if @may_wait and it has logged something.
 * Return: true if the caller has written it.
 */
bool seccomp_filter_summary_end(struct seccomp_filter *filter, bool may_wait)
{
	struct seccomp_filter_log *log = filter->log_state;
	u64 left_out = seccomp_once_free(filter->once);
	bool written = false;

	seccomp_attacher_put(filter->attacher);
	if (!log)
		return false;

	log->left_out = left_out;
	if (atomic64_read(&log->records))
		written = close_summary(log, may_wait);
	seccomp_filter_log_put(log);
	return written;
}

/* The next log of the queue, or NULL. *@closed: its summary is due. */
static struct seccomp_filter_log *next_ready(bool *closed)
{
	struct seccomp_filter_log *log;

	spin_lock(&summaries_lock);
	log = list_first_entry_or_null(&ready, struct seccomp_filter_log,
				       summary.node);
	if (log) {
		dequeue_ready(log);
		*closed = log->summary.closed;
		log->summary.writing = true;
	}
	spin_unlock(&summaries_lock);

	return log;
}

/*
 * The oldest watched log if its time has come; else NULL and *@delay.
 * *@checks_max: after how many checks it is given up.
 */
static struct seccomp_filter_log *next_watched(unsigned long *delay,
					       unsigned int *checks_max)
{
	struct seccomp_filter_log *log;

	*delay = 0;
	spin_lock(&summaries_lock);
	log = list_first_entry_or_null(&watched, struct seccomp_filter_log,
				       summary.node);
	if (log && time_before(jiffies, log->summary.due)) {
		*delay = log->summary.due - jiffies;
		log = NULL;
	}
	if (log) {
		unsigned int *nr = watched_of(log);

		*checks_max = *nr > WATCHED_MAX / 2 ? SUMMARY_WRITES_MIN :
						      CHECKS_MAX;
		list_del(&log->summary.node);
		--*nr;
	}
	spin_unlock(&summaries_lock);

	return log;
}

/* Check a watched summary. */
static void check_one(struct seccomp_filter_log *log, unsigned int checks_max)
{
	struct seccomp_summary *summary = &log->summary;
	bool again = !summary->taken;

	if (summary->taken) {
		unsigned int generation = audit_generation();

		if (summary->generation == generation ||
		    summary->checks >= checks_max) {
			unwatch(log);
			return;
		}
		/* Without a daemon it is in the kernel log, as far as printk allows. */
		again = seccomp_summary_again(summary, generation) &&
			seccomp_record_has_daemon();
	}
	if (again)
		write_records(log, true);
	finish_write(log, true);
}

static void write_ready(struct work_struct *work)
{
	struct seccomp_filter_log *log;
	bool closed;

	while ((log = next_ready(&closed))) {
		write_records(log, closed);
		finish_write(log, closed);
		cond_resched();
	}
}

static void check_watched(struct work_struct *work)
{
	struct seccomp_filter_log *log;
	unsigned int checks_max;
	unsigned long delay;

	while ((log = next_watched(&delay, &checks_max))) {
		check_one(log, checks_max);
		cond_resched();
	}
	if (delay)
		queue_delayed_work(system_unbound_wq, &watched_work, delay);
}
