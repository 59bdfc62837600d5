/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decisions of the user about calls of a policy, by command or in review.
 */
#ifndef SCLOG_DECIDE_H
#define SCLOG_DECIDE_H

#include "args.h"
#include "policy.h"

enum answer {
	ANSWER_ALLOW,	/* with any argument */
	ANSWER_ONLY,	/* with what was seen, or with the rules given */
	ANSWER_DENY,
	ANSWER_LOG,	/* allow, and record */
};

/** answer_name() - "allow", as in the file and in answers */
const char *answer_name(enum answer answer);

/** answer_parse() - of a name; false if it is none */
bool answer_parse(const char *name, enum answer *answer);

/**
 * decide() - do what the user says, and note who said it and when
 *
 * Return: NULL, or a constant that says why it cannot be done; the policy is
 * then unchanged.
 */
const char *decide(struct policy *policy, const struct call *call,
		   enum answer answer);

/**
 * decide_allow_rules() - allow a call also with some arguments
 * @rules: of call_pattern_parse()
 *
 * Return: as decide().
 */
const char *decide_allow_rules(struct policy *policy, const struct call *call,
			       const struct rules *rules);

/** decide_deny_rules() - no longer allow it with some arguments */
const char *decide_deny_rules(struct policy *policy, const struct call *call,
			      const struct rules *rules);

/** call_allows_any() - a rule without condition allows the call */
bool call_allows_any(const struct policy_call *call);

/** call_is_allowed() - at least with some arguments */
bool call_is_allowed(const struct policy_call *call);

/** policy_refuses() - what is not in the policy is not made */
bool policy_refuses(const struct policy *policy);

#endif /* SCLOG_DECIDE_H */
