// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: journals of filters. A filter that logs tells at its first record
 * who attached it, and at its end what of its log there is and what is missing.
 */

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <kunit/visibility.h>

#include "internal.h"
#include "journal.h"
#include "once.h"

/* A part must pass printk, whose lines end at 1024 bytes. */
#define PART_TEXT	700

/* How far the record of who attached a filter is */
enum {
	ANNOUNCE_NOT,
	ANNOUNCE_NOW,
	ANNOUNCE_DONE,
};

/* So many filters may wait for audit to take their closing record. */
#define CLOSINGS_MAX	1024

/* Where audit refuses one, all wait: as long as this at first and at last */
#define PAUSE_FIRST	HZ
#define PAUSE_LAST	(60 * HZ)

/*
 * Journals that have a closing record to write, the longest waiting first; how
 * many there are, with those being written; how long to wait after a refusal, and
 * since when that is.
 */
static LIST_HEAD(closings);
static unsigned int closings_nr;
static unsigned long closings_pause;
static unsigned long closings_refused;
static DEFINE_SPINLOCK(closings_lock);	/* guards all of them */

static void write_closings(struct work_struct *work);
static DECLARE_DELAYED_WORK(closings_work, write_closings);

/**
 * seccomp_journal_new_id() - a name for a filter
 *
 * Begins anywhere and goes on in steps of random length: two ids do not tell
 * how many filters were attached between them.
 *
 * Context: Any.
 * Return: A number that is never 0 and is returned only once.
 */
u64 seccomp_journal_new_id(void)
{
	static atomic64_t steps = ATOMIC64_INIT(1);
	static u64 start;

	get_random_once(&start, sizeof(start));
	/* far from the end, which nobody lives to see */
	return (start >> 2) +
	       atomic64_add_return(1 + get_random_u8() % 16, &steps);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_journal_new_id);

/* Path of current's executable in @buf, empty where there is none */
static const char *executable(char *buf, int size)
{
	struct file *exe = current->mm ? get_mm_exe_file(current->mm) : NULL;
	const char *path;

	if (!exe)
		return "";
	path = d_path(&exe->f_path, buf, size);
	fput(exe);
	return IS_ERR(path) ? "<too_long>" : path;
}

static void announcement_settled(struct audit_receipt *receipt,
				 enum audit_fate fate)
{
	struct seccomp_journal *journal =
		container_of(receipt, struct seccomp_journal, announcement);

	if (fate == AUDIT_FATE_LOST) {
		atomic64_inc(&journal->lost);
		atomic_set(&journal->announced, ANNOUNCE_NOT);
	} else if (fate == AUDIT_FATE_UNWANTED) {
		/* then it need not be tried again */
		atomic_set(&journal->announced, ANNOUNCE_DONE);
	}
	seccomp_journal_put(journal);
}

static void closing_settled(struct audit_receipt *receipt, enum audit_fate fate);

/**
 * seccomp_journal_create() - the journal of a filter that current attaches
 * @insns: number of the program's instructions
 * @flags: SECCOMP_FILTER_FLAG_*
 *
 * Context: Task context, may sleep.
 * Return: A journal with one reference, for seccomp_journal_put(); NULL
 * without memory.
 */
struct seccomp_journal *seccomp_journal_create(unsigned int insns,
					       unsigned int flags)
{
	struct seccomp_journal *journal = NULL;
	char *buf = __getname();
	const char *exe;
	size_t size;

	if (!buf)
		return NULL;

	exe = executable(buf, PATH_MAX);
	size = strlen(exe) + 1;
	journal = kzalloc(struct_size(journal, exe, size), GFP_KERNEL_ACCOUNT);
	if (!journal)
		goto out;

	refcount_set(&journal->refs, 1);
	journal->id = seccomp_journal_new_id();
	spin_lock_init(&journal->lock);
	mutex_init(&journal->announcing);
	journal->announcement.settle = announcement_settled;
	journal->closing.settle = closing_settled;
	journal->pid = task_tgid_nr(current);
	journal->uid = current_uid();
	get_task_comm(journal->comm, current);
	journal->insns = insns;
	journal->flags = flags;
	memcpy(journal->exe, exe, size);
out:
	__putname(buf);
	return journal;
}

static void journal_free(struct seccomp_journal *journal)
{
	kvfree(journal->once);
	kfree(journal);
}

/* The next part is to be written; @refused: or the last one again, later. */
static void queue_closing(struct seccomp_journal *journal, bool refused)
{
	spin_lock(&closings_lock);
	list_add(&journal->node, &closings);
	if (!refused) {
		closings_pause = 0;
	} else {
		closings_pause = clamp_t(unsigned long, 2 * closings_pause,
					 PAUSE_FIRST, PAUSE_LAST);
		closings_refused = jiffies;
	}
	spin_unlock(&closings_lock);
	queue_delayed_work(system_unbound_wq, &closings_work, 0);
}

static void begin_closing(struct seccomp_journal *journal)
{
	bool room;

	spin_lock(&closings_lock);
	room = closings_nr < CLOSINGS_MAX;
	if (room) {
		closings_nr++;
		list_add_tail(&journal->node, &closings);
	}
	spin_unlock(&closings_lock);

	if (room) {
		queue_delayed_work(system_unbound_wq, &closings_work, 0);
		return;
	}
	pr_notice_ratelimited("seccomp: audit is too slow for the closing record of filter %llx\n",
			      journal->id);
	journal_free(journal);
}

