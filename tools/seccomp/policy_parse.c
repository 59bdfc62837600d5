// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: from JSON to a policy.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"

/* What is read, and what for */
struct parser {
	struct json_doc doc;
	struct policy *policy;
	policy_warn_fn *warn;
	void *data;
};

/* Read one member of an object; false after json_fail() */
typedef bool member_fn(struct parser *parser, const struct json_at *at,
		       struct json_object *value, void *to);

struct member {
	const char *key;
	member_fn *read;
};

PRINTF(3) static void warn(struct parser *parser, const struct json_at *at,
			   const char *format, ...)
{
	va_list args;
	char *text;

	if (!parser->warn)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	parser->warn(parser->data, json_line(&parser->doc, at),
		     text ? text : format);
	free(text);
}

static const struct {
	const char *name;
	uint32_t action;
} actions[] = {
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
	{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY },
};

#define NR_ACTIONS	(sizeof(actions) / sizeof(actions[0]))
#define ACTION_MASK	0xffff0000u

int action_value(uint32_t action)
{
	switch (action & ACTION_MASK) {
	case SCMP_ACT_ERRNO(0):
	case SCMP_ACT_TRACE(0):
		return action & ~ACTION_MASK;
	default:
		return -1;
	}
}

bool action_parse(const char *name, uint16_t value, uint32_t *action)
{
	for (size_t i = 0; i < NR_ACTIONS; i++) {
		if (strcmp(actions[i].name, name))
			continue;
		*action = actions[i].action;
		if (action_value(*action) >= 0)
			*action |= value;
		return true;
	}
	return false;
}

const char *action_name(uint32_t action)
{
	for (size_t i = 0; i < NR_ACTIONS; i++)
		if (actions[i].action == (action & ACTION_MASK))
			return actions[i].name;
	return NULL;
}

