// SPDX-License-Identifier: GPL-2.0
/*
 * The filters that a log tells of: what their closing records say beside the
 * records of single calls, of which some may be lost.
 */
#include <limits.h>
#include <seccomp.h>
#include <stdlib.h>

#include "old.h"

/* Of a range longer than this, only numbers that have a name are calls. */
#define RANGE_MAX	1024

struct filter *filters_find(struct filters *filters, unsigned long long id)
{
	struct filter *filter;

	for (size_t i = 0; i < filters->count; i++)
		if (filters->all[i].id == id)
			return &filters->all[i];

	filters->all = reallocarray(filters->all, filters->count + 1,
				    sizeof(*filters->all));
	if (!filters->all) {
		complain("out of memory");
		exit(STATUS_FAILED);
	}
	filter = &filters->all[filters->count++];
	*filter = (struct filter){ .id = id };
	return filter;
}

void filters_free(struct filters *filters)
{
	for (size_t i = 0; i < filters->count; i++)
		call_set_free(&filters->all[i].named);
	free(filters->all);
	*filters = (struct filters){};
}

static void add_range(struct call_set *set, uint32_t arch, unsigned long first,
		      unsigned long last)
{
	bool is_long = last - first >= RANGE_MAX;

	if (last > INT_MAX)
		last = INT_MAX;
	if (is_long && last - first >= 4 * RANGE_MAX)
		last = first + 4 * RANGE_MAX;
	for (unsigned long nr = first; nr <= last; nr++) {
		struct call call = call_from_audit(arch, nr);
		char *name = NULL;

		if (is_long)
			name = seccomp_syscall_resolve_num_arch(call.arch, call.nr);
		if (!is_long || name)
			call_set_add(set, call);
		free(name);
	}
}

/* The calls of a text such as "0-3,5"; false for anything else */
static bool parse_ranges(struct call_set *set, uint32_t arch, const char *text)
{
	do {
		unsigned long first, last;
		char *end;

		first = strtoul(text, &end, 10);
		if (end == text)
			return false;
		last = first;
		if (*end == '-') {
			text = end + 1;
			last = strtoul(text, &end, 10);
			if (end == text)
				return false;
		}
		if (last < first || last > UINT32_MAX)
			return false;
		add_range(set, arch, first, last);
		text = end;
	} while (*text++ == ',');

	return !text[-1];
}

static void add_all(struct call_set *set, const struct call_set *more)
{
	for (size_t i = 0; i < more->count; i++)
		call_set_add(set, more->calls[i]);
}

bool filter_named(struct filter *filter, uint32_t arch, const char *syscalls)
{
	struct call_set part = {};
	bool good = parse_ranges(&part, arch, syscalls);

	if (good)
		add_all(&filter->named, &part);
	call_set_free(&part);
	return good;
}

/* Say what the list lacks, since it does not work without. */
static void complain_of(const struct filter *filter, const struct call_set *set)
{
	size_t missing = 0;

	for (size_t i = 0; i < filter->named.count; i++)
		missing += !call_set_has(set, filter->named.calls[i]);
	if (!missing)
		return;
	complain("filter %llx: %lu records are lost, and %zu of its calls are not listed: %s",
		 filter->id, filter->lost, missing,
		 filter->refuses ? "refused ones among them" :
				   "--complete adds them");
}

void filters_complete(const struct filters *filters, struct call_set *set,
		      bool add)
{
	for (size_t i = 0; i < filters->count; i++) {
		const struct filter *filter = &filters->all[i];

		if (!filter->lost)
			continue;
		if (!add || filter->refuses) {
			complain_of(filter, set);
			continue;
		}
		add_all(set, &filter->named);
	}
}
