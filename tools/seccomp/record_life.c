// SPDX-License-Identifier: GPL-2.0
/*
 * The two records that frame what a filter logs: op=seccomp-filter-logs and
 * op=seccomp-filter-gone.
 */
#include <string.h>

#include "record_fields.h"
#include "../testing/selftests/seccomp/ranges.h"

/* op=seccomp-filter-logs: the head is that of an event by pid, uid, comm, exe */
static bool parse_filter_logs(struct fields *fields)
{
	struct event *event = &fields->record->event;
	struct filter_life *life = &event->life;
	char *head = fields->at;
	char *tail = fields_find_last(head, " insns=");
	uint64_t number;
	char *comm;
	char *exe;

	event->kind = EVENT_FILTER_LOGS;
	if (!tail)
		return fields_fail(fields->record, RECORD_CUT, "insns");
	*tail = '\0';
	fields->at = tail + 1;
	if (!fields_number(fields, "insns", 10, UINT32_MAX, &number))
		return false;
	life->insns = number;
	if (!fields_0x(fields, "filter-flags", UINT32_MAX, &number) ||
	    !fields_end(fields))
		return false;
	life->flags = number;

	fields->at = head;
	if (!fields_number(fields, "filter", 16, UINT64_MAX, &event->filter) ||
	    !fields_number(fields, "pid", 10, INT32_MAX, &number) ||
	    !fields_id(fields, "uid", &life->uid))
		return false;
	event->pid = number;
	event->uid = life->uid;
	head = fields->at - 1;
	*head = ' ';
	if (fields->interpreted) {
		if (strncmp(head, " comm=", 6))
			return fields_fail(fields->record, RECORD_FOREIGN, "comm");
		event->comm = head + 6;
		exe = strstr(head + 6, " exe=");
		if (!exe)
			return fields_fail(fields->record, RECORD_FOREIGN, "exe");
		*exe = '\0';
		event->exe = exe + 5;
		return true;
	}
	exe = fields_cut_last(head, "exe");
	comm = fields_cut_last(head, "comm");
	if (!exe || !comm || *head || !fields_decode(exe, &event->exe, NULL) ||
	    !fields_decode(comm, &event->comm, NULL))
		return fields_fail(fields->record, RECORD_FOREIGN,
			    "comm and exe cannot be told apart");
	return true;
}

bool record_next_range(const char **text, uint32_t *first, uint32_t *last)
{
	const char *end;

	if (!*text || !**text)
		return false;
	end = ranges_next(*text, first, last);
	/* a comma must be followed by something */
	if (!end || (*end && (*end != ',' || !end[1])))
		return false;
	*text = *end ? end + 1 : NULL;
	return true;
}

static bool is_ranges(const char *text)
{
	uint32_t first;
	uint32_t last;

	while (text)
		if (!record_next_range(&text, &first, &last))
			return false;
	return true;
}

static bool take_part(struct fields *fields, struct filter_life *life)
{
	char *value = fields_take(fields, "part");
	char *slash = value ? strchr(value, '/') : NULL;
	uint64_t part;
	uint64_t parts;

	if (!value)
		return false;
	if (slash)
		*slash = '\0';
	if (!slash || !parse_u64(value, 10, UINT32_MAX, &part) ||
	    !parse_u64(slash + 1, 10, UINT32_MAX, &parts) || !part ||
	    part > parts)
		return fields_bad(fields, "part");
	life->part = part;
	life->parts = parts;
	return true;
}

static bool parse_filter_gone(struct fields *fields)
{
	struct event *event = &fields->record->event;
	struct filter_life *life = &event->life;
	const char *syscalls;
	uint64_t arch;

	event->kind = EVENT_FILTER_GONE;
	if (!fields_number(fields, "filter", 16, UINT64_MAX, &event->filter) ||
	    !fields_number(fields, "logged", 10, UINT64_MAX, &life->logged) ||
	    !fields_number(fields, "left-out", 10, UINT64_MAX, &life->left_out) ||
	    !fields_number(fields, "lost", 10, UINT64_MAX, &life->lost) ||
	    !take_part(fields, life))
		return false;
	if (fields->interpreted) {
		uint32_t audit;

		if (!fields_arch(fields, &audit))
			return false;
		arch = audit;
	} else if (!fields_number(fields, "arch", 16, UINT32_MAX, &arch)) {
		return false;
	}
	life->audit_arch = arch;
	event->audit_arch = arch;
	syscalls = fields_take(fields, "syscalls");
	if (!syscalls)
		return false;
	if (*syscalls && !is_ranges(syscalls))
		return fields_bad(fields, "syscalls");
	life->syscalls = *syscalls ? syscalls : NULL;
	return fields_end(fields);
}

/* The body ends within @what, but not before it can be told from others */
static bool is_start(const char *body, const char *what)
{
	size_t length = strlen(body);

	return length >= strlen("op=seccomp") && length < strlen(what) &&
		!strncmp(body, what, length);
}

bool record_parse_life(struct record *record, char *body, bool interpreted)
{
	static const char logs[] = "op=seccomp-filter-logs ";
	static const char gone[] = "op=seccomp-filter-gone ";
	struct fields fields = { body, record, interpreted };

	if (!strncmp(body, logs, sizeof(logs) - 1)) {
		fields.at += sizeof(logs) - 1;
		return parse_filter_logs(&fields);
	}
	if (!strncmp(body, gone, sizeof(gone) - 1)) {
		fields.at += sizeof(gone) - 1;
		return parse_filter_gone(&fields);
	}
	if (is_start(body, logs) || is_start(body, gone))
		return fields_fail(record, RECORD_CUT, "op");
	record->kind = RECORD_OTHER;
	return false;
}
