// SPDX-License-Identifier: GPL-2.0
/*
 * learn --json: what came of a run.
 */
#include <inttypes.h>

#include "companions.h"
#include "learn_json.h"
#include "out.h"

static void print_what(const struct learn_summary *summary, FILE *out)
{
	const struct watch *watch = summary->watch;

	if (summary->unit) {
		fputs(", \"unit\": ", out);
		print_json_string(out, summary->unit);
		return;
	}
	fputs(", \"command\": [", out);
	for (char *const *word = watch->command.argv; *word; word++) {
		fputs(word == watch->command.argv ? "" : ", ", out);
		print_json_string(out, *word);
	}
	fprintf(out, "], \"status\": %d",
		command_exit_status(watch->main_status));
}

static void print_calls(const struct recording *recording, FILE *out)
{
	const struct policy *policy = recording->policy;
	size_t seen = 0;

	for (size_t i = 0; i < policy->nr_calls; i++)
		seen += policy->calls[i].count > 0;
	fprintf(out, ", \"known\": %zu, \"new\": [", recording->nr_known);
	for (size_t i = 0; i < recording->nr_new; i++) {
		char text[CALL_TEXT_MAX];

		fputs(i ? ", " : "", out);
		print_json_string(out, call_text(&recording->new_calls[i],
						 text));
	}
	fprintf(out, "], \"seen\": %zu, \"companions\": %zu, \"foreign\": %" PRIu64,
		seen, companions_count(policy), recording->foreign);
}

void learn_json(const struct learn_summary *summary, FILE *out)
{
	const struct recording *recording = summary->recording;
	const struct watch *watch = summary->watch;

	outside_print_json(&recording->outside, out);
	fputs("{\"summary\": {\"policy\": ", out);
	print_json_string(out, recording->path);
	fprintf(out, ", \"written\": %s, \"source\": \"%s\"",
		summary->written ? "true" : "false", summary->source);
	print_what(summary, out);
	fprintf(out, ", \"seconds\": %.3f, \"processes\": %zu, \"calls\": %" PRIu64,
		(watch->end_ms - watch->start_ms) / 1000.0, summary->processes,
		watch->calls);
	print_calls(recording, out);
	fprintf(out, ", \"record\": \"%s\", \"lost\": %" PRIu64 ", \"warnings\": ",
		watch->incomplete ? "incomplete" : "complete", watch->lost);
	messages_json(options.warnings, out);
	fputs("}}\n", out);
}
