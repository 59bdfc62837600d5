// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the records about filters: who attached one, soon after its first
 * record, and its summary when it is gone. Workers write them, so that no call
 * waits for them and audit may make the workers wait.
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

#include "calls.h"
#include "filter_log.h"
#include "filter_summary.h"
#include "internal.h"
#include "ranges.h"
#include "record.h"

/* A part must pass printk, whose lines end at 1024 bytes. */
#define PART_TEXT	700

/* Who attached a filter is said so long after its first record, together. */
#define ANNOUNCE_DELAY	(HZ / 10)

/* ... and not again, if the record may be lost, before */
#define ANNOUNCE_AGAIN	HZ

/*
 * So long after a summary is written it is looked whether it may be lost, and so
 * often it is written again, or waits again for a daemon. What audit has refused
 * does not count: it is written again until audit takes it.
 */
#define WATCH_TIME	(5 * HZ)
#define REPEATS_MAX	6

/* So many summaries of a user's filters are watched; of more, none is. */
#define WATCHED_MAX	1024

/* Users share these places, but for root, who has one alone. */
#define USER_BITS	6

/* If more wait to be written, whoever has the last of a filter writes. */
#define READY_MAX	1024

/*
 * Logs of filters about which there is something to write, in their order, and
 * logs whose summary is written; the number of the former, and of the latter for
 * each user; and how many summaries may be missing for good.
 */
static LIST_HEAD(ready);
static LIST_HEAD(watched);
static unsigned int ready_nr;
static unsigned int watched_nr[BIT(USER_BITS)];
static atomic_long_t missing;
static DEFINE_SPINLOCK(summaries_lock);	/* guards all but the last */

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

static void make_ready(struct seccomp_filter_log *log)
{
	lockdep_assert_held(&summaries_lock);

	WRITE_ONCE(log->summary.queued, true);
	list_add_tail(&log->summary.node, &ready);
	ready_nr++;
}

static void take_ready(struct seccomp_filter_log *log)
{
	lockdep_assert_held(&summaries_lock);

	list_del(&log->summary.node);
	ready_nr--;
	WRITE_ONCE(log->summary.queued, false);
}

/**
 * seccomp_summary_announce() - have it said who attached a filter
 * @log: the filter's, which the caller keeps alive
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
		make_ready(log);
	}
	spin_unlock(&summaries_lock);
	if (due)
		queue_delayed_work(system_unbound_wq, &ready_work,
				   ANNOUNCE_DELAY);
}

/* Everything that @log knows of one architecture, in order */
static unsigned int arch_ranges(const struct seccomp_filter_log *log, u32 arch,
				struct seccomp_range *ranges)
{
	unsigned int nr = 0;

#ifdef SECCOMP_ARCH_NATIVE
	if (arch == SECCOMP_ARCH_NATIVE) {
		nr += seccomp_ranges_of_bits(ranges + nr, log->calls,
					     CALL_NATIVE, CALLS_NATIVE, arch, 0);
# if CALLS_X32
		nr += seccomp_ranges_of_bits(ranges + nr, log->calls,
					     CALL_X32, CALLS_X32, arch,
					     __X32_SYSCALL_BIT);
# endif
	}
#endif
#ifdef SECCOMP_ARCH_COMPAT
	if (arch == SECCOMP_ARCH_COMPAT)
		nr += seccomp_ranges_of_bits(ranges + nr, log->calls,
					     CALL_COMPAT, CALLS_COMPAT, arch, 0);
#endif
	for (unsigned int i = 0; i < log->gaps_nr; i++)
		if (log->gaps[i].arch == arch)
			ranges[nr++] = log->gaps[i];

	return seccomp_ranges_sort(ranges, nr);
}

/* One part of the summary, in the making */
struct summary_part {
	unsigned int wanted;	/* which part */
	unsigned int parts;	/* how many there are */
	u32 arch;		/* of the wanted one */
	char text[PART_TEXT];	/* its ranges */
	char other[PART_TEXT];	/* those of the others */
	struct seccomp_range ranges[SECCOMP_CALLS / 2 + 2 + FILTER_LOG_GAPS];
};

static void find_arch_parts(const struct seccomp_filter_log *log, u32 arch,
			    struct summary_part *part)
{
	unsigned int nr = arch_ranges(log, arch, part->ranges);

