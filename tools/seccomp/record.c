// SPDX-License-Identifier: GPL-2.0
/*
 * One line of a log, of any form: where its record is, and its stamp.
 *
 *	type=SECCOMP msg=audit(1700000000.001:1): BODY			raw
 *	type=SECCOMP msg=audit(11/14/23 22:13:20.001:1) : BODY		ausearch -i
 *	[   12.345678] audit: type=1326 audit(1700000000.001:1): BODY	dmesg
 *	5,1234,12345678,-;audit: type=1326 audit(...): BODY		/dev/kmsg
 *	Mar 03 10:00:01 box kernel: audit: type=1326 audit(...): BODY	syslog
 *	Mar 03 10:00:01 box audit[7]: SECCOMP BODY			journal
 *	SECCOMP BODY							journalctl -o cat
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "out.h"
#include "record.h"

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Start anew with a copy of the text, ended at the first NUL */
static char *begin(struct record *record, const char *text, size_t length)
{
	struct event *event = &record->event;

	if (record->room < length + 1) {
		record->room = length + 1 > 1024 ? length + 1 : 1024;
		record->text = xreallocarray(record->text, record->room, 1);
	}
	memcpy(record->text, text, length);
	record->text[length] = '\0';
	record->kind = RECORD_OTHER;
	record->form = FORM_OTHER;
	record->type = 0;
	record->stamped = false;
	record->why = NULL;
	record->missing = 0;
	record->audit_lost = 0;
	record->kmsg_seq = 0;
	record->node = NULL;
	record->title = NULL;
	record->title_length = 0;
	*event = (struct event){
		.auid = EVENT_ID_UNSET,
		.uid = EVENT_ID_UNSET,
		.gid = EVENT_ID_UNSET,
		.ses = EVENT_ID_UNSET,
		.life.uid = EVENT_ID_UNSET,
	};
	return record->text;
}

void record_free(struct record *record)
{
	free(record->text);
	*record = (struct record){};
}

/* SECCOMP, UNKNOWN[1326], AUDIT1326: its number, 0 for other types */
static unsigned int type_by_name(const char *name, size_t length)
{
	static const struct {
		const char *name;
		unsigned int type;
	} types[] = {
		{ "SECCOMP", RECORD_SECCOMP },
		{ "UNKNOWN[1326]", RECORD_SECCOMP },
		{ "AUDIT1326", RECORD_SECCOMP },
		{ "KERNEL_OTHER", RECORD_KERNEL_OTHER },
		{ "UNKNOWN[1316]", RECORD_KERNEL_OTHER },
		{ "AUDIT1316", RECORD_KERNEL_OTHER },
		{ "PROCTITLE", RECORD_PROCTITLE },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == length &&
		    !memcmp(types[i].name, name, length))
			return types[i].type;
	return 0;
}

static bool is_ours(unsigned int type)
{
	return type == RECORD_SECCOMP || type == RECORD_KERNEL_OTHER;
}

/* Digits at *at as a number; false if there are none or too many */
static bool take_digits(const char **at, uint64_t *number)
{
	size_t digits = strspn(*at, "0123456789");

	*number = 0;
	if (!digits || digits > 18)
		return false;
	for (size_t i = 0; i < digits; i++)
		*number = 10 * *number + ((*at)[i] - '0');
	*at += digits;
	return true;
}

/* ".MMM:SERIAL)", which ends each stamp */
static bool take_serial(const char **at, uint64_t *ms, uint64_t *serial)
{
	const char *start = *at;

	if (*start != '.')
		return false;
	*at = start + 1;
	return take_digits(at, ms) && *at == start + 4 && *(*at)++ == ':' &&
		take_digits(at, serial) && *(*at)++ == ')';
}

/* "audit(SECONDS.MMM:SERIAL)" */
static bool take_stamp(const char **at, struct event *event)
{
	uint64_t seconds;
	uint64_t ms;

	if (!starts(*at, "audit("))
		return false;
	*at += strlen("audit(");
	if (!take_digits(at, &seconds) || seconds > UINT32_MAX * 100ULL ||
	    !take_serial(at, &ms, &event->serial))
		return false;
	event->time_ms = seconds * 1000 + ms;
	return true;
}

/*
 * "audit(DATE TIME.MMM:SERIAL)" of ausearch -i. The date is the locale's: it
 * is read if it can only be month, day and year, else the time is unknown.
 */
