/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fields of the records that seccomp writes to the audit log
 */
#ifndef SECCOMP_TEST_AUDIT_RECORD_H
#define SECCOMP_TEST_AUDIT_RECORD_H

#include <stdbool.h>

struct audit_text {
	int type;
	unsigned int serial;
	unsigned int bytes;	/* of the whole message */
	char text[1024];	/* behind "audit(time:serial): " */
};

/* A record of type SECCOMP: a system call */
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

/* The announcement of a filter: KERNEL_OTHER, op=seccomp-filter-logs */
struct filter_logs {
	unsigned long long filter;
	int pid;
	unsigned int uid;
	char comm[64];
	char exe[512];
	unsigned int insns;
	unsigned int flags;
};

/* A part of a filter's summary: KERNEL_OTHER, op=seccomp-filter-gone */
struct filter_gone {
	unsigned long long filter;
	unsigned long long logged, left_out, lost;
	unsigned int part, parts;
	unsigned int arch;
	char syscalls[1024];
};

/* A record of seccomp */
struct log_entry {
	enum { ENTRY_SECCOMP, ENTRY_LOGS, ENTRY_GONE } kind;
	unsigned int serial;	/* of the event */
	union {
		struct seccomp_record seccomp;
		struct filter_logs logs;
		struct filter_gone gone;
	};
};

/*
 * Parse a record. Returns 1; 0 if it is not one of seccomp; -EBADMSG if it does
 * not have exactly the documented form.
 */
int log_entry_parse(const struct audit_text *record, struct log_entry *entry);

#endif /* SECCOMP_TEST_AUDIT_RECORD_H */
