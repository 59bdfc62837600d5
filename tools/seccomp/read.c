// SPDX-License-Identifier: GPL-2.0
/*
 * read: from written logs to what was called.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "companions.h"
#include "file.h"
#include "read.h"
#include "rotated.h"
#include "sclog.h"
#include "unit.h"
#include "warnings.h"

static void take_event(void *data, const struct event *event)
{
	struct reading *reading = data;

	report_add(&reading->report, event);
	reading->has_args |= event->args_known != 0;
	if (reading->follow && options.json)
		report_event_json(event, stdout);
	else if (reading->follow)
		report_event(event, stdout);
	if (!reading->policy)
		return;
	switch (args_add(reading->policy, reading->run, event)) {
	case ADDED_CALL:
		reading->nr_new++;
		break;
	case ADDED_OUTSIDE:
		reading->nr_outside += event->count;
		break;
	case ADDED_KNOWN:
	case ADDED_IGNORED:
		break;
	}
}

static void flush_lines(void *data)
{
	(void)data;
	fflush(stdout);
}

/* A filter's calls count if all that is asked for is the filter */
static bool wants_filter(void *data, const struct loss_filter *filter)
{
	const struct reading *reading = data;
	const struct selection *selection = &reading->selection;

	if (selection->filters.nr && !id_set_has(&selection->filters, filter->id))
		return false;
	return !selection->has_unit ||
		id_set_has(&selection->unit_filters, filter->id);
}

/* A call that only a summary names */
static void take_named(void *data, const struct call *call)
{
	struct reading *reading = data;
	size_t before = reading->report.nr;
	struct policy_call *known;

	report_name(&reading->report, call);
	reading->nr_named += reading->report.nr != before;
	if (!reading->policy)
		return;
	known = policy_get(reading->policy, call);
	policy_call_add_run(known, reading->run);
	if (!known->nr_rules && !known->answer) {
		policy_allow(reading->policy, call);
		reading->nr_new++;
	}
}

static bool can_read(char **names, int nr)
{
	bool good = true;

	for (int i = 0; i < nr; i++) {
		if (strcmp(names[i], "-") && access(names[i], R_OK)) {
			pr_err_at(names[i], 0, "%s", strerror(errno));
			good = false;
		}
	}
	return good;
}

static void read_logs(struct reading *reading, char **names, int nr)
{
	struct input *input = &reading->input;

	input->selection = &reading->selection;
	input->loss = &reading->loss;
	input->take = take_event;
	input->idle = flush_lines;
	input->data = reading;
	input->follow = reading->follow;
	if (reading->journal)
		input_journal(input);
	else if (!nr)
		input_file(input, "-");
	rotated_sort(names, nr);
	for (int i = 0; i < nr; i++)
		input_file(input, names[i]);
	if (!reading->narrowed && reading->selection.action != SELECT_DENIED)
		loss_named(&reading->loss, wants_filter, take_named, reading);
}

/* A form that is not read, rather than what some program says among records */
static bool has_unread(const struct reading *reading)
{
	const struct input *input = &reading->input;

	return input->unread && !input->taken && !input->left_out;
}

/* What is to be said about the log, and the status of it */
static int judge(struct reading *reading, struct loss_result result)
{
	uint64_t unknown = report_unknown(&reading->report);
	int status = STATUS_OK;
	char text[NUMBER_MAX];

	loss_print(&reading->loss);
	if (unknown)
		pr_warn("%s %s of an architecture that is not known: no policy can have %s",
			number_text(unknown, text),
			unknown == 1 ? "call is" : "calls are",
			unknown == 1 ? "it" : "them");
	if (has_unread(reading))
		pr_warn("%s %s fields of a record, but no form that is read: of journalctl read -o short, cat, json or export",
			number_text(reading->input.unread, text),
			reading->input.unread == 1 ? "line has the" :
			"lines have the");
	if (result.complete == RUN_INCOMPLETE || unknown || has_unread(reading))
		status = STATUS_INCOMPLETE;
	if (result.lost)
		pr_warn("at least %s %s lost: calls that were made rarely may be missing",
			number_text(result.lost, text),
			result.lost == 1 ? "record is" : "records are");
	return status;
}

static void print_none_refused(const struct reading *reading)
{
	pr_info("nothing refused");
	if (reading->unit && !systemd_logs_errors())
		pr_info("a call that fails by SystemCallFilter= is logged only if systemd has SYSTEMD_LOG_SECCOMP=1; see sclog(1)");
}

static void print_nothing(const struct reading *reading)
{
	const struct input *input = &reading->input;
	char text[NUMBER_MAX];

	if (reading->selection.action == SELECT_DENIED && !input->cut &&
	    !input->foreign)
		print_none_refused(reading);
	else if (input->left_out)
		pr_info("no call is as asked for; %s other%s",
			number_text(input->left_out, text),
			input->left_out == 1 ? " is" : "s are");
	else if (!has_unread(reading))
		pr_warn("no record of seccomp is there");
}

static void print_summary_json(const struct reading *reading,
			       struct loss_result result)
{
	static const char *const words[] = {
		[RUN_UNKNOWN] = "unknown",
		[RUN_COMPLETE] = "complete",
		[RUN_INCOMPLETE] = "incomplete",
	};
	const struct input *input = &reading->input;

