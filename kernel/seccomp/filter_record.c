// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the text of the records about filters: who attached a filter, and
 * what it has logged.
 */

#include <linux/audit.h>
#include <linux/slab.h>

#include "abi.h"
#include "filter_log.h"
#include "filter_record.h"
#include "ranges.h"
#include "record.h"
#include "syscall_index.h"

/* Bytes of "syscalls=": with it a record fits into a line of printk. */
#define PART_TEXT	700

/**
 * struct summary_part - one of the records of a summary
 * @wanted: its number
 * @parts: the number of all records
 * @arch: its architecture
 * @text: its ranges of system call numbers
 * @other: memory for the ranges of other records
 * @ranges: memory for the ranges of an architecture
 */
struct summary_part {
	unsigned int wanted;
	unsigned int parts;
	u32 arch;
	char text[PART_TEXT];
	char other[PART_TEXT];
	struct seccomp_range ranges[SECCOMP_SYSCALLS / 2 + SECCOMP_ABIS +
				    FILTER_LOG_GAPS];
};

/* The ranges of one architecture, in order. Returns their number. */
static unsigned int arch_ranges(const struct seccomp_filter_log *log, u32 arch,
				struct seccomp_range *ranges)
{
	const struct seccomp_abi *abi;
	unsigned int nr = 0;

	for_each_seccomp_abi(abi)
		if (abi->arch == arch)
			nr += seccomp_ranges_of_bits(ranges + nr, log->syscalls,
						     abi->index, abi->count,
						     arch, abi->first);
	for (unsigned int i = 0; i < log->gaps_nr; i++)
		if (log->gaps[i].arch == arch)
			ranges[nr++] = log->gaps[i];

	return seccomp_ranges_sort(ranges, nr);
}

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

/* Has an ABI before @end this architecture? */
static bool is_arch_of_abi(const struct seccomp_abi *end, u32 arch)
{
	for (const struct seccomp_abi *abi = seccomp_abis; abi < end; abi++)
		if (abi->arch == arch)
			return true;
	return false;
}

static bool is_arch_of_gap(const struct seccomp_range *gaps, unsigned int nr,
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
	const struct seccomp_abi *abi;

	part->wanted = wanted;
	part->parts = 0;
	for_each_seccomp_abi(abi)
		if (!is_arch_of_abi(abi, abi->arch))
			find_arch_parts(log, abi->arch, part);
	for (unsigned int i = 0; i < log->gaps_nr; i++) {
		u32 arch = log->gaps[i].arch;

		if (!is_arch_of_abi(seccomp_abis + SECCOMP_ABIS, arch) &&
		    !is_arch_of_gap(log->gaps, i, arch))
			find_arch_parts(log, arch, part);
	}
}

/* Write record @nr of the summary. *@parts becomes the number of records. */
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

/**
 * seccomp_filter_record_summary() - write what a filter has logged
 * @log: the filter's log
 *
 * Context: Task context, may sleep.
 * Return: What audit did with the records; if it did not take one, the rest is
 * not written.
 */
enum seccomp_record
seccomp_filter_record_summary(const struct seccomp_filter_log *log)
{
	enum seccomp_record result = RECORD_TAKEN;
	unsigned int parts = 1;

	for (unsigned int nr = 0; nr < parts && result == RECORD_TAKEN; nr++)
		result = write_part(log, nr, &parts);
	return result;
}

/**
 * seccomp_filter_record_attacher() - write who attached a filter
 * @log: the filter's log
 *
 * Context: Task context, may sleep.
 * Return: What audit did with the record.
 */
enum seccomp_record
seccomp_filter_record_attacher(const struct seccomp_filter_log *log)
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
