// SPDX-License-Identifier: GPL-2.0
/*
 * learn: run a command and write what it calls to a policy.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "call.h"
#include "companions.h"
#include "learn_json.h"
#include "learn_options.h"
#include "multicast.h"
#include "progress.h"
#include "recording.h"
#include "sclog.h"
#include "signals.h"
#include "source.h"
#include "unit.h"
#include "warnings.h"
#include "watch.h"

/**
 * struct learn - a run
 * @progress: of the line that is drawn anew
 * @pids: processes that made a call that was watched, @nr_pids, sorted
 * @warnings: with --json they are part of the summary
 */
struct learn {
	struct learn_options options;
	struct watch watch;
	struct recording recording;
	const struct source *source;
	struct unit unit;
	struct progress progress;
	pid_t *pids;
	size_t nr_pids;
	struct messages warnings;
};

/* The newest process has the highest id, and makes most of the calls */
static void count_process(struct learn *learn, pid_t pid)
{
	size_t at = learn->nr_pids;

	while (at && learn->pids[at - 1] > pid)
		at--;
	if (at && learn->pids[at - 1] == pid)
		return;
	learn->pids = xreallocarray(learn->pids, learn->nr_pids + 1,
				    sizeof(*learn->pids));
	memmove(learn->pids + at + 1, learn->pids + at,
		(learn->nr_pids - at) * sizeof(*learn->pids));
	learn->pids[at] = pid;
	learn->nr_pids++;
}

static void on_event(struct watch *watch, const struct event *event)
{
	struct learn *learn = watch->data;

	recording_add(&learn->recording, event);
	if (options.json)
		count_process(learn, event->pid);
}

static void on_clone3(struct watch *watch, const struct event *event,
		      uint64_t flags, uint64_t exit_signal)
{
	struct learn *learn = watch->data;

	recording_clone3(&learn->recording, event, flags, exit_signal);
}

static char *status_text(const struct learn *learn)
{
	char calls[NUMBER_MAX];

	return xasprintf("%s calls, %zu new, %lld s",
			 number_text(learn->watch.calls, calls),
			 learn->recording.nr_new,
			 (long long)(clock_ms() - learn->watch.start_ms) / 1000);
}

static void on_tick(struct watch *watch)
{
	struct learn *learn = watch->data;

	recording_tick(&learn->recording);
	if (progress_is_due(&learn->progress))
		progress_show(&learn->progress, status_text(learn));
}

static void on_status(struct watch *watch)
{
	char *text = status_text(watch->data);

	pr_info("%s", text);
	free(text);
}

/* "curl: status 0, 0.03 s, 512 calls, 36 different" */
static void say_command(const struct learn *learn)
{
	const struct recording *recording = &learn->recording;
	const struct watch *watch = &learn->watch;
	const char *name = learn->unit.name ? learn->unit.name :
		watch->command.argv[0];
	const char *slash = strrchr(name, '/');
	int status = command_exit_status(watch->main_status);
	double seconds = (watch->end_ms - watch->start_ms) / 1000.0;
	char calls[NUMBER_MAX];
	char *new_names = recording_new_text(recording);
	char *how = status > 128 && WIFSIGNALED(watch->main_status) ?
		xasprintf("ended by %s", strsignal(status - 128)) :
		xasprintf("status %d", status);

	if (slash)
		name = slash + 1;
	if (learn->unit.name) {
		free(how);
		how = xstrdup("watched");
	}
	if (recording->was_empty)
		pr_info("%s: %s, %.2f s, %s calls, %zu different", name, how,
			seconds, number_text(watch->calls, calls),
			recording_calls(recording));
	else if (recording->nr_new)
		pr_info("%s: %s, %.2f s, %zu new call%s: %s", name, how,
			seconds, recording->nr_new,
			recording->nr_new == 1 ? "" : "s", new_names);
	else
		pr_info("%s: %s, %.2f s, no new call", name, how, seconds);
	free(how);
	free(new_names);
}

