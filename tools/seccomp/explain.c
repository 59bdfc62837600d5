// SPDX-License-Identifier: GPL-2.0
/*
 * explain: why a call is in a policy; a record, or a call, in plain words.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "companions.h"
#include "decide.h"
#include "explain.h"
#include "file.h"
#include "notable.h"
#include "record.h"
#include "report.h"
#include "sclog.h"
#include "warnings.h"

static const char help[] =
	"Usage: sclog explain POLICY [CALL...]\n"
	"       sclog explain RECORD\n"
	"       sclog explain CALL...\n"
	"\n"
	"Say why each call is in a policy: when and by whom it was seen, or with\n"
	"which group of companions it was added and for what reason, and what was\n"
	"decided. Or say in plain words what a record of a log says: one line, as\n"
	"one argument. Or what sclog knows of a call.\n"
	"\n"
	"A name of a call counts before a file of that name: write ./NAME for the\n"
	"file. - reads a policy from standard input.\n"
	"\n"
	"      --json            an object a call or record\n"
	"\n"
	"Example: sclog explain curl.json\n"
	"         sclog explain \"$(ausearch --raw -m SECCOMP | tail -n 1)\"\n"
	"         sclog explain prctl\n";

/* A policy */

static void print_entry(const struct policy_call *entry, bool with_values)
{
	const struct style *style = style_for(stdout);
	const char *reason = companion_reason(entry->why);
	const char *note = call_note(entry);
	char *seen = seen_text(entry);
	char *rules = call_rules_text(entry, SCMP_ACT_ALLOW);
	char text[CALL_TEXT_MAX];

	printf("%s%-20s%s ", style->bold, call_text(&entry->call, text),
	       style->reset);
	if (entry->count) {
		print_escaped_again(stdout, seen);
	} else if (entry->why) {
		fputs("companion ", stdout);
		print_escaped(stdout, entry->why);
		if (with_values && reason)
			printf(": %s", reason);
	} else if (entry->nr_rules) {
		fputs(entry->answer ? "not seen" : "of unknown origin", stdout);
	} else {
		fputs("not seen", stdout);
	}
	if (companion_refuses(entry))
		fputs("; answered with ENOSYS", stdout);
	else if (!call_is_allowed(entry))
		fputs("; not allowed", stdout);
	if (*rules)
		printf("; only %s", rules);
	if (entry->answer) {
		fputs("; decided: ", stdout);
		print_escaped(stdout, entry->answer);
		fputs(" by ", stdout);
		print_escaped(stdout, entry->answer_by);
	}
	if (note)
		printf("  %s%s%s", style->yellow, note, style->reset);
	putchar('\n');
	if (with_values)
		print_values(stdout, entry, 4);
	free(rules);
	free(seen);
}

static void print_runs(const struct policy *policy)
{
	for (size_t i = 0; i < policy->nr_runs; i++) {
		const struct policy_run *run = &policy->runs[i];
		char date[TIME_TEXT_MAX];

		printf("run %u: %s", run->id,
		       run->date_ms ? time_text(run->date_ms, date) : "?");
		printf(", by ");
		print_escaped(stdout, run->source);
		if (run->complete == RUN_INCOMPLETE)
			printf(", incomplete, at least %" PRIu64 " lost",
			       run->lost);
		else if (run->complete == RUN_UNKNOWN)
			printf(", unknown whether complete");
		if (run->status > 0)
			printf(", status %d", run->status);
		for (char **word = run->command; word && *word; word++) {
			fputs(word == run->command ? ": " : " ", stdout);
			print_escaped(stdout, *word);
		}
		putchar('\n');
	}
}

static void print_warning(void *data, const struct policy_warning *warning)
{
	(void)data;
	printf("warning: %s\n", warning->text);
}

static void print_groups(const struct policy *policy)
{
	for (const char *name = NULL; (name = companion_group_next(name));) {
		bool there = false;

		for (size_t i = 0; i < policy->nr_calls; i++)
			there |= policy->calls[i].why &&
				!strcmp(policy->calls[i].why, name);
		if (there)
			printf("companion %s: %s\n", name,
			       companion_reason(name));
	}
}

