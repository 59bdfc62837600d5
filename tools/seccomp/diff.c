// SPDX-License-Identifier: GPL-2.0
/*
 * diff: compare two policies by what they mean.
 */
#include <stdlib.h>
#include <string.h>

#include "decide.h"
#include "file.h"
#include "sclog.h"

static const char help[] =
	"Usage: sclog diff [OPTION]... A B\n"
	"\n"
	"Compare what two policies allow and refuse; not how often a call was seen.\n"
	"\n"
	"  + CALL   only B allows it         - CALL   only A allows it\n"
	"  ~ CALL   both know it, but not with the same arguments or action\n"
	"\n"
	"The status is 0 if they mean the same, 1 if not or if one cannot be read.\n"
	"\n"
	"      --json            an object a line\n"
	"\n"
	"Example: sclog diff old.json new.json\n";

struct diff {
	const struct policy *a;
	const struct policy *b;
	size_t nr;
};

static void print_line(struct diff *diff, char sign, const char *what,
		       const char *a, const char *b)
{
	const struct style *style = style_for(stdout);
	const char *colour = sign == '+' ? style->green :
		sign == '-' ? style->red : style->yellow;

	diff->nr++;
	if (options.json) {
		printf("{\"change\": \"%c\", \"what\": ", sign);
		print_json_string(stdout, what);
		fputs(", \"a\": ", stdout);
		print_json_string(stdout, a);
		fputs(", \"b\": ", stdout);
		print_json_string(stdout, b);
		puts("}");
		return;
	}
	printf("%s%c ", colour, sign);
	print_escaped(stdout, what);
	fputs(style->reset, stdout);
	if (sign == '~')
		printf(": %s -> %s", a, b);
	else if (sign == '+' ? *b : *a)
		printf(": %s", sign == '+' ? b : a);
	putchar('\n');
}

static char *action_text(uint32_t action)
{
	const char *name = action_name(action);
	int value = action_value(action);

	name += strlen("SCMP_ACT_");
	return value < 0 ? xstrdup(name) : xasprintf("%s %d", name, value);
}

/* "ALLOW option=PR_SET_NAME, ERRNO 1": what the policy does with a call */
static char *meaning(const struct policy *policy,
		     const struct policy_call *entry)
{
	char *text = xstrdup("");

	for (size_t i = 0; entry && i < entry->nr_rules; i++) {
		uint32_t action = entry->rules[i].action;
		bool known = false;
		char *name;
		char *rules;
		char *longer;

		for (size_t j = 0; j < i; j++)
			known |= entry->rules[j].action == action;
		if (known)
			continue;
		name = action_text(action);
		rules = call_rules_text(entry, action);
		longer = xasprintf("%s%s%s%s%s", text, *text ? ", " : "", name,
				   *rules ? " " : "", rules);
		free(name);
		free(rules);
		free(text);
		text = longer;
	}
	if (!*text) {
		free(text);
		text = action_text(policy->default_action);
	}
	return text;
}

/* Is the rule of no effect, since the default does the same? */
static bool is_default(const struct policy *policy, const struct rule *rule)
{
	return rule->action == policy->default_action;
}

static bool has_rule(const struct policy_call *entry, const struct rule *rule)
{
	for (size_t i = 0; entry && i < entry->nr_rules; i++)
		if (rule_equal(&entry->rules[i], rule))
			return true;
	return false;
}

/* Every rule of @a, but those that say what the default of its policy is */
static bool all_in(const struct policy *policy, const struct policy_call *a,
		   const struct policy_call *b)
{
	for (size_t i = 0; a && i < a->nr_rules; i++)
		if (!is_default(policy, &a->rules[i]) &&
		    !has_rule(b, &a->rules[i]))
			return false;
	return true;
}

/* What a call is answered with whatever its arguments are; false: it depends */
static bool one_answer(const struct policy *policy,
		       const struct policy_call *entry, uint32_t *action)
{
	*action = policy->default_action;
	for (size_t i = 0; entry && i < entry->nr_rules; i++) {
		if (entry->rules[i].nr_cmps)
			return false;
		*action = entry->rules[i].action;
	}
	return !entry || entry->nr_rules <= 1;
}

static bool same_answer(const struct diff *diff, const struct policy_call *a,
			const struct policy_call *b)
{
	uint32_t was;
	uint32_t is;

	return one_answer(diff->a, a, &was) && one_answer(diff->b, b, &is) &&
		was == is;
}

