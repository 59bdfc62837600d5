/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Audit records of seccomp's, and what became of them.
 */
#ifndef _KERNEL_SECCOMP_RECORD_H
#define _KERNEL_SECCOMP_RECORD_H

#include <linux/audit.h>
#include <linux/types.h>

struct seccomp_data;
struct seccomp_filter_log;
struct seccomp_verdict;

/* Bytes of text that one line of the kernel log holds behind audit's stamp */
#define RECORD_TEXT	900

/**
 * enum seccomp_record - what audit makes of a record when asked
 * @RECORD_TAKEN: it takes the record
 * @RECORD_REFUSED: it does not, and has counted it as lost
 * @RECORD_EXCLUDED: a rule excludes records of this type by this task
 * @RECORD_NEVER: there is no audit, and there will be none until reboot
 */
enum seccomp_record {
	RECORD_TAKEN,
	RECORD_REFUSED,
	RECORD_EXCLUDED,
	RECORD_NEVER,
};

enum seccomp_record seccomp_record_none(int type);
enum seccomp_record seccomp_record_call(const struct seccomp_data *sd,
					const struct seccomp_verdict *verdict,
					int sig, struct seccomp_filter_log *log);
bool seccomp_record_rules_apply(void);

#endif /* _KERNEL_SECCOMP_RECORD_H */
