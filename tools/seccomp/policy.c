// SPDX-License-Identifier: GPL-2.0
/*
 * A policy in memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "policy.h"

/* Make room for one more at @at in an array of @nr elements */
static void *insert_at(void *array, size_t nr, size_t at, size_t size)
{
	char *grown = xreallocarray(array, nr + 1, size);

	memmove(grown + (at + 1) * size, grown + at * size, (nr - at) * size);
	memset(grown + at * size, 0, size);
	return grown;
}

static void remove_at(void *array, size_t nr, size_t at, size_t size)
{
	char *bytes = array;

	memmove(bytes + at * size, bytes + (at + 1) * size,
		(nr - at - 1) * size);
}

struct policy *policy_new(void)
{
	struct policy *policy = xcalloc(1, sizeof(*policy));

	policy->default_action = SCMP_ACT_ERRNO(ENOSYS);
	policy->has_origin = true;
	policy_add_arch(policy, abi_native());
	return policy;
}

static void free_names(struct name_counts *counts)
{
	for (size_t i = 0; i < counts->nr; i++)
		free(counts->names[i].name);
	free(counts->names);
}

static void free_call(struct policy_call *call)
{
	free(call->rules);
	free(call->runs.ids);
	free_names(&call->by);
	free_names(&call->paths);
	for (int i = 0; i < EVENT_ARGS; i++)
		free(call->args[i].values);
	free(call->pairs.values);
	free(call->why);
	free(call->answer);
	free(call->answer_by);
}

static void free_run(struct policy_run *run)
{
	for (char **word = run->command; word && *word; word++)
		free(*word);
	free(run->command);
	free(run->exe);
	free(run->kernel);
	free(run->libc);
	free(run->source);
}

static void free_extra(struct extra *extra, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(extra[i].key);
		free(extra[i].json);
	}
	free(extra);
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (size_t i = 0; i < policy->nr_calls; i++)
		free_call(&policy->calls[i]);
	for (size_t i = 0; i < policy->nr_runs; i++)
		free_run(&policy->runs[i]);
	for (size_t i = 0; i < policy->nr_unknown; i++) {
		free(policy->unknown[i].name);
		free(policy->unknown[i].rules);
	}
	free_extra(policy->extra, policy->nr_extra);
	free_extra(policy->foreign, policy->nr_foreign);
	free(policy->archs);
	free(policy->calls);
	free(policy->runs);
	free(policy->unknown);
	free(policy);
}

/* Where the call is, or would be; true if it is there */
static bool search_call(const struct policy *policy, const struct call *call,
			size_t *at)
{
	size_t low = 0;
	size_t high = policy->nr_calls;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = call_compare(&policy->calls[middle].call, call);

		if (!order) {
			*at = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*at = low;
	return false;
}

struct policy_call *policy_find(const struct policy *policy,
				const struct call *call)
{
	size_t at;

	return search_call(policy, call, &at) ? &policy->calls[at] : NULL;
}

struct policy_call *policy_get(struct policy *policy, const struct call *call)
{
	size_t at;

	if (!search_call(policy, call, &at)) {
		policy->calls = insert_at(policy->calls, policy->nr_calls, at,
					  sizeof(*policy->calls));
		policy->nr_calls++;
		policy->calls[at].call = *call;
	}
	return &policy->calls[at];
}

bool policy_remove(struct policy *policy, const struct call *call)
{
	size_t at;

	if (!search_call(policy, call, &at))
		return false;
	free_call(&policy->calls[at]);
	remove_at(policy->calls, policy->nr_calls, at, sizeof(*policy->calls));
	policy->nr_calls--;
	return true;
}

bool policy_has_arch(const struct policy *policy, const struct abi *abi)
{
	for (size_t i = 0; i < policy->nr_archs; i++)
		if (policy->archs[i] == abi)
			return true;
	return false;
}

void policy_add_arch(struct policy *policy, const struct abi *abi)
{
	size_t at = 0;

	while (at < policy->nr_archs && policy->archs[at] < abi)
		at++;
	if (at < policy->nr_archs && policy->archs[at] == abi)
		return;
	policy->archs = insert_at(policy->archs, policy->nr_archs, at,
				  sizeof(*policy->archs));
	policy->nr_archs++;
	policy->archs[at] = abi;
}

void policy_set_text(char **text, const char *value)
{
	char *copy = value ? xstrdup(value) : NULL;

	free(*text);
	*text = copy;
}

static int compare_cmps(const void *a, const void *b)
{
	const struct arg_cmp *one = a;
	const struct arg_cmp *other = b;

	return (int)one->index - (int)other->index;
}

int rule_check(struct rule *rule)
{
	if (rule->nr_cmps > EVENT_ARGS)
		return -EINVAL;
	qsort(rule->cmps, rule->nr_cmps, sizeof(*rule->cmps), compare_cmps);
	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];

		if (cmp->index >= EVENT_ARGS || cmp->op < SCMP_CMP_NE ||
		    cmp->op > SCMP_CMP_MASKED_EQ)
			return -EINVAL;
		if (i && cmp->index == cmp[-1].index)
			return -EINVAL;
	}
	return 0;
}

