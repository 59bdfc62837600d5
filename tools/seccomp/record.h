/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One line of a log, of any form, becomes an event.
 *
 * Forms: auditd's raw and enriched format, `ausearch -i`, the kernel's text
 * (dmesg, /dev/kmsg, syslog files), the journal's text. An entry of the
 * journal's export and json formats becomes its parts first (journal.h).
 *
 * A record is taken as a whole or not at all. comm and exe are chosen by
 * whoever is watched, and may look like fields: they are found by what stands
 * around them, and never decide what is read from elsewhere. Pure.
 */
#ifndef SCLOG_RECORD_H
#define SCLOG_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"

/* Audit's numbers of the record types that are read */
#define RECORD_SECCOMP		1326
#define RECORD_KERNEL_OTHER	1316
#define RECORD_PROCTITLE	1327

enum record_kind {
	RECORD_OTHER,	/* not about seccomp; may have a serial */
	RECORD_EVENT,	/* @event is set */
	RECORD_CUT,	/* a record about seccomp that ends too early: @why */
	RECORD_FOREIGN,	/* one that has not the form it must have: @why */
	RECORD_MISSING,	/* says that lines are missing: @missing or @audit_lost */
};

enum record_form {
	FORM_OTHER,
	FORM_RAW,
	FORM_INTERPRETED,
	FORM_PRINTK,		/* the kernel's text, of dmesg or syslog */
	FORM_KMSG,		/* the same with the sequence number: @kmsg_seq */
	FORM_JOURNAL,		/* the journal's text of an audit record */
	FORM_MULTICAST,
};

/**
 * struct record - what a line says
 * @kind: and @form: of the line
 * @type: audit's number of the record's type, 0 if it is no record or unknown
 * @stamped: @event.serial and @event.time_ms are set, whatever @kind is
 * @why: completes a message, for RECORD_CUT and RECORD_FOREIGN
 * @missing: number of lines that are missing, at least
 * @audit_lost: audit's count since boot of what it lost, if not 0
 * @kmsg_seq: of FORM_KMSG
 * @node: the machine, if the line names one, or NULL
 * @title: of RECORD_PROCTITLE, the words of the command with a NUL behind each
 *	but the last; NULL if there is none
 * @title_length: in bytes
 * @event: its texts are valid until the next line is parsed
 * @text: holds them
 * @room: of @text
 *
 * Zero-initialized is ready; record_free() at the end.
 */
struct record {
	enum record_kind kind;
	enum record_form form;
	unsigned int type;
	bool stamped;
	const char *why;
	uint64_t missing;
	uint64_t audit_lost;
	uint64_t kmsg_seq;
	const char *node;
	const char *title;
	size_t title_length;
	struct event event;
	char *text;
	size_t room;
};

/** record_parse_line() - @line of @length bytes, without its newline */
void record_parse_line(struct record *record, const char *line, size_t length);

/**
 * record_parse_audit() - "audit(SECONDS.MS:SERIAL): ..." of a known type, as
 * audit's netlink messages have it
 */
void record_parse_audit(struct record *record, unsigned int type,
			const char *text, size_t length);

/**
 * record_parse_message() - a message of the journal whose entry has the rest
 * @type: audit's number of the type
 * @time_ms: and @serial: of the record
 * @text: with or without the type's name in front
 */
void record_parse_message(struct record *record, unsigned int type,
			  int64_t time_ms, uint64_t serial, const char *text,
			  size_t length);

void record_free(struct record *record);

/**
 * record_parse_body() - what follows the stamp; for record.c
 * @record: @record->type says of which type it is; @record->event is empty
 * @body: is changed, and holds the event's texts afterwards
 * @interpreted: values are as ausearch -i shows them
 */
void record_parse_body(struct record *record, char *body, bool interpreted);

/** record_parse_missing() - of a line that is no record; for record.c */
void record_parse_missing(struct record *record, const char *line);

/**
 * record_is_kernel() - the kernel said what starts at @message
 * @line: its line, of dmesg or a syslog file
 */
bool record_is_kernel(const char *line, const char *message);

/**
 * record_next_range() - walk through filter_life.syscalls
 * @text: moves on; NULL behind the last
 * @first: and @last: set
 *
 * Return: false at the end or if it is no such text.
 */
bool record_next_range(const char **text, uint32_t *first, uint32_t *last);

/** parse_u64() - a whole text of digits; false for a sign, blank or overflow */
bool parse_u64(const char *text, unsigned int base, uint64_t max,
	       uint64_t *value);

#endif /* SCLOG_RECORD_H */