static void compare_call(struct diff *diff, const struct call *call)
{
	const struct policy_call *a = policy_find(diff->a, call);
	const struct policy_call *b = policy_find(diff->b, call);
	bool a_allows = call_is_allowed(a);
	bool b_allows = call_is_allowed(b);
	char text[CALL_TEXT_MAX];
	char *was;
	char *is;

	if ((all_in(diff->a, a, b) && all_in(diff->b, b, a)) ||
	    same_answer(diff, a, b))
		return;
	was = meaning(diff->a, a);
	is = meaning(diff->b, b);
	call_text(call, text);
	if (a_allows && !b_allows && (!b || !b->nr_rules))
		print_line(diff, '-', text, strcmp(was, "ALLOW") ? was : "", "");
	else if (b_allows && !a_allows && (!a || !a->nr_rules))
		print_line(diff, '+', text, "", strcmp(is, "ALLOW") ? is : "");
	else
		print_line(diff, '~', text, was, is);
	free(was);
	free(is);
}

static void compare_archs(struct diff *diff)
{
	for (const struct abi *abi = NULL; (abi = abi_next(abi));) {
		bool a = policy_has_arch(diff->a, abi);
		bool b = policy_has_arch(diff->b, abi);
		char *what;

		if (a == b)
			continue;
		what = xasprintf("architecture %s", abi->name);
		print_line(diff, b ? '+' : '-', what, "", "");
		free(what);
	}
}

static void compare_default(struct diff *diff)
{
	char *a = action_text(diff->a->default_action);
	char *b = action_text(diff->b->default_action);

	if (diff->a->default_action != diff->b->default_action)
		print_line(diff, '~', "what is not in the policy", a, b);
	free(a);
	free(b);
}

static const struct unknown_name *find_unknown(const struct policy *policy,
					       const char *name)
{
	for (size_t i = 0; i < policy->nr_unknown; i++)
		if (!strcmp(policy->unknown[i].name, name))
			return &policy->unknown[i];
	return NULL;
}

static bool same_unknown(const struct unknown_name *a,
			 const struct unknown_name *b)
{
	if (!b || a->nr_rules != b->nr_rules)
		return false;
	for (size_t i = 0; i < a->nr_rules; i++)
		if (!rule_equal(&a->rules[i], &b->rules[i]))
			return false;
	return true;
}

/* Names that this libseccomp does not know, and what else the files have */
static void compare_rest(struct diff *diff, const struct policy *from,
			 const struct policy *to, char sign)
{
	for (size_t i = 0; i < from->nr_unknown; i++)
		if (!same_unknown(&from->unknown[i],
				  find_unknown(to, from->unknown[i].name)))
			print_line(diff, sign, from->unknown[i].name, "", "");
	for (size_t i = 0; i < from->nr_extra; i++) {
		const struct extra *extra = &from->extra[i];
		bool same = false;
		char *what;

		for (size_t j = 0; j < to->nr_extra; j++)
			same |= !strcmp(to->extra[j].key, extra->key) &&
				!strcmp(to->extra[j].json, extra->json);
		if (same)
			continue;
		what = xasprintf("%s %s", extra->key, extra->json);
		print_line(diff, sign, what, "", "");
		free(what);
	}
}

int cmd_diff(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);
	struct diff diff = {};
	struct policy *all;
	struct policy *a;
	struct policy *b;
	struct policy_call **calls;

	if (option != OPT_END)
		return option_status(option);
	if (argc - optind != 2)
		return usage("diff", "two policies are needed");
	a = policy_load(argv[optind]);
	b = a ? policy_load(argv[optind + 1]) : NULL;
	if (!b) {
		policy_free(a);
		return STATUS_FAILED;
	}
	diff.a = a;
	diff.b = b;
	compare_default(&diff);
	compare_archs(&diff);
	all = policy_new();
	policy_merge(all, a, NULL, NULL);
	policy_merge(all, b, NULL, NULL);
	calls = policy_by_text(all);
	for (size_t i = 0; i < all->nr_calls; i++)
		compare_call(&diff, &calls[i]->call);
	free(calls);
	compare_rest(&diff, a, b, '-');
	compare_rest(&diff, b, a, '+');
	policy_free(all);
	policy_free(a);
	policy_free(b);
	return diff.nr ? STATUS_NO : STATUS_OK;
}
