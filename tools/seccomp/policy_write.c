// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: from a policy to JSON.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

/* A list or object on one line: what stands before its next element */
struct sequence {
	FILE *out;
	bool begun;
};

static void separate(struct sequence *sequence)
{
	if (sequence->begun)
		fputs(", ", sequence->out);
	sequence->begun = true;
}

static void write_key(struct sequence *sequence, const char *key)
{
	separate(sequence);
	print_json_string(sequence->out, key);
	fputs(": ", sequence->out);
}

static void write_text(struct sequence *sequence, const char *key,
		       const char *text)
{
	if (!text)
		return;
	write_key(sequence, key);
	print_json_string(sequence->out, text);
}

static void write_time(struct sequence *sequence, const char *key,
		       int64_t time_ms)
{
	char text[TIME_TEXT_MAX];

	if (time_ms)
		write_text(sequence, key, time_text(time_ms, text));
}

/* Programs that take numbers as floating point keep 53 bits */
static void write_count(struct sequence *sequence, const char *key,
			uint64_t count)
{
	write_key(sequence, key);
	fprintf(sequence->out, count > 1ULL << 53 ? "\"%#" PRIx64 "\"" :
		"%" PRIu64, count);
}

static void write_cmps(struct sequence *sequence, const struct rule *rule)
{
	FILE *out = sequence->out;

	if (!rule->nr_cmps)
		return;
	write_key(sequence, "args");
	putc('[', out);
	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];

		fprintf(out, "%s{\"index\": %u, \"op\": \"%s\", \"value\": %" PRIu64,
			i ? ", " : "", cmp->index, op_name(cmp->op), cmp->value);
		if (cmp->op == SCMP_CMP_MASKED_EQ)
			fprintf(out, ", \"valueTwo\": %" PRIu64, cmp->value_two);
		putc('}', out);
	}
	putc(']', out);
}

static void write_rule(struct sequence *sequence, const struct rule *rule)
{
	write_text(sequence, "action", action_name(rule->action));
	write_cmps(sequence, rule);
	if (action_value(rule->action) >= 0)
		write_count(sequence, "errnoRet", action_value(rule->action));
}

/* A line of an array or object whose first line has been written */
static void next_line(FILE *out, bool *begun, unsigned int indent)
{
	fprintf(out, "%s\n%*s", *begun ? "," : "", indent, "");
	*begun = true;
}

static void end_lines(FILE *out, bool begun, unsigned int indent, char end)
{
	if (begun)
		fprintf(out, "\n%*s", indent, "");
	putc(end, out);
}

/* syscalls */

static int compare_names(const void *a, const void *b)
{
	const struct policy_call *const *one = a;
	const struct policy_call *const *other = b;
	int order = strcmp(call_name(&(*one)->call), call_name(&(*other)->call));

	return order ? order : call_compare(&(*one)->call, &(*other)->call);
}

/* Are @nr all the architectures of the policy that have the name? */
static bool is_for_all(const struct policy *policy, const char *name,
		       size_t nr)
{
	size_t have = 0;

	for (size_t i = 0; i < policy->nr_archs; i++) {
		struct call call;

		have += !call_by_name(policy->archs[i], name, &call);
	}
	return have == nr;
}

static void write_entry(FILE *out, const struct policy *policy,
			const char *name, const struct rule *rule,
			const struct abi *const *abis, size_t nr)
{
	struct sequence entry = { .out = out };

	putc('{', out);
	write_rule(&entry, rule);
	write_key(&entry, "names");
	putc('[', out);
	print_json_string(out, name);
	putc(']', out);
	if (abis && !is_for_all(policy, name, nr)) {
		write_key(&entry, "x-sclog-architectures");
		for (size_t i = 0; i < nr; i++)
			fprintf(out, "%s\"%s\"", i ? ", " : "[", abis[i]->oci);
		putc(']', out);
	}
	putc('}', out);
}

static bool has_rule(const struct policy_call *call, const struct rule *rule)
{
	for (size_t i = 0; i < call->nr_rules; i++)
		if (rule_equal(&call->rules[i], rule))
			return true;
	return false;
}

/* The entries of one name: @calls are its calls of @nr conventions */
static void write_name(FILE *out, const struct policy *policy,
		       struct policy_call *const *calls, size_t nr, bool *begun)
{
	const struct abi **abis = xcalloc(nr, sizeof(*abis));

	for (size_t i = 0; i < nr; i++) {
		for (size_t j = 0; j < calls[i]->nr_rules; j++) {
			const struct rule *rule = &calls[i]->rules[j];
			size_t nr_abis = 0;
			bool written = false;

			for (size_t k = 0; k < nr; k++) {
				if (!has_rule(calls[k], rule))
					continue;
				written |= k < i;
				abis[nr_abis++] = calls[k]->call.abi;
			}
			if (written)
				continue;
			next_line(out, begun, 4);
			write_entry(out, policy, call_name(&calls[i]->call),
				    rule, abis, nr_abis);
		}
	}
	free(abis);
}

