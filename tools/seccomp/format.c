// SPDX-License-Identifier: GPL-2.0
/*
 * What the formats share.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "format.h"
#include "formats.h"

static const struct format formats[] = {
	{ "oci", "container runtimes, and sclog's own", write_oci, read_oci },
	{ "docker", "OCI with archMap, includes, excludes", NULL, read_docker },
	{ "spo", "the Security Profiles Operator", write_spo, read_spo },
	{ "systemd", "a drop-in of a unit", write_systemd, read_systemd },
	{ "libseccomp", "a C program", write_libseccomp, NULL },
	{ "bpf", "instructions, as bwrap takes them", write_bpf, NULL },
	{ "minijail", "a policy of minijail", write_minijail, read_minijail },
	{ "firejail", "lines of a profile", write_firejail, read_firejail },
	{ "list", "a name a line", write_list, read_list },
};

#define NR_FORMATS	(sizeof(formats) / sizeof(formats[0]))

const struct format *format_by_name(const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

const struct format *format_next(const struct format *format)
{
	if (!format)
		return formats;
	return format + 1 < formats + NR_FORMATS ? format + 1 : NULL;
}

static char *format_text(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		abort();
	return text;
}

void conversion_lose(struct conversion *to, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = format_text(format, args);
	va_end(args);
	pr_warn_at(to->file, 0, "%s", text);
	free(text);
}

void conversion_fail(struct conversion *to, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = format_text(format, args);
	va_end(args);
	to->failed = true;
	pr_err_at(to->file, 0, "%s", text);
	free(text);
}

bool words_have(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->nr; i++)
		if (!strcmp(words->words[i], word))
			return true;
	return false;
}

void words_add(struct words *words, const char *word)
{
	if (words_have(words, word))
		return;
	words->words = xreallocarray(words->words, words->nr + 1,
				     sizeof(*words->words));
	words->words[words->nr++] = xstrdup(word);
}

char *words_join(const struct words *words, const char *between)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		abort();
	for (size_t i = 0; i < words->nr; i++)
		fprintf(out, "%s%s", i ? between : "", words->words[i]);
	fclose(out);
	return text;
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->nr; i++)
		free(words->words[i]);
	free(words->words);
	*words = (struct words){};
}

bool rule_allows(const struct rule *rule)
{
	return rule->action == SCMP_ACT_ALLOW || rule->action == SCMP_ACT_LOG;
}

/* The rule that decides with any argument; NULL if all have conditions */
static const struct rule *plain_rule(const struct policy_call *call)
{
	for (size_t i = 0; i < call->nr_rules; i++)
		if (!call->rules[i].nr_cmps)
			return &call->rules[i];
	return NULL;
}

bool call_can_pass(const struct policy_call *call)
{
	const struct rule *plain = plain_rule(call);

	if (plain)
		return rule_allows(plain);
	for (size_t i = 0; i < call->nr_rules; i++)
		if (rule_allows(&call->rules[i]))
			return true;
	return false;
}

bool call_has_condition(const struct policy_call *call)
{
	return call->nr_rules && !plain_rule(call);
}

static void add_text(struct words *words, const struct policy_call *call)
{
	char text[CALL_TEXT_MAX];

	words_add(words, call_text(&call->call, text));
}

/* Announce a list of calls, if it is not empty */
static void lose_calls(struct conversion *to, struct words *calls,
		       const char *what)
{
	char *text = words_join(calls, " ");

	if (calls->nr)
		conversion_lose(to, "%s: %s", what, text);
	free(text);
	words_free(calls);
}

void lose_all_but_names(struct conversion *to)
{
	struct policy_call **calls = policy_by_text(to->policy);
	struct words conditions = {};
	struct words otherwise = {};
	struct words logged = {};

	for (size_t i = 0; i < to->policy->nr_calls; i++) {
		const struct policy_call *call = calls[i];
		const struct rule *plain = plain_rule(call);

		if (call_has_condition(call) && call_can_pass(call))
			add_text(&conditions, call);
		for (size_t j = 0; j < call->nr_rules; j++)
			if (!rule_allows(&call->rules[j]) &&
			    call->rules[j].action != to->policy->default_action)
				add_text(&otherwise, call);
		if (plain && plain->action == SCMP_ACT_LOG)
			add_text(&logged, call);
	}
	free(calls);
	lose_calls(to, &conditions, "allowed with any argument");
	lose_calls(to, &otherwise, "answered as by default, not as the policy says");
	lose_calls(to, &logged, "allowed without a log");
}

const char *name_or_fail(struct conversion *to, const struct policy_call *call)
{
	const char *name = call_name(&call->call);
	char text[CALL_TEXT_MAX];

	if (name)
		return name;
	call_text(&call->call, text);
	if (to->drop_unknown)
		conversion_lose(to, "left out, as it has no name: %s", text);
	else
		conversion_fail(to, "%s has no name that the format could have; --drop-unknown leaves it out",
				text);
	return NULL;
}

void lose_origin(struct conversion *to)
{
	if (to->policy->has_origin && to->policy->nr_runs)
		conversion_lose(to, "the origin of calls is not in the format");
}

static const struct {
	uint32_t action;
	const char *text;
} action_texts[] = {
	{ SCMP_ACT_KILL_PROCESS, "kill" },
	{ SCMP_ACT_KILL_THREAD, "kill of the thread" },
	{ SCMP_ACT_TRAP, "a trap" },
	{ SCMP_ACT_ALLOW, "allow" },
	{ SCMP_ACT_LOG, "log" },
	{ SCMP_ACT_NOTIFY, "a notification" },
};

const char *action_text(uint32_t action)
{
	if ((action & 0xffff0000) == SCMP_ACT_ERRNO(0))
		return errno_text(action & 0xffff);
	for (size_t i = 0; i < sizeof(action_texts) / sizeof(action_texts[0]); i++)
		if (action_texts[i].action == action)
			return action_texts[i].text;
	return "a stop by a tracer";
}

bool errno_parse(const char *text, uint16_t *value)
{
	int number;

	if (*text == 'E') {
		for (number = 1; number < 4096; number++) {
			const char *name = strerrorname_np(number);

			if (name && !strcmp(name, text)) {
				*value = number;
				return true;
			}
		}
		return false;
	}
	if (parse_s32(text, &number) || number < 0 || number > 4095)
		return false;
	*value = number;
	return true;
}

const char *errno_text(uint16_t value)
{
	static char number[8];
	const char *name = strerrorname_np(value);

	if (name && value)
		return name;
	snprintf(number, sizeof(number), "%u", value);
	return number;
}

bool allow_name(struct policy *policy, const char *file, unsigned long line,
		const char *name)
{
	const char *why = NULL;
	struct call call;

	if (call_parse(name, &call, &why)) {
		pr_err_at(file, line, "'%s': %s", name, why);
		return false;
	}
	policy_allow(policy, &call);
	policy_add_arch(policy, call.abi);
	return true;
}

char *next_text_line(char **text)
{
	char *line = *text;
	char *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	if (end)
		*end = '\0';
	*text = end ? end + 1 : NULL;
	return line;
}

char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r");
	length = strlen(text);
	while (length && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	return text;
}
