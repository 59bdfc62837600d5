// SPDX-License-Identifier: GPL-2.0
/*
 * What was read, for people and for programs.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "file.h"
#include "out.h"
#include "report.h"
#include "select.h"

/* Of names and values, how many a line of the table shows */
#define SHOWN_MAX	3

const char *ret_name(uint32_t action)
{
	switch (action) {
	case SECCOMP_RET_KILL_PROCESS:
		return "kill_process";
	case SECCOMP_RET_KILL_THREAD:
		return "kill_thread";
	case SECCOMP_RET_TRAP:
		return "trap";
	case SECCOMP_RET_ERRNO:
		return "errno";
	case SECCOMP_RET_USER_NOTIF:
		return "notify";
	case SECCOMP_RET_TRACE:
		return "trace";
	case SECCOMP_RET_LOG:
		return "log";
	case SECCOMP_RET_ALLOW:
		return "allow";
	}
	return "unknown";
}

static int compare(const struct report_entry *entry, const struct call *call,
		   uint32_t audit_arch, uint32_t action)
{
	int order;

	if (entry->audit_arch != audit_arch && (!entry->call.abi || !call->abi))
		return entry->audit_arch < audit_arch ? -1 : 1;
	order = call_compare(&entry->call, call);
	if (order)
		return order;
	return (entry->action > action) - (entry->action < action);
}

static struct report_entry *entry_of(struct report *report,
				     const struct call *call,
				     uint32_t audit_arch, uint32_t action)
{
	size_t low = 0;
	size_t high = report->nr;
	struct report_entry *entry;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(&report->entries[middle], call, audit_arch,
				    action);

		if (!order)
			return &report->entries[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	report->entries = xreallocarray(report->entries, report->nr + 1,
					sizeof(*entry));
	entry = &report->entries[low];
	memmove(entry + 1, entry, (report->nr - low) * sizeof(*entry));
	report->nr++;
	*entry = (struct report_entry){
		.call = *call,
		.audit_arch = audit_arch,
		.action = action,
	};
	for (unsigned int i = 0; call->abi && i < EVENT_ARGS; i++)
		entry->rows[i] = arg_find(call, i);
	return entry;
}

static void add_arg(struct report_entry *entry, unsigned int index,
		    const struct event *event)
{
	const struct arg *arg = entry->rows[index];

	if (!arg || !(event->args_known & 1u << index))
		return;
	/* some have their meaning only with a certain value of another */
	if (arg->has_cond && (!(event->args_known & 1u << arg->cond_index) ||
			      event->args[arg->cond_index] != arg->cond_value))
		return;
	count_value(&entry->args[index], arg_reduce(arg, event->args[index]),
		    event->count);
}

void report_add(struct report *report, const struct event *event)
{
	struct report_entry *entry = entry_of(report, &event->call,
					      event->audit_arch, event->action);

	entry->count += event->count;
	if (event->time_ms) {
		if (!entry->first_ms || event->time_ms < entry->first_ms)
			entry->first_ms = event->time_ms;
		if (event->time_ms > entry->last_ms)
			entry->last_ms = event->time_ms;
	}
	if (event->comm)
		count_name(&entry->by, event->comm, event->count);
	for (unsigned int i = 0; i < EVENT_ARGS; i++)
		add_arg(entry, i, event);
}

void report_name(struct report *report, const struct call *call)
{
	for (size_t i = 0; i < report->nr; i++)
		if (report->entries[i].call.abi == call->abi &&
		    report->entries[i].call.nr == call->nr)
			return;
	entry_of(report, call, call->abi->audit, SECCOMP_RET_LOG);
}

static const char *entry_text(const struct report_entry *entry, char *text)
{
	if (entry->call.abi)
		return call_text(&entry->call, text);
	snprintf(text, CALL_TEXT_MAX, "%x:%d", entry->audit_arch,
		 entry->call.nr);
	return text;
}

static int by_count(const void *a, const void *b)
{
	const struct report_entry *one = *(const struct report_entry *const *)a;
	const struct report_entry *other =
		*(const struct report_entry *const *)b;

	if (one->count != other->count)
		return one->count < other->count ? 1 : -1;
	return one < other ? -1 : one > other;
}

static int by_text(const void *a, const void *b)
{
	const struct report_entry *one = *(const struct report_entry *const *)a;
	const struct report_entry *other =
		*(const struct report_entry *const *)b;
	char of_one[CALL_TEXT_MAX];
	char of_other[CALL_TEXT_MAX];

	return strcmp(entry_text(one, of_one), entry_text(other, of_other));
}

static struct report_entry **
sorted(const struct report *report, int (*order)(const void *, const void *))
{
	struct report_entry **entries = xcalloc(report->nr, sizeof(*entries));

	for (size_t i = 0; i < report->nr; i++)
		entries[i] = &report->entries[i];
	if (report->nr)
		qsort(entries, report->nr, sizeof(*entries), order);
	return entries;
}

static char *by_whom(const struct name_counts *by)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		abort();
	for (size_t i = 0; i < by->nr && i < SHOWN_MAX; i++)
		fprintf(out, "%s%s", i ? " " : "", by->names[i].name);
	if (by->nr > SHOWN_MAX || by->more)
		fprintf(out, " and %zu%s more", by->nr - SHOWN_MAX,
			by->more ? " or" : "");
	fclose(out);
	return text;
}

