// SPDX-License-Identifier: GPL-2.0
/*
 * minijail's policies: "name: 1", "name: arg1 == 0x5401 || arg1 in 0x3",
 * "name: ...; return 38", "name: return 38". They are of one machine, and a
 * call that is not in one kills.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "formats.h"
#include "json.h"

static const struct {
	enum scmp_compare op;
	const char *text;
} operators[] = {
	{ SCMP_CMP_EQ, "==" },
	{ SCMP_CMP_NE, "!=" },
	{ SCMP_CMP_LE, "<=" },
	{ SCMP_CMP_GE, ">=" },
	{ SCMP_CMP_LT, "<" },
	{ SCMP_CMP_GT, ">" },
};

#define NR_OPERATORS	(sizeof(operators) / sizeof(operators[0]))

/*
 * (arg & mask) == datum: no bit of the mask but those of the datum, and each
 * of these. "&" is true if one of several bits is set, so they are single.
 */
static void write_masked(const struct arg_cmp *cmp, FILE *out)
{
	uint64_t datum = cmp->value_two & cmp->value;
	bool any = false;

	if (~cmp->value | datum) {
		fprintf(out, "arg%u in 0x%" PRIx64, cmp->index,
			~cmp->value | datum);
		any = true;
	} else {
		fprintf(out, "arg%u == 0", cmp->index);
		return;
	}
	for (int bit = 0; bit < 64; bit++)
		if (datum >> bit & 1)
			fprintf(out, "%sarg%u & 0x%" PRIx64, any ? " && " : "",
				cmp->index, (uint64_t)1 << bit);
}

static void write_cmp(const struct arg_cmp *cmp, FILE *out)
{
	if (cmp->op == SCMP_CMP_MASKED_EQ) {
		write_masked(cmp, out);
		return;
	}
	for (size_t i = 0; i < NR_OPERATORS; i++)
		if (operators[i].op == cmp->op)
			fprintf(out, "arg%u %s 0x%" PRIx64, cmp->index,
				operators[i].text, cmp->value);
}

static void write_rules(struct conversion *to, const struct policy_call *call)
{
	bool any = false;

	for (size_t i = 0; i < call->nr_rules; i++) {
		const struct rule *rule = &call->rules[i];

		if (!rule_allows(rule))
			continue;
		if (!rule->nr_cmps) {
			fputs("1", to->out);
			return;
		}
		fputs(any ? " || " : "", to->out);
		for (unsigned int j = 0; j < rule->nr_cmps; j++) {
			fputs(j ? " && " : "", to->out);
			write_cmp(&rule->cmps[j], to->out);
		}
		any = true;
	}
	/* else an argument that is not allowed kills */
	if ((to->policy->default_action & 0xffff0000) == SCMP_ACT_ERRNO(0))
		fprintf(to->out, "; return %u",
			to->policy->default_action & 0xffff);
}

/* An error for any argument, if that is what the call's rules say */
static bool refused_with(const struct policy_call *call, uint16_t *value)
{
	const struct rule *rule = call->rules;

	if (call->nr_rules != 1 || rule->nr_cmps ||
	    (rule->action & 0xffff0000) != SCMP_ACT_ERRNO(0))
		return false;
	*value = rule->action & 0xffff;
	return true;
}

static void announce(struct conversion *to)
{
	const struct policy *policy = to->policy;
	bool logs = false;
	bool otherwise = false;

	if (policy->default_action != SCMP_ACT_KILL_PROCESS)
		conversion_lose(to, "a call that is not in it kills: the default, %s, is not in the format",
				action_text(policy->default_action));
	for (size_t i = 0; i < policy->nr_archs; i++)
		if (policy->archs[i] != abi_native())
			conversion_lose(to, "calls of %s are left out",
					policy->archs[i]->name);
	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct policy_call *call = &policy->calls[i];
		uint16_t value;

		for (size_t j = 0; j < call->nr_rules; j++) {
			logs |= call->rules[j].action == SCMP_ACT_LOG;
			otherwise |= !rule_allows(&call->rules[j]) &&
				!refused_with(call, &value);
		}
	}
	if (logs)
		conversion_lose(to, "calls that are logged are allowed without a log");
	if (otherwise)
		conversion_lose(to, "actions that depend on arguments, and others than an error, are left out");
	lose_origin(to);
}