	printf("{\"summary\": {\"taken\": %llu, \"repeated\": %llu, \"left_out\": %llu, \"cut\": %llu, \"foreign\": %llu, \"lost\": %llu, \"record\": \"%s\"}}\n",
	       (unsigned long long)input->taken,
	       (unsigned long long)input->repeated,
	       (unsigned long long)input->left_out,
	       (unsigned long long)input->cut,
	       (unsigned long long)input->foreign,
	       (unsigned long long)result.lost, words[result.complete]);
}

static void print_result(const struct reading *reading,
			 struct loss_result result)
{
	char named[NUMBER_MAX];

	if (reading->nr_named)
		pr_info("%s %s known by summaries only",
			number_text(reading->nr_named, named),
			reading->nr_named == 1 ? "call is" : "calls are");
	if (options.json) {
		if (!reading->follow)
			report_json(&reading->report, stdout);
		print_summary_json(reading, result);
		return;
	}
	if (!reading->report.nr) {
		if (!reading->input.failed)
			print_nothing(reading);
		return;
	}
	if (reading->list)
		report_list(&reading->report, stdout);
	else if (!reading->follow && !reading->output)
		report_print(&reading->report, stdout);
	if (!reading->list && result.complete == RUN_COMPLETE)
		pr_info("complete: the summaries agree");
}

/* A program without argv[0] has one word, which is empty */
static char **command_words(const struct input *input)
{
	size_t nr = 1;
	size_t at = 0;
	char **words;

	if (!input->title)
		return NULL;
	for (size_t i = 0; i < input->title_length; i++)
		nr += !input->title[i];
	words = xcalloc(nr + 1, sizeof(*words));
	for (size_t i = 0; i < nr; i++) {
		words[i] = xstrdup(input->title + at);
		at += strlen(words[i]) + 1;
	}
	return words;
}

static void fill_run(const struct reading *reading, struct policy_run *run,
		     struct loss_result result)
{
	/* log-once shows the arguments of the first call only: as of learn's log */
	policy_set_text(&run->source, reading->has_args ? "log" : "read");
	run->command = command_words(&reading->input);
	run->date_ms = now_ms();
	run->complete = result.complete;
	run->lost = result.lost;
	run->calls = reading->input.taken;
}

static int save(struct reading *reading, struct policy_file *file,
		struct loss_result result)
{
	struct policy *policy = reading->policy;
	char seen[NUMBER_MAX];
	char added[NUMBER_MAX];
	size_t companions;

	if (reading->strict && result.complete == RUN_INCOMPLETE) {
		pr_err("%s: not written: the log is incomplete", reading->output);
		return STATUS_INCOMPLETE;
	}
	fill_run(reading, policy_run(policy, reading->run), result);
	companions = reading->no_companions ? 0 :
		companions_add(policy, companions_default());
	if (!policy_save(file, policy))
		return STATUS_FAILED;
	pr_info("%s: %s records, %zu new calls and %zu companions",
		reading->output, number_text(reading->input.taken, seen),
		reading->nr_new, companions);
	if (reading->nr_outside)
		pr_warn("%s: %s records have arguments that its rules do not allow; 'sclog review %s' shows them",
			reading->output,
			number_text(reading->nr_outside, added),
			reading->output);
	warn_of_run(policy, reading->run);
	return STATUS_OK;
}

static int read_and_print(struct reading *reading, char **names, int nr)
{
	struct policy_file *file = NULL;
	struct loss_result result;
	int status;

	if (!can_read(names, nr) ||
	    (reading->unit && !select_unit(&reading->selection, reading->unit)))
		return STATUS_FAILED;
	if (reading->output) {
		file = policy_lock(reading->output, &reading->policy);
		if (!file)
			return STATUS_FAILED;
		reading->policy->has_origin = true;
		reading->run = policy_add_run(reading->policy)->id;
	}
	read_logs(reading, names, nr);
	result = loss_result(&reading->loss);
	pr_debug("read: %llu records taken, %llu repeated, %llu left out, %llu cut, %llu foreign",
		 (unsigned long long)reading->input.taken,
		 (unsigned long long)reading->input.repeated,
		 (unsigned long long)reading->input.left_out,
		 (unsigned long long)reading->input.cut,
		 (unsigned long long)reading->input.foreign);
	status = judge(reading, result);
	print_result(reading, result);
	if (reading->input.failed)
		status = status_merge(status, STATUS_FAILED);
	if (file && reading->input.failed)
		pr_err("%s: not written: the log could not be read to its end",
		       reading->output);
	else if (file)
		status = status_merge(status, save(reading, file, result));
	policy_unlock(file);
	return status;
}

int cmd_read(int argc, char **argv)
{
	struct reading reading = {};
	int status = STATUS_OK;

	if (read_options(&reading, argc, argv, &status))
		status = read_and_print(&reading, argv + optind, argc - optind);
	report_free(&reading.report);
	loss_free(&reading.loss);
	input_free(&reading.input);
	selection_free(&reading.selection);
	policy_free(reading.policy);
	return status;
}
