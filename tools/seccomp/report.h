/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was read, for people and for programs.
 */
#ifndef SCLOG_REPORT_H
#define SCLOG_REPORT_H

#include <stdio.h>

#include "args.h"
#include "policy.h"

/**
 * struct report_entry - a call that one action was taken on
 * @audit_arch: of a call whose architecture is not known: call.abi is NULL
 * @rows: what is known of each argument; NULL: its values are not counted
 */
struct report_entry {
	struct call call;
	uint32_t audit_arch;
	uint32_t action;
	uint64_t count;
	int64_t first_ms;
	int64_t last_ms;
	struct name_counts by;
	struct value_counts args[EVENT_ARGS];
	const struct arg *rows[EVENT_ARGS];
};

/* Zero-initialized is empty; @entries are sorted by call and action */
struct report {
	struct report_entry *entries;
	size_t nr;
};

/** report_add() - a call was logged */
void report_add(struct report *report, const struct event *event);

/** report_name() - a call was made of which nothing else is known */
void report_name(struct report *report, const struct call *call);

/** report_print() - a table for people, the most frequent first */
void report_print(const struct report *report, FILE *out);

/** report_list() - a name a line, each once, in the order of policy files */
void report_list(const struct report *report, FILE *out);

/** report_json() - an object a line */
void report_json(const struct report *report, FILE *out);

/** report_event() - one event, for people or as JSON: what --follow prints */
void report_event(const struct event *event, FILE *out);
void report_event_json(const struct event *event, FILE *out);

/** report_unknown() - calls of architectures that are not known */
uint64_t report_unknown(const struct report *report);

/** ret_name() - "errno", "kill_process", "log": of SECCOMP_RET_* without data */
const char *ret_name(uint32_t action);

void report_free(struct report *report);

#endif /* SCLOG_REPORT_H */