bool rule_equal(const struct rule *a, const struct rule *b)
{
	if (a->action != b->action || a->nr_cmps != b->nr_cmps)
		return false;
	for (unsigned int i = 0; i < a->nr_cmps; i++) {
		const struct arg_cmp *one = &a->cmps[i];
		const struct arg_cmp *other = &b->cmps[i];

		if (one->index != other->index || one->op != other->op ||
		    one->value != other->value ||
		    one->value_two != other->value_two)
			return false;
	}
	return true;
}

/* Add a checked rule to an array, as policy_add_rule() says */
static void add_rule(struct rule **rules, size_t *nr, const struct rule *rule)
{
	size_t kept = 0;

	for (size_t i = 0; i < *nr; i++)
		if (rule_equal(&(*rules)[i], rule) ||
		    ((*rules)[i].action == rule->action &&
		     !(*rules)[i].nr_cmps))
			return;
	if (!rule->nr_cmps) {
		for (size_t i = 0; i < *nr; i++)
			if ((*rules)[i].action != rule->action)
				(*rules)[kept++] = (*rules)[i];
		*nr = kept;
	}
	*rules = insert_at(*rules, *nr, *nr, sizeof(**rules));
	(*rules)[(*nr)++] = *rule;
}

int policy_add_rule(struct policy *policy, const struct call *call,
		    const struct rule *rule)
{
	struct rule checked = *rule;
	struct policy_call *entry;
	int err = rule_check(&checked);

	if (err)
		return err;
	policy_add_arch(policy, call->abi);
	entry = policy_get(policy, call);
	add_rule(&entry->rules, &entry->nr_rules, &checked);
	return 0;
}

void policy_clear_rules(struct policy_call *call)
{
	free(call->rules);
	call->rules = NULL;
	call->nr_rules = 0;
}

void policy_allow(struct policy *policy, const struct call *call)
{
	static const struct rule allow = { .action = SCMP_ACT_ALLOW };

	policy_clear_rules(policy_get(policy, call));
	policy_add_rule(policy, call, &allow);
}

int policy_add_unknown(struct policy *policy, const char *name,
		       const struct rule *rule)
{
	struct rule checked = *rule;
	size_t at = 0;
	int err = rule_check(&checked);

	if (err)
		return err;
	while (at < policy->nr_unknown &&
	       strcmp(policy->unknown[at].name, name) < 0)
		at++;
	if (at == policy->nr_unknown || strcmp(policy->unknown[at].name, name)) {
		policy->unknown = insert_at(policy->unknown, policy->nr_unknown,
					    at, sizeof(*policy->unknown));
		policy->nr_unknown++;
		policy->unknown[at].name = xstrdup(name);
	}
	add_rule(&policy->unknown[at].rules, &policy->unknown[at].nr_rules,
		 &checked);
	return 0;
}

static void add_extra(struct extra **extra, size_t *nr, const char *key,
		      const char *json)
{
	size_t at = 0;

	while (at < *nr && strcmp((*extra)[at].key, key) < 0)
		at++;
	if (at == *nr || strcmp((*extra)[at].key, key)) {
		*extra = insert_at(*extra, *nr, at, sizeof(**extra));
		(*nr)++;
		(*extra)[at].key = xstrdup(key);
	}
	policy_set_text(&(*extra)[at].json, json);
}

void policy_add_extra(struct policy *policy, const char *key, const char *json)
{
	add_extra(&policy->extra, &policy->nr_extra, key, json);
}

void policy_add_foreign(struct policy *policy, const char *key,
			const char *json)
{
	add_extra(&policy->foreign, &policy->nr_foreign, key, json);
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
	free_run(run);
	remove_at(policy->runs, policy->nr_runs, run - policy->runs,
		  sizeof(*policy->runs));
	policy->nr_runs--;
	return true;
}

