// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: journals of filters. A filter that logs tells with its first record
 * who attached it; closing.c has what it tells at its end.
 */

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "internal.h"
#include "journal.h"
#include "once.h"

/* How far the record of who attached a filter is */
enum {
	ANNOUNCE_NOT,
	ANNOUNCE_NOW,
	ANNOUNCE_DONE,
};

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

/**
 * seccomp_journal_free() - nobody has the journal any more
 * @journal: a journal
 *
 * Context: Any but interrupts.
 */
void seccomp_journal_free(struct seccomp_journal *journal)
{
	kvfree(journal->once);
	kfree(journal);
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
		seccomp_closing_begin(journal);
	else
		seccomp_journal_free(journal);
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

/**
 * seccomp_journal_announced() - was it said who attached the filter?
 * @journal: the filter's
 *
 * Context: Any.
 * Return: true where records of calls may follow.
 */
bool seccomp_journal_announced(const struct seccomp_journal *journal)
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
 * @event: of the announcement. The record of a call is begun by now and not
 *	ended: audit had room for it. Its event is another one, since auditd's
 *	tools name an event by its first record.
 *
 * Context: Task context, may sleep.
 * Return: true where the record may follow; false where audit refused to take
 * the announcement, without which it must not be written.
 */
bool seccomp_journal_announce(struct seccomp_journal *journal,
			      struct audit_event *event)
{
	bool announced;

	if (likely(seccomp_journal_announced(journal)))
		return true;

	mutex_lock(&journal->announcing);
	if (!seccomp_journal_announced(journal))
		write_announcement(journal, event);
	announced = seccomp_journal_announced(journal);
	mutex_unlock(&journal->announcing);

	return announced;
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
