// SPDX-License-Identifier: GPL-2.0
/*
 * A policy in memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "policy_private.h"

void *insert_at(void *array, size_t nr, size_t at, size_t size)
{
	char *grown = xreallocarray(array, nr + 1, size);

	memmove(grown + (at + 1) * size, grown + at * size, (nr - at) * size);
	memset(grown + at * size, 0, size);
	return grown;
}

void remove_at(void *array, size_t nr, size_t at, size_t size)
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

static void free_extra(struct extra *extra, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(extra[i].key);
		free(extra[i].json);
	}
	free(extra);
}

void policy_drop_unknown(struct policy *policy)
{
	for (size_t i = 0; i < policy->nr_unknown; i++) {
		free(policy->unknown[i].name);
		free(policy->unknown[i].rules);
	}
	free(policy->unknown);
	policy->unknown = NULL;
	policy->nr_unknown = 0;
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (size_t i = 0; i < policy->nr_calls; i++)
		free_call(&policy->calls[i]);
	for (size_t i = 0; i < policy->nr_runs; i++)
		run_free(&policy->runs[i]);
	policy_drop_unknown(policy);
	free_extra(policy->extra, policy->nr_extra);
	free_extra(policy->foreign, policy->nr_foreign);
	free(policy->archs);
	free(policy->calls);
	free(policy->runs);
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

size_t policy_remove_void(const struct policy *policy, struct policy_call *call)
{
	size_t nr = call->nr_rules;
	size_t kept = 0;

	for (size_t i = 0; i < nr; i++)
		kept += call->rules[i].action != policy->default_action;
	if (!kept || kept == nr)
		return 0;
	kept = 0;
	for (size_t i = 0; i < nr; i++)
		if (call->rules[i].action != policy->default_action)
			call->rules[kept++] = call->rules[i];
	call->nr_rules = kept;
	return nr - kept;
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

/* A call with its text, which is made once and not for each comparison */
struct named_call {
	char text[CALL_TEXT_MAX];
	struct policy_call *call;
};

static int compare_text(const void *a, const void *b)
{
	const struct named_call *one = a;
	const struct named_call *other = b;

	return strcmp(one->text, other->text);
}

struct policy_call **policy_by_text(const struct policy *policy)
{
	struct policy_call **calls = xcalloc(policy->nr_calls, sizeof(*calls));
	struct named_call *named = xcalloc(policy->nr_calls, sizeof(*named));

	for (size_t i = 0; i < policy->nr_calls; i++) {
		named[i].call = &policy->calls[i];
		call_text(&named[i].call->call, named[i].text);
	}
	qsort(named, policy->nr_calls, sizeof(*named), compare_text);
	for (size_t i = 0; i < policy->nr_calls; i++)
		calls[i] = named[i].call;
	free(named);
	return calls;
}