static const struct {
	const char *name;
	enum scmp_compare op;
} ops[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE },
	{ "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE },
	{ "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

const char *op_name(enum scmp_compare op)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (ops[i].op == op)
			return ops[i].name;
	return NULL;
}

const char *time_text(int64_t time_ms, char *text)
{
	time_t seconds = time_ms / 1000;
	int millis = time_ms % 1000;
	struct tm tm;
	size_t length;

	gmtime_r(&seconds, &tm);
	length = strftime(text, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	if (millis)
		snprintf(text + length, TIME_TEXT_MAX - length, ".%03dZ", millis);
	else
		snprintf(text + length, TIME_TEXT_MAX - length, "Z");
	return text;
}

bool time_parse(const char *text, int64_t *time_ms)
{
	struct tm tm = {};
	char again[TIME_TEXT_MAX];
	int millis = 0;
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

	if (!rest)
		return false;
	if (*rest == '.')
		millis = atoi(rest + 1);
	if (millis < 0 || millis > 999)
		return false;
	*time_ms = (int64_t)timegm(&tm) * 1000 + millis;
	return *time_ms >= 0 && !strcmp(time_text(*time_ms, again), text);
}

/* All members of an object, each by the function of its key */
static bool read_members(struct parser *parser, const struct json_at *at,
			 struct json_object *object,
			 const struct member *members, void *to)
{
	if (!json_is_object(&parser->doc, at, object))
		return false;
	json_object_object_foreach(object, key, value) {
		struct json_at here = { .parent = at, .key = key };
		const struct member *member = members;

		while (member->key && strcmp(member->key, key))
			member++;
		if (!member->key)
			return json_fail(&parser->doc, &here,
					 "unknown member '%s'", key);
		if (!member->read(parser, &here, value, to))
			return false;
	}
	return true;
}

/* All elements of an array by one function */
static bool read_elements(struct parser *parser, const struct json_at *at,
			  struct json_object *array, member_fn *read, void *to)
{
	if (!json_is_array(&parser->doc, at, array))
		return false;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_at here = { .parent = at, .index = i };

		if (!read(parser, &here, json_object_array_get_idx(array, i), to))
			return false;
	}
	return true;
}

/* All members of an object by one function, which looks at at->key */
static bool read_map(struct parser *parser, const struct json_at *at,
		     struct json_object *object, member_fn *read, void *to)
{
	if (!json_is_object(&parser->doc, at, object))
		return false;
	json_object_object_foreach(object, key, value) {
		struct json_at here = { .parent = at, .key = key };

		if (!read(parser, &here, value, to))
			return false;
	}
	return true;
}

static bool read_text(struct parser *parser, const struct json_at *at,
		      struct json_object *value, char **to)
{
	const char *text;

	if (!json_text(&parser->doc, at, value, &text))
		return false;
	policy_set_text(to, text);
	return true;
}

static bool read_time(struct parser *parser, const struct json_at *at,
		      struct json_object *value, int64_t *to)
{
	const char *text;

	if (!json_text(&parser->doc, at, value, &text))
		return false;
	if (!time_parse(text, to))
		return json_fail(&parser->doc, at,
				 "'%s': must be as 2026-01-31T23:59:59Z", text);
	return true;
}

/* OCI: architectures */

struct abi_list {
	const struct abi *abis[64];
	size_t nr;
};

static bool read_arch(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	struct abi_list *list = to;
	const struct abi *abi;
	const char *name;

	if (!json_text(&parser->doc, at, value, &name))
		return false;
	abi = abi_by_name(name);
	if (!abi || strcmp(abi->oci, name))
		return json_fail(&parser->doc, at, "'%s': unknown architecture",
				 name);
	for (size_t i = 0; i < list->nr; i++)
		if (list->abis[i] == abi)
			return true;
	list->abis[list->nr++] = abi;
	return true;
}

static bool read_archs(struct parser *parser, const struct json_at *at,
		       struct json_object *value, void *to)
{
	return read_elements(parser, at, value, read_arch, to);
}

/* OCI: an entry of syscalls, or of rules in unnamed */

struct entry {
	const char *action;
	uint64_t errno_ret;
	bool has_errno;
	struct arg_cmp *cmps;
	size_t nr_cmps;
	struct json_object *names;
	struct abi_list archs;
	bool has_archs;
};

static bool read_arg_index(struct parser *parser, const struct json_at *at,
			   struct json_object *value, void *to)
{
	struct arg_cmp *cmp = to;
	uint64_t index;

	if (!json_u64(&parser->doc, at, value, EVENT_ARGS - 1, &index))
		return false;
	cmp->index = index;
	return true;
}

static bool read_arg_value(struct parser *parser, const struct json_at *at,
			   struct json_object *value, void *to)
{
	struct arg_cmp *cmp = to;

	return json_u64(&parser->doc, at, value, UINT64_MAX, &cmp->value);
}

static bool read_arg_value_two(struct parser *parser, const struct json_at *at,
			       struct json_object *value, void *to)
{
	struct arg_cmp *cmp = to;

	return json_u64(&parser->doc, at, value, UINT64_MAX, &cmp->value_two);
}

static bool read_arg_op(struct parser *parser, const struct json_at *at,
			struct json_object *value, void *to)
{
	struct arg_cmp *cmp = to;
	const char *name;

	if (!json_text(&parser->doc, at, value, &name))
		return false;
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (!strcmp(ops[i].name, name)) {
			cmp->op = ops[i].op;
			return true;
		}
	}
	return json_fail(&parser->doc, at, "'%s': unknown comparison", name);
}

static bool read_arg(struct parser *parser, const struct json_at *at,
		     struct json_object *value, void *to)
{
	static const struct member members[] = {
		{ "index", read_arg_index },
		{ "op", read_arg_op },
		{ "value", read_arg_value },
		{ "valueTwo", read_arg_value_two },
		{ }
	};
	struct arg_cmp cmp = { .index = EVENT_ARGS };
	struct entry *entry = to;