static void explain_policy(const struct policy *policy)
{
	struct policy_call **calls = policy_by_text(policy);
	const char *action = action_name(policy->default_action);
	int value = action_value(policy->default_action);

	for (size_t i = 0; i < policy->nr_calls; i++) {
		if (options.json)
			explain_entry_json(policy, calls[i]);
		else
			print_entry(calls[i], false);
	}
	free(calls);
	if (options.json)
		return;
	for (size_t i = 0; i < policy->nr_unknown; i++) {
		print_escaped(stdout, policy->unknown[i].name);
		puts(": no call that is known here; kept");
	}
	putchar('\n');
	print_groups(policy);
	print_runs(policy);
	printf("anything else: %s", action + strlen("SCMP_ACT_"));
	if (value >= 0)
		printf(" %s", strerrorname_np(value) ? strerrorname_np(value) :
		       "");
	if (policy_has_new_numbers(policy))
		fputs("; a number above those of known calls: ERRNO ENOSYS",
		      stdout);
	putchar('\n');
	policy_warnings(policy, print_warning, NULL);
}

static int explain_policy_calls(const struct policy *policy, char **names)
{
	int status = STATUS_OK;

	for (; *names; names++) {
		const struct policy_call *entry;
		struct call call;
		const char *why;

		if (call_parse(*names, &call, &why)) {
			pr_err("explain: '%s': %s", *names, why);
			return STATUS_FAILED;
		}
		entry = policy_find(policy, &call);
		if (entry && options.json) {
			explain_entry_json(policy, entry);
		} else if (entry) {
			print_entry(entry, true);
		} else if (options.json) {
			pr_err("explain: '%s': is not in the policy", *names);
			status = STATUS_NO;
		} else {
			char text[CALL_TEXT_MAX];

			printf("%-20s is not in the policy\n",
			       call_text(&call, text));
			status = STATUS_NO;
		}
	}
	return status;
}

/* A record */

static const struct {
	uint32_t action;
	const char *text;
} actions[] = {
	{ SECCOMP_RET_KILL_PROCESS, "the process was killed for it" },
	{ SECCOMP_RET_KILL_THREAD, "the thread was killed for it" },
	{ SECCOMP_RET_TRAP, "it was not made, SIGSYS was sent instead" },
	{ SECCOMP_RET_ERRNO, "it was not made, and failed" },
	{ SECCOMP_RET_USER_NOTIF, "a supervisor was asked" },
	{ SECCOMP_RET_TRACE, "a tracer was asked" },
	{ SECCOMP_RET_LOG, "it was made, and only logged" },
	{ SECCOMP_RET_ALLOW, "it was made" },
};

static void print_action(const struct event *event)
{
	const char *text = NULL;

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (actions[i].action == event->action)
			text = actions[i].text;
	if (text)
		printf("  %s", text);
	else
		printf("  action 0x%x", event->action);
	if (event->action == SECCOMP_RET_ERRNO && event->data_known) {
		const char *name = strerrorname_np(event->data);

		printf(" with %s", name ? name : "an error");
	}
	if (event->sig)
		printf(", signal %d", event->sig);
	putchar('\n');
}

static void print_id(const char *name, uint32_t id)
{
	if (id != EVENT_ID_UNSET)
		printf(", %s %u", name, id);
}

static void print_call(const struct event *event)
{
	struct policy_call entry = { .call = event->call };
	char text[CALL_TEXT_MAX];
	char *args;

	if (!event->call.abi) {
		printf("call %d of an architecture that is not known (0x%x)\n",
		       event->call.nr, event->audit_arch);
		return;
	}
	args = event_args_text(event);
	printf("%s", call_text(&event->call, text));
	if (*args)
		printf("(%s)", args);
	if (!call_name(&event->call))
		fputs(", a number without a name", stdout);
	if (event->call.abi != abi_native())
		printf(", by the convention %s", event->call.abi->name);
	if (call_note(&entry))
		printf(": %s", call_note(&entry));
	putchar('\n');
	free(args);
}

static void explain_event(const struct event *event)
{
	char date[TIME_TEXT_MAX];

	print_call(event);
	print_action(event);
	fputs("  by ", stdout);
	print_escaped(stdout, event->comm);
	printf(", process %d", event->pid);
	print_id("user", event->uid);
	print_id("login user", event->auid);
	if (event->exe) {
		fputs(", program ", stdout);
		print_escaped(stdout, event->exe);
	}
	putchar('\n');
	if (event->time_ms)
		printf("  at %s\n", time_text(event->time_ms, date));
	if (event->ip)
		printf("  from the address 0x%" PRIx64 " in it\n", event->ip);
	if (event->filter)
		printf("  the filter is %" PRIx64 "\n", event->filter);
	if (event->call.abi && event->action != SECCOMP_RET_LOG &&
	    event->action != SECCOMP_RET_ALLOW) {
		char text[CALL_TEXT_MAX];

		printf("  to allow it: sclog allow POLICY %s\n",
		       call_text(&event->call, text));
	}
}

