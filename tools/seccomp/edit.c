// SPDX-License-Identifier: GPL-2.0
/*
 * allow, deny, drop: change a policy by command.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decide.h"
#include "file.h"
#include "sclog.h"
#include "warnings.h"

#define CALL_HELP							\
	"A CALL is a name, arch:name, a number, or a name with arguments:\n" \
	"prctl, x86:socket, -100, 'prctl(option=PR_SET_NAME|PR_SET_DUMPABLE)',\n" \
	"'socket(domain=AF_INET, type=SOCK_STREAM|SOCK_CLOEXEC)',\n"	\
	"'mprotect(prot=W^X)'; 'sclog explain NAME' says which it has.\n"

static const char help_allow[] =
	"Usage: sclog allow POLICY CALL...\n"
	"\n"
	"Allow calls in a policy: with any argument, or also with those given. If\n"
	"a CALL is wrong, nothing is changed.\n"
	"\n"
	CALL_HELP
	"\n"
	"Example: sclog allow ls.json getcwd 'prctl(option=PR_SET_NAME)'\n";

static const char help_deny[] =
	"Usage: sclog deny POLICY CALL...\n"
	"\n"
	"Refuse calls in a policy, also if they are seen again when it is learned.\n"
	"With arguments: take these out of what the policy allows. If a CALL is\n"
	"wrong, nothing is changed.\n"
	"\n"
	CALL_HELP
	"\n"
	"Example: sclog deny ls.json ptrace\n";

static const char help_drop[] =
	"Usage: sclog drop POLICY CALL...\n"
	"\n"
	"Take calls out of a policy, with all that is known of them: as if they\n"
	"had never been seen or decided. If the policy lacks one, nothing is\n"
	"changed.\n"
	"\n"
	"Example: sclog drop ls.json x86:getpid\n";

/* One CALL of the command line. @again: it is there before, too. */
struct edit {
	const char *text;
	bool again;
	struct call call;
	struct rules rules;
};

/**
 * struct action - a verb
 * @help: its help text
 * @done: what is said of each CALL
 * @apply: does it; returns why it cannot be done, or NULL
 */
struct action {
	const char *help;
	const char *done;
	const char *(*apply)(struct policy *policy, const struct edit *edit);
};

static const char *do_allow(struct policy *policy, const struct edit *edit)
{
	if (!edit->rules.rules[0].nr_cmps)
		return decide(policy, &edit->call, ANSWER_ALLOW);
	return decide_allow_rules(policy, &edit->call, &edit->rules);
}

static const char *do_deny(struct policy *policy, const struct edit *edit)
{
	if (!edit->rules.rules[0].nr_cmps)
		return decide(policy, &edit->call, ANSWER_DENY);
	return decide_deny_rules(policy, &edit->call, &edit->rules);
}

static const char *do_drop(struct policy *policy, const struct edit *edit)
{
	if (edit->rules.rules[0].nr_cmps)
		return "a call is dropped as a whole: deny takes arguments";
	return policy_remove(policy, &edit->call) || edit->again ? NULL :
		"is not in the policy";
}

static bool parse_edit(const char *verb, const char *text, struct edit *edit)
{
	char *error;

	edit->text = text;
	if (!call_pattern_parse(text, SCMP_ACT_ALLOW, &edit->call, &edit->rules,
				&error))
		return true;
	pr_err("%s: '%s': %s", verb, text, error);
	free(error);
	return false;
}

/* What policy_warnings() says of the calls that were allowed */
struct warned {
	const struct edit *edits;
	int nr;
};

static void warn_of_edit(void *data, const struct policy_warning *warning)
{
	const struct warned *warned = data;

	for (int i = 0; i < warned->nr; i++) {
		const struct call *call = &warned->edits[i].call;

		if (warning->call ? !call_compare(&warning->call->call, call) :
		    warning->abi == call->abi) {
			pr_warn("%s", warning->text);
			return;
		}
	}
}

static int apply_all(const char *verb, const struct action *action,
		     const char *path, const struct edit *edits, int nr)
{
	struct warned warned = { edits, nr };
	struct policy *policy;
	struct policy_file *file;
	bool ok = true;

	/* a wrong name must not become a new policy */
	if (access(path, F_OK)) {
		pr_err_at(path, 0, "%s", strerror(errno));
		return STATUS_FAILED;
	}
	file = policy_lock(path, &policy);
	if (!file)
		return STATUS_FAILED;
	for (int i = 0; ok && i < nr; i++) {
		const char *why = action->apply(policy, &edits[i]);

		ok = !why;
		if (why)
			pr_err("%s: %s: %s %s", verb, path, edits[i].text, why);
	}
	ok = ok && policy_save(file, policy);
	for (int i = 0; ok && i < nr; i++)
		pr_info("%s: %s %s", path, action->done, edits[i].text);
	if (ok && action->apply == do_allow)
		policy_warnings(policy, warn_of_edit, &warned);
	policy_unlock(file);
	policy_free(policy);
	return ok ? STATUS_OK : STATUS_FAILED;
}

static int run_action(int argc, char **argv, const struct action *action)
{
	int option = next_option(argc, argv, "", NULL, action->help);
	int nr = argc - optind - 1;
	struct edit *edits;
	bool ok = true;
	int status = STATUS_USAGE;

	if (option != OPT_END)
		return option_status(option);
	if (nr < 0)
		return usage(argv[0], "which POLICY?");
	if (!nr)
		return usage(argv[0], "which CALL?");
	edits = xcalloc(nr, sizeof(*edits));
	for (int i = 0; i < nr && ok; i++)
		ok = parse_edit(argv[0], argv[optind + 1 + i], &edits[i]);
	for (int i = 0; ok && i < nr; i++)
		for (int j = 0; j < i; j++)
			edits[i].again |= !call_compare(&edits[i].call,
							&edits[j].call);
	if (ok)
		status = apply_all(argv[0], action, argv[optind], edits, nr);
	for (int i = 0; i < nr; i++)
		rules_free(&edits[i].rules);
	free(edits);
	return status;
}

int cmd_allow(int argc, char **argv)
{
	static const struct action action = { help_allow, "allowed", do_allow };

	return run_action(argc, argv, &action);
}

int cmd_deny(int argc, char **argv)
{
	static const struct action action = { help_deny, "denied", do_deny };

	return run_action(argc, argv, &action);
}

int cmd_drop(int argc, char **argv)
{
	static const struct action action = { help_drop, "dropped", do_drop };

	return run_action(argc, argv, &action);
}