void write_minijail(struct conversion *to)
{
	struct policy_call **calls = policy_by_text(to->policy);

	announce(to);
	for (size_t i = 0; i < to->policy->nr_calls; i++) {
		const struct policy_call *call = calls[i];
		const char *name;
		uint16_t value;
		bool refused = refused_with(call, &value);

		if (call->call.abi != abi_native() ||
		    (!refused && !call_can_pass(call)))
			continue;
		name = name_or_fail(to, call);
		if (!name)
			continue;
		fprintf(to->out, "%s: ", name);
		if (refused)
			fprintf(to->out, "return %u", value);
		else
			write_rules(to, call);
		putc('\n', to->out);
	}
	free(calls);
}

/* What is read: a policy, and where */
struct reading {
	struct policy *policy;
	const char *file;
	unsigned long line;
	bool included;
};

static bool wrong(const struct reading *in, const char *what, const char *why)
{
	pr_err_at(in->file, in->line, "'%s': %s", what, why);
	return false;
}

static bool read_value(const char *text, uint64_t *value)
{
	char *end;

	if (!strncmp(text, "0x", 2))
		return parse_hex64(text, value);
	errno = 0;
	if (*text == '-')
		*value = strtoll(text, &end, 10);
	else
		*value = strtoull(text, &end, 10);
	return *text && !*end && !errno &&
		!text[strspn(text, "-0123456789")];
}

/* "0x1|0x2": constants have to be numbers, names are of the C headers */
static bool read_values(const struct reading *in, char *text, uint64_t *value)
{
	char *rest = text;
	char *part;

	*value = 0;
	while ((part = strsep(&rest, "|"))) {
		uint64_t one;

		if (!read_value(trim(part), &one))
			return wrong(in, trim(part), "not a number");
		*value |= one;
	}
	return true;
}

/* Both hold: as one comparison, which a rule may have only one of an argument */
static bool join(struct rule *rule, const struct arg_cmp *cmp)
{
	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		struct arg_cmp *known = &rule->cmps[i];
		uint64_t both;

		if (known->index != cmp->index)
			continue;
		if (known->op != SCMP_CMP_MASKED_EQ ||
		    cmp->op != SCMP_CMP_MASKED_EQ)
			return false;
		/* one mask has what the other has, but for the bits set */
		both = known->value & cmp->value;
		if ((known->value_two & both) != (cmp->value_two & both))
			return false;
		known->value |= cmp->value;
		known->value_two |= cmp->value_two;
		return true;
	}
	if (rule->nr_cmps == EVENT_ARGS)
		return false;
	rule->cmps[rule->nr_cmps++] = *cmp;
	return true;
}

/* "arg1 == 0x5401" */
static bool read_cmp(const struct reading *in, char *text, struct rule *rule)
{
	struct arg_cmp cmp = {};
	uint64_t value;
	char *op;
	char *at;

	text = trim(text);
	if (strncmp(text, "arg", 3) || text[3] < '0' || text[3] > '5' ||
	    (text[4] != ' ' && text[4] != '\t'))
		return wrong(in, text, "not a comparison of arg0 to arg5");
	cmp.index = text[3] - '0';
	op = trim(text + 4);
	at = op + strcspn(op, " \t");
	if (*at)
		*at++ = '\0';
	if (!read_values(in, at, &value))
		return false;
	cmp.value = value;
	if (!strcmp(op, "in")) {
		cmp.op = SCMP_CMP_MASKED_EQ;
		cmp.value = ~value;
	} else if (!strcmp(op, "&")) {
		if (!value || value & (value - 1))
			return wrong(in, op, "only a single bit can be asked for");
		cmp.op = SCMP_CMP_MASKED_EQ;
		cmp.value_two = value;
	} else {
		size_t i = 0;

		while (i < NR_OPERATORS && strcmp(operators[i].text, op))
			i++;
		if (i == NR_OPERATORS)
			return wrong(in, op, "an unknown operator");
		cmp.op = operators[i].op;
	}
	return join(rule, &cmp) ||
		wrong(in, "&&", "two comparisons of an argument that no rule can have");
}

/* The text up to @between, or to its end; *rest moves on, NULL at the end */
static char *split(char **rest, const char *between)
{
	char *part = *rest;
	char *end;

	if (!part)
		return NULL;
	end = strstr(part, between);
	if (end)
		*end = '\0';
	*rest = end ? end + strlen(between) : NULL;
	return part;
}

