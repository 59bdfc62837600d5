// SPDX-License-Identifier: GPL-2.0
/*
 * run: run a command under a policy; say what was refused.
 *
 * Where records tell which filter they are of, and root runs it, the filter has
 * the policy's actions, and audit's records say what was refused. Else: what is
 * refused with an errno is refused by sclog as supervisor. The filter decides,
 * on registers, and sclog gives the errno that the policy has and notes the
 * call; if sclog ends, the kernel refuses with ENOSYS. Kill and trap are the
 * kernel's own, and seen by ptrace.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "companions.h"
#include "decide.h"
#include "file.h"
#include "filter.h"
#include "multicast.h"
#include "notify.h"
#include "outside.h"
#include "sclog.h"
#include "signals.h"
#include "trace.h"
#include "watch.h"

static const char help[] =
	"Usage: sclog run -p POLICY [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"\n"
	"Run a command under a policy. Afterwards say which calls were refused, by\n"
	"whom, and what allows them. The status is the command's, 128+N for a signal.\n"
	"With --json that is an object a line, on standard error, too.\n"
	"\n"
	"  -p, --policy=POLICY     the policy\n"
	"      --deny=HOW          what is done with a call that POLICY does not have:\n"
	"                          errno (ENOSYS), kill, trap, log; else as it says\n"
	"  -u, --user=USER         run the command as USER\n"
	"\n"
	"Example: sclog run -p curl.json -- curl -sS -o page http://127.0.0.1/\n";

enum {
	OPT_DENY = OPT_FIRST,
};

static const struct option longs[] = {
	{ "policy", required_argument, NULL, 'p' },
	{ "deny", required_argument, NULL, OPT_DENY },
	{ "user", required_argument, NULL, 'u' },
	{ }
};

static const struct {
	const char *name;
	uint32_t action;
} denials[] = {
	{ "errno", SCMP_ACT_ERRNO(ENOSYS) },
	{ "kill", SCMP_ACT_KILL_PROCESS },
	{ "trap", SCMP_ACT_TRAP },
	{ "log", SCMP_ACT_LOG },
};

#define NR_DENIALS	(sizeof(denials) / sizeof(denials[0]))

/**
 * struct run - a run
 * @logged: audit's records tell what is refused
 * @records: they tell what fails with an errno
 * @how: the policy's action for what was refused
 * @mixed: there were other actions, too
 * @clone3: a record says that clone3() was answered by a companion
 * @by_rule: a rule of the policy refused something
 * @denial: index in denials[], -1: the policy's default action
 */
struct run {
	const char *path;
	const char *user;
	int denial;
	struct watch watch;
	struct policy *policy;
	bool logged;
	bool records;
	uint32_t how;
	bool mixed;
	bool clone3;
	bool by_rule;
	struct outside outside;
};

static bool is_errno(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

static bool is_deadly(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
		return true;
	default:
		return false;
	}
}

/*
 * The policy has ENOSYS for the call, and no user said so: as for clone3(), in
 * place of which the C library takes another. That is not worth a report.
 */
static bool is_for_libc(const struct filter_answer *answer)
{
	return answer->rule && answer->action == SCMP_ACT_ERRNO(ENOSYS) &&
		!(answer->call && answer->call->answer);
}

static bool is_clone3(const struct call *call)
{
	const char *name = call_name(call);

	return name && !strcmp(name, "clone3");
}

/* The filter for a supervisor: it answers what is refused with an errno */
static uint32_t supervise(void *data, const struct filter_answer *answer)
{
	(void)data;
	if (answer->action == SCMP_ACT_ALLOW || answer->action == SCMP_ACT_LOG ||
	    is_deadly(answer->action) || is_for_libc(answer))
		return answer->action;
	return SECCOMP_RET_USER_NOTIF;
}

/* The filter for no supervisor: actions that need another program are denials */
static uint32_t enforce(void *data, const struct filter_answer *answer)
{
	(void)data;
	switch (answer->action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return SCMP_ACT_ERRNO(ENOSYS);
	default:
		return answer->action;
	}
}