static void print_values(const struct report_entry *entry, unsigned int index,
			 FILE *out)
{
	const struct value_counts *values = &entry->args[index];

	for (size_t i = 0; i < values->nr && i < SHOWN_MAX; i++) {
		char *text = arg_value_text(&entry->call, index,
					    values->values[i].value, NULL, 0);

		fprintf(out, "%s%s", i ? "," : "", text);
		free(text);
	}
	if (values->nr > SHOWN_MAX)
		fputs(",...", out);
}

static char *with_args(const struct report_entry *entry)
{
	char *text = NULL;
	bool any = false;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		abort();
	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		if (!entry->args[i].nr)
			continue;
		fprintf(out, "%s%s=", any ? " " : "",
			entry->rows[i]->name);
		print_values(entry, i, out);
		any = true;
	}
	fclose(out);
	return text;
}

void report_print(const struct report *report, FILE *out)
{
	struct table table = { .columns = 5, .right = 1 };
	struct report_entry **entries = sorted(report, by_count);

	for (size_t i = 0; i < report->nr; i++) {
		const struct report_entry *entry = entries[i];
		char count[NUMBER_MAX];
		char name[CALL_TEXT_MAX];
		char *who = by_whom(&entry->by);
		char *args = with_args(entry);
		const char *const cells[] = {
			entry->count ? number_text(entry->count, count) : "?",
			entry_text(entry, name),
			ret_name(entry->action),
			who,
			args,
		};

		table_add(&table, cells);
		free(who);
		free(args);
	}
	table_print(&table, out, 2);
	table_free(&table);
	free(entries);
}

void report_list(const struct report *report, FILE *out)
{
	struct report_entry **entries = sorted(report, by_text);
	char before[CALL_TEXT_MAX] = "";

	for (size_t i = 0; i < report->nr; i++) {
		char text[CALL_TEXT_MAX];

		if (!entries[i]->call.abi)
			continue;
		entry_text(entries[i], text);
		if (strcmp(text, before))
			fprintf(out, "%s\n", text);
		strcpy(before, text);
	}
	free(entries);
}

static void json_call(const struct call *call, uint32_t audit_arch, FILE *out)
{
	char text[CALL_TEXT_MAX];
	const char *name = call->abi ? call_name(call) : NULL;

	fputs("{\"call\": ", out);
	if (call->abi)
		print_json_string(out, call_text(call, text));
	else
		fputs("null", out);
	fputs(", \"name\": ", out);
	if (name)
		print_json_string(out, name);
	else
		fputs("null", out);
	if (call->abi)
		fprintf(out, ", \"arch\": \"%s\"", call->abi->name);
	else
		fprintf(out, ", \"arch\": \"%x\"", audit_arch);
	fprintf(out, ", \"nr\": %d", call->nr);
}

static void json_time(const char *key, int64_t time_ms, FILE *out)
{
	char text[TIME_TEXT_MAX];

	if (time_ms)
		fprintf(out, ", \"%s\": \"%s\"", key, time_text(time_ms, text));
}

