// SPDX-License-Identifier: GPL-2.0
/*
 * A policy in memory: one more is added to it.
 */
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "policy_private.h"

/* Copies the run; returns its id in @into */
static unsigned int merge_run(struct policy *into, const struct policy_run *from)
{
	struct policy_run *run = policy_add_run(into);
	unsigned int id = run->id;

	*run = *from;
	run->id = id;
	run->command = copy_words(from->command);
	run->exe = NULL;
	run->kernel = NULL;
	run->libc = NULL;
	run->source = NULL;
	policy_set_text(&run->exe, from->exe);
	policy_set_text(&run->kernel, from->kernel);
	policy_set_text(&run->libc, from->libc);
	policy_set_text(&run->source, from->source);
	return id;
}

static void merge_values(struct value_counts *into,
			 const struct value_counts *from)
{
	for (size_t i = 0; i < from->nr; i++)
		count_value(into, from->values[i].value, from->values[i].count);
	into->more |= from->more;
}

static void merge_names(struct name_counts *into,
			const struct name_counts *from)
{
	for (size_t i = 0; i < from->nr; i++)
		count_name(into, from->names[i].name, from->names[i].count);
	into->more |= from->more;
}

static void merge_counts(struct policy_call *into,
			 const struct policy_call *from)
{
	add_count(&into->count, from->count);
	if (is_earlier(from->first_ms, into->first_ms))
		into->first_ms = from->first_ms;
	merge_names(&into->by, &from->by);
	merge_names(&into->paths, &from->paths);
	for (int i = 0; i < EVENT_ARGS; i++)
		merge_values(&into->args[i], &from->args[i]);
	merge_values(&into->pairs, &from->pairs);
}

/* The later decision counts */
static void merge_answer(struct policy_call *into,
			 const struct policy_call *from)
{
	if (!from->answer || (into->answer && into->answer_ms >= from->answer_ms))
		return;
	policy_set_text(&into->answer, from->answer);
	policy_set_text(&into->answer_by, from->answer_by);
	into->answer_ms = from->answer_ms;
}

/* Do all rules of the call have the policy's default action, or none of them? */
static bool is_like(const struct policy *policy, const struct policy_call *call,
		    bool is_default)
{
	for (size_t i = 0; i < call->nr_rules; i++) {
		bool same = call->rules[i].action == policy->default_action;

		if (same != is_default)
			return false;
	}
	return true;
}

/*
 * False if they contradict: each has a rule without condition, or the rules of
 * one would count for nothing beside those of the other (policy_remove_void())
 */
static bool merge_rules(struct policy *policy, const struct policy_call *into,
			const struct policy_call *from)
{
	const struct rule *ours = plain_rule(into);
	const struct rule *theirs = plain_rule(from);

	if (ours && theirs && ours->action != theirs->action)
		return false;
	if (into->nr_rules && from->nr_rules &&
	    !is_like(policy, from, into->rules[0].action ==
		     policy->default_action))
		return false;
	for (size_t i = 0; i < from->nr_rules; i++)
		policy_add_rule(policy, &from->call, &from->rules[i]);
	return true;
}

static bool has_extra(const struct policy *policy, const char *key)
{
	for (size_t i = 0; i < policy->nr_extra; i++)
		if (!strcmp(policy->extra[i].key, key))
			return true;
	return false;
}

void policy_merge(struct policy *into, const struct policy *from,
		  void (*conflict)(void *data, const struct call *call),
		  void *data)
{
	unsigned int *ids = xcalloc(from->nr_runs, sizeof(*ids));

	for (size_t i = 0; i < from->nr_runs; i++)
		ids[i] = merge_run(into, &from->runs[i]);
	for (size_t i = 0; i < from->nr_archs; i++)
		policy_add_arch(into, from->archs[i]);

	for (size_t i = 0; i < from->nr_calls; i++) {
		const struct policy_call *theirs = &from->calls[i];
		struct policy_call *ours = policy_get(into, &theirs->call);

		merge_counts(ours, theirs);
		merge_answer(ours, theirs);
		if (theirs->why && !ours->why && !ours->count)
			policy_set_text(&ours->why, theirs->why);
		for (size_t j = 0, k = 0; j < theirs->runs.nr; j++) {
			while (from->runs[k].id != theirs->runs.ids[j])
				k++;
			policy_call_add_run(ours, ids[k]);
		}
		if (!merge_rules(into, ours, theirs) && conflict)
			conflict(data, &theirs->call);
	}
	for (size_t i = 0; i < from->nr_unknown; i++)
		for (size_t j = 0; j < from->unknown[i].nr_rules; j++)
			policy_add_unknown(into, from->unknown[i].name,
					   &from->unknown[i].rules[j]);
	for (size_t i = 0; i < from->nr_extra; i++)
		if (!has_extra(into, from->extra[i].key))
			policy_add_extra(into, from->extra[i].key,
					 from->extra[i].json);
	into->has_origin |= from->has_origin;
	free(ids);
}
