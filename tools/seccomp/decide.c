// SPDX-License-Identifier: GPL-2.0
/*
 * Decisions of the user about calls of a policy.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decide.h"
#include "file.h"

static const char *const answers[] = {
	[ANSWER_ALLOW] = "allow",
	[ANSWER_ONLY] = "only",
	[ANSWER_DENY] = "deny",
	[ANSWER_LOG] = "log",
};

#define NR_ANSWERS	(sizeof(answers) / sizeof(answers[0]))

const char *answer_name(enum answer answer)
{
	return answers[answer];
}

bool answer_parse(const char *name, enum answer *answer)
{
	for (size_t i = 0; i < NR_ANSWERS; i++) {
		if (!strcmp(answers[i], name)) {
			*answer = i;
			return true;
		}
	}
	return false;
}

/* Root by sudo is who called it */
static const char *user_name(void)
{
	const char *name = geteuid() ? NULL : getenv("SUDO_USER");
	const struct passwd *user = name && *name ? NULL : getpwuid(getuid());

	return user ? user->pw_name : name;
}

static void note(struct policy *policy, const struct call *call,
		 enum answer answer)
{
	struct policy_call *entry = policy_get(policy, call);

	policy_set_text(&entry->answer, answer_name(answer));
	policy_set_text(&entry->answer_by, user_name());
	entry->answer_ms = now_ms();
}

static bool is_allow(uint32_t action)
{
	return action == SCMP_ACT_ALLOW || action == SCMP_ACT_LOG;
}

bool policy_refuses(const struct policy *policy)
{
	return !is_allow(policy->default_action);
}

bool call_is_allowed(const struct policy_call *call)
{
	for (size_t i = 0; call && i < call->nr_rules; i++)
		if (is_allow(call->rules[i].action))
			return true;
	return false;
}

bool call_allows_any(const struct policy_call *call)
{
	for (size_t i = 0; call && i < call->nr_rules; i++)
		if (!call->rules[i].nr_cmps)
			return is_allow(call->rules[i].action);
	return false;
}

static void set_rule(struct policy *policy, const struct call *call,
		     uint32_t action)
{
	const struct rule rule = { .action = action };

	policy_clear_rules(policy_get(policy, call));
	policy_add_rule(policy, call, &rule);
}

const char *decide(struct policy *policy, const struct call *call,
		   enum answer answer)
{
	const char *why = NULL;

	switch (answer) {
	case ANSWER_ALLOW:
		policy_allow(policy, call);
		break;
	case ANSWER_ONLY:
		why = call_narrow(policy, call, EVENT_ARGS_ALL);
		break;
	case ANSWER_DENY:
		if (policy_refuses(policy))
			policy_clear_rules(policy_get(policy, call));
		else
			set_rule(policy, call, SCMP_ACT_ERRNO(ENOSYS));
		break;
	case ANSWER_LOG:
		set_rule(policy, call, SCMP_ACT_LOG);
		break;
	}
	if (!why)
		note(policy, call, answer);
	return why;
}

const char *decide_allow_rules(struct policy *policy, const struct call *call,
			       const struct rules *rules)
{
	struct policy_call *entry = policy_get(policy, call);

	if (call_allows_any(entry))
		return "is allowed with any argument: drop it first to allow it with some only";
	if (!call_is_allowed(entry))
		policy_clear_rules(entry);
	for (size_t i = 0; i < rules->nr; i++)
		policy_add_rule(policy, call, &rules->rules[i]);
	note(policy, call, ANSWER_ONLY);
	return NULL;
}

static bool same_condition(const struct rule *a, const struct rule *b)
{
	struct rule copy = *b;

	copy.action = a->action;
	return rule_equal(a, &copy);
}

const char *decide_deny_rules(struct policy *policy, const struct call *call,
			      const struct rules *rules)
{
	struct policy_call *entry = policy_find(policy, call);
	size_t found = 0;
	size_t kept = 0;

	if (!call_is_allowed(entry))
		return "is not allowed anyway";
	if (call_allows_any(entry))
		return "is allowed with any argument: drop it, and allow it with those that it needs";
	for (size_t i = 0; i < rules->nr; i++) {
		struct rule rule = rules->rules[i];

		rule_check(&rule);
		for (size_t j = 0; j < entry->nr_rules; j++)
			found += same_condition(&entry->rules[j], &rule);
	}
	if (found < rules->nr)
		return "has no rule with just these arguments: see sclog explain";
	for (size_t j = 0; j < entry->nr_rules; j++) {
		bool gone = false;

		for (size_t i = 0; i < rules->nr; i++) {
			struct rule rule = rules->rules[i];

			rule_check(&rule);
			gone |= same_condition(&entry->rules[j], &rule);
		}
		if (!gone)
			entry->rules[kept++] = entry->rules[j];
	}
	entry->nr_rules = kept;
	note(policy, call, kept ? ANSWER_ONLY : ANSWER_DENY);
	return NULL;
}