static void on_event(struct watch *watch, const struct event *event)
{
	struct run *run = watch->data;
	struct filter_answer answer = {};
	struct verdict verdict;

	if (!event->call.abi)
		return;
	verdict = policy_eval(run->policy, &event->call, event->args,
			      event->args_known);
	answer.call = policy_find(run->policy, &event->call);
	answer.rule = verdict.rule;
	answer.action = verdict.action;
	if (is_clone3(&event->call) && companion_refuses(answer.call))
		run->clone3 = true;
	if (is_for_libc(&answer))
		return;
	run->by_rule |= !!answer.rule;
	run->mixed |= run->outside.nr && run->how != answer.action;
	run->how = answer.action;
	outside_add(&run->outside, event);
}

static bool on_refuses(struct watch *watch, const struct event *event)
{
	const struct run *run = watch->data;

	return !policy_allows(run->policy, event);
}

static int on_answer(struct watch *watch, const struct event *event)
{
	const struct run *run = watch->data;
	struct verdict verdict;
	const uint32_t unknown = ENOSYS;

	if (!event->call.abi)
		return unknown;
	verdict = policy_eval(run->policy, &event->call, event->args,
			      event->args_known);
	/* the kernel takes no larger errno, and 0 would be a success */
	return is_errno(verdict.action) && (verdict.action & 0xffff) ?
		verdict.action & 0xfff : unknown;
}

static void on_status(struct watch *watch)
{
	struct run *run = watch->data;
	char calls[NUMBER_MAX];

	pr_info("%s calls refused", number_text(run->outside.calls, calls));
}

/*
 * The default action of a policy is for conventions it has; the others are
 * killed by runtimes, and refused in the same way here.
 */
static void set_archs(struct policy *policy)
{
	if (policy->default_action != SCMP_ACT_ALLOW)
		for (const struct abi *abi = abi_next(NULL); abi;
		     abi = abi_next(abi))
			policy_add_arch(policy, abi);
}

/* Of another machine, say: not even sclog's execve() would pass */
static bool is_for_here(const struct run *run)
{
	const struct policy *policy = run->policy;
	const struct abi *of = NULL;

	if (policy->default_action == SCMP_ACT_ALLOW ||
	    policy->default_action == SCMP_ACT_LOG)
		return true;
	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct policy_call *entry = &policy->calls[i];

		if (!call_is_allowed(entry))
			continue;
		of = entry->call.abi;
		if (of == abi_native())
			return true;
	}
	pr_err_at(run->path, 0,
		  "allows no call of %s, this machine's convention%s%s",
		  abi_native()->name, of ? ", but of " : "",
		  of ? of->name : "");
	return false;
}

static int run_watched(struct run *run)
{
	struct watch *watch = &run->watch;

	if (run->logged)
		return multicast_run(watch);
	if (is_deadly(run->policy->default_action)) {
		if (trace_possible())
			return trace_refusals(watch);
		pr_warn("ptrace is forbidden here: what is refused cannot be said");
	}
	return notify_run(watch, on_answer);
}

static const char *denial_text(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
		return "by SIGSYS";
	case SECCOMP_RET_TRAP:
		return "by a SIGSYS that can be caught";
	case SECCOMP_RET_ERRNO:
		return action == SCMP_ACT_ERRNO(ENOSYS) ? "with ENOSYS" :
			action == SCMP_ACT_ERRNO(EPERM) ? "with EPERM" : NULL;
	default:
		return NULL;
	}
}

/* "sclog learn -o curl.json -- curl ..." */
static void say_how_on(const struct run *run, bool one)
{
	char *const *argv = run->watch.command.argv;
	char *allow = outside_allow(&run->outside, run->policy, run->path);
	char *path = file_word(run->path);
	char *name = shell_word(argv[0]);

	if (run->policy->is_list)
		pr_info("to allow %s: %s", one ? "it" : "them", allow);
	else
		pr_info("to allow %s: %s; to learn what follows %s: sclog learn -o %s -- %s%s",
			one ? "it" : "them", allow, one ? "it" : "them", path,
			name, argv[1] ? " ..." : "");
	free(name);
	free(path);
	free(allow);
}