static bool take_shown_stamp(const char **at, struct event *event)
{
	const char *date = *at + strlen("audit(");
	const char *close = strchr(date, ')');
	struct tm time = { .tm_isdst = -1 };
	const char *dot = close;
	const char *end;
	uint64_t ms;

	if (!starts(*at, "audit(") || !close)
		return false;
	while (dot > date && *dot != '.')
		dot--;
	*at = dot;
	if (!take_serial(at, &ms, &event->serial))
		return false;
	end = strptime(date, "%m/%d/%Y %H:%M:%S", &time);
	if (end != dot || time.tm_year < 0) {
		time = (struct tm){ .tm_isdst = -1 };
		end = strptime(date, "%m/%d/%y %H:%M:%S", &time);
	}
	if (end == dot)
		event->time_ms = (int64_t)mktime(&time) * 1000 + ms;
	return true;
}

/* What follows is the body, up to the names that auditd appends */
static void parse_body(struct record *record, const char *at, bool interpreted)
{
	char *body = record->text + (at - record->text);
	char *end = strchr(body, 0x1d);
	size_t length;

	if (!end)
		end = strstr(body, "#035");	/* as syslog shows it */
	if (end)
		*end = '\0';
	length = strlen(body);
	while (length && (body[length - 1] == ' ' || body[length - 1] == '\r'))
		body[--length] = '\0';
	record_parse_body(record, body, interpreted);
}

/* The record should be there, and its stamp is not one */
static void bad_stamp(struct record *record, const char *at)
{
	if (!is_ours(record->type))
		return;
	record->kind = strchr(at, ')') ? RECORD_FOREIGN : RECORD_CUT;
	record->why = "its time and serial";
}

/* "node=NAME type=NAME msg=audit(...): BODY" */
static void parse_raw(struct record *record, char *at)
{
	bool interpreted = false;
	const char *rest;
	size_t length;

	if (starts(at, "node=")) {
		char *end = strchr(at, ' ');

		if (!end)
			return;
		*end = '\0';
		record->node = at + strlen("node=");
		at = end + 1;
	}
	if (!starts(at, "type="))
		return;
	at += strlen("type=");
	length = strcspn(at, " ");
	record->type = type_by_name(at, length);
	record->form = FORM_RAW;
	if (!starts(at + length, " msg=")) {
		if (is_ours(record->type)) {
			record->kind = strlen(at + length) < 5 ? RECORD_CUT :
				RECORD_FOREIGN;
			record->why = "msg";
		}
		return;
	}
	rest = at + length + strlen(" msg=");
	if (starts(rest, "audit(") && strchr(rest, '/') &&
	    strchr(rest, '/') < rest + 12)
		interpreted = true;
	if (interpreted)
		record->form = FORM_INTERPRETED;
	at = (char *)rest;
	if (!(interpreted ? take_shown_stamp(&rest, &record->event) :
			    take_stamp(&rest, &record->event))) {
		bad_stamp(record, at);
		return;
	}
	if (interpreted && *rest == ' ')
		rest++;
	if (!starts(rest, ": ")) {
		/* the body of a record that is cut is empty */
		rest += strspn(rest, ":");
		if (*rest)
			bad_stamp(record, rest);
	} else {
		rest += 2;
	}
	record->stamped = true;
	if (record->kind == RECORD_OTHER)
		parse_body(record, rest, interpreted);
}

/*
 * What a syslog file has in front: a date and the name of a machine, without
 * ": " in it; @tag is set to what follows, which may have a space in front.
 */
static bool is_header(const char *line, const char *end)
{
	for (const char *at = line; at + 1 < end; at++)
		if (at[0] == ':' && at[1] == ' ')
			return false;
	return true;
}

/* In front may be the priority, a header with "kernel:", and brackets */
bool record_is_kernel(const char *line, const char *message)
{
	const char *end = message;

	/* "[   12.345678] ", "[  T12] ", from the right */
	while (end - line >= 2 && end[-1] == ' ' && end[-2] == ']') {
		const char *open = end - 2;

		while (open > line && *open != '[')
			open--;
		if (*open != '[')
			return false;
		end = open;
		while (end > line && end[-1] == ']') {
			while (end > line && *--end != '[')
				;
		}
	}
	if (*line == '<') {
		size_t digits = strspn(line + 1, "0123456789");

		if (digits && line[1 + digits] == '>')
			line += digits + 2;
	}
	if (end <= line)
		return true;
	/* dmesg -x */
	if (end - line < 24 && starts(line, "kern ") && end[-1] == ' ' &&
	    end[-2] == ':')
		return true;
	if (end - line >= 8 && !strncmp(end - 8, "kernel: ", 8)) {
		end -= 8;
		return end == line || (end[-1] == ' ' && is_header(line, end));
	}
	/* dmesg --time-format=iso */
	return end[-1] == ' ' && *line >= '0' && *line <= '9' &&
		!memchr(line, ' ', end - line - 1) && memchr(line, 'T', end - line);
}