	if (!read_members(parser, at, value, members, &cmp))
		return false;
	if (cmp.index == EVENT_ARGS || !cmp.op ||
	    !json_object_object_get_ex(value, "value", NULL))
		return json_fail(&parser->doc, at,
				 "an argument needs index, op and value");
	if (cmp.op != SCMP_CMP_MASKED_EQ)
		cmp.value_two = 0;
	entry->cmps = xreallocarray(entry->cmps, entry->nr_cmps + 1, sizeof(cmp));
	entry->cmps[entry->nr_cmps++] = cmp;
	return true;
}

static bool read_args(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	/* Go programs write null for an empty list */
	if (!value)
		return true;
	return read_elements(parser, at, value, read_arg, to);
}

static bool read_entry_action(struct parser *parser, const struct json_at *at,
			      struct json_object *value, void *to)
{
	struct entry *entry = to;
	uint32_t action;

	if (!json_text(&parser->doc, at, value, &entry->action))
		return false;
	if (!action_parse(entry->action, 0, &action))
		return json_fail(&parser->doc, at, "'%s': unknown action",
				 entry->action);
	return true;
}

static bool read_entry_errno(struct parser *parser, const struct json_at *at,
			     struct json_object *value, void *to)
{
	struct entry *entry = to;

	entry->has_errno = true;
	return json_u64(&parser->doc, at, value, UINT16_MAX, &entry->errno_ret);
}

static bool read_entry_names(struct parser *parser, const struct json_at *at,
			     struct json_object *value, void *to)
{
	struct entry *entry = to;

	entry->names = value;
	return json_is_array(&parser->doc, at, value);
}

static bool read_entry_archs(struct parser *parser, const struct json_at *at,
			     struct json_object *value, void *to)
{
	struct entry *entry = to;

	entry->has_archs = true;
	return read_archs(parser, at, value, &entry->archs);
}

static bool read_comment(struct parser *parser, const struct json_at *at,
			 struct json_object *value, void *to)
{
	(void)to;
	(void)value;
	warn(parser, at, "comment: is not kept");
	return true;
}

/* Docker's, which depend on the container: only empty ones mean nothing */
static bool read_condition(struct parser *parser, const struct json_at *at,
			   struct json_object *value, void *to)
{
	(void)to;
	if (!value || (json_object_is_type(value, json_type_object) &&
		       !json_object_object_length(value)))
		return true;
	return json_fail(&parser->doc, at,
			 "%s: whether the entry counts depends on the container",
			 at->key);
}

static const struct member entry_members[] = {
	{ "action", read_entry_action },
	{ "args", read_args },
	{ "comment", read_comment },
	{ "errnoRet", read_entry_errno },
	{ "excludes", read_condition },
	{ "includes", read_condition },
	{ "names", read_entry_names },
	{ "x-sclog-architectures", read_entry_archs },
	{ }
};

/* What an action without errnoRet means in OCI */
#define DEFAULT_ERRNO	EPERM

static bool entry_action(struct parser *parser, const struct json_at *at,
			 const struct entry *entry, uint32_t *action)
{
	if (!entry->action)
		return json_fail(&parser->doc, at, "no action");
	action_parse(entry->action,
		     entry->has_errno ? entry->errno_ret : DEFAULT_ERRNO,
		     action);
	if (entry->has_errno && action_value(*action) < 0)
		warn(parser, at, "errnoRet: has no meaning with %s",
		     entry->action);
	return true;
}

static bool has_repeated_index(const struct entry *entry)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < entry->nr_cmps; i++) {
		if (seen & 1u << entry->cmps[i].index)
			return true;
		seen |= 1u << entry->cmps[i].index;
	}
	return false;
}