	for (unsigned int done = 0; done < nr; part->parts++) {
		bool wanted = part->parts == part->wanted;

		if (wanted)
			part->arch = arch;
		done += seccomp_ranges_print(wanted ? part->text : part->other,
					     PART_TEXT, part->ranges + done,
					     nr - done);
	}
}

static bool arch_seen(const struct seccomp_range *gaps, unsigned int nr,
		      u32 arch)
{
	for (unsigned int i = 0; i < nr; i++)
		if (gaps[i].arch == arch)
			return true;
	return false;
}

static void find_part(const struct seccomp_filter_log *log, unsigned int wanted,
		      struct summary_part *part)
{
	part->wanted = wanted;
	part->parts = 0;
#ifdef SECCOMP_ARCH_NATIVE
	find_arch_parts(log, SECCOMP_ARCH_NATIVE, part);
#endif
#ifdef SECCOMP_ARCH_COMPAT
	find_arch_parts(log, SECCOMP_ARCH_COMPAT, part);
#endif
	for (unsigned int i = 0; i < log->gaps_nr; i++) {
		u32 arch = log->gaps[i].arch;

#ifdef SECCOMP_ARCH_NATIVE
		if (arch == SECCOMP_ARCH_NATIVE)
			continue;
#endif
#ifdef SECCOMP_ARCH_COMPAT
		if (arch == SECCOMP_ARCH_COMPAT)
			continue;
#endif
		if (!arch_seen(log->gaps, i, arch))
			find_arch_parts(log, arch, part);
	}
}

