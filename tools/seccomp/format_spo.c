// SPDX-License-Identifier: GPL-2.0
/*
 * spo: the operator's SeccompProfile, as YAML. It has no default errno but
 * EPERM, an errno is a string, and keys that it does not know are pruned.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "formats.h"
#include "yaml.h"

/* What libc falls back from if it is answered by ENOSYS, and by no other error */
static const char *const fallbacks[] = {
	"cachestat", "clone3", "close_range", "epoll_pwait2", "faccessat2",
	"futex_waitv", "openat2", "rseq", "statx",
};

static void write_string(FILE *out, const char *text)
{
	print_json_string(out, text);
}

/* "My Policy.json" as a name in Kubernetes: "my-policy" */
static char *object_name(const char *file)
{
	const char *slash = strrchr(file, '/');
	char *name = xstrdup(!strcmp(file, "-") ? "sclog" : slash ? slash + 1 : file);
	char *dot = strchr(name, '.');
	char *start = name;
	char *text;

	if (dot && dot != name)
		*dot = '\0';
	for (char *at = name; *at; at++) {
		if (*at >= 'A' && *at <= 'Z')
			*at += 'a' - 'A';
		else if (!(*at >= 'a' && *at <= 'z') &&
			 !(*at >= '0' && *at <= '9'))
			*at = '-';
	}
	start += strspn(start, "-");
	for (size_t length = strlen(start); length && start[length - 1] == '-';)
		start[--length] = '\0';
	text = xstrdup(*start ? start : "sclog");
	free(name);
	return text;
}

static void write_head(struct conversion *to)
{
	const struct policy *policy = to->policy;
	const struct policy_run *run = policy->nr_runs ?
		&policy->runs[policy->nr_runs - 1] : NULL;
	char *name = object_name(to->file);

	fputs("apiVersion: \"security-profiles-operator.x-k8s.io/v1beta1\"\n"
	      "kind: \"SeccompProfile\"\n"
	      "metadata:\n"
	      "  name: ", to->out);
	write_string(to->out, name);
	free(name);
	if (run) {
		char *learned = xasprintf("Linux %s, %s",
					  run->kernel ? run->kernel : "?",
					  run->libc ? run->libc : "?");

		fputs("\n  annotations:\n    sclog/learned-on: ", to->out);
		write_string(to->out, learned);
		free(learned);
	}
	fputs("\nspec:\n", to->out);
}

static uint32_t written_default(const struct policy *policy)
{
	uint32_t action = policy->default_action;

	return (action & 0xffff0000) == SCMP_ACT_ERRNO(0) ?
		SCMP_ACT_ERRNO(EPERM) : action;
}

static void write_rule(struct conversion *to, const struct words *names,
		       const struct rule *rule)
{
	int value = action_value(rule->action);

	fprintf(to->out, "  - action: \"%s\"\n", action_name(rule->action));
	if (value >= 0)
		fprintf(to->out, "    errnoRet: \"%d\"\n", value);
	fputs("    names:\n", to->out);
	for (size_t i = 0; i < names->nr; i++)
		fprintf(to->out, "    - \"%s\"\n", names->words[i]);
	if (!rule->nr_cmps)
		return;
	fputs("    args:\n", to->out);
	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];

		/* the cluster's schema has int64 */
		if (cmp->value > INT64_MAX || cmp->value_two > INT64_MAX)
			conversion_fail(to, "%s: the format has no values above 0x7fffffffffffffff",
					names->words[0]);
		fprintf(to->out, "    - index: %u\n      op: \"%s\"\n      value: %" PRIu64 "\n",
			cmp->index, op_name(cmp->op), cmp->value);
		if (cmp->op == SCMP_CMP_MASKED_EQ)
			fprintf(to->out, "      valueTwo: %" PRIu64 "\n",
				cmp->value_two);
	}
}

/* Rules without condition are one entry for each action */
static void write_plain(struct conversion *to, struct policy_call **calls,
			uint32_t action)
{
	struct rule rule = { .action = action };
	struct words names = {};

	for (size_t i = 0; i < to->policy->nr_calls; i++) {
		const char *name;

		for (size_t j = 0; j < calls[i]->nr_rules; j++) {
			if (!rule_equal(&calls[i]->rules[j], &rule))
				continue;
			name = name_or_fail(to, calls[i]);
			if (name)
				words_add(&names, name);
		}
	}
	if (names.nr)
		write_rule(to, &names, &rule);
	words_free(&names);
}

static bool is_first(struct policy_call **calls, size_t i, size_t j)
{
	for (size_t k = 0; k <= i; k++)
		for (size_t l = 0; l < (k == i ? j : calls[k]->nr_rules); l++)
			if (!calls[k]->rules[l].nr_cmps &&
			    calls[k]->rules[l].action ==
			    calls[i]->rules[j].action)
				return false;
	return true;
}

