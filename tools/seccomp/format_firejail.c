// SPDX-License-Identifier: GPL-2.0
/*
 * firejail: lines of a profile. It silently drops names that it does not know,
 * and takes numbers as $N.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"

static void add_names(struct conversion *to, const struct abi *abi,
		      struct words *names)
{
	struct policy_call **calls = policy_by_text(to->policy);

	for (size_t i = 0; i < to->policy->nr_calls; i++) {
		const struct call *call = &calls[i]->call;
		char number[16];

		if (call->abi != abi || !call_can_pass(calls[i]))
			continue;
		if (call_name(call)) {
			words_add(names, call_name(call));
		} else if (call->nr < 0) {
			name_or_fail(to, calls[i]);
		} else {
			snprintf(number, sizeof(number), "$%d", call->nr);
			words_add(names, number);
		}
	}
	free(calls);
}

/* Returns whether there are any. */
static bool write_names(struct conversion *to, const char *line,
			const struct abi *abi)
{
	struct words names = {};
	bool any;
	char *text;

	add_names(to, abi, &names);
	text = words_join(&names, ",");
	any = names.nr;
	if (any)
		fprintf(to->out, "%s %s\n", line, text);
	free(text);
	words_free(&names);
	return any;
}

static bool is_32_bits(const struct abi *abi)
{
	return !strcmp(abi->name, "x86");
}

void write_firejail(struct conversion *to)
{
	const struct policy *policy = to->policy;
	uint32_t action = policy->default_action;

	lose_all_but_names(to);
	lose_origin(to);
	for (size_t i = 0; i < policy->nr_archs; i++)
		if (policy->archs[i] != abi_native() &&
		    !is_32_bits(policy->archs[i]))
			conversion_lose(to, "calls of %s are left out",
					policy->archs[i]->name);
	if ((action & 0xffff0000) == SCMP_ACT_ERRNO(0))
		fprintf(to->out, "seccomp-error-action %s\n",
			errno_text(action & 0xffff));
	else if (action == SCMP_ACT_KILL_PROCESS)
		fputs("seccomp-error-action kill\n", to->out);
	else if (action == SCMP_ACT_LOG)
		fputs("seccomp-error-action log\n", to->out);
	else
		conversion_fail(to, "firejail has no default like %s",
				action_text(action));
	if (!write_names(to, "seccomp.keep", abi_native()))
		conversion_fail(to, "allows no call of %s, and firejail makes no filter of that",
				abi_native()->name);
	for (size_t i = 0; i < policy->nr_archs; i++)
		if (is_32_bits(policy->archs[i]) &&
		    policy->archs[i] != abi_native())
			write_names(to, "seccomp.32.keep", policy->archs[i]);
}

static bool read_names(struct policy *policy, const char *file,
		       unsigned long line, char *names, const char *prefix)
{
	char *rest = names;
	bool good = true;
	char *name;

	while (good && (name = strsep(&rest, ","))) {
		char *text;

		name = trim(name);
		if (*name == '@' || *name == '!') {
			pr_err_at(file, line, "'%s': firejail's sets are not read",
				  name);
			return false;
		}
		text = xasprintf("%s%s", prefix, *name == '$' ? name + 1 : name);
		good = allow_name(policy, file, line, text);
		free(text);
	}
	return good;
}

static bool read_action(struct policy *policy, const char *file,
			unsigned long line, const char *action)
{
	uint16_t value;

	if (!strcmp(action, "kill")) {
		policy->default_action = SCMP_ACT_KILL_PROCESS;
	} else if (!strcmp(action, "log")) {
		policy->default_action = SCMP_ACT_LOG;
	} else if (errno_parse(action, &value)) {
		policy->default_action = SCMP_ACT_ERRNO(value);
	} else {
		pr_err_at(file, line, "'%s': not an error, kill or log", action);
		return false;
	}
	return true;
}

struct policy *read_firejail(const char *file, char *text, size_t length)
{
	struct policy *policy = policy_new();
	unsigned long line = 0;
	unsigned int kept = 0;
	bool good = strlen(text) == length;
	char *at = text;
	char *word;

	policy->has_origin = false;
	policy->default_action = SCMP_ACT_ERRNO(EPERM);
	while (good && (word = next_text_line(&at))) {
		char *value;

		line++;
		word = trim(word);
		value = strpbrk(word, " =");
		if (value) {
			*value++ = '\0';
			value = trim(value);
		}
		if (!strncmp(word, "--", 2))
			word += 2;
		if (!strcmp(word, "seccomp.keep") && value) {
			good = read_names(policy, file, line, value, "");
			kept++;
		} else if (!strcmp(word, "seccomp.32.keep") && value) {
			good = read_names(policy, file, line, value, "x86:");
		} else if (!strcmp(word, "seccomp-error-action") && value) {
			good = read_action(policy, file, line, value);
		} else if (!strncmp(word, "seccomp", 7)) {
			pr_err_at(file, line, "only seccomp.keep, seccomp.32.keep and seccomp-error-action are read");
			good = false;
		}
	}
	if (good && !kept)
		pr_err_at(file, 0, "no line with seccomp.keep");
	if (good && kept)
		return policy;
	policy_free(policy);
	return NULL;
}
