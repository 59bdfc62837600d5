/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of seccomp in the audit log, field by field.
 */
#ifndef SECCOMP_TEST_AUDIT_RECORD_H
#define SECCOMP_TEST_AUDIT_RECORD_H

#include <stdbool.h>

struct audit_text {
	int type;
	unsigned int serial;
	unsigned int bytes;	/* of all that came */
	char text[1024];	/* behind "audit(time:serial): " */
};

/* A record of type SECCOMP, field by field */
struct seccomp_record {
	unsigned int auid, uid, gid, ses;
	int pid;
	char comm[64];
	char exe[512];
	int sig;
	unsigned int arch;
	int syscall;
	int compat;
	unsigned long long ip;
	unsigned int code;
	unsigned long long args[6];
	unsigned long long filter;
	unsigned int retdata;
	unsigned long long seq;
};

/* Who attached a filter that begins to log: KERNEL_OTHER, seccomp-filter-logs */
struct filter_logs {
	unsigned long long filter;
	int pid;
	unsigned int uid;
	char comm[64];
	char exe[512];
	unsigned int insns;
	unsigned int flags;
};

/* A part of a filter's summary: KERNEL_OTHER, seccomp-filter-gone */
struct filter_gone {
	unsigned long long filter;
	unsigned long long logged, left_out, lost;
	unsigned int part, parts;
	unsigned int arch;
	char syscalls[1024];
};

/* One record of seccomp's */
struct log_entry {
	enum { ENTRY_CALL, ENTRY_LOGS, ENTRY_GONE } kind;
	unsigned int serial;	/* of the event */
	union {
		struct seccomp_record call;
		struct filter_logs logs;
		struct filter_gone gone;
	};
};

/*
 * Read a record. Returns 1; 0 if it is not one of seccomp; -EBADMSG if it does not
 * have exactly the form that is documented.
 */
int log_entry_parse(const struct audit_text *record, struct log_entry *entry);

#endif /* SECCOMP_TEST_AUDIT_RECORD_H */