/* The rules that an entry stands for, to be freed: one, or one a comparison */
static struct rule *entry_rules(const struct entry *entry, uint32_t action,
				size_t *nr)
{
	bool alternatives = has_repeated_index(entry);
	struct rule *rules;

	*nr = alternatives ? entry->nr_cmps : 1;
	rules = xcalloc(*nr, sizeof(*rules));
	for (size_t i = 0; i < *nr; i++) {
		size_t nr_cmps = alternatives ? 1 : entry->nr_cmps;

		rules[i].action = action;
		rules[i].nr_cmps = nr_cmps;
		if (nr_cmps)
			memcpy(rules[i].cmps,
			       entry->cmps + (alternatives ? i : 0),
			       nr_cmps * sizeof(*entry->cmps));
	}
	return rules;
}

static bool add_named(struct parser *parser, const struct json_at *at,
		      struct json_object *value, const struct entry *entry,
		      const struct rule *rules, size_t nr)
{
	struct policy *policy = parser->policy;
	const char *name;
	bool known = false;
	size_t nr_archs = entry->has_archs ? entry->archs.nr : policy->nr_archs;

	if (!json_text(&parser->doc, at, value, &name))
		return false;
	for (size_t i = 0; i < nr_archs; i++) {
		const struct abi *abi = entry->has_archs ?
			entry->archs.abis[i] : policy->archs[i];
		struct call call;

		if (!policy_has_arch(policy, abi))
			return json_fail(&parser->doc, at,
					 "'%s': for %s, which is not in architectures",
					 name, abi->oci);
		if (call_by_name(abi, name, &call))
			continue;
		known = true;
		for (size_t j = 0; j < nr; j++)
			policy_add_rule(policy, &call, &rules[j]);
	}
	if (known)
		return true;
	warn(parser, at, "'%s': no architecture of the policy has this call",
	     name);
	for (size_t j = 0; j < nr; j++)
		policy_add_unknown(policy, name, &rules[j]);
	return true;
}

static bool read_entry(struct parser *parser, const struct json_at *at,
		       struct json_object *value, void *to)
{
	struct json_at names = { .parent = at, .key = "names" };
	struct entry entry = {};
	struct rule *rules = NULL;
	size_t nr = 0;
	uint32_t action;
	bool ok;

	(void)to;
	ok = read_members(parser, at, value, entry_members, &entry) &&
		entry_action(parser, at, &entry, &action);
	if (ok && !entry.names)
		ok = json_fail(&parser->doc, at, "no names");
	if (ok) {
		if (has_repeated_index(&entry))
			warn(parser, at,
			     "several comparisons of one argument: each alone is enough, as runc reads it");
		rules = entry_rules(&entry, action, &nr);
	}
	for (size_t i = 0; ok && i < json_object_array_length(entry.names); i++) {
		struct json_at here = { .parent = &names, .index = i };

		ok = add_named(parser, &here,
			       json_object_array_get_idx(entry.names, i),
			       &entry, rules, nr);
	}
	free(rules);
	free(entry.cmps);
	return ok;
}

/* x-sclog: runs */

static bool read_word(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	char **words = to;

	return read_text(parser, at, value, &words[at->index]);
}

static bool read_run_command(struct parser *parser, const struct json_at *at,
			     struct json_object *value, void *to)
{
	struct policy_run *run = to;

	if (!json_is_array(&parser->doc, at, value))
		return false;
	run->command = xcalloc(json_object_array_length(value) + 1,
			       sizeof(*run->command));
	return read_elements(parser, at, value, read_word, run->command);
}

#define READ_MEMBER(name, type, member, read)				\
static bool name(struct parser *parser, const struct json_at *at,	\
		 struct json_object *value, void *to)			\
{									\
	type *object = to;						\
									\
	return read(parser, at, value, &object->member);		\
}

static bool read_count(struct parser *parser, const struct json_at *at,
		       struct json_object *value, uint64_t *to)
{
	return json_u64_or_hex(&parser->doc, at, value, to);
}

