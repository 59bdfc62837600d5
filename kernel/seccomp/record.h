/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The audit record of a system call.
 */
#ifndef _KERNEL_SECCOMP_RECORD_H
#define _KERNEL_SECCOMP_RECORD_H

#include <linux/audit.h>
#include <linux/types.h>

struct seccomp_data;
struct seccomp_filter_log;
struct seccomp_verdict;

/*
 * Bytes of a record behind its time stamp, so that it fits into a line of
 * printk
 */
#define RECORD_TEXT	900

/**
 * enum seccomp_record - what audit did with a record
 * @RECORD_TAKEN: it took the record
 * @RECORD_REFUSED: it did not, and counted it as lost
 * @RECORD_EXCLUDED: a rule excludes records of this type from this task
 * @RECORD_NEVER: audit is off until reboot
 */
enum seccomp_record {
	RECORD_TAKEN,
	RECORD_REFUSED,
	RECORD_EXCLUDED,
	RECORD_NEVER,
};

/* record.c */
#ifdef CONFIG_AUDIT
enum seccomp_record seccomp_record_none(int type);
enum seccomp_record seccomp_record_call(const struct seccomp_data *sd,
					const struct seccomp_verdict *verdict,
					int sig, struct seccomp_filter_log *log);
bool seccomp_record_rules_apply(void);

/* Do records go to an audit daemon, and not to the kernel log? */
static inline bool seccomp_record_has_daemon(void)
{
	return auditd_connected();
}
#else
static inline enum seccomp_record seccomp_record_none(int type)
{
	return RECORD_NEVER;
}

static inline enum seccomp_record
seccomp_record_call(const struct seccomp_data *sd,
		    const struct seccomp_verdict *verdict, int sig,
		    struct seccomp_filter_log *log)
{
	return RECORD_NEVER;
}

static inline bool seccomp_record_rules_apply(void)
{
	return false;
}

static inline bool seccomp_record_has_daemon(void)
{
	return false;
}
#endif

#endif /* _KERNEL_SECCOMP_RECORD_H */