/* A twin that an earlier run has added could do what is narrowed now */
static void remove_twins(struct policy *policy, const struct call *call)
{
	char text[CALL_TEXT_MAX];
	char twin_text[CALL_TEXT_MAX];
	struct call twin;

	while (companions_remove_twin(policy, call, &twin))
		pr_info("%s: not allowed any more: it was there for %s, which is narrowed",
			call_text(&twin, twin_text), call_text(call, text));
}

/*
 * --args: the calls are allowed with what was seen, in this run or before.
 * @say: also why a call is not narrowed
 */
static void narrow(struct learn *learn, bool say)
{
	struct policy *policy = learn->recording.policy;

	for (size_t i = 0; i < learn->options.nr_narrow; i++) {
		const struct call *call = &learn->options.narrow[i];
		char text[CALL_TEXT_MAX];
		const char *why;

		if (!policy_find(policy, call))
			continue;
		why = call_narrow(policy, call, args_mask(call));
		if (why && say)
			pr_warn("%s: not narrowed: %s", call_text(call, text),
				why);
		if (why)
			continue;
		outside_forget(&learn->recording.outside, call);
		remove_twins(policy, call);
	}
}

static void say_outside(const struct recording *recording)
{
	char *allow = outside_allow(&recording->outside, recording->policy,
				    recording->path);
	size_t nr = outside_calls(&recording->outside);

	if (recording->foreign)
		pr_warn("%llu calls of an architecture that sclog does not know are not in the policy",
			(unsigned long long)recording->foreign);
	if (!allow)
		return;
	pr_info("%zu call%s made otherwise than the policy's rules have %s, which stay as they are:",
		nr, nr == 1 ? " was" : "s were", nr == 1 ? "it" : "them");
	if (!options.quiet)
		outside_print(&recording->outside, recording->policy, stderr);
	pr_info("to allow: %s", allow);
	free(allow);
}

/* "curl.json: 36 calls seen and 11 companions" */
static void say_policy(const struct recording *recording)
{
	const struct policy *policy = recording->policy;
	size_t seen = 0;
	char *path;

	if (!recording->was_empty)
		return;
	for (size_t i = 0; i < policy->nr_calls; i++)
		seen += policy->calls[i].count > 0;
	path = shell_word(recording->path);
	pr_info("%s: %zu calls seen and %zu companions; 'sclog explain %s' says why each",
		recording->path, seen, companions_count(policy), path);
	free(path);
}

static void fill_run(const struct learn *learn)
{
	const struct watch *watch = &learn->watch;
	struct policy_run *run = policy_run(learn->recording.policy,
					    learn->recording.run);
	char *const words[] = { "systemctl", "restart", learn->unit.name, NULL };
	char *path = learn->unit.name ? NULL :
		realpath(watch->command.path, NULL);

	run->command = copy_words(learn->unit.name ? words :
				  watch->command.argv);
	policy_set_text(&run->exe, learn->unit.name ? learn->unit.exe :
			path ? path : watch->command.path);
	free(path);
	policy_set_text(&run->source,
			learn->source ? learn->source->name : "log");
	run->complete = watch->incomplete ? RUN_INCOMPLETE : RUN_COMPLETE;
	run->lost = watch->lost;
	run->calls = watch->calls;
	run->status = watch->main_ended ?
		command_exit_status(watch->main_status) : -1;
}

static void print_json(const struct learn *learn, bool written)
{
	const struct learn_summary summary = {
		.recording = &learn->recording,
		.watch = &learn->watch,
		.source = learn->source ? learn->source->name : "log",
		.unit = learn->unit.name,
		.processes = learn->nr_pids,
		.written = written,
	};

	if (!options.json)
		return;
	learn_json(&summary, stderr);
	messages_free(options.warnings);
}

/* Save the policy, and say so */
static int save(struct learn *learn)
{
	struct recording *recording = &learn->recording;
	bool written;

	if (learn->source && learn->source->add_unwatched)
		learn->source->add_unwatched(recording->policy);
	/* no twin of what is narrowed, as it could do more; no wider companion */
	narrow(learn, false);
	companions_add(recording->policy, learn->options.companions);
	narrow(learn, true);
	say_outside(recording);
	written = recording_save(recording);
	if (written) {
		say_policy(recording);
		warn_of_run(recording->policy, recording->run);
	}
	print_json(learn, written);
	return written ? STATUS_OK : STATUS_FAILED;
}