/* Counts stay at the highest number rather than begin again */
static void add_count(uint64_t *to, uint64_t count)
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

static bool is_earlier(int64_t time, int64_t known)
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

static bool cmp_holds(const struct arg_cmp *cmp, uint64_t arg)
{
	switch (cmp->op) {
	case SCMP_CMP_NE:
		return arg != cmp->value;
	case SCMP_CMP_LT:
		return arg < cmp->value;
	case SCMP_CMP_LE:
		return arg <= cmp->value;
	case SCMP_CMP_EQ:
		return arg == cmp->value;
	case SCMP_CMP_GE:
		return arg >= cmp->value;
	case SCMP_CMP_GT:
		return arg > cmp->value;
	case SCMP_CMP_MASKED_EQ:
		return (arg & cmp->value) == (cmp->value_two & cmp->value);
	case _SCMP_CMP_MIN:
	case _SCMP_CMP_MAX:
		break;
	}
	return false;
}

int rule_matches(const struct rule *rule, const uint64_t *args,
		 unsigned int known)
{
	int matches = 1;

	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];

		if (!args || !(known & 1u << cmp->index))
			matches = -1;
		else if (!cmp_holds(cmp, args[cmp->index]))
			return 0;
	}
	return matches;
}

/* The first rule without condition, NULL if all have one */
static const struct rule *plain_rule(const struct policy_call *call)
{
	for (size_t i = 0; i < call->nr_rules; i++)
		if (!call->rules[i].nr_cmps)
			return &call->rules[i];
	return NULL;
}

struct verdict policy_eval(const struct policy *policy, const struct call *call,
			   const uint64_t *args, unsigned int known)
{
	struct verdict verdict = { .action = policy->default_action };
	const struct policy_call *entry = policy_find(policy, call);

	if (!policy_has_arch(policy, call->abi)) {
		verdict.action = SCMP_ACT_KILL;
		verdict.bad_arch = true;
		return verdict;
	}
	if (!entry)
		return verdict;

	verdict.rule = plain_rule(entry);
	if (verdict.rule) {
		verdict.action = verdict.rule->action;
		return verdict;
	}
	for (size_t i = 0; i < entry->nr_rules; i++) {
		int matches = rule_matches(&entry->rules[i], args, known);

		if (matches < 0) {
			verdict.uncertain = true;
		} else if (matches) {
			verdict.rule = &entry->rules[i];
			verdict.action = verdict.rule->action;
			/* what an earlier rule might say is the same or unknown */
			for (size_t j = 0; verdict.uncertain && j < i; j++)
				if (entry->rules[j].action != verdict.action &&
				    rule_matches(&entry->rules[j], args, known))
					return verdict;
			verdict.uncertain = false;
			return verdict;
		}
	}
	return verdict;
}

bool policy_allows(const struct policy *policy, const struct event *event)
{
	struct verdict verdict;

	if (!event->call.abi)
		return false;
	verdict = policy_eval(policy, &event->call, event->args,
			      event->args_known);
	return !verdict.uncertain && (verdict.action == SCMP_ACT_ALLOW ||
				      verdict.action == SCMP_ACT_LOG);
}

char **copy_words(char *const *words)
{
	size_t nr = 0;
	char **copy;

	if (!words)
		return NULL;
	while (words[nr])
		nr++;
	copy = xcalloc(nr + 1, sizeof(*copy));
	for (size_t i = 0; i < nr; i++)
		copy[i] = xstrdup(words[i]);
	return copy;
}

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

/* False if each has a rule without condition and they contradict */
static bool merge_rules(struct policy *policy, const struct policy_call *into,
			const struct policy_call *from)
{
	const struct rule *ours = plain_rule(into);
	const struct rule *theirs = plain_rule(from);

	if (ours && theirs && ours->action != theirs->action)
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

static int compare_text(const void *a, const void *b)
{
	const struct policy_call *const *one = a;
	const struct policy_call *const *other = b;
	char text[CALL_TEXT_MAX];
	char other_text[CALL_TEXT_MAX];

	return strcmp(call_text(&(*one)->call, text),
		      call_text(&(*other)->call, other_text));
}

struct policy_call **policy_by_text(const struct policy *policy)
{
	struct policy_call **calls = xcalloc(policy->nr_calls, sizeof(*calls));

	for (size_t i = 0; i < policy->nr_calls; i++)
		calls[i] = &policy->calls[i];
	qsort(calls, policy->nr_calls, sizeof(*calls), compare_text);
	return calls;
}
