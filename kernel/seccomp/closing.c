// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the closing records of filters. What of a filter's log there is, what
 * is missing, and which calls there were.
 */

#include <linux/audit.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "calls.h"
#include "internal.h"
#include "journal.h"
#include "ranges.h"

/* A part must pass printk, whose lines end at 1024 bytes. */
#define PART_TEXT	700

/* So many filters may wait for audit to take their closing record. */
#define CLOSINGS_MAX	1024

/* Where audit refuses one, all wait: as long as this at first and at last */
#define PAUSE_FIRST	HZ
#define PAUSE_LAST	(10 * HZ)

/*
 * Journals that have a closing record to write, the longest waiting first; how
 * many there are in all; how many of them are just being written, and how many
 * may be: one more with each that arrives, one after a refusal; how long to wait
 * after that, 0 for not at all, and since when.
 */
static LIST_HEAD(closings);
static unsigned int closings_nr;
static unsigned int closings_written;
static unsigned int closings_window = 1;
static unsigned long closings_pause;
static unsigned long closings_refused;
static DEFINE_SPINLOCK(closings_lock);	/* guards all of them */

static void write_closings(struct work_struct *work);
static DECLARE_DELAYED_WORK(closings_work, write_closings);

static void closing_settled(struct audit_receipt *receipt, enum audit_fate fate);

/* Have the worker look what there is to do, even where it waits. */
static void wake_writer(void)
{
	mod_delayed_work(system_unbound_wq, &closings_work, 0);
}

static unsigned long pause_left(void)
{
	unsigned long passed = jiffies - closings_refused;

	lockdep_assert_held(&closings_lock);
	return passed < closings_pause ? closings_pause - passed : 0;
}

/* Longer once a pause, however many are refused that were on their way. */
static void pause_again(void)
{
	lockdep_assert_held(&closings_lock);
	if (pause_left())
		return;
	WRITE_ONCE(closings_pause, clamp_t(unsigned long, 2 * closings_pause,
					   PAUSE_FIRST, PAUSE_LAST));
	closings_refused = jiffies;
}

/**
 * seccomp_closing_begin() - the last of a filter that logged is gone
 * @journal: its journal, which nobody else has any more
 *
 * A worker that may sleep writes the record and frees the journal.
 *
 * Context: Any but interrupts.
 */
void seccomp_closing_begin(struct seccomp_journal *journal)
{
	bool room;

	journal->closing.settle = closing_settled;
	spin_lock(&closings_lock);
	room = closings_nr < CLOSINGS_MAX;
	if (room) {
		closings_nr++;
		list_add_tail(&journal->node, &closings);
	}
	spin_unlock(&closings_lock);

	if (room) {
		wake_writer();
		return;
	}
	pr_notice_ratelimited("seccomp: audit is too slow for the closing record of filter %llx\n",
			      journal->id);
	seccomp_journal_free(journal);
}

/**
 * seccomp_closing_retry() - audit takes records again
 *
 * Where closing records wait for that, one is tried.
 *
 * Context: Any but interrupts.
 */
void seccomp_closing_retry(void)
{
	bool waiting;

	if (likely(!READ_ONCE(closings_pause)))
		return;

	spin_lock(&closings_lock);
	waiting = !list_empty(&closings) && pause_left();
	if (waiting)
		closings_refused = jiffies - closings_pause;
	spin_unlock(&closings_lock);
	if (waiting)
		wake_writer();
}

/* The closing record */

/* Everything that @journal knows of one architecture, in order */
static unsigned int arch_ranges(const struct seccomp_journal *journal, u32 arch,
				struct seccomp_range *ranges)
{
	unsigned int nr = 0;

#ifdef SECCOMP_ARCH_NATIVE
	if (arch == SECCOMP_ARCH_NATIVE) {
		nr += seccomp_ranges_of_bits(ranges + nr, journal->calls,
					     CALL_NATIVE, CALLS_NATIVE, arch, 0);
# if CALLS_X32
		nr += seccomp_ranges_of_bits(ranges + nr, journal->calls,
					     CALL_X32, CALLS_X32, arch,
					     __X32_SYSCALL_BIT);
# endif
	}
#endif
#ifdef SECCOMP_ARCH_COMPAT
	if (arch == SECCOMP_ARCH_COMPAT)
		nr += seccomp_ranges_of_bits(ranges + nr, journal->calls,
					     CALL_COMPAT, CALLS_COMPAT, arch, 0);
#endif
	for (unsigned int i = 0; i < journal->gaps_nr; i++)
		if (journal->gaps[i].arch == arch)
			ranges[nr++] = journal->gaps[i];