static void write_unknown(FILE *out, const struct policy *policy,
			  const struct unknown_name *unknown, bool *begun)
{
	for (size_t i = 0; i < unknown->nr_rules; i++) {
		next_line(out, begun, 4);
		write_entry(out, policy, unknown->name, &unknown->rules[i],
			    NULL, 0);
	}
}

static void write_syscalls(FILE *out, const struct policy *policy)
{
	struct policy_call **calls = xcalloc(policy->nr_calls, sizeof(*calls));
	size_t nr = 0;
	size_t unknown = 0;
	bool begun = false;

	for (size_t i = 0; i < policy->nr_calls; i++)
		if (policy->calls[i].nr_rules && call_name(&policy->calls[i].call))
			calls[nr++] = &policy->calls[i];
	qsort(calls, nr, sizeof(*calls), compare_names);

	fputs("  \"syscalls\": [", out);
	for (size_t i = 0, end; i < nr; i = end) {
		const char *name = call_name(&calls[i]->call);

		for (end = i + 1; end < nr; end++)
			if (strcmp(call_name(&calls[end]->call), name))
				break;
		while (unknown < policy->nr_unknown &&
		       strcmp(policy->unknown[unknown].name, name) < 0)
			write_unknown(out, policy, &policy->unknown[unknown++],
				      &begun);
		write_name(out, policy, calls + i, end - i, &begun);
	}
	while (unknown < policy->nr_unknown)
		write_unknown(out, policy, &policy->unknown[unknown++], &begun);
	end_lines(out, begun, 2, ']');
	free(calls);
}

/* x-sclog */

static void write_values(FILE *out, const struct value_counts *counts)
{
	struct sequence values = { .out = out };

	putc('{', out);
	for (size_t i = 0; i < counts->nr; i++) {
		char key[24];

		snprintf(key, sizeof(key), "0x%" PRIx64,
			 counts->values[i].value);
		write_count(&values, key, counts->values[i].count);
	}
	if (counts->more) {
		write_key(&values, "more");
		fputs("true", out);
	}
	putc('}', out);
}

static void write_args(struct sequence *call, const struct value_counts *args)
{
	struct sequence object = { .out = call->out };

	write_key(call, "args");
	putc('{', call->out);
	for (int i = 0; i < EVENT_ARGS; i++) {
		char key[2] = { '0' + i };

		if (!args[i].nr && !args[i].more)
			continue;
		write_key(&object, key);
		write_values(call->out, &args[i]);
	}
	putc('}', call->out);
}

static void write_names(struct sequence *call, const char *key,
			const char *more, const struct name_counts *counts)
{
	struct sequence names = { .out = call->out };

	if (!counts->nr && !counts->more)
		return;
	write_key(call, key);
	putc('{', call->out);
	for (size_t i = 0; i < counts->nr; i++)
		write_count(&names, counts->names[i].name,
			    counts->names[i].count);
	putc('}', call->out);
	if (counts->more) {
		write_key(call, more);
		fputs("true", call->out);
	}
}

static bool has_args(const struct policy_call *call)
{
	for (int i = 0; i < EVENT_ARGS; i++)
		if (call->args[i].nr || call->args[i].more)
			return true;
	return false;
}

static void write_unnamed_rules(struct sequence *call,
				const struct policy_call *entry)
{
	write_key(call, "rules");
	putc('[', call->out);
	for (size_t i = 0; i < entry->nr_rules; i++) {
		struct sequence rule = { .out = call->out };

		fputs(i ? ", {" : "{", call->out);
		write_rule(&rule, &entry->rules[i]);
		putc('}', call->out);
	}
	putc(']', call->out);
}

static bool has_origin(const struct policy_call *call)
{
	return call->count || call->first_ms || call->runs.nr || call->by.nr ||
		call->why || call->pairs.nr || has_args(call);
}

static void write_call(FILE *out, const struct policy_call *entry)
{
	struct sequence call = { .out = out };

	putc('{', out);
	if (has_args(entry))
		write_args(&call, entry->args);
	write_names(&call, "by", "byMore", &entry->by);
	write_count(&call, "count", entry->count);
	write_time(&call, "first", entry->first_ms);
	if (entry->pairs.nr || entry->pairs.more) {
		write_key(&call, "pairs");
		write_values(out, &entry->pairs);
	}
	write_names(&call, "paths", "pathsMore", &entry->paths);
	if (!call_name(&entry->call))
		write_unnamed_rules(&call, entry);
	if (entry->runs.nr) {
		write_key(&call, "runs");
		for (size_t i = 0; i < entry->runs.nr; i++)
			fprintf(out, "%s%u", i ? ", " : "[", entry->runs.ids[i]);
		putc(']', out);
	}
	write_text(&call, "why", entry->why);
	putc('}', out);
}

