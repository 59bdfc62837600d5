// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: x-sclog, what is known of runs and calls.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_parse.h"

/* x-sclog: runs */

static bool read_word(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	char **words = to;

	return parse_text(parser, at, value, &words[at->index]);
}

static bool read_run_command(struct parser *parser, const struct json_at *at,
			     struct json_object *value, void *to)
{
	struct policy_run *run = to;

	if (!json_is_array(&parser->doc, at, value))
		return false;
	run->command = xcalloc(json_object_array_length(value) + 1,
			       sizeof(*run->command));
	return parse_elements(parser, at, value, read_word, run->command);
}

static bool read_count(struct parser *parser, const struct json_at *at,
		       struct json_object *value, void *to)
{
	return json_u64_or_hex(&parser->doc, at, value, to);
}

static bool read_id(struct parser *parser, const struct json_at *at,
		    struct json_object *value, void *to)
{
	unsigned int *into = to;
	uint64_t id;

	if (!json_u64(&parser->doc, at, value, INT32_MAX, &id))
		return false;
	*into = id;
	return true;
}

static bool read_status(struct parser *parser, const struct json_at *at,
			struct json_object *value, void *to)
{
	int *into = to;
	uint64_t status;

	if (!json_u64(&parser->doc, at, value, 255, &status))
		return false;
	*into = status;
	return true;
}

static bool read_complete(struct parser *parser, const struct json_at *at,
			  struct json_object *value, void *to)
{
	enum completeness *into = to;
	bool complete;

	if (!json_flag(&parser->doc, at, value, &complete))
		return false;
	*into = complete ? RUN_COMPLETE : RUN_INCOMPLETE;
	return true;
}

static bool read_run(struct parser *parser, const struct json_at *at,
		     struct json_object *value, void *to)
{
	static const struct member members[] = {
		{ "calls", read_count, offsetof(struct policy_run, calls) },
		{ "command", read_run_command },
		{ "complete", read_complete, offsetof(struct policy_run, complete) },
		{ "date", parse_time, offsetof(struct policy_run, date_ms) },
		{ "exe", parse_text, offsetof(struct policy_run, exe) },
		{ "id", read_id, offsetof(struct policy_run, id) },
		{ "kernel", parse_text, offsetof(struct policy_run, kernel) },
		{ "libc", parse_text, offsetof(struct policy_run, libc) },
		{ "lost", read_count, offsetof(struct policy_run, lost) },
		{ "source", parse_text, offsetof(struct policy_run, source) },
		{ "status", read_status, offsetof(struct policy_run, status) },
		{ }
	};
	unsigned int last = parser->policy->nr_runs ?
		parser->policy->runs[parser->policy->nr_runs - 1].id : 0;
	struct policy_run *run = policy_add_run(parser->policy);

	(void)to;
	run->id = 0;
	if (!parse_members(parser, at, value, members, run))
		return false;
	if (run->id <= last)
		return json_fail(&parser->doc, at,
				 "the id of a run must be there, and above the one before");
	return true;
}

static bool read_runs(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	return parse_elements(parser, at, value, read_run, to);
}

/* x-sclog: calls and unnamed */

static bool read_call_run(struct parser *parser, const struct json_at *at,
			  struct json_object *value, void *to)
{
	unsigned int id;

	if (!read_id(parser, at, value, &id))
		return false;
	if (!policy_run(parser->policy, id))
		return json_fail(&parser->doc, at, "there is no run %u", id);
	policy_call_add_run(to, id);
	return true;
}

static bool read_call_runs(struct parser *parser, const struct json_at *at,
			   struct json_object *value, void *to)
{
	return parse_elements(parser, at, value, read_call_run, to);
}

static bool read_name(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	struct name_counts *counts = to;
	uint64_t count;

	if (!read_count(parser, at, value, &count))
		return false;
	count_name(counts, at->key, count);
	return true;
}

static bool read_call_by(struct parser *parser, const struct json_at *at,
			 struct json_object *value, void *to)
{
	struct policy_call *call = to;

	return parse_map(parser, at, value, read_name, &call->by);
}

static bool read_call_by_more(struct parser *parser, const struct json_at *at,
			      struct json_object *value, void *to)
{
	struct policy_call *call = to;

	return json_flag(&parser->doc, at, value, &call->by.more);
}

static bool read_call_paths(struct parser *parser, const struct json_at *at,
			    struct json_object *value, void *to)
{
	struct policy_call *call = to;

	return parse_map(parser, at, value, read_name, &call->paths);
}

static bool read_call_paths_more(struct parser *parser,
				 const struct json_at *at,
				 struct json_object *value, void *to)
{
	struct policy_call *call = to;

	return json_flag(&parser->doc, at, value, &call->paths.more);
}

static bool read_value_count(struct parser *parser, const struct json_at *at,
			     struct json_object *value, void *to)
{
	struct value_counts *counts = to;
	uint64_t number;
	uint64_t count;

	if (!strcmp(at->key, "more"))
		return json_flag(&parser->doc, at, value, &counts->more);
	if (!parse_hex64(at->key, &number))
		return json_fail(&parser->doc, at, "'%s': must be 0x...",
				 at->key);
	if (!read_count(parser, at, value, &count))
		return false;
	count_value(counts, number, count);
	return true;
}

static bool read_call_arg(struct parser *parser, const struct json_at *at,
			  struct json_object *value, void *to)
{
	struct policy_call *call = to;