static void report(const struct run *run)
{
	size_t nr = outside_calls(&run->outside);
	const char *how = run->mixed ? NULL : denial_text(run->how);
	const struct watch *watch = &run->watch;
	char calls[NUMBER_MAX];

	if (watch->incomplete)
		pr_warn("calls may have been refused that are not told: %s",
			watch->incomplete_why);
	if (options.json) {
		outside_print_json(&run->outside, stderr);
		return;
	}
	if (!nr)
		return;
	if (run->policy->default_action == SCMP_ACT_LOG)
		pr_info("%s call%s made that %s does not have:",
			number_text(run->outside.calls, calls),
			run->outside.calls == 1 ? " was" : "s were",
			file_title(run->path));
	else
		pr_info("%s call%s refused%s%s, which %s does not %s:",
			number_text(run->outside.calls, calls),
			run->outside.calls == 1 ? "" : "s", how ? " " : "",
			how ? how : "", file_title(run->path),
			run->by_rule ? "allow" : "have");
	if (!options.quiet)
		outside_print(&run->outside, run->policy, stderr);
	say_how_on(run, nr == 1);
}

static void print_clone3_json(const struct call *call, const char *allow)
{
	char text[CALL_TEXT_MAX];

	fputs("{\"companion\": {\"call\": ", stderr);
	print_json_string(stderr, call_text(call, text));
	fprintf(stderr, ", \"arch\": \"%s\", \"nr\": %d, \"errno\": \"ENOSYS\", \"note\": ",
		call->abi->name, call->nr);
	print_json_string(stderr, "the command has made no thread or process: a program that does not take clone then fails for it");
	fputs(", \"allow\": ", stderr);
	print_json_string(stderr, allow);
	fputs("}}\n", stderr);
}

/*
 * clone3() fails by a companion, which is no refusal: libc takes clone() then.
 * A program that does not would fail without a word. So there is one if the
 * command has failed, and made no thread or process; and if clone3() was made,
 * by a record, or was when it was learned, where there are no records.
 */
static void report_clone3(const struct run *run)
{
	const struct policy *policy = run->policy;
	const struct policy_call *entry = NULL;
	char call[CALL_TEXT_MAX];
	char *allow;
	char *path;

	if (!run->watch.main_status || run->watch.others)
		return;
	for (size_t i = 0; i < policy->nr_calls && !entry; i++)
		if (is_clone3(&policy->calls[i].call) &&
		    companion_refuses(&policy->calls[i]) &&
		    !policy->calls[i].answer &&
		    (run->records ? run->clone3 : policy->calls[i].count > 0))
			entry = &policy->calls[i];
	if (!entry)
		return;
	path = file_word(run->path);
	call_text(&entry->call, call);
	allow = xasprintf("sclog allow %s %s", path, call);
	if (options.json)
		print_clone3_json(&entry->call, allow);
	else
		pr_info("%s fails with ENOSYS by %s, and the command has made no thread or process: a program that does not take clone then fails for it; to allow it: %s",
			call, file_title(run->path), allow);
	free(allow);
	free(path);
}

static bool has_deadly_rule(const struct policy_call *entry)
{
	for (size_t i = 0; i < entry->nr_rules; i++)
		if (is_deadly(entry->rules[i].action))
			return true;
	return false;
}

/* "mkdir, ptrace": those for which a rule kills, or NULL; the fifth is "..." */
static char *deadly_calls(const struct policy *policy)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int nr = 0;

	if (!out)
		abort();
	for (size_t i = 0; i < policy->nr_calls && nr < 5; i++) {
		const struct policy_call *entry = &policy->calls[i];
		char name[CALL_TEXT_MAX];

		if (!has_deadly_rule(entry))
			continue;
		nr++;
		fprintf(out, "%s%s", nr > 1 ? ", " : "",
			nr < 5 ? call_text(&entry->call, name) : "...");
	}
	fclose(out);
	if (nr)
		return text;
	free(text);
	return NULL;
}