static void explain_life(const struct event *event)
{
	const struct filter_life *life = &event->life;

	printf("the filter %" PRIx64 " %s\n", event->filter,
	       event->kind == EVENT_FILTER_LOGS ?
	       "makes its first record" : "has lost its last user");
	if (event->kind == EVENT_FILTER_LOGS)
		printf("  attached by user %u, process %d, %u instructions\n",
		       life->uid, event->pid, life->insns);
	else
		printf("  %" PRIu64 " records were made, %" PRIu64
		       " repetitions left out, %" PRIu64 " lost\n",
		       life->logged, life->left_out, life->lost);
}

static int explain_record(const char *line)
{
	struct record record = {};
	int status = STATUS_FAILED;
	size_t length = strlen(line);

	while (length && line[length - 1] == '\n')
		length--;
	record_parse_line(&record, line, length);
	switch (record.kind) {
	case RECORD_EVENT:
		if (record.event.kind == EVENT_CALL && options.json)
			report_event_json(&record.event, stdout);
		else if (record.event.kind == EVENT_CALL)
			explain_event(&record.event);
		else
			explain_life(&record.event);
		status = STATUS_OK;
		break;
	case RECORD_CUT:
		pr_err("explain: the record is cut: %s", record.why);
		break;
	case RECORD_FOREIGN:
		pr_err("explain: not the form of a record: %s", record.why);
		break;
	case RECORD_MISSING:
		printf("says that at least %" PRIu64 " lines are missing\n",
		       record.missing ? record.missing : record.audit_lost);
		status = STATUS_OK;
		break;
	case RECORD_OTHER:
		pr_err("explain: '%s' is no call, no file and no record about seccomp",
		       line);
		break;
	}
	record_free(&record);
	return status;
}

/* A call */

static void print_arg(const struct arg *row)
{
	static const char *const kinds[] = {
		[ARG_ENUM] = "can be narrowed to some values",
		[ARG_CLOCK] = "can be narrowed to some clocks",
		[ARG_MASK] = "can be narrowed to some flags",
		[ARG_PROT] = "can be narrowed to some flags, or W^X: never writable and executable",
		[ARG_LOW] = "can be narrowed to some values and flags",
		[ARG_SETID] = "can be narrowed to nosetid: no set-user-ID, no set-group-ID",
		[ARG_SHOW_MASK] = "is shown, but not narrowed",
		[ARG_SHOW_FD] = "is shown, but not narrowed",
		[ARG_SHOW_OCTAL] = "is shown, but not narrowed",
		[ARG_SHOW_NUMBER] = "is shown, but not narrowed",
	};

	printf("  argument %u, %s: %s\n", row->index, row->name,
	       kinds[row->kind]);
}

static void explain_call(const struct call *call)
{
	struct policy_call entry = { .call = *call };
	const char *note = call_note(&entry);
	const char *name = call_name(call);
	char text[CALL_TEXT_MAX];

	printf("%s: number %d of %s", call_text(call, text), call->nr,
	       call->abi->name);
	for (const struct abi *abi = NULL; name && (abi = abi_next(abi));) {
		struct call other;

		if (abi != call->abi && abi != abi_native() &&
		    strcmp(abi->name, "x86") && strcmp(abi->name, "x32") &&
		    strcmp(abi->name, "aarch64"))
			continue;
		if (abi != call->abi && !call_by_name(abi, name, &other))
			printf(", %d of %s", other.nr, abi->name);
	}
	putchar('\n');
	if (note)
		printf("  %s\n", note);
	for (unsigned int i = 0; i < EVENT_ARGS; i++)
		if (arg_find(call, i))
			print_arg(arg_find(call, i));
}

static bool looks_like_record(const char *text)
{
	return strchr(text, ' ') && access(text, F_OK);
}

static int explain_file(const char *path, char **names)
{
	struct policy *policy = policy_load(path);
	int status = STATUS_OK;

	if (!policy)
		return STATUS_FAILED;
	if (*names)
		status = explain_policy_calls(policy, names);
	else
		explain_policy(policy);
	policy_free(policy);
	return status;
}

int cmd_explain(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);
	struct call call;
	const char *why;

	if (option != OPT_END)
		return option_status(option);
	if (optind == argc)
		return usage("explain", "what?");
	if (call_parse(argv[optind], &call, &why)) {
		if (!looks_like_record(argv[optind]))
			return explain_file(argv[optind], argv + optind + 1);
		if (argc - optind > 1)
			return usage("explain", "a record is one argument");
		return explain_record(argv[optind]);
	}
	for (int i = optind; i < argc; i++) {
		if (call_parse(argv[i], &call, &why)) {
			pr_err("explain: '%s': %s", argv[i], why);
			return STATUS_FAILED;
		}
		if (options.json)
			explain_call_json(&call);
		else
			explain_call(&call);
	}
	return STATUS_OK;
}