	if (at->key[0] < '0' || at->key[0] >= '0' + EVENT_ARGS || at->key[1])
		return json_fail(&parser->doc, at,
				 "'%s': an argument is 0 to 5", at->key);
	return parse_map(parser, at, value, read_value_count,
			&call->args[at->key[0] - '0']);
}

static bool read_call_args(struct parser *parser, const struct json_at *at,
			   struct json_object *value, void *to)
{
	return parse_map(parser, at, value, read_call_arg, to);
}

static bool read_call_pairs(struct parser *parser, const struct json_at *at,
			    struct json_object *value, void *to)
{
	struct policy_call *call = to;

	return parse_map(parser, at, value, read_value_count, &call->pairs);
}

static const struct member call_members[] = {
	{ "args", read_call_args },
	{ "by", read_call_by },
	{ "byMore", read_call_by_more },
	{ "count", read_count, offsetof(struct policy_call, count) },
	{ "first", parse_time, offsetof(struct policy_call, first_ms) },
	{ "pairs", read_call_pairs },
	{ "paths", read_call_paths },
	{ "pathsMore", read_call_paths_more },
	{ "runs", read_call_runs },
	{ "why", parse_text, offsetof(struct policy_call, why) },
	{ }
};

static bool read_call(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	struct call call;
	const char *why;

	(void)to;
	if (call_parse(at->key, &call, &why)) {
		parse_warn(parser, at, "'%s': %s: kept, but not used", at->key, why);
		policy_add_foreign(parser->policy, at->key,
				   json_as_text(value));
		return true;
	}
	return parse_members(parser, at, value, call_members,
			    policy_get(parser->policy, &call));
}

static bool read_calls(struct parser *parser, const struct json_at *at,
		       struct json_object *value, void *to)
{
	return parse_map(parser, at, value, read_call, to);
}

static bool read_unnamed_rules(struct parser *parser, const struct json_at *at,
			       struct json_object *value, void *to)
{
	return parse_elements(parser, at, value, parse_call_rule, to);
}

static bool read_unnamed_call(struct parser *parser, const struct json_at *at,
			      struct json_object *value, void *to)
{
	static const struct member members[] = {
		{ "args", read_call_args },
		{ "by", read_call_by },
		{ "byMore", read_call_by_more },
		{ "count", read_count, offsetof(struct policy_call, count) },
		{ "first", parse_time, offsetof(struct policy_call, first_ms) },
		{ "rules", read_unnamed_rules },
		{ "runs", read_call_runs },
		{ "why", parse_text, offsetof(struct policy_call, why) },
		{ }
	};
	struct call call;
	const char *why;

	(void)to;
	if (call_parse(at->key, &call, &why))
		return json_fail(&parser->doc, at, "'%s': %s", at->key, why);
	return parse_members(parser, at, value, members,
			    policy_get(parser->policy, &call));
}

static bool read_unnamed(struct parser *parser, const struct json_at *at,
			 struct json_object *value, void *to)
{
	return parse_map(parser, at, value, read_unnamed_call, to);
}

/* x-sclog: decided */

static bool read_decision(struct parser *parser, const struct json_at *at,
			  struct json_object *value, void *to)
{
	static const struct member members[] = {
		{ "answer", parse_text, offsetof(struct policy_call, answer) },
		{ "by", parse_text, offsetof(struct policy_call, answer_by) },
		{ "date", parse_time, offsetof(struct policy_call, answer_ms) },
		{ }
	};
	struct policy_call *entry;
	struct call call;
	const char *why;

	(void)to;
	if (call_parse(at->key, &call, &why))
		return json_fail(&parser->doc, at, "'%s': %s", at->key, why);
	entry = policy_get(parser->policy, &call);
	if (!parse_members(parser, at, value, members, entry))
		return false;
	if (!entry->answer)
		return json_fail(&parser->doc, at, "no answer");
	return true;
}

static bool read_decided(struct parser *parser, const struct json_at *at,
			 struct json_object *value, void *to)
{
	return parse_map(parser, at, value, read_decision, to);
}

static bool read_version(struct parser *parser, const struct json_at *at,
			 struct json_object *value, void *to)
{
	uint64_t version;

	(void)to;
	if (!json_u64(&parser->doc, at, value, UINT32_MAX, &version))
		return false;
	if (version != 1)
		return json_fail(&parser->doc, at,
				 "version %ju: written by another sclog",
				 (uintmax_t)version);
	return true;
}

/* The order counts, so not by parse_members(): calls need runs */
bool parse_origin(struct parser *parser, const struct json_at *at,
		  struct json_object *value)
{
	static const struct member members[] = {
		{ "version", read_version },
		{ "runs", read_runs },
		{ "calls", read_calls },
		{ "unnamed", read_unnamed },
		{ "decided", read_decided },
		{ }
	};

	if (!json_is_object(&parser->doc, at, value))
		return false;
	json_object_object_foreach(value, key, unused) {
		struct json_at here = { .parent = at, .key = key };
		const struct member *member = members;

		(void)unused;
		while (member->key && strcmp(member->key, key))
			member++;
		if (!member->key)
			return json_fail(&parser->doc, &here,
					 "unknown member '%s'", key);
	}
	if (!json_object_object_get_ex(value, "version", NULL))
		return json_fail(&parser->doc, at, "no version");
	for (const struct member *member = members; member->key; member++) {
		struct json_at here = { .parent = at, .key = member->key };
		struct json_object *part;

		if (json_object_object_get_ex(value, member->key, &part) &&
		    !member->read(parser, &here, part, NULL))
			return false;
	}
	return true;
}