static void json_values(const struct report_entry *entry, FILE *out)
{
	bool any = false;

	fputs(", \"args\": {", out);
	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		const struct value_counts *values = &entry->args[i];

		if (!values->nr)
			continue;
		fprintf(out, "%s\"%u\": {", any ? ", " : "", i);
		for (size_t j = 0; j < values->nr; j++)
			fprintf(out, "%s\"0x%" PRIx64 "\": %" PRIu64,
				j ? ", " : "", values->values[j].value,
				values->values[j].count);
		if (values->more)
			fputs(", \"more\": true", out);
		putc('}', out);
		any = true;
	}
	putc('}', out);
}

void report_json(const struct report *report, FILE *out)
{
	struct report_entry **entries = sorted(report, by_count);

	for (size_t i = 0; i < report->nr; i++) {
		const struct report_entry *entry = entries[i];

		json_call(&entry->call, entry->audit_arch, out);
		fprintf(out, ", \"action\": \"%s\", \"count\": %" PRIu64,
			ret_name(entry->action), entry->count);
		json_time("first", entry->first_ms, out);
		json_time("last", entry->last_ms, out);
		fputs(", \"by\": {", out);
		for (size_t j = 0; j < entry->by.nr; j++) {
			fputs(j ? ", " : "", out);
			print_json_string(out, entry->by.names[j].name);
			fprintf(out, ": %" PRIu64, entry->by.names[j].count);
		}
		putc('}', out);
		json_values(entry, out);
		fputs("}\n", out);
	}
	free(entries);
}

static void print_what(const struct event *event, FILE *out)
{
	char text[CALL_TEXT_MAX];

	if (event->call.abi)
		fputs(call_text(&event->call, text), out);
	else
		fprintf(out, "%x:%d", event->audit_arch, event->call.nr);
}

void report_event(const struct event *event, FILE *out)
{
	char time[TIME_TEXT_MAX];
	char *args = event_args_text(event);

	if (event->time_ms)
		fprintf(out, "%s ", time_text(event->time_ms, time));
	print_escaped(out, event->comm);
	fprintf(out, "[%d] ", event->pid);
	print_what(event, out);
	fprintf(out, " %s", ret_name(event->action));
	if (event->action == SECCOMP_RET_ERRNO && event->data_known) {
		const char *name = strerrorname_np(event->data);

		if (name)
			fprintf(out, " %s", name);
		else
			fprintf(out, " %u", event->data);
	}
	if (*args) {
		putc(' ', out);
		print_escaped(out, args);
	}
	putc('\n', out);
	free(args);
}

static void json_member(const char *key, const char *text, FILE *out)
{
	if (!text)
		return;
	fprintf(out, ", \"%s\": ", key);
	print_json_string(out, text);
}

void report_event_json(const struct event *event, FILE *out)
{
	bool any = false;

	json_call(&event->call, event->audit_arch, out);
	fprintf(out, ", \"action\": \"%s\"", ret_name(event->action));
	if (event->data_known)
		fprintf(out, ", \"data\": %u", event->data);
	json_time("time", event->time_ms, out);
	if (event->serial)
		fprintf(out, ", \"serial\": %" PRIu64, event->serial);
	fprintf(out, ", \"pid\": %d", event->pid);
	json_member("comm", event->comm, out);
	json_member("exe", event->exe, out);
	if (event->uid != EVENT_ID_UNSET)
		fprintf(out, ", \"uid\": %u", event->uid);
	if (event->filter)
		fprintf(out, ", \"filter\": \"%" PRIx64 "\"", event->filter);
	fputs(", \"args\": {", out);
	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		if (!(event->args_known & 1u << i))
			continue;
		fprintf(out, "%s\"%u\": \"0x%" PRIx64 "\"", any ? ", " : "", i,
			event->args[i]);
		any = true;
	}
	fputs("}}\n", out);
}

uint64_t report_unknown(const struct report *report)
{
	uint64_t count = 0;

	for (size_t i = 0; i < report->nr; i++)
		if (!report->entries[i].call.abi)
			count += report->entries[i].count;
	return count;
}

void report_free(struct report *report)
{
	for (size_t i = 0; i < report->nr; i++) {
		struct report_entry *entry = &report->entries[i];

		for (size_t j = 0; j < entry->by.nr; j++)
			free(entry->by.names[j].name);
		free(entry->by.names);
		for (unsigned int j = 0; j < EVENT_ARGS; j++)
			free(entry->args[j].values);
	}
	free(report->entries);
	*report = (struct report){};
}
