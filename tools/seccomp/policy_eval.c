// SPDX-License-Identifier: GPL-2.0
/*
 * A policy in memory: what it answers.
 */
#include <errno.h>

#include "policy_private.h"

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

const struct rule *plain_rule(const struct policy_call *call)
{
	for (size_t i = 0; i < call->nr_rules; i++)
		if (!call->rules[i].nr_cmps)
			return &call->rules[i];
	return NULL;
}

bool policy_has_new_numbers(const struct policy *policy)
{
	switch (policy->default_action & 0xffff0000) {
	case SCMP_ACT_KILL_PROCESS:
	case SCMP_ACT_KILL_THREAD:
	case SCMP_ACT_TRAP:
	case SCMP_ACT_ERRNO(0):
		return policy->default_action != SCMP_ACT_ERRNO(ENOSYS);
	default:
		return false;
	}
}

uint32_t policy_default(const struct policy *policy, const struct call *call)
{
	uint32_t nr = call->nr;
	uint32_t first;
	uint32_t last;

	if (policy_has_new_numbers(policy) &&
	    abi_new_numbers(call->abi, nr, &first, &last) && first == nr)
		return SCMP_ACT_ERRNO(ENOSYS);
	return policy->default_action;
}

struct verdict policy_eval(const struct policy *policy, const struct call *call,
			   const uint64_t *args, unsigned int known)
{
	struct verdict verdict = { .action = policy_default(policy, call) };
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
