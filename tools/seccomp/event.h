/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every source produces (a log's reader, multicast, trace, notify) and
 * every consumer takes (policy, tables, explain).
 *
 * Ownership: an event owns nothing. Its texts belong to the source, are valid
 * until the source produces its next event, and are decoded (no hex, no
 * quotes) but otherwise raw: they may hold any byte but NUL, so whoever
 * prints one escapes it (out.h). A consumer that keeps a text copies it.
 * A field that the source does not know is 0, NULL or the value given here.
 */
#ifndef SCLOG_EVENT_H
#define SCLOG_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "call.h"

#define EVENT_ARGS	6

/* Uid, gid, auid and session that are unknown or unset */
#define EVENT_ID_UNSET	UINT32_MAX

enum event_kind {
	EVENT_CALL,		/* a system call: all members but @life */
	EVENT_FILTER_LOGS,	/* the first record of a filter comes */
	EVENT_FILTER_GONE,	/* a filter's last user has gone: its summary */
};

enum event_source {
	SOURCE_FILE,		/* a written log of any form */
	SOURCE_MULTICAST,
	SOURCE_TRACE,
	SOURCE_NOTIFY,
};

/**
 * struct filter_life - op=seccomp-filter-logs and op=seccomp-filter-gone
 * @uid: who attached the filter; @insns, @flags: of the filter (logs only)
 * @flags: filter-flags=
 * @insns: number of instructions
 * @logged: records that the kernel made for it (gone only)
 * @left_out: records that log-once left out (gone only)
 * @lost: records that audit lost (gone only)
 * @part: this summary is part @part of @parts, from 1; all have the counts
 * @parts: number of parts
 * @audit_arch: AUDIT_ARCH_* of @syscalls
 * @syscalls: "0-3,5,...", the numbers that had a record or were left out;
 *	ranges may include numbers that no call has. NULL if there are none.
 */
struct filter_life {
	uint32_t uid;
	uint32_t insns;
	uint32_t flags;
	uint64_t logged;
	uint64_t left_out;
	uint64_t lost;
	uint32_t part;
	uint32_t parts;
	uint32_t audit_arch;
	const char *syscalls;
};

/**
 * struct event - one record
 * @kind: which members count
 * @source: where it comes from
 * @file: name of the file for messages, NULL if there is none
 * @line: line in @file, from 1
 * @time_ms: milliseconds since 1970, 0 if unknown
 * @serial: audit's serial, 0 if unknown
 * @pid: the process, or for a record the thread that the kernel calls pid
 * @tid: the thread; 0 if the source does not tell it from @pid
 * @uid: and @gid, @auid, @ses: EVENT_ID_UNSET if unknown
 * @comm: name of the thread, or NULL
 * @exe: path of the program, or NULL
 * @subj: label of the security module, or NULL
 * @call: convention and number; @call.abi is NULL if @audit_arch is not known
 *	to call.h, and such an event cannot become part of a policy
 * @audit_arch: AUDIT_ARCH_* as recorded
 * @args: arguments, as 64 bits of the register
 * @args_known: bit N: @args[N] is known; stock records have none
 * @ip: instruction pointer
 * @action: SECCOMP_RET_* without data
 * @data: SECCOMP_RET_DATA (the errno for SECCOMP_RET_ERRNO), if @data_known
 * @data_known: stock records have no data
 * @sig: signal of a killed or trapped call, or 0
 * @filter: id of the filter, 0 if the record has none
 * @seq: number of the record among its filter's, from 1; 0 if it has none
 * @count: how many calls the event stands for, at least 1
 * @path: string argument (--paths), or NULL
 * @life: of EVENT_FILTER_LOGS and EVENT_FILTER_GONE
 */
struct event {
	enum event_kind kind;
	enum event_source source;
	const char *file;
	unsigned long line;
	int64_t time_ms;
	uint64_t serial;
	int32_t pid;
	int32_t tid;
	uint32_t uid;
	uint32_t gid;
	uint32_t auid;
	uint32_t ses;
	const char *comm;
	const char *exe;
	const char *subj;
	struct call call;
	uint32_t audit_arch;
	uint64_t args[EVENT_ARGS];
	unsigned int args_known;
	uint64_t ip;
	uint32_t action;
	uint16_t data;
	bool data_known;
	int sig;
	uint64_t filter;
	uint64_t seq;
	uint64_t count;
	const char *path;
	struct filter_life life;
};

#define EVENT_ARGS_ALL	((1u << EVENT_ARGS) - 1)

#endif /* SCLOG_EVENT_H */