/*
 * A listener does not see what the kernel itself does by a rule: of a command
 * that ended by it, say at least that.
 */
static void report_death(const struct run *run)
{
	char *const *argv = run->watch.command.argv;
	const int status = run->watch.main_status;
	char *calls;
	char *path;
	char *name;

	if (run->logged || is_deadly(run->policy->default_action) ||
	    !WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
		return;
	calls = deadly_calls(run->policy);
	if (!calls)
		return;
	path = file_word(run->path);
	name = shell_word(argv[0]);
	if (options.json) {
		fputs("{\"killed\": {\"signal\": \"SIGSYS\", \"rules\": ", stderr);
		print_json_string(stderr, calls);
		fputs("}}\n", stderr);
	} else {
		pr_info("%s ended by SIGSYS, as %s says for %s; the call and its arguments: sclog check -p %s -- %s%s",
			argv[0], file_title(run->path), calls, path, name,
			argv[1] ? " ..." : "");
	}
	free(name);
	free(path);
	free(calls);
}

static int run_command(struct run *run)
{
	struct watch *watch = &run->watch;
	uint32_t action;
	int status;
	int err;

	run->policy = policy_load(run->path);
	if (!run->policy)
		return STATUS_NO_FILTER;
	if (run->denial >= 0)
		run->policy->default_action = denials[run->denial].action;
	if (!is_for_here(run))
		return STATUS_NO_FILTER;
	set_archs(run->policy);
	action = run->policy->default_action;
	run->logged = multicast_tells(action & SECCOMP_RET_ACTION_FULL);
	run->records = run->logged && multicast_tells(SECCOMP_RET_ERRNO);
	watch->refusals = run->logged;
	if (run->logged)
		watch->until = UNTIL_MAIN;
	err = filter_build(run->policy, run->logged || is_deadly(action) ?
			   enforce : supervise, NULL, &watch->prog);
	if (err) {
		pr_err_at(run->path, 0, "too long for a filter");
		return STATUS_NO_FILTER;
	}
	pr_debug("run: a filter of %u instructions; what is refused is known from %s",
		 watch->prog.len, run->logged ? "audit's records" :
		 is_deadly(action) ? "ptrace" : "a listener");
	signals_catch();
	status = run_watched(run);
	signals_restore();
	report(run);
	if (status)
		return status;
	report_clone3(run);
	report_death(run);
	return command_exit_status(watch->main_status);
}

static int parse_denial(const char *text)
{
	for (size_t i = 0; i < NR_DENIALS; i++)
		if (!strcmp(denials[i].name, text))
			return i;
	return -1;
}

int cmd_run(int argc, char **argv)
{
	struct run run = {
		.denial = -1,
		.watch = {
			.verb = "run",
			.event = on_event,
			.refuses = on_refuses,
			.print_status = on_status,
			.data = &run,
		},
	};
	int status = 0;
	int option;

	while (!status && (option = next_option(argc, argv, "p:u:", longs,
						help)) != OPT_END) {
		switch (option) {
		case 'p':
			run.path = optarg;
			break;
		case 'u':
			run.user = optarg;
			break;
		case OPT_DENY:
			run.denial = parse_denial(optarg);
			if (run.denial < 0)
				status = usage("run",
					       "--deny: '%s' is not errno, kill, trap or log",
					       optarg);
			break;
		default:
			return option_status(option);
		}
	}
	if (!status && !run.path)
		status = usage("run", "no policy: -p POLICY");
	if (!status && optind == argc)
		status = usage("run", "no command");
	if (!status)
		status = command_find(&run.watch.command, argv + optind,
				      run.user);
	if (!status)
		status = run_command(&run);
	outside_free(&run.outside);
	policy_free(run.policy);
	watch_free(&run.watch);
	return status;
}
