// SPDX-License-Identifier: GPL-2.0
/*
 * merge: one policy of several.
 */
#include <stdlib.h>
#include <string.h>

#include "decide.h"
#include "file.h"
#include "sclog.h"

static const char help[] =
	"Usage: sclog merge -o OUT A B...\n"
	"\n"
	"Write a policy that allows what any of several policies allows, with all\n"
	"their runs and counts. OUT may be one of them; what was in it otherwise is\n"
	"replaced. If policies contradict each other, the first one counts, and\n"
	"sclog says so.\n"
	"\n"
	"  -o, --output=OUT      the policy to write\n"
	"      --json            an object a call: which policies have it; and a summary\n"
	"\n"
	"Example: sclog merge -o all.json start.json test.json\n";

static const struct option longs[] = {
	{ "output", required_argument, NULL, 'o' },
	{ }
};

/**
 * struct part - one of the policies
 * @calls: that it has, @nr_calls, sorted
 * @nr_runs: its runs
 * @nr_new: calls that no policy before it has
 */
struct part {
	const char *path;
	struct call *calls;
	size_t nr_calls;
	size_t nr_runs;
	size_t nr_new;
};

static void say_conflict(void *data, const struct call *call)
{
	char text[CALL_TEXT_MAX];

	pr_warn_at(data, 0, "%s: has another action than in the files before: not used",
		   call_text(call, text));
}

static void fill_part(struct part *part, const struct policy *policy)
{
	part->nr_calls = policy->nr_calls;
	part->nr_runs = policy->nr_runs;
	part->calls = xcalloc(policy->nr_calls, sizeof(*part->calls));
	for (size_t i = 0; i < policy->nr_calls; i++)
		part->calls[i] = policy->calls[i].call;
}

static bool add_file(struct policy **merged, struct part *part)
{
	struct policy *policy = policy_load(part->path);
	size_t before = *merged ? (*merged)->nr_calls : 0;

	if (!policy)
		return false;
	fill_part(part, policy);
	if (!*merged) {
		*merged = policy;
	} else {
		if (policy->default_action != (*merged)->default_action)
			pr_warn_at(part->path, 0, "has another action for what is not in the policy: not used");
		policy_merge(*merged, policy, say_conflict,
			     (void *)part->path);
		policy_free(policy);
	}
	part->nr_new = (*merged)->nr_calls - before;
	return true;
}

/* Who allows in one policy what another denies must hear of it */
static void settle_decisions(struct policy *policy)
{
	for (size_t i = 0; i < policy->nr_calls; i++) {
		struct policy_call *entry = &policy->calls[i];
		char text[CALL_TEXT_MAX];

		if (!entry->answer || strcmp(entry->answer, "deny") ||
		    !call_is_allowed(entry))
			continue;
		pr_warn("merge: %s: denied in one policy, allowed in another: allowed",
			call_text(&entry->call, text));
		policy_set_text(&entry->answer, NULL);
		policy_set_text(&entry->answer_by, NULL);
		entry->answer_ms = 0;
	}
}

static int compare(const void *a, const void *b)
{
	return call_compare(a, b);
}

static bool has_call(const struct part *part, const struct call *call)
{
	return part->nr_calls && bsearch(call, part->calls, part->nr_calls,
					 sizeof(*call), compare);
}

static void print_call_json(const struct policy_call *entry,
			    const struct part *parts, int nr)
{
	char text[CALL_TEXT_MAX];
	bool any = false;

	fputs("{\"call\": ", stdout);
	print_json_string(stdout, call_text(&entry->call, text));
	printf(", \"arch\": \"%s\", \"nr\": %d, \"allowed\": %s, \"from\": [",
	       entry->call.abi->name, entry->call.nr,
	       call_is_allowed(entry) ? "true" : "false");
	for (int i = 0; i < nr; i++) {
		if (!has_call(&parts[i], &entry->call))
			continue;
		fputs(any ? ", " : "", stdout);
		print_json_string(stdout, parts[i].path);
		any = true;
	}
	puts("]}");
}

/* Which policies have each call, and what each policy has added */
static void print_json(const struct policy *merged, const char *output,
		       const struct part *parts, int nr)
{
	for (size_t i = 0; i < merged->nr_calls; i++)
		print_call_json(&merged->calls[i], parts, nr);
	fputs("{\"summary\": {\"policy\": ", stdout);
	print_json_string(stdout, output);
	printf(", \"calls\": %zu, \"files\": [", merged->nr_calls);
	for (int i = 0; i < nr; i++) {
		printf("%s{\"file\": ", i ? ", " : "");
		print_json_string(stdout, parts[i].path);
		printf(", \"calls\": %zu, \"new\": %zu, \"runs\": %zu}",
		       parts[i].nr_calls, parts[i].nr_new, parts[i].nr_runs);
	}
	fputs("], \"warnings\": ", stdout);
	messages_json(options.warnings, stdout);
	puts("}}");
	messages_free(options.warnings);
}

static bool merge(const char *output, struct part *parts, int nr)
{
	struct policy *merged = NULL;
	bool ok = true;

	for (int i = 0; ok && i < nr; i++)
		ok = add_file(&merged, &parts[i]);
	if (ok && merged) {
		settle_decisions(merged);
		ok = policy_replace(output, merged);
	}
	if (ok && options.json)
		print_json(merged, output, parts, nr);
	else if (ok)
		pr_info("%s: %zu calls of %d policies", output,
			merged->nr_calls, nr);
	policy_free(merged);
	return ok;
}

int cmd_merge(int argc, char **argv)
{
	struct messages warnings = {};
	const char *output = NULL;
	struct part *parts;
	bool ok;
	int option;
	int nr;

	while ((option = next_option(argc, argv, "o:", longs, help)) >= 0)
		output = optarg;
	if (option != OPT_END)
		return option_status(option);
	if (!output)
		return usage("merge", "-o OUT is needed");
	nr = argc - optind;
	if (nr < 2)
		return usage("merge", "at least two policies are needed");
	parts = xcalloc(nr, sizeof(*parts));
	for (int i = 0; i < nr; i++)
		parts[i].path = argv[optind + i];
	if (options.json)
		options.warnings = &warnings;
	ok = merge(output, parts, nr);
	/* if there is no summary */
	options.warnings = NULL;
	messages_print(&warnings);
	messages_free(&warnings);
	for (int i = 0; i < nr; i++)
		free(parts[i].calls);
	free(parts);
	return ok ? STATUS_OK : STATUS_FAILED;
}
