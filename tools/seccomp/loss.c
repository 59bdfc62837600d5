// SPDX-License-Identifier: GPL-2.0
/*
 * What a log lacks.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "loss.h"
#include "out.h"
#include "select.h"

/* Numbers that may have a name are below it, but ARM's own few */
#define NAMES_END	8192

struct loss_source *loss_source(struct loss *loss, const char *name)
{
	struct loss_source *source;

	loss->sources = xreallocarray(loss->sources, loss->nr_sources + 1,
				      sizeof(*loss->sources));
	source = &loss->sources[loss->nr_sources++];
	*source = (struct loss_source){ .name = xstrdup(name) };
	source->gaps = xcalloc(1, sizeof(*source->gaps));
	return source;
}

void loss_free(struct loss *loss)
{
	for (size_t i = 0; i < loss->nr_sources; i++) {
		free(loss->sources[i].name);
		free(loss->sources[i].gaps);
	}
	for (size_t i = 0; i < loss->room; i++) {
		struct loss_filter *filter = &loss->filters[i];

		for (size_t j = 0; j < filter->nr_parts; j++)
			free(filter->parts[j].syscalls);
		free(filter->parts);
		free(filter->comm);
	}
	free(loss->sources);
	free(loss->filters);
	*loss = (struct loss){};
}

static void end_boot(struct loss_source *source)
{
	source->gaps_before += gaps_end(source->gaps);
	if (source->last)
		source->span += source->last - source->first + 1;
	*source->gaps = (struct gaps){};
	source->first = 0;
	source->last = 0;
}

/* A serial that is far below the last and later in time is of another boot */
static void add_serial(struct loss_source *source, const struct event *event)
{
	if (source->last && event->serial + GAPS_WINDOW < source->last &&
	    event->time_ms >= source->last_ms)
		end_boot(source);
	gaps_add(source->gaps, event->serial);
	if (!source->first || event->serial < source->first)
		source->first = event->serial;
	if (event->serial > source->last)
		source->last = event->serial;
	if (event->time_ms > source->last_ms)
		source->last_ms = event->time_ms;
}

void loss_line(struct loss_source *source, const struct record *record)
{
	if (record->form == FORM_KMSG) {
		if (source->kmsg_next && record->kmsg_seq > source->kmsg_next)
			source->kmsg_missing += record->kmsg_seq -
				source->kmsg_next;
		source->kmsg_next = record->kmsg_seq + 1;
	}
	/* 0 is no serial */
	if (record->stamped && record->event.serial)
		add_serial(source, &record->event);
	switch (record->kind) {
	case RECORD_EVENT:
		source->records++;
		if (record->form == FORM_PRINTK || record->form == FORM_KMSG)
			source->printk = true;
		break;
	case RECORD_OTHER:
		source->others += record->stamped;
		break;
	case RECORD_CUT:
	case RECORD_FOREIGN:
		source->broken++;
		break;
	case RECORD_MISSING:
		if (record->audit_lost) {
			if (!source->audit_lost[0])
				source->audit_lost[0] = record->audit_lost;
			source->audit_lost[1] = record->audit_lost;
		} else {
			source->said += record->missing;
		}
		break;
	}
}

static struct loss_filter *place_of(struct loss_filter *filters, size_t room,
				    uint64_t id)
{
	size_t at = (id * 0x9e3779b97f4a7c15ULL >> 32) & (room - 1);

	while (filters[at].id && filters[at].id != id)
		at = (at + 1) & (room - 1);
	return &filters[at];
}

static struct loss_filter *filter_of(struct loss *loss, uint64_t id)
{
	struct loss_filter *filter;

	if (2 * (loss->nr_filters + 1) > loss->room) {
		size_t room = loss->room ? 2 * loss->room : 64;
		struct loss_filter *filters = xcalloc(room, sizeof(*filters));

		for (size_t i = 0; i < loss->room; i++)
			if (loss->filters[i].id)
				*place_of(filters, room, loss->filters[i].id) =
					loss->filters[i];
		free(loss->filters);
		loss->filters = filters;
		loss->room = room;
	}
	filter = place_of(loss->filters, loss->room, id);
	if (!filter->id) {
		filter->id = id;
		loss->nr_filters++;
	}
	return filter;
}