/* After the command: what is to be said, and to be written */
static int finish(struct learn *learn)
{
	struct recording *recording = &learn->recording;
	struct watch *watch = &learn->watch;
	int status = STATUS_OK;

	fill_run(learn);
	say_command(learn);
	if (watch->incomplete) {
		char lost[NUMBER_MAX];

		status = STATUS_INCOMPLETE;
		pr_warn("the record is incomplete: %s; at least %s lost",
			watch->incomplete_why, number_text(watch->lost, lost));
	}
	if (!watch->stopped && command_exit_status(watch->main_status))
		status = status_merge(status, STATUS_COMMAND_FAILED);
	if (watch->incomplete && learn->options.strict) {
		pr_err("%s: nothing is written (--strict)", recording->path);
		print_json(learn, false);
		return status;
	}
	return status_merge(status, save(learn));
}

static int learn_command(struct learn *learn)
{
	struct watch *watch = &learn->watch;
	int status = command_find(&watch->command, learn->options.command,
				  learn->options.user);

	if (status)
		return status;
	learn->source = source_choose("learn", learn->options.source,
				      learn->options.paths);
	if (!learn->source)
		return STATUS_NO_FILTER;
	if (!recording_begin(&learn->recording, learn->options.output))
		return STATUS_FAILED;
	status = source_filter(learn->source, watch, learn->options.count ?
			       NULL : learn->recording.policy);
	if (status)
		return status;
	if (learn->recording.was_empty)
		pr_info("learning by %s", learn->source->title);
	else
		pr_info("learning by %s what is not in %s yet",
			learn->source->name, learn->recording.path);
	if (learn->source->unwatched)
		pr_info("not watched, and allowed: %s",
			learn->source->unwatched);
	progress_begin(&learn->progress);
	signals_catch();
	status = learn->source->run(watch);
	signals_restore();
	progress_end(&learn->progress);
	return status ? status : finish(learn);
}

static int learn_unit(struct learn *learn)
{
	const char *why;
	int status;

	if (!multicast_possible(&why)) {
		pr_err("learn: --unit: %s", why);
		return STATUS_NO_FILTER;
	}
	if (!unit_find(&learn->unit, learn->options.unit))
		return STATUS_NO_FILTER;
	if (!recording_begin(&learn->recording, learn->options.output))
		return STATUS_FAILED;
	progress_begin(&learn->progress);
	signals_catch();
	status = multicast_unit(&learn->watch, &learn->unit);
	signals_restore();
	progress_end(&learn->progress);
	if (status == STATUS_NO_FILTER)
		return status;
	return status_merge(finish(learn), status);
}

int cmd_learn(int argc, char **argv)
{
	struct learn learn = {
		.watch = {
			.verb = "learn",
			.event = on_event,
			.clone3 = on_clone3,
			.tick = on_tick,
			.print_status = on_status,
			.data = &learn,
		},
	};
	int status = 0;

	if (!learn_parse(&learn.options, argc, argv, &status))
		goto out;
	learn.watch.until = learn.options.until;
	learn.watch.limit_ms = learn.options.limit_ms;
	learn.watch.paths = learn.options.paths;
	if (options.json) {
		/* the summary has all of it */
		options.quiet = true;
		options.warnings = &learn.warnings;
	}
	if (learn.options.unit)
		status = learn_unit(&learn);
	else
		status = learn_command(&learn);
out:
	/* if there is no summary */
	options.warnings = NULL;
	messages_print(&learn.warnings);
	messages_free(&learn.warnings);
	unit_free(&learn.unit);
	if (learn.recording.policy)
		recording_end(&learn.recording);
	watch_free(&learn.watch);
	free(learn.options.narrow);
	free(learn.pids);
	return status;
}