static void write_rules(struct conversion *to)
{
	struct policy_call **calls = policy_by_text(to->policy);
	size_t nr = to->policy->nr_calls;

	for (size_t i = 0; i < nr; i++)
		for (size_t j = 0; j < calls[i]->nr_rules; j++)
			if (!calls[i]->rules[j].nr_cmps && is_first(calls, i, j))
				write_plain(to, calls, calls[i]->rules[j].action);
	for (size_t i = 0; i < nr; i++) {
		struct words name = {};

		for (size_t j = 0; j < calls[i]->nr_rules; j++) {
			const char *text;

			if (!calls[i]->rules[j].nr_cmps)
				continue;
			text = name_or_fail(to, calls[i]);
			if (!text)
				break;
			words_add(&name, text);
			write_rule(to, &name, &calls[i]->rules[j]);
		}
		words_free(&name);
	}
	free(calls);
}

/* The default was ENOSYS: at least what libc falls back from must be */
static void write_fallbacks(struct conversion *to)
{
	struct rule rule = { .action = SCMP_ACT_ERRNO(ENOSYS) };
	struct words names = {};

	if (to->policy->default_action != SCMP_ACT_ERRNO(ENOSYS))
		return;
	for (size_t i = 0; i < sizeof(fallbacks) / sizeof(fallbacks[0]); i++) {
		const struct policy_call *known;
		struct call call;

		if (call_by_name(abi_native(), fallbacks[i], &call))
			continue;
		known = policy_find(to->policy, &call);
		if (!known || !known->nr_rules)
			words_add(&names, fallbacks[i]);
	}
	if (names.nr)
		write_rule(to, &names, &rule);
	words_free(&names);
}

static void announce(struct conversion *to)
{
	const struct policy *policy = to->policy;

	if (written_default(policy) != policy->default_action)
		conversion_lose(to, "the default is EPERM, not %s: the format has no other%s",
				action_text(policy->default_action),
				policy->default_action == SCMP_ACT_ERRNO(ENOSYS) ?
				"; ENOSYS is written for the calls that libc falls back from" : "");
	if (policy->nr_archs > 1)
		conversion_lose(to, "names count for all its architectures");
	lose_origin(to);
}

void write_spo(struct conversion *to)
{
	const struct policy *policy = to->policy;

	announce(to);
	write_head(to);
	fprintf(to->out, "  defaultAction: \"%s\"\n",
		action_name(policy->default_action));
	fputs("  architectures:\n", to->out);
	for (size_t i = 0; i < policy->nr_archs; i++)
		fprintf(to->out, "  - \"%s\"\n", policy->archs[i]->oci);
	if (!policy->nr_calls) {
		fputs("  syscalls: []\n", to->out);
		return;
	}
	fputs("  syscalls:\n", to->out);
	write_rules(to);
	write_fallbacks(to);
}

/* "errnoRet": "38" becomes a number */
static void number_errnos(struct json_object *entries)
{
	for (size_t i = 0; i < json_object_array_length(entries); i++) {
		struct json_object *entry = json_object_array_get_idx(entries, i);
		struct json_object *value;
		uint16_t number;

		if (json_object_is_type(entry, json_type_object) &&
		    json_object_object_get_ex(entry, "errnoRet", &value) &&
		    json_object_is_type(value, json_type_string) &&
		    errno_parse(json_object_get_string(value), &number))
			json_object_object_add(entry, "errnoRet",
					       json_object_new_int(number));
	}
}

static void print_warning(void *file, unsigned long line, const char *text)
{
	/* of the JSON that is made of it, which nobody has seen */
	(void)line;
	pr_warn_at(file, 0, "spec: %s", text);
}

struct policy *read_spo(const char *file, char *text, size_t length)
{
	struct json_error error = {};
	struct json_object *root = yaml_parse(text, length, &error);
	struct policy *policy = NULL;
	struct json_object *entries;
	struct json_object *spec;
	const char *plain;

	if (!root) {
		pr_err_at(file, error.line, "%s", error.text);
		return NULL;
	}
	if (!json_object_object_get_ex(root, "spec", &spec) ||
	    !json_object_is_type(spec, json_type_object)) {
		pr_err_at(file, 0, "no 'spec'");
		goto out;
	}
	if (json_object_object_get_ex(spec, "baseProfileName", NULL)) {
		pr_err_at(file, 0, "'baseProfileName': what another profile has is not known here");
		goto out;
	}
	if (json_object_object_get_ex(spec, "syscalls", &entries) &&
	    json_object_is_type(entries, json_type_array))
		number_errnos(entries);
	plain = json_object_to_json_string(spec);
	policy = policy_parse(plain, strlen(plain), &error, print_warning,
			      (void *)file);
	if (!policy)
		pr_err_at(file, 0, "spec: %s", error.text);
out:
	json_object_put(root);
	return policy;
}