/*
 * Bits that are asked for one by one, after "in" said which there may be: their
 * datum is part of what the mask must have.
 */
static void settle(struct rule *rule)
{
	for (unsigned int i = 0; i < rule->nr_cmps; i++)
		if (rule->cmps[i].op == SCMP_CMP_MASKED_EQ)
			rule->cmps[i].value_two &= rule->cmps[i].value;
}

static bool read_return(const struct reading *in, char *text, uint32_t *action)
{
	uint16_t value;

	text = trim(text);
	if (!strncmp(text, "return", 6)) {
		text = trim(text + 6);
		if (errno_parse(text, &value)) {
			*action = SCMP_ACT_ERRNO(value);
			return true;
		}
	}
	return wrong(in, text, "not 'return' and an error");
}

static bool read_rules(const struct reading *in, const struct call *call,
		       char *text)
{
	uint32_t otherwise = in->policy->default_action;
	char *end = strchr(text, ';');
	char *rest = text;
	char *part;

	if (end) {
		*end++ = '\0';
		if (!read_return(in, end, &otherwise))
			return false;
		if (otherwise != in->policy->default_action)
			pr_warn_at(in->file, in->line,
				   "with other arguments the call is answered by the default, not by %s",
				   action_text(otherwise));
	}
	while ((part = split(&rest, "||"))) {
		struct rule rule = { .action = SCMP_ACT_ALLOW };
		char *cmp;

		while ((cmp = split(&part, "&&")))
			if (!read_cmp(in, cmp, &rule))
				return false;
		settle(&rule);
		policy_add_rule(in->policy, call, &rule);
	}
	return true;
}

static bool read_line(const struct reading *in, char *text)
{
	char *colon = strchr(text, ':');
	struct rule rule = { .action = SCMP_ACT_ALLOW };
	struct call call;
	const char *why;
	char *name;

	if (!colon)
		return wrong(in, text, "no ':'");
	*colon = '\0';
	name = trim(text);
	text = trim(colon + 1);
	if (call_parse(name, &call, &why))
		return wrong(in, name, why);
	if (!strcmp(text, "1") || !strcmp(text, "allow")) {
		policy_add_rule(in->policy, &call, &rule);
		return true;
	}
	if (!strncmp(text, "return", 6)) {
		if (!read_return(in, text, &rule.action))
			return false;
		policy_add_rule(in->policy, &call, &rule);
		return true;
	}
	return read_rules(in, &call, text);
}

static bool read_text(struct reading *in, char *text, size_t length);

/* One level, as minijail has it; named from the folder of the file */
static bool read_include(const struct reading *in, const char *name)
{
	const char *slash = strrchr(in->file, '/');
	int folder = *name != '/' && slash ? slash - in->file + 1 : 0;
	char *path = xasprintf("%.*s%s", folder, in->file, name);
	struct reading inner = { in->policy, path, 0, true };
	size_t length;
	char *text;
	bool good;

	if (in->included) {
		free(path);
		return wrong(in, name, "an included file cannot include");
	}
	text = read_file(path, &length);
	good = text && read_text(&inner, text, length);
	free(text);
	free(path);
	return good;
}

static bool read_text(struct reading *in, char *text, size_t length)
{
	char *at = text;
	char *line;

	if (strlen(text) != length)
		return wrong(in, in->file, "not a policy: it has a NUL");
	while ((line = next_text_line(&at))) {
		bool good = true;

		in->line++;
		line[strcspn(line, "#")] = '\0';
		line = trim(line);
		if (!strncmp(line, "@include ", 9))
			good = read_include(in, trim(line + 9));
		else if (*line == '@')
			good = wrong(in, line, "of these, only @include is read");
		else if (*line)
			good = read_line(in, line);
		if (!good)
			return false;
	}
	return true;
}

struct policy *read_minijail(const char *file, char *text, size_t length)
{
	struct reading in = { policy_new(), file, 0, false };

	in.policy->has_origin = false;
	in.policy->default_action = SCMP_ACT_KILL_PROCESS;
	if (read_text(&in, text, length))
		return in.policy;
	policy_free(in.policy);
	return NULL;
}
