// SPDX-License-Identifier: GPL-2.0
/*
 * explain --json
 */
#include <inttypes.h>
#include <stdlib.h>

#include "args.h"
#include "args_rules.h"
#include "companions.h"
#include "decide.h"
#include "explain.h"
#include "notable.h"
#include "out.h"

static void member(const char *key, const char *text)
{
	printf(", \"%s\": ", key);
	if (text)
		print_json_string(stdout, text);
	else
		fputs("null", stdout);
}

static void begin(const struct call *call)
{
	char text[CALL_TEXT_MAX];

	fputs("{\"call\": ", stdout);
	print_json_string(stdout, call_text(call, text));
	member("name", call_name(call));
	printf(", \"arch\": \"%s\", \"nr\": %d", call->abi->name, call->nr);
}

static void counts(const char *key, const struct name_counts *counts)
{
	printf(", \"%s\": {", key);
	for (size_t i = 0; i < counts->nr; i++) {
		fputs(i ? ", " : "", stdout);
		print_json_string(stdout, counts->names[i].name);
		printf(": %" PRIu64, counts->names[i].count);
	}
	putchar('}');
}

void explain_entry_json(const struct policy *policy,
			const struct policy_call *entry)
{
	char *rules = call_rules_text(entry, SCMP_ACT_ALLOW);

	begin(&entry->call);
	printf(", \"allowed\": %s",
	       call_is_allowed(entry) ||
	       (!entry->nr_rules && !policy_refuses(policy)) ?
	       "true" : "false");
	printf(", \"enosys\": %s", companion_refuses(entry) ? "true" : "false");
	member("only", *rules ? rules : NULL);
	printf(", \"count\": %" PRIu64 ", \"runs\": [", entry->count);
	for (size_t i = 0; i < entry->runs.nr; i++)
		printf("%s%u", i ? ", " : "", entry->runs.ids[i]);
	putchar(']');
	counts("by", &entry->by);
	counts("paths", &entry->paths);
	member("companion", entry->why);
	member("why", companion_reason(entry->why));
	member("decided", entry->answer);
	member("decided_by", entry->answer ? entry->answer_by : NULL);
	member("note", call_note(entry));
	puts("}");
	free(rules);
}

void explain_call_json(const struct call *call)
{
	struct policy_call entry = { .call = *call };
	bool any = false;

	begin(call);
	member("note", call_note(&entry));
	fputs(", \"args\": {", stdout);
	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		const struct arg *row = arg_find(call, i);

		if (!row)
			continue;
		printf("%s\"%u\": ", any ? ", " : "", i);
		print_json_string(stdout, row->name);
		any = true;
	}
	puts("}}");
}