/* One part of the summary. *@parts becomes how many there are. */
static enum seccomp_record write_part(const struct seccomp_filter_log *log,
				      unsigned int nr, unsigned int *parts)
{
	struct summary_part *part = kmalloc(sizeof(*part), GFP_KERNEL);
	struct audit_buffer *ab;
	enum seccomp_record result;

	if (!part)
		return RECORD_REFUSED;

	find_part(log, nr, part);
	*parts = part->parts;
	ab = audit_log_start(NULL, GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (ab) {
		audit_log_format(ab,
				 "op=seccomp-filter-gone filter=%llx logged=%lld left-out=%llu lost=%lld part=%u/%u arch=%x syscalls=%s",
				 log->id, atomic64_read(&log->records),
				 log->left_out, atomic64_read(&log->lost),
				 nr + 1, part->parts, part->arch, part->text);
		result = audit_log_end(ab) ? RECORD_TAKEN : RECORD_REFUSED;
	} else {
		result = seccomp_record_none(AUDIT_KERNEL_OTHER);
	}
	kfree(part);
	return result;
}

static enum seccomp_record write_summary(const struct seccomp_filter_log *log)
{
	enum seccomp_record result = RECORD_TAKEN;
	unsigned int parts = 1;

	for (unsigned int nr = 0; nr < parts && result == RECORD_TAKEN; nr++)
		result = write_part(log, nr, &parts);
	return result;
}

/* Who attached the filter */
static enum seccomp_record
write_announcement(const struct seccomp_filter_log *log)
{
	const struct seccomp_attacher *attacher = log->attacher;
	struct audit_buffer *ab;

	ab = audit_log_start(NULL, GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (!ab)
		return seccomp_record_none(AUDIT_KERNEL_OTHER);

	audit_log_format(ab,
			 "op=seccomp-filter-logs filter=%llx pid=%d uid=%u comm=",
			 log->id, attacher->pid,
			 from_kuid(&init_user_ns, attacher->uid));
	audit_log_untrustedstring(ab, attacher->comm);
	audit_log_format(ab, " exe=%s insns=%u filter-flags=0x%x",
			 attacher->exe, log->insns, log->flags);
	return audit_log_end(ab) ? RECORD_TAKEN : RECORD_REFUSED;
}

/* All that is due of a filter whose log nobody else writes about meanwhile */
static void write_about(struct seccomp_filter_log *log, bool closed)
{
	struct seccomp_summary *summary = &log->summary;
	unsigned int generation = audit_generation();
	enum seccomp_record result = RECORD_TAKEN;

	if (!summary->said || summary->generation != generation)
		result = write_announcement(log);
	if (closed && result != RECORD_REFUSED)
		result = write_summary(log);

	WRITE_ONCE(summary->said, result != RECORD_REFUSED);
	WRITE_ONCE(summary->generation, generation);
}

/* Watch a summary that is written, or refused; false if there are too many. */
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

/* No more is written about a filter. */
static void give_up(struct seccomp_filter_log *log)
{
	const struct seccomp_summary *summary = &log->summary;

	if (!summary->said || summary->generation != audit_generation())
		pr_notice_ratelimited("seccomp: summaries of %ld filters may be missing in the audit log\n",
				      atomic_long_inc_return(&missing));
	seccomp_filter_log_put(log);
}

/* It is written, or refused: what is next? */
static void was_written(struct seccomp_filter_log *log, bool closed)
{
	struct seccomp_summary *summary = &log->summary;
	bool kept = true;

	spin_lock(&summaries_lock);
	summary->writing = false;
	if (closed) {
		kept = watch(log);
	} else if (summary->closed) {
		make_ready(log);
	} else {
		WRITE_ONCE(summary->due, jiffies + ANNOUNCE_AGAIN);
		kept = false;
	}
	spin_unlock(&summaries_lock);

	if (closed && kept)
		queue_delayed_work(system_unbound_wq, &watched_work,
				   WATCH_TIME);
	else if (closed)
		give_up(log);
	else if (!kept)
		seccomp_filter_log_put(log);
}

/**
 * seccomp_summary_close() - a filter that has logged something is gone
 * @log: its log, which nobody writes to any more
 *
 * Context: Task context, may sleep.
 */
void seccomp_summary_close(struct seccomp_filter_log *log)
{
	struct seccomp_summary *summary = &log->summary;
	bool direct;

	spin_lock(&summaries_lock);
	summary->closed = true;
	direct = ready_nr >= READY_MAX && !summary->writing &&
		 !tsk_is_oom_victim(current);
	/* if it is being announced, that reference is enough */
	if (!summary->queued && !summary->writing)
		refcount_inc(&log->refs);
	if (direct) {
		if (summary->queued)
			take_ready(log);
		summary->writing = true;
	} else if (!summary->queued && !summary->writing) {
		make_ready(log);
	}
	spin_unlock(&summaries_lock);

	if (direct) {
		write_about(log, true);
		was_written(log, true);
	} else {
		mod_delayed_work(system_unbound_wq, &ready_work, 0);
	}
}

/* The next log to write about, and whether with its summary; or NULL */
static struct seccomp_filter_log *next_ready(bool *closed)
{
	struct seccomp_filter_log *log;

	spin_lock(&summaries_lock);
	log = list_first_entry_or_null(&ready, struct seccomp_filter_log,
				       summary.node);
	if (log) {
		take_ready(log);
		*closed = log->summary.closed;
		log->summary.writing = true;
	}
	spin_unlock(&summaries_lock);

	return log;
}

/* The summary that is watched longest, if its time has come; else NULL */
static struct seccomp_filter_log *next_watched(unsigned long *delay)
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
		list_del(&log->summary.node);
		--*watched_of(log);
	}
	spin_unlock(&summaries_lock);

	return log;
}

/* The time of a summary that is watched has come. */
static void check_one(struct seccomp_filter_log *log)
{
	struct seccomp_summary *summary = &log->summary;

	if (summary->said && (summary->generation == audit_generation() ||
			      summary->repeats++ == REPEATS_MAX)) {
		give_up(log);
		return;
	}
	/* the kernel log has been asked already, and has its limit */
	if (!summary->said || auditd_connected())
		write_about(log, true);
	was_written(log, true);
}

static void write_ready(struct work_struct *work)
{
	struct seccomp_filter_log *log;
	bool closed;

	while ((log = next_ready(&closed))) {
		write_about(log, closed);
		was_written(log, closed);
		cond_resched();
	}
}

static void check_watched(struct work_struct *work)
{
	struct seccomp_filter_log *log;
	unsigned long delay;

	while ((log = next_watched(&delay))) {
		check_one(log);
		cond_resched();
	}
	if (delay)
		queue_delayed_work(system_unbound_wq, &watched_work, delay);
}
