// SPDX-License-Identifier: GPL-2.0
/*
 * What makes a policy weaker than it looks (warnings.h).
 */
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "warnings.h"

static bool is_allowed(const struct policy_call *call)
{
	for (size_t i = 0; call && i < call->nr_rules; i++)
		if (call->rules[i].action == SCMP_ACT_ALLOW ||
		    call->rules[i].action == SCMP_ACT_LOG)
			return true;
	return false;
}

static void warn_of_archs(const struct policy *policy, warn_fn *warn,
			  void *data)
{
	if (strcmp(abi_native()->name, "x86_64"))
		return;
	for (size_t i = 0; i < policy->nr_archs; i++) {
		const struct abi *abi = policy->archs[i];
		char *text;

		if (strcmp(abi->name, "x86") && strcmp(abi->name, "x32"))
			continue;
		text = xasprintf("%s: this convention is allowed, too: few programs need it",
				 abi->name);
		warn(data, &(struct policy_warning){ .abi = abi, .text = text });
		free(text);
	}
}

static void warn_of_call(const struct policy_call *call, bool launcher,
			 const char *what, warn_fn *warn, void *data)
{
	char name[CALL_TEXT_MAX];
	struct policy_warning warning = {
		.abi = call->call.abi,
		.call = call,
		.launcher = launcher,
	};
	char *text = xasprintf("%s: %s", call_text(&call->call, name), what);

	warning.text = text;
	warn(data, &warning);
	free(text);
}

void policy_warnings(const struct policy *policy, warn_fn *warn, void *data)
{
	static const struct {
		const char *name;
		const char *what;
	} calls[] = {
		{ "io_uring_setup",
		  "what a program asks of the ring is no call, and no filter sees it" },
		{ "ptrace", "can change what other processes call" },
		{ "process_vm_writev", "can change the memory of other processes" },
	};

	warn_of_archs(policy, warn, data);
	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct policy_call *call = &policy->calls[i];
		const char *name = call_name(&call->call);

		if (!name || !is_allowed(call))
			continue;
		for (size_t j = 0; j < sizeof(calls) / sizeof(calls[0]); j++)
			if (!strcmp(calls[j].name, name))
				warn_of_call(call, false, calls[j].what, warn,
					     data);
		/* the command's own is the first */
		if (call->count > 1 && (!strcmp(name, "execve") ||
					!strcmp(name, "execveat")))
			warn_of_call(call, true,
				     "what is started is under this policy, too",
				     warn, data);
	}
}

static bool is_of_run(const struct run_set *runs, unsigned int run)
{
	return runs->nr == 1 && runs->ids[0] == run;
}

/* Was the call, or with NULL all of the convention, seen in this run first? */
static bool is_new(const struct policy *policy, unsigned int run,
		   const struct abi *abi, const struct policy_call *entry)
{
	bool any = false;

	if (entry)
		return is_of_run(&entry->runs, run);
	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct policy_call *call = &policy->calls[i];

		if (call->call.abi != abi || !call->runs.nr)
			continue;
		if (!is_of_run(&call->runs, run))
			return false;
		any = true;
	}
	return any;
}

/* struct run_warner - of which run is it said? */
struct run_warner {
	const struct policy *policy;
	unsigned int run;
};

static void warn_if_new(void *data, const struct policy_warning *warning)
{
	const struct run_warner *warner = data;

	if (!warning->launcher &&
	    is_new(warner->policy, warner->run, warning->abi, warning->call))
		pr_warn("%s", warning->text);
}

void warn_of_run(const struct policy *policy, unsigned int run)
{
	struct run_warner warner = { policy, run };

	policy_warnings(policy, warn_if_new, &warner);
}
