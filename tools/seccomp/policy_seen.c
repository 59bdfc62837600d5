// SPDX-License-Identifier: GPL-2.0
/*
 * A policy in memory: what was seen, how often, in which runs.
 */
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "policy_private.h"

void run_free(struct policy_run *run)
{
	for (char **word = run->command; word && *word; word++)
		free(*word);
	free(run->command);
	free(run->exe);
	free(run->kernel);
	free(run->libc);
	free(run->source);
}

struct policy_run *policy_add_run(struct policy *policy)
{
	unsigned int id = 1;
	struct policy_run *run;

	if (policy->nr_runs)
		id = policy->runs[policy->nr_runs - 1].id + 1;
	policy->runs = insert_at(policy->runs, policy->nr_runs, policy->nr_runs,
				 sizeof(*policy->runs));
	run = &policy->runs[policy->nr_runs++];
	run->id = id;
	run->status = -1;
	return run;
}

struct policy_run *policy_run(const struct policy *policy, unsigned int id)
{
	for (size_t i = 0; i < policy->nr_runs; i++)
		if (policy->runs[i].id == id)
			return &policy->runs[i];
	return NULL;
}

/* Where the id is, or would be */
static size_t place_of_run(const struct run_set *runs, unsigned int id)
{
	size_t at = runs->nr;

	/* the newest run is the one that is asked for most */
	while (at && runs->ids[at - 1] >= id)
		at--;
	return at;
}

void policy_call_add_run(struct policy_call *call, unsigned int run)
{
	struct run_set *runs = &call->runs;
	size_t at = place_of_run(runs, run);

	if (at < runs->nr && runs->ids[at] == run)
		return;
	runs->ids = insert_at(runs->ids, runs->nr, at, sizeof(*runs->ids));
	runs->ids[at] = run;
	runs->nr++;
}

bool policy_run_remove(struct policy *policy, unsigned int id)
{
	struct policy_run *run = policy_run(policy, id);

	if (!run)
		return false;
	for (size_t i = 0; i < policy->nr_calls; i++) {
		struct run_set *runs = &policy->calls[i].runs;
		size_t at = place_of_run(runs, id);

		if (at < runs->nr && runs->ids[at] == id) {
			remove_at(runs->ids, runs->nr, at, sizeof(*runs->ids));
			runs->nr--;
		}
	}
	run_free(run);
	remove_at(policy->runs, policy->nr_runs, run - policy->runs,
		  sizeof(*policy->runs));
	policy->nr_runs--;
	return true;
}

void add_count(uint64_t *to, uint64_t count)
{
	if (__builtin_add_overflow(*to, count, to))
		*to = UINT64_MAX;
}

void count_value(struct value_counts *counts, uint64_t value, uint64_t count)
{
	size_t at = 0;

	while (at < counts->nr && counts->values[at].value < value)
		at++;
	if (at == counts->nr || counts->values[at].value != value) {
		if (counts->nr == POLICY_VALUES_MAX) {
			counts->more = true;
			return;
		}
		counts->values = insert_at(counts->values, counts->nr, at,
					   sizeof(*counts->values));
		counts->nr++;
		counts->values[at].value = value;
	}
	add_count(&counts->values[at].count, count);
}

void count_name(struct name_counts *counts, const char *name, uint64_t count)
{
	size_t at = 0;

	while (at < counts->nr && strcmp(counts->names[at].name, name) < 0)
		at++;
	if (at == counts->nr || strcmp(counts->names[at].name, name)) {
		if (counts->nr == POLICY_VALUES_MAX) {
			counts->more = true;
			return;
		}
		counts->names = insert_at(counts->names, counts->nr, at,
					  sizeof(*counts->names));
		counts->nr++;
		counts->names[at].name = xstrdup(name);
	}
	add_count(&counts->names[at].count, count);
}

bool is_earlier(int64_t time, int64_t known)
{
	return time && (!known || time < known);
}

enum added policy_add(struct policy *policy, unsigned int run,
		      const struct event *event, unsigned int args)
{
	struct policy_call *call;

	if (!event->call.abi)
		return ADDED_IGNORED;

	call = policy_get(policy, &event->call);
	add_count(&call->count, event->count);
	if (is_earlier(event->time_ms, call->first_ms))
		call->first_ms = event->time_ms;
	if (run)
		policy_call_add_run(call, run);
	if (event->comm) {
		char name[4 * 64 + 1];

		/* JSON has no bytes that are not UTF-8 */
		escape_into(name, sizeof(name), event->comm);
		count_name(&call->by, name, event->count);
	}
	for (int i = 0; i < EVENT_ARGS; i++)
		if (args & event->args_known & 1u << i)
			count_value(&call->args[i], event->args[i],
				    event->count);

	if (!call->nr_rules && !call->answer) {
		policy_allow(policy, &event->call);
		return ADDED_CALL;
	}
	return policy_allows(policy, event) ? ADDED_KNOWN : ADDED_OUTSIDE;
}
