// SPDX-License-Identifier: GPL-2.0
/*
 * Which events of a log are asked for.
 */
#include <fnmatch.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "capture.h"
#include "out.h"
#include "record.h"
#include "select.h"
#include "unit.h"

void id_set_add(struct id_set *set, uint64_t id)
{
	if (id_set_has(set, id))
		return;
	set->ids = xreallocarray(set->ids, set->nr + 1, sizeof(*set->ids));
	set->ids[set->nr++] = id;
}

bool id_set_has(const struct id_set *set, uint64_t id)
{
	for (size_t i = 0; i < set->nr; i++)
		if (set->ids[i] == id)
			return true;
	return false;
}

bool is_denied(uint32_t action)
{
	return action == SECCOMP_RET_ERRNO || action == SECCOMP_RET_TRAP ||
		action == SECCOMP_RET_KILL_THREAD ||
		action == SECCOMP_RET_KILL_PROCESS;
}

static bool matches(const char **patterns, size_t nr, const char *text)
{
	for (size_t i = 0; i < nr; i++)
		if (!fnmatch(patterns[i], text ? text : "", 0))
			return true;
	return !nr;
}

static bool has_or_any(const struct id_set *set, uint64_t id)
{
	return !set->nr || id_set_has(set, id);
}

static bool is_of_unit(struct selection *selection, const struct event *event)
{
	return id_set_has(&selection->unit_pids, event->pid) ||
		(event->filter &&
		 id_set_has(&selection->unit_filters, event->filter));
}

bool select_event(struct selection *selection, const struct event *event)
{
	bool denied, wants_denied;

	if (event->kind == EVENT_FILTER_LOGS && selection->has_unit &&
	    id_set_has(&selection->unit_pids, event->pid))
		id_set_add(&selection->unit_filters, event->filter);
	if (event->kind != EVENT_CALL)
		return false;
	denied = is_denied(event->action);
	wants_denied = selection->action == SELECT_DENIED;
	if (selection->action != SELECT_ALL && denied != wants_denied)
		return false;
	/* an event of unknown time is neither before nor after */
	if ((selection->has_since || selection->has_until) && !event->time_ms)
		return false;
	if (selection->has_since && event->time_ms < selection->since_ms)
		return false;
	if (selection->has_until && event->time_ms > selection->until_ms)
		return false;
	return has_or_any(&selection->pids, event->pid) &&
		has_or_any(&selection->uids, event->uid) &&
		has_or_any(&selection->filters, event->filter) &&
		matches(selection->comms, selection->nr_comms, event->comm) &&
		matches(selection->exes, selection->nr_exes, event->exe) &&
		(!selection->has_unit || is_of_unit(selection, event));
}

void selection_free(struct selection *selection)
{
	free(selection->pids.ids);
	free(selection->uids.ids);
	free(selection->filters.ids);
	free(selection->unit_pids.ids);
	free(selection->unit_filters.ids);
	free(selection->comms);
	free(selection->exes);
	*selection = (struct selection){};
}

static const struct {
	const char *name;
	int64_t ms;
} spans[] = {
	{ "ms", 1 }, { "s", 1000 }, { "sec", 1000 }, { "m", 60000 },
	{ "min", 60000 }, { "h", 3600000 }, { "hour", 3600000 },
	{ "d", 86400000 }, { "day", 86400000 }, { "w", 604800000 },
};

/* "-1h" or "-1h30min": how long ago */
static bool parse_span(const char *text, int64_t *ms)
{
	*ms = 0;
	if (*text++ != '-' || !*text)
		return false;
	while (*text) {
		size_t digits = strspn(text, "0123456789");
		size_t letters = strspn(text + digits,
					"abcdefghijklmnopqrstuvwxyz");
		const char *name = text + digits;
		int64_t scale = letters ? 0 : 1000;

		if (!digits || digits > 9)
			return false;
		for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
			if (strlen(spans[i].name) == letters &&
			    !strncmp(spans[i].name, name, letters))
				scale = spans[i].ms;
		if (!scale)
			return false;
		*ms += atoll(text) * scale;
		text = name + letters;
	}
	return true;
}