static bool read_id(struct parser *parser, const struct json_at *at,
		    struct json_object *value, unsigned int *to)
{
	uint64_t id;

	if (!json_u64(&parser->doc, at, value, INT32_MAX, &id))
		return false;
	*to = id;
	return true;
}

static bool read_status(struct parser *parser, const struct json_at *at,
			struct json_object *value, int *to)
{
	uint64_t status;

	if (!json_u64(&parser->doc, at, value, 255, &status))
		return false;
	*to = status;
	return true;
}

static bool read_complete(struct parser *parser, const struct json_at *at,
			  struct json_object *value, enum completeness *to)
{
	bool complete;

	if (!json_flag(&parser->doc, at, value, &complete))
		return false;
	*to = complete ? RUN_COMPLETE : RUN_INCOMPLETE;
	return true;
}

READ_MEMBER(read_run_id, struct policy_run, id, read_id)
READ_MEMBER(read_run_exe, struct policy_run, exe, read_text)
READ_MEMBER(read_run_date, struct policy_run, date_ms, read_time)
READ_MEMBER(read_run_kernel, struct policy_run, kernel, read_text)
READ_MEMBER(read_run_libc, struct policy_run, libc, read_text)
READ_MEMBER(read_run_source, struct policy_run, source, read_text)
READ_MEMBER(read_run_complete, struct policy_run, complete, read_complete)
READ_MEMBER(read_run_lost, struct policy_run, lost, read_count)
READ_MEMBER(read_run_calls, struct policy_run, calls, read_count)
READ_MEMBER(read_run_status, struct policy_run, status, read_status)

static bool read_run(struct parser *parser, const struct json_at *at,
		     struct json_object *value, void *to)
{
	static const struct member members[] = {
		{ "calls", read_run_calls },
		{ "command", read_run_command },
		{ "complete", read_run_complete },
		{ "date", read_run_date },
		{ "exe", read_run_exe },
		{ "id", read_run_id },
		{ "kernel", read_run_kernel },
		{ "libc", read_run_libc },
		{ "lost", read_run_lost },
		{ "source", read_run_source },
		{ "status", read_run_status },
		{ }
	};
	unsigned int last = parser->policy->nr_runs ?
		parser->policy->runs[parser->policy->nr_runs - 1].id : 0;
	struct policy_run *run = policy_add_run(parser->policy);

	(void)to;
	run->id = 0;
	if (!read_members(parser, at, value, members, run))
		return false;
	if (run->id <= last)
		return json_fail(&parser->doc, at,
				 "the id of a run must be there, and above the one before");
	return true;
}

static bool read_runs(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	return read_elements(parser, at, value, read_run, to);
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
	return read_elements(parser, at, value, read_call_run, to);
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

	return read_map(parser, at, value, read_name, &call->by);
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

	return read_map(parser, at, value, read_name, &call->paths);
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
	return read_map(parser, at, value, read_value_count,
			&call->args[at->key[0] - '0']);
}

static bool read_call_args(struct parser *parser, const struct json_at *at,
			   struct json_object *value, void *to)
{
	return read_map(parser, at, value, read_call_arg, to);
}

static bool read_call_pairs(struct parser *parser, const struct json_at *at,
			    struct json_object *value, void *to)
{
	struct policy_call *call = to;

	return read_map(parser, at, value, read_value_count, &call->pairs);
}

READ_MEMBER(read_call_count, struct policy_call, count, read_count)
READ_MEMBER(read_call_first, struct policy_call, first_ms, read_time)
READ_MEMBER(read_call_why, struct policy_call, why, read_text)

static const struct member call_members[] = {
	{ "args", read_call_args },
	{ "by", read_call_by },
	{ "byMore", read_call_by_more },
	{ "count", read_call_count },
	{ "first", read_call_first },
	{ "pairs", read_call_pairs },
	{ "paths", read_call_paths },
	{ "pathsMore", read_call_paths_more },
	{ "runs", read_call_runs },
	{ "why", read_call_why },
	{ }
};

