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
	"\n"
	"Example: sclog merge -o all.json start.json test.json\n";

static const struct option longs[] = {
	{ "output", required_argument, NULL, 'o' },
	{ }
};

static void say_conflict(void *data, const struct call *call)
{
	char text[CALL_TEXT_MAX];

	pr_warn_at(data, 0, "%s: has another action than in the files before: not used",
		   call_text(call, text));
}

static bool add_file(struct policy **merged, const char *path)
{
	struct policy *policy = policy_load(path);

	if (!policy)
		return false;
	if (!*merged) {
		*merged = policy;
		return true;
	}
	if (policy->default_action != (*merged)->default_action)
		pr_warn_at(path, 0, "has another action for what is not in the policy: not used");
	policy_merge(*merged, policy, say_conflict, (void *)path);
	policy_free(policy);
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

int cmd_merge(int argc, char **argv)
{
	struct policy *merged = NULL;
	const char *output = NULL;
	bool ok = true;
	int option;

	while ((option = next_option(argc, argv, "o:", longs, help)) >= 0)
		output = optarg;
	if (option != OPT_END)
		return option_status(option);
	if (!output)
		return usage("merge", "-o OUT is needed");
	if (argc - optind < 2)
		return usage("merge", "at least two policies are needed");
	for (int i = optind; ok && i < argc; i++)
		ok = add_file(&merged, argv[i]);
	if (ok)
		settle_decisions(merged);
	ok = ok && policy_replace(output, merged);
	if (ok)
		pr_info("%s: %zu calls of %d policies", output,
			merged->nr_calls, argc - optind);
	policy_free(merged);
	return ok ? STATUS_OK : STATUS_FAILED;
}