	return seccomp_ranges_sort(ranges, nr);
}

/* One part of the closing record, in the making */
struct closing_part {
	unsigned int wanted;	/* which part */
	unsigned int parts;	/* how many there are */
	u32 arch;		/* of the wanted one */
	char text[PART_TEXT];	/* its ranges */
	char other[PART_TEXT];	/* those of the others */
	struct seccomp_range ranges[SECCOMP_CALLS / 2 + 2 + JOURNAL_GAPS];
};

static void find_arch_parts(const struct seccomp_journal *journal, u32 arch,
			    struct closing_part *part)
{
	unsigned int nr = arch_ranges(journal, arch, part->ranges);

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

static void find_part(const struct seccomp_journal *journal,
		      struct closing_part *part)
{
	part->wanted = journal->part;
	part->parts = 0;
#ifdef SECCOMP_ARCH_NATIVE
	find_arch_parts(journal, SECCOMP_ARCH_NATIVE, part);
#endif
#ifdef SECCOMP_ARCH_COMPAT
	find_arch_parts(journal, SECCOMP_ARCH_COMPAT, part);
#endif
	for (unsigned int i = 0; i < journal->gaps_nr; i++) {
		u32 arch = journal->gaps[i].arch;

#ifdef SECCOMP_ARCH_NATIVE
		if (arch == SECCOMP_ARCH_NATIVE)
			continue;
#endif
#ifdef SECCOMP_ARCH_COMPAT
		if (arch == SECCOMP_ARCH_COMPAT)
			continue;
#endif
		if (!arch_seen(journal->gaps, i, arch))
			find_arch_parts(journal, arch, part);
	}
}

/* The part is on its way or refused when this returns; see closing_settled(). */
static void write_part(struct seccomp_journal *journal)
{
	struct closing_part *part = kmalloc(sizeof(*part), GFP_KERNEL);
	struct audit_buffer *ab;

	if (!part) {
		closing_settled(&journal->closing, AUDIT_FATE_LOST);
		return;
	}

	find_part(journal, part);
	journal->parts = part->parts;
	ab = audit_log_start_receipt(&journal->event, &journal->closing,
				     GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (ab) {
		audit_log_format(ab,
				 "op=seccomp-filter-gone filter=%llx logged=%lld left-out=%lld lost=%lld part=%u/%u arch=%x syscalls=%s",
				 journal->id, atomic64_read(&journal->logged),
				 atomic64_read(&journal->left_out),
				 atomic64_read(&journal->lost),
				 part->wanted + 1, part->parts, part->arch,
				 part->text);
		audit_log_end(ab);
	}
	kfree(part);
}

/*
 * After a part comes the next one, or the same again, or the end. That audit
 * refused a part is not counted: it will arrive.
 */
static void closing_settled(struct audit_receipt *receipt, enum audit_fate fate)
{
	struct seccomp_journal *journal =
		container_of(receipt, struct seccomp_journal, closing);
	bool more = fate == AUDIT_FATE_LOST;

	if (fate == AUDIT_FATE_SENT)
		more = ++journal->part < journal->parts;

	spin_lock(&closings_lock);
	closings_written--;
	if (fate == AUDIT_FATE_LOST) {
		closings_window = 1;
		pause_again();
	} else {
		closings_window = min_t(unsigned int, closings_window + 1,
					CLOSINGS_MAX);
		WRITE_ONCE(closings_pause, 0);
	}
	if (more)
		list_add(&journal->node, &closings);
	else
		closings_nr--;
	spin_unlock(&closings_lock);

	wake_writer();
	if (!more)
		seccomp_journal_free(journal);
}

/*
 * The journal that waits longest; NULL where there is none, or not yet: not for
 * @pause, or before another one has settled.
 */
static struct seccomp_journal *next_closing(unsigned long *pause)
{
	struct seccomp_journal *journal;

	spin_lock(&closings_lock);
	journal = list_first_entry_or_null(&closings, struct seccomp_journal,
					   node);
	*pause = journal ? pause_left() : 0;
	if (*pause || closings_written >= closings_window)
		journal = NULL;
	if (journal) {
		list_del(&journal->node);
		closings_written++;
	}
	spin_unlock(&closings_lock);

	return journal;
}

static void write_closings(struct work_struct *work)
{
	struct seccomp_journal *journal;
	unsigned long pause;

	while ((journal = next_closing(&pause))) {
		/* only the counts and the calls are needed from here on */
		kvfree(journal->once);
		journal->once = NULL;
		write_part(journal);
	}
	if (pause)
		queue_delayed_work(system_unbound_wq, &closings_work, pause);
}