static bool read_call(struct parser *parser, const struct json_at *at,
		      struct json_object *value, void *to)
{
	struct call call;
	const char *why;

	(void)to;
	if (call_parse(at->key, &call, &why)) {
		warn(parser, at, "'%s': %s: kept, but not used", at->key, why);
		policy_add_foreign(parser->policy, at->key,
				   json_object_to_json_string_ext(value,
					JSON_C_TO_STRING_SPACED |
					JSON_C_TO_STRING_NOSLASHESCAPE));
		return true;
	}
	return read_members(parser, at, value, call_members,
			    policy_get(parser->policy, &call));
}

static bool read_calls(struct parser *parser, const struct json_at *at,
		       struct json_object *value, void *to)
{
	return read_map(parser, at, value, read_call, to);
}

static bool read_unnamed_rule(struct parser *parser, const struct json_at *at,
			      struct json_object *value, void *to)
{
	const struct policy_call *call = to;
	struct entry entry = {};
	struct rule *rules;
	size_t nr;
	uint32_t action;
	bool ok = read_members(parser, at, value, entry_members, &entry) &&
		entry_action(parser, at, &entry, &action);

	if (ok && (entry.names || entry.has_archs))
		ok = json_fail(&parser->doc, at, "a rule of a number has no names");
	if (ok) {
		struct call which = call->call;

		rules = entry_rules(&entry, action, &nr);
		for (size_t i = 0; i < nr; i++)
			policy_add_rule(parser->policy, &which, &rules[i]);
		free(rules);
	}
	free(entry.cmps);
	return ok;
}

static bool read_unnamed_rules(struct parser *parser, const struct json_at *at,
			       struct json_object *value, void *to)
{
	return read_elements(parser, at, value, read_unnamed_rule, to);
}

static bool read_unnamed_call(struct parser *parser, const struct json_at *at,
			      struct json_object *value, void *to)
{
	static const struct member members[] = {
		{ "args", read_call_args },
		{ "by", read_call_by },
		{ "byMore", read_call_by_more },
		{ "count", read_call_count },
		{ "first", read_call_first },
		{ "rules", read_unnamed_rules },
		{ "runs", read_call_runs },
		{ "why", read_call_why },
		{ }
	};
	struct call call;
	const char *why;

	(void)to;
	if (call_parse(at->key, &call, &why))
		return json_fail(&parser->doc, at, "'%s': %s", at->key, why);
	return read_members(parser, at, value, members,
			    policy_get(parser->policy, &call));
}

static bool read_unnamed(struct parser *parser, const struct json_at *at,
			 struct json_object *value, void *to)
{
	return read_map(parser, at, value, read_unnamed_call, to);
}

/* x-sclog: decided */

READ_MEMBER(read_decided_answer, struct policy_call, answer, read_text)
READ_MEMBER(read_decided_by, struct policy_call, answer_by, read_text)
READ_MEMBER(read_decided_date, struct policy_call, answer_ms, read_time)

static bool read_decision(struct parser *parser, const struct json_at *at,
			  struct json_object *value, void *to)
{
	static const struct member members[] = {
		{ "answer", read_decided_answer },
		{ "by", read_decided_by },
		{ "date", read_decided_date },
		{ }
	};
	struct policy_call *entry;
	struct call call;
	const char *why;

	(void)to;
	if (call_parse(at->key, &call, &why))
		return json_fail(&parser->doc, at, "'%s': %s", at->key, why);
	entry = policy_get(parser->policy, &call);
	if (!read_members(parser, at, value, members, entry))
		return false;
	if (!entry->answer)
		return json_fail(&parser->doc, at, "no answer");
	return true;
}