static void add_part(struct loss_filter *filter, const struct filter_life *life)
{
	filter->closed = true;
	filter->logged = life->logged;
	filter->lost = life->lost;
	if (!life->syscalls)
		return;
	filter->parts = xreallocarray(filter->parts, filter->nr_parts + 1,
				      sizeof(*filter->parts));
	filter->parts[filter->nr_parts++] = (struct loss_part){
		life->audit_arch, xstrdup(life->syscalls),
	};
}

void loss_event(struct loss *loss, const struct event *event)
{
	struct loss_filter *filter;

	if (!event->filter) {
		loss->unfiltered += event->kind == EVENT_CALL;
		return;
	}
	filter = filter_of(loss, event->filter);
	switch (event->kind) {
	case EVENT_CALL:
		filter->taken++;
		if (event->seq > filter->last_seq)
			filter->last_seq = event->seq;
		filter->refuses |= is_denied(event->action);
		break;
	case EVENT_FILTER_LOGS:
		if (!filter->comm && event->comm) {
			filter->comm = xstrdup(event->comm);
			filter->pid = event->pid;
		}
		break;
	case EVENT_FILTER_GONE:
		add_part(filter, &event->life);
		break;
	}
}

/*
 * Records of a filter that are missing. With numbered records the last number
 * says how many there are; without, what audit lost counts beside logged=.
 */
static uint64_t filter_missing(const struct loss_filter *filter)
{
	uint64_t due = filter->closed ? filter->logged : 0;
	uint64_t missing;

	if (filter->last_seq > due)
		due = filter->last_seq;
	missing = due > filter->taken ? due - filter->taken : 0;
	if (filter->closed && !filter->last_seq)
		missing += filter->lost;
	return missing;
}

static bool is_complete(const struct loss *loss)
{
	if (loss->unfiltered || !loss->nr_filters)
		return false;
	for (size_t i = 0; i < loss->room; i++) {
		const struct loss_filter *filter = &loss->filters[i];

		if (filter->id && (!filter->closed || filter_missing(filter)))
			return false;
	}
	return true;
}

static uint64_t all_gaps(const struct loss_source *source)
{
	struct gaps gaps = *source->gaps;

	return source->gaps_before + gaps_end(&gaps);
}

/*
 * The log is a selection, as of `ausearch -m SECCOMP`: no record of another
 * type, and most serials are not there. Its gaps say nothing.
 */
static bool is_selection(const struct loss_source *source)
{
	uint64_t span = source->span;

	if (source->last)
		span += source->last - source->first + 1;
	return !source->others && 2 * all_gaps(source) > span;
}

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The same loss may show in several ways: the largest is the least number */
static uint64_t source_missing(const struct loss_source *source)
{
	uint64_t missing = is_selection(source) ? 0 : all_gaps(source);

	/* audit's first count is at least one record that was to come here */
	if (source->audit_lost[0])
		missing = max(missing, source->audit_lost[1] -
			      source->audit_lost[0] + 1);
	missing = max(missing, source->said);
	missing = max(missing, source->kmsg_missing);
	return missing + source->broken;
}

static bool came_by_printk(const struct loss *loss)
{
	for (size_t i = 0; i < loss->nr_sources; i++)
		if (loss->sources[i].printk)
			return true;
	return false;
}

struct loss_result loss_result(struct loss *loss)
{
	struct loss_result result = { RUN_UNKNOWN, 0 };
	uint64_t by_filters = 0;
	uint64_t by_sources = 0;
	bool failed = false;

	for (size_t i = 0; i < loss->room; i++)
		if (loss->filters[i].id)
			by_filters += filter_missing(&loss->filters[i]);
	for (size_t i = 0; i < loss->nr_sources; i++) {
		by_sources += source_missing(&loss->sources[i]);
		failed |= loss->sources[i].failed;
	}
	if (is_complete(loss) && !failed) {
		result.complete = RUN_COMPLETE;
		return result;
	}
	result.lost = max(by_filters, by_sources);
	if (result.lost || failed || came_by_printk(loss))
		result.complete = RUN_INCOMPLETE;
	return result;
}