static void end_closing(struct seccomp_journal *journal)
{
	spin_lock(&closings_lock);
	closings_nr--;
	spin_unlock(&closings_lock);
	journal_free(journal);
}

/**
 * seccomp_journal_put() - a record has settled, or the filter is gone
 * @journal: a journal, or NULL
 *
 * Where the last one goes that is left of a filter that logged, the closing
 * record is written, by a worker that may sleep.
 *
 * Context: Any but interrupts.
 */
void seccomp_journal_put(struct seccomp_journal *journal)
{
	if (!journal || !refcount_dec_and_test(&journal->refs))
		return;

	if (atomic64_read(&journal->logged) || atomic64_read(&journal->lost))
		begin_closing(journal);
	else
		journal_free(journal);
}

/**
 * seccomp_journal_note() - a record of a call is due
 * @journal: the deciding filter's
 * @nr: system call number
 * @arch: AUDIT_ARCH_*
 *
 * Context: Task context.
 */
void seccomp_journal_note(struct seccomp_journal *journal, int nr, u32 arch)
{
	unsigned int call = seccomp_call(nr, arch);

	if (!seccomp_call_is_gap(call)) {
		if (!test_bit(call, journal->calls))
			set_bit(call, journal->calls);
		return;
	}

	spin_lock(&journal->lock);
	journal->gaps_nr = seccomp_ranges_add(journal->gaps, journal->gaps_nr,
					      JOURNAL_GAPS, arch, nr);
	spin_unlock(&journal->lock);
}

static bool is_announced(struct seccomp_journal *journal)
{
	return atomic_read_acquire(&journal->announced) == ANNOUNCE_DONE;
}

static void write_announcement(struct seccomp_journal *journal,
			       struct audit_event *event)
{
	struct audit_buffer *ab;

	lockdep_assert_held(&journal->announcing);

	atomic_set(&journal->announced, ANNOUNCE_NOW);
	refcount_inc(&journal->refs);
	/* Others wait for the lock, and auditd itself may be one of them. */
	ab = audit_log_start_receipt(event, &journal->announcement, GFP_NOWAIT,
				     AUDIT_KERNEL_OTHER);
	if (!ab)
		return;

	audit_log_format(ab,
			 "op=seccomp-filter-logs filter=%llx pid=%d uid=%u comm=",
			 journal->id, journal->pid,
			 from_kuid(&init_user_ns, journal->uid));
	audit_log_untrustedstring(ab, journal->comm);
	audit_log_format(ab, " exe=");
	if (journal->exe[0])
		audit_log_untrustedstring(ab, journal->exe);
	else
		audit_log_format(ab, "(null)");
	audit_log_format(ab, " insns=%u filter-flags=0x%x", journal->insns,
			 journal->flags);
	audit_log_end(ab);
	/* from here on records may follow, unless this one was lost already */
	atomic_cmpxchg(&journal->announced, ANNOUNCE_NOW, ANNOUNCE_DONE);
}

/**
 * seccomp_journal_announce() - say who attached a filter, unless that was said
 * @journal: the filter's
 * @event: of the record that is begun and not ended
 *
 * Context: Task context, may sleep.
 */
void seccomp_journal_announce(struct seccomp_journal *journal,
			      struct audit_event *event)
{
	if (likely(is_announced(journal)))
		return;

	mutex_lock(&journal->announcing);
	if (!is_announced(journal))
		write_announcement(journal, event);
	mutex_unlock(&journal->announcing);
}

/**
 * seccomp_journal_once() - the memory of log-once
 * @journal: a filter's
 *
 * Context: Task context, may sleep.
 * Return: The memory, made where there was none; NULL without memory for it.
 */
struct seccomp_once *seccomp_journal_once(struct seccomp_journal *journal)
{
	/* Pairs with the cmpxchg below: its slots are zero. */
	struct seccomp_once *once = smp_load_acquire(&journal->once);
	struct seccomp_once *other;

	if (likely(once))
		return once;

	once = kvzalloc(sizeof(*once), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!once)
		return NULL;
	other = cmpxchg(&journal->once, NULL, once);
	if (!other)
		return once;
	kvfree(once);
	return other;
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
		queue_closing(journal, true);
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

	if (fate == AUDIT_FATE_LOST)
		queue_closing(journal, true);
	else if (fate == AUDIT_FATE_SENT && ++journal->part < journal->parts)
		queue_closing(journal, false);
	else
		end_closing(journal);
}

/* The journal that waits longest; NULL where there is none, or for @pause. */
static struct seccomp_journal *next_closing(unsigned long *pause)
{
	struct seccomp_journal *journal;
	unsigned long passed;

	*pause = 0;
	spin_lock(&closings_lock);
	journal = list_first_entry_or_null(&closings, struct seccomp_journal,
					   node);
	passed = jiffies - closings_refused;
	if (journal && passed < closings_pause) {
		*pause = closings_pause - passed;
		journal = NULL;
	}
	if (journal)
		list_del(&journal->node);
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