static bool read_decided(struct parser *parser, const struct json_at *at,
			 struct json_object *value, void *to)
{
	return read_map(parser, at, value, read_decision, to);
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

/* The order counts, so not by read_members(): calls need runs */
static bool read_origin(struct parser *parser, const struct json_at *at,
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

static bool read_default(struct parser *parser, const struct json_at *root)
{
	struct json_at at = { .parent = root, .key = "defaultAction" };
	struct json_at errno_at = { .parent = root, .key = "defaultErrnoRet" };
	struct json_object *value;
	uint64_t errno_ret = DEFAULT_ERRNO;
	const char *name;

	if (!json_object_object_get_ex(parser->doc.root, at.key, &value))
		return json_fail(&parser->doc, root,
				 "no defaultAction: not a seccomp profile");
	if (!json_text(&parser->doc, &at, value, &name))
		return false;
	if (json_object_object_get_ex(parser->doc.root, errno_at.key, &value) &&
	    !json_u64(&parser->doc, &errno_at, value, UINT16_MAX, &errno_ret))
		return false;
	if (!action_parse(name, errno_ret, &parser->policy->default_action))
		return json_fail(&parser->doc, &at, "'%s': unknown action", name);
	return true;
}

static bool read_architectures(struct parser *parser,
			       const struct json_at *root)
{
	struct json_at at = { .parent = root, .key = "architectures" };
	struct abi_list list = {};
	struct json_object *value;

	if (!json_object_object_get_ex(parser->doc.root, at.key, &value) ||
	    !value)
		return true;
	if (!read_archs(parser, &at, value, &list))
		return false;
	/* an empty list is the native one, as if there were none */
	if (list.nr)
		parser->policy->nr_archs = 0;
	for (size_t i = 0; i < list.nr; i++)
		policy_add_arch(parser->policy, list.abis[i]);
	return true;
}

/* What is left: kept as it is, but for what decides which rules count */
static bool read_extra(struct parser *parser, const struct json_at *root)
{
	static const char *const read[] = {
		"architectures", "defaultAction", "defaultErrnoRet", "syscalls",
		"x-sclog",
	};

	json_object_object_foreach(parser->doc.root, key, value) {
		struct json_at at = { .parent = root, .key = key };
		bool done = false;

		for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
			done |= !strcmp(read[i], key);
		if (done)
			continue;
		if (!strcmp(key, "archMap"))
			return json_fail(&parser->doc, &at,
					 "archMap: what counts depends on the container");
		policy_add_extra(parser->policy, key,
				 json_object_to_json_string_ext(value,
					JSON_C_TO_STRING_SPACED |
					JSON_C_TO_STRING_NOSLASHESCAPE));
	}
	return true;
}

static bool read_policy(struct parser *parser)
{
	struct json_at root = {};
	struct json_at syscalls = { .parent = &root, .key = "syscalls" };
	struct json_at origin = { .parent = &root, .key = "x-sclog" };
	struct json_object *value;

	if (!json_is_object(&parser->doc, &root, parser->doc.root) ||
	    !read_default(parser, &root) ||
	    !read_architectures(parser, &root) || !read_extra(parser, &root))
		return false;
	if (json_object_object_get_ex(parser->doc.root, "syscalls", &value) &&
	    value && !read_elements(parser, &syscalls, value, read_entry, NULL))
		return false;
	parser->policy->has_origin =
		json_object_object_get_ex(parser->doc.root, "x-sclog", &value);
	return !parser->policy->has_origin ||
		read_origin(parser, &origin, value);
}

struct policy *policy_parse(const char *text, size_t length,
			    struct json_error *error, policy_warn_fn *warn_fn,
			    void *data)
{
	struct parser parser = { .warn = warn_fn, .data = data };

	*error = (struct json_error){};
	if (!json_open(&parser.doc, text, length, error))
		return NULL;
	parser.policy = policy_new();
	if (!read_policy(&parser)) {
		policy_free(parser.policy);
		parser.policy = NULL;
	}
	json_close(&parser.doc);
	return parser.policy;
}