static void print_number(const struct loss_source *source, uint64_t number,
			 const char *why)
{
	char text[NUMBER_MAX];

	if (number)
		pr_warn_at(source->name, 0, "at least %s %s lost: %s",
			   number_text(number, text),
			   number == 1 ? "record is" : "records are", why);
}

static void print_source(const struct loss_source *source, bool complete)
{
	uint64_t gaps = all_gaps(source);
	char text[NUMBER_MAX];

	print_number(source, source->broken,
		     "they are cut or have not the form of a record");
	print_number(source, source->said,
		     "the log itself says how many lines are left out");
	print_number(source, source->kmsg_missing,
		     "the kernel's log was overwritten");
	if (source->audit_lost[0])
		print_number(source, source->audit_lost[1] -
			     source->audit_lost[0] + 1,
			     "audit says so, by audit_lost=");
	if (complete)
		return;
	if (is_selection(source)) {
		if (gaps)
			pr_info("%s: a selection of a log: the %s serial numbers that it lacks may be other records",
				source->name, number_text(gaps, text));
	} else {
		print_number(source, gaps, "serial numbers are missing");
	}
	if (source->printk)
		pr_warn_at(source->name, 0,
			   "came through the kernel's log, which leaves out what is too fast: it may lack calls");
}

static void print_filter(const struct loss_filter *filter)
{
	uint64_t missing = filter_missing(filter);
	char text[NUMBER_MAX];
	char *who = NULL;

	if (!missing)
		return;
	if (filter->comm)
		who = xasprintf(", attached by %s[%d]", filter->comm,
				filter->pid);
	pr_warn("filter %llx%s: %s %s lost, by its %s",
		(unsigned long long)filter->id, who ? who : "",
		number_text(missing, text),
		missing == 1 ? "record is" : "records are",
		filter->closed ? "summary" : "numbering");
	free(who);
}

void loss_print(const struct loss *loss)
{
	bool complete = is_complete(loss);

	for (size_t i = 0; i < loss->nr_sources; i++)
		print_source(&loss->sources[i], complete);
	for (size_t i = 0; i < loss->room; i++)
		if (loss->filters[i].id)
			print_filter(&loss->filters[i]);
}

/*
 * The ends of a range were called, and what lies between if it is a call:
 * ranges of numbers that no call has may be joined.
 */
static void take_range(uint32_t audit, uint32_t first, uint32_t last,
		       void (*take)(void *data, const struct call *call),
		       void *data)
{
	uint32_t ends[] = { first, last };
	uint32_t base = first & X32_BIT;

	for (int i = 0; i < 1 + (last != first); i++) {
		struct call call = { abi_by_audit(audit, ends[i]), ends[i] };

		if (call.abi)
			take(data, &call);
	}
	if (last - base > NAMES_END)
		last = base + NAMES_END;
	for (uint32_t nr = first; nr < last; nr++) {
		struct call call = { abi_by_audit(audit, nr), nr };

		if (call.abi && nr != first && call_name(&call))
			take(data, &call);
	}
}

void loss_named(const struct loss *loss,
		bool (*wanted)(void *data, const struct loss_filter *filter),
		void (*take)(void *data, const struct call *call), void *data)
{
	for (size_t i = 0; i < loss->room; i++) {
		const struct loss_filter *filter = &loss->filters[i];

		if (!filter->id || filter->refuses ||
		    (wanted && !wanted(data, filter)))
			continue;
		for (size_t j = 0; j < filter->nr_parts; j++) {
			const char *at = filter->parts[j].syscalls;
			uint32_t first;
			uint32_t last;

			while (record_next_range(&at, &first, &last))
				take_range(filter->parts[j].audit_arch, first,
					   last, take, data);
		}
	}
}