static int64_t midnight(int64_t now, int days)
{
	time_t seconds = now / 1000;
	struct tm day;

	localtime_r(&seconds, &day);
	day.tm_hour = 0;
	day.tm_min = 0;
	day.tm_sec = 0;
	day.tm_mday += days;
	day.tm_isdst = -1;
	return (int64_t)mktime(&day) * 1000;
}

bool select_time(const char *text, int64_t now, int64_t *time_ms)
{
	static const char *const formats[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
		"%Y-%m-%dT%H:%M", "%Y-%m-%d", "%H:%M:%S", "%H:%M",
	};
	time_t seconds = now / 1000;
	uint64_t number;
	int64_t span;

	if (parse_span(text, &span)) {
		*time_ms = now - span;
		return true;
	}
	if (*text == '@' && parse_u64(text + 1, 10, INT32_MAX * 1000LL, &number)) {
		*time_ms = number * 1000;
		return true;
	}
	if (!strcmp(text, "now") || !strcmp(text, "today") ||
	    !strcmp(text, "yesterday")) {
		*time_ms = *text == 'n' ? now : midnight(now, -(*text == 'y'));
		return true;
	}
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct tm time;
		const char *end;

		localtime_r(&seconds, &time);
		time.tm_sec = 0;
		if (!strchr(formats[i], 'H')) {
			time.tm_hour = 0;
			time.tm_min = 0;
		}
		time.tm_isdst = -1;
		end = strptime(text, formats[i], &time);
		if (end && !*end) {
			*time_ms = (int64_t)mktime(&time) * 1000;
			return true;
		}
	}
	return false;
}

/* What is behind @key in a line; NULL if it is another line */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) ? NULL : line + length;
}

static void add_pid(struct id_set *pids, const char *text)
{
	uint64_t pid;

	if (text && parse_u64(text, 10, INT32_MAX, &pid) && pid > 1)
		id_set_add(pids, pid);
}

/* Its main process, and its first name: it may be called by another */
static bool ask_systemctl(struct id_set *pids, char **service)
{
	const char *const command[] = {
		"systemctl", "show", "-p", "Id", "-p", "MainPID", "--",
		*service, NULL,
	};
	char *text = capture_all(command);
	char *rest = text;
	char *line;

	if (!text)
		return false;
	while ((line = strsep(&rest, "\n"))) {
		const char *id = value_of(line, "Id=");

		add_pid(pids, value_of(line, "MainPID="));
		if (id && *id) {
			free(*service);
			*service = xstrdup(id);
		}
	}
	free(text);
	return true;
}

static bool ask_journal(struct id_set *pids, const char *service)
{
	char *match = xasprintf("_SYSTEMD_UNIT=%s", service);
	const char *const command[] = {
		"journalctl", "-q", "-o", "export", "--output-fields=_PID",
		match, NULL,
	};
	char *text = capture_all(command);
	char *rest = text;
	char *line;

	free(match);
	if (!text)
		return false;
	while ((line = strsep(&rest, "\n")))
		add_pid(pids, value_of(line, "_PID="));
	free(text);
	return true;
}

bool select_unit(struct selection *selection, const char *unit)
{
	struct id_set *pids = &selection->unit_pids;
	char *service;
	bool asked;

	if (!unit_is_name(unit))
		return false;
	selection->has_unit = true;
	service = xasprintf("%s%s", unit, strchr(unit, '.') ? "" : ".service");
	asked = ask_systemctl(pids, &service);
	asked |= ask_journal(pids, service);
	if (!asked)
		pr_err("%s: neither journalctl nor systemctl answers", service);
	else if (!pids->nr)
		pr_err("%s: neither runs nor has a process in the journal",
		       service);
	free(service);
	return pids->nr > 0;
}