/* "audit: type=NUMBER audit(...): BODY" */
static void parse_printk(struct record *record, const char *at)
{
	const char *rest = at + strlen("audit: type=");
	uint64_t type;

	if (record->form == FORM_OTHER)
		record->form = FORM_PRINTK;
	if (!take_digits(&rest, &type) || *rest != ' ')
		return;
	record->type = type;
	rest++;
	at = rest;
	if (!take_stamp(&rest, &record->event)) {
		bad_stamp(record, at);
		return;
	}
	if (*rest && strcmp(rest, ":") && !starts(rest, ": ")) {
		bad_stamp(record, at);
		return;
	}
	rest += starts(rest, ": ") ? 2 : strlen(rest);
	record->stamped = true;
	parse_body(record, rest, false);
}

/* "audit[PID]: NAME BODY" of the journal's text, without stamp */
static bool parse_journal(struct record *record, char *line)
{
	char *tag = strstr(line, " audit[");
	const char *at;
	uint64_t pid;
	size_t length;

	if (!tag || !is_header(line, tag))
		return false;
	at = tag + strlen(" audit[");
	if (!take_digits(&at, &pid) || !starts(at, "]: "))
		return false;
	at += 3;
	length = strcspn(at, " ");
	record->form = FORM_JOURNAL;
	record->type = type_by_name(at, length);
	at += length;
	parse_body(record, at + (*at == ' '), false);
	return true;
}

/* "SECCOMP BODY" alone */
static bool parse_message(struct record *record, char *line)
{
	size_t length = strcspn(line, " ");
	unsigned int type = type_by_name(line, length);

	if (!is_ours(type) || !(starts(line + length, " auid=") ||
				starts(line + length, " op=")))
		return false;
	record->form = FORM_JOURNAL;
	record->type = type;
	parse_body(record, line + length + 1, false);
	return true;
}

/* "PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];" of /dev/kmsg: what follows */
static char *parse_kmsg(struct record *record, char *line)
{
	const char *at = line;
	uint64_t number;
	uint64_t seq;

	if (!take_digits(&at, &number) || *at++ != ',' ||
	    !take_digits(&at, &seq) || *at++ != ',' ||
	    !take_digits(&at, &number) || *at != ',')
		return NULL;
	at = strchr(at, ';');
	if (!at)
		return NULL;
	record->form = FORM_KMSG;
	record->kmsg_seq = seq;
	return line + (at + 1 - line);
}

/* Where auditd's own text may follow: the tags of its syslog plugin */
static char *find_raw(char *line)
{
	static const char *const tags[] = {
		"audispd: ", "audisp-syslog: ", "audisp-syslog[",
	};

	if (starts(line, "type=") || starts(line, "node="))
		return line;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		char *tag = strstr(line, tags[i]);
		char *at;

		if (!tag || !is_header(line, tag))
			continue;
		at = strstr(tag, ": ");
		if (at && (starts(at + 2, "type=") || starts(at + 2, "node=")))
			return at + 2;
	}
	return NULL;
}

static void parse_text(struct record *record, char *line)
{
	char *raw = find_raw(line);
	char *at;

	if (raw) {
		parse_raw(record, raw);
		return;
	}
	at = parse_kmsg(record, line);
	if (at)
		line = at;
	at = strstr(line, "audit: type=");
	if (at && record_is_kernel(line, at)) {
		parse_printk(record, at);
		return;
	}
	if (parse_journal(record, line) || parse_message(record, line))
		return;
	record_parse_missing(record, line);
}

void record_parse_line(struct record *record, const char *line, size_t length)
{
	char *text = begin(record, line, length);

	parse_text(record, text);
	/* no writer of records puts a NUL into them */
	if (record->kind == RECORD_EVENT && memchr(line, '\0', length)) {
		record->kind = RECORD_FOREIGN;
		record->why = "it has a NUL";
	}
}

void record_parse_audit(struct record *record, unsigned int type,
			const char *text, size_t length)
{
	const char *at = begin(record, text, length);

	record->form = FORM_MULTICAST;
	record->type = type;
	if (!take_stamp(&at, &record->event) || !starts(at, ": ")) {
		bad_stamp(record, at);
		return;
	}
	record->stamped = true;
	parse_body(record, at + 2, false);
}

void record_parse_message(struct record *record, unsigned int type,
			  int64_t time_ms, uint64_t serial, const char *text,
			  size_t length)
{
	const char *at = begin(record, text, length);
	size_t name = strcspn(at, " ");

	record->form = FORM_JOURNAL;
	record->type = type;
	record->stamped = true;
	record->event.time_ms = time_ms;
	record->event.serial = serial;
	if (!memchr(at, '=', name))
		at += name + (at[name] == ' ');
	parse_body(record, at, false);
}