/* An entry that the file can only hold here, or that has an origin to tell */
static bool belongs(const struct policy_call *call, bool named)
{
	if (named == !call_name(&call->call))
		return false;
	return has_origin(call) || !named;
}

static void begin_entry(FILE *out, const char *key, bool *begun)
{
	next_line(out, begun, 6);
	print_json_string(out, key);
	fputs(": ", out);
}

static void write_calls(FILE *out, const struct policy *policy,
			struct policy_call *const *calls, bool named)
{
	size_t foreign = 0;
	bool begun = false;

	fprintf(out, "    \"%s\": {", named ? "calls" : "unnamed");
	for (size_t i = 0; i < policy->nr_calls; i++) {
		char text[CALL_TEXT_MAX];

		if (!belongs(calls[i], named))
			continue;
		call_text(&calls[i]->call, text);
		while (named && foreign < policy->nr_foreign &&
		       strcmp(policy->foreign[foreign].key, text) < 0) {
			begin_entry(out, policy->foreign[foreign].key, &begun);
			fputs(policy->foreign[foreign++].json, out);
		}
		begin_entry(out, text, &begun);
		write_call(out, calls[i]);
	}
	while (named && foreign < policy->nr_foreign) {
		begin_entry(out, policy->foreign[foreign].key, &begun);
		fputs(policy->foreign[foreign++].json, out);
	}
	end_lines(out, begun, 4, '}');
}

static void write_decided(FILE *out, const struct policy *policy,
			  struct policy_call *const *calls)
{
	bool begun = false;

	fputs("    \"decided\": {", out);
	for (size_t i = 0; i < policy->nr_calls; i++) {
		struct sequence answer = { .out = out };
		char text[CALL_TEXT_MAX];

		if (!calls[i]->answer)
			continue;
		begin_entry(out, call_text(&calls[i]->call, text), &begun);
		putc('{', out);
		write_text(&answer, "answer", calls[i]->answer);
		write_text(&answer, "by", calls[i]->answer_by);
		write_time(&answer, "date", calls[i]->answer_ms);
		putc('}', out);
	}
	end_lines(out, begun, 4, '}');
}

static void write_run(FILE *out, const struct policy_run *run)
{
	struct sequence members = { .out = out };

	putc('{', out);
	write_count(&members, "calls", run->calls);
	if (run->command) {
		struct sequence words = { .out = out };

		write_key(&members, "command");
		putc('[', out);
		for (char **word = run->command; *word; word++) {
			separate(&words);
			print_json_string(out, *word);
		}
		putc(']', out);
	}
	if (run->complete != RUN_UNKNOWN) {
		write_key(&members, "complete");
		fputs(run->complete == RUN_COMPLETE ? "true" : "false", out);
	}
	write_time(&members, "date", run->date_ms);
	write_text(&members, "exe", run->exe);
	write_count(&members, "id", run->id);
	write_text(&members, "kernel", run->kernel);
	write_text(&members, "libc", run->libc);
	write_count(&members, "lost", run->lost);
	write_text(&members, "source", run->source);
	if (run->status >= 0)
		write_count(&members, "status", run->status);
	putc('}', out);
}

static void write_runs(FILE *out, const struct policy *policy)
{
	bool begun = false;

	fputs("    \"runs\": [", out);
	for (size_t i = 0; i < policy->nr_runs; i++) {
		next_line(out, &begun, 6);
		write_run(out, &policy->runs[i]);
	}
	end_lines(out, begun, 4, ']');
}

static void write_origin(FILE *out, const struct policy *policy)
{
	struct policy_call **calls = policy_by_text(policy);

	fputs("  \"x-sclog\": {\n", out);
	write_calls(out, policy, calls, true);
	fputs(",\n", out);
	write_decided(out, policy, calls);
	fputs(",\n", out);
	write_runs(out, policy);
	fputs(",\n", out);
	write_calls(out, policy, calls, false);
	fputs(",\n    \"version\": 1\n  }", out);
	free(calls);
}

void policy_format(const struct policy *policy, FILE *out)
{
	int value = action_value(policy->default_action);

	fputs("{\n", out);
	fputs("  \"architectures\": [", out);
	for (size_t i = 0; i < policy->nr_archs; i++)
		fprintf(out, "%s\"%s\"", i ? ", " : "", policy->archs[i]->oci);
	fputs("],\n", out);
	fprintf(out, "  \"defaultAction\": \"%s\",\n",
		action_name(policy->default_action));
	if (value >= 0)
		fprintf(out, "  \"defaultErrnoRet\": %d,\n", value);
	for (size_t i = 0; i < policy->nr_extra; i++) {
		fputs("  ", out);
		print_json_string(out, policy->extra[i].key);
		fprintf(out, ": %s,\n", policy->extra[i].json);
	}
	write_syscalls(out, policy);
	fputs(",\n", out);
	write_origin(out, policy);
	fputs("\n}\n", out);
}
