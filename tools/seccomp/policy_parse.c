// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: from JSON to a policy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_parse.h"

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
	return parse_elements(parser, at, value, read_arch, to);
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
	return op_parse(name, &cmp->op) ||
		json_fail(&parser->doc, at, "'%s': unknown comparison", name);
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

	if (!parse_members(parser, at, value, members, &cmp))
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
	return parse_elements(parser, at, value, read_arg, to);
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
	parse_warn(parser, at, "comment: is not kept");
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
		parse_warn(parser, at, "errnoRet: has no meaning with %s",
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
	parse_warn(parser, at,
		   "'%s': no architecture of the policy has this call", name);
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
	ok = parse_members(parser, at, value, entry_members, &entry) &&
		entry_action(parser, at, &entry, &action);
	if (ok && !entry.names)
		ok = json_fail(&parser->doc, at, "no names");
	if (ok) {
		if (has_repeated_index(&entry))
			parse_warn(parser, at,
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

bool parse_call_rule(struct parser *parser, const struct json_at *at,
		     struct json_object *value, void *to)
{
	const struct policy_call *call = to;
	struct entry entry = {};
	struct rule *rules;
	size_t nr;
	uint32_t action;
	bool ok = parse_members(parser, at, value, entry_members, &entry) &&
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
					 "what counts depends on the container");
		policy_add_extra(parser->policy, key,
				 json_as_text(value));
	}
	return true;
}

static void remove_void(struct parser *parser, const struct json_at *syscalls)
{
	struct policy *policy = parser->policy;

	for (size_t i = 0; i < policy->nr_calls; i++) {
		struct policy_call *entry = &policy->calls[i];
		char text[CALL_TEXT_MAX];

		if (policy_remove_void(policy, entry))
			parse_warn(parser, syscalls,
				   "%s: a rule with the default action counts for nothing beside one with another",
				   call_text(&entry->call, text));
	}
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
	    value && !parse_elements(parser, &syscalls, value, read_entry, NULL))
		return false;
	parser->policy->has_origin =
		json_object_object_get_ex(parser->doc.root, "x-sclog", &value);
	if (parser->policy->has_origin && !parse_origin(parser, &origin, value))
		return false;
	remove_void(parser, &syscalls);
	return true;
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
