// SPDX-License-Identifier: GPL-2.0
/*
 * systemd: units and drop-ins are read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "systemd_groups.h"

/* What is read */
struct reading {
	struct policy *policy;
	struct groups groups;
	const char *file;
	unsigned long line;	/* of the setting, for messages; 0: of none */
	unsigned long lines;	/* read so far */
	struct words names;
	bool any;
};

static bool wrong(const struct reading *in, const char *what, const char *why)
{
	pr_err_at(in->file, in->line, "'%s': %s", what, why);
	return false;
}

static void words_remove(struct words *words, const struct words *which)
{
	size_t kept = 0;

	for (size_t i = 0; i < words->nr; i++) {
		if (words_have(which, words->words[i]))
			free(words->words[i]);
		else
			words->words[kept++] = words->words[i];
	}
	words->nr = kept;
}

/* Of a set, the calls that this libseccomp knows; newer systemds know more */
static void add_set(const struct reading *in, const char *set,
		    struct words *words)
{
	struct words calls = {};
	struct call call;

	groups_expand(&in->groups, set, &calls);
	for (size_t i = 0; i < calls.nr; i++)
		if (call_by_name(abi_native(), calls.words[i], &call) != -ENOENT)
			words_add(words, calls.words[i]);
	words_free(&calls);
}

static bool read_filter(struct reading *in, char *value)
{
	bool removes = *value == '~';
	struct words words = {};
	char *rest = value + removes;
	bool good = true;
	struct call call;
	char *word;

	if (!*value) {
		words_free(&in->names);
		in->any = false;
		return true;
	}
	if (removes && !in->any)
		return wrong(in, value, "a list of what is refused: only lists of what is allowed are read");
	in->any = true;
	while (good && (word = strsep(&rest, " \t"))) {
		if (!*word)
			continue;
		if (strchr(word, ':'))
			good = wrong(in, word, "an error of its own is for lists of what is refused");
		else if (*word != '@' && !removes &&
			 call_by_name(abi_native(), word, &call) == -ENOENT)
			good = wrong(in, word, "unknown system call");
		else if (*word != '@')
			words_add(&words, word);
		else if (groups_find(&in->groups, word))
			add_set(in, word, &words);
		else
			good = wrong(in, word, "no set that systemd-analyze knows");
	}
	if (good && removes)
		words_remove(&in->names, &words);
	for (size_t i = 0; good && !removes && i < words.nr; i++)
		words_add(&in->names, words.words[i]);
	words_free(&words);
	return good;
}

static bool read_archs(struct reading *in, char *value)
{
	char *word;

	while ((word = strsep(&value, " \t"))) {
		const struct abi *abi;

		if (!*word || !strcmp(word, "native"))
			continue;
		if (!strcmp(word, "x86-64"))
			word = "x86_64";
		abi = abi_by_name(word);
		if (!abi)
			return wrong(in, word, "unknown architecture");
		policy_add_arch(in->policy, abi);
	}
	return true;
}

static bool read_setting(struct reading *in, char *line)
{
	static const char *const passed_over[] = {
		"RestrictAddressFamilies", "RestrictNamespaces",
		"MemoryDenyWriteExecute", "RestrictSUIDSGID", "LockPersonality",
	};
	char *sign = strchr(line, '=');
	uint16_t value;
	char *text;

	if (*line == '[' || !*line)
		return true;
	if (!sign)
		return wrong(in, line, "not a setting");
	*sign = '\0';
	line = trim(line);
	text = trim(sign + 1);
	if (!strcmp(line, "SystemCallFilter"))
		return read_filter(in, text);
	if (!strcmp(line, "SystemCallArchitectures"))
		return read_archs(in, text);
	if (!strcmp(line, "SystemCallErrorNumber")) {
		if (!strcmp(text, "kill"))
			in->policy->default_action = SCMP_ACT_KILL_PROCESS;
		else if (errno_parse(text, &value))
			in->policy->default_action = SCMP_ACT_ERRNO(value);
		else
			return wrong(in, text, "not an error");
		return true;
	}
	for (size_t i = 0; i < sizeof(passed_over) / sizeof(passed_over[0]); i++)
		if (!strcmp(passed_over[i], line))
			pr_warn_at(in->file, in->line, "%s= is not read", line);
	return true;
}

/* A name counts for each architecture that has it */
static void add_names(struct reading *in)
{
	for (size_t i = 0; i < in->names.nr; i++) {
		const char *name = in->names.words[i];
		struct call call;

		for (size_t j = 0; j < in->policy->nr_archs; j++)
			if (!call_by_name(in->policy->archs[j], name, &call))
				policy_allow(in->policy, &call);
	}
}

/*
 * The next line that is no comment, or NULL. systemd.syntax(7): a backslash at
 * its end joins the one after it. Messages name the first.
 */
static char *next_setting(struct reading *in, char **text)
{
	char *setting = NULL;
	char *end = NULL;
	char *line;

	while ((line = next_text_line(text))) {
		size_t length = strlen(line);
		char first = line[strspn(line, " \t")];

		in->lines++;
		if (first == '#' || first == ';')
			continue;
		if (!setting) {
			in->line = in->lines;
			setting = line;
			end = line;
		}
		memmove(end, line, length + 1);
		end += length;
		if (!length || end[-1] != '\\')
			break;
		end[-1] = ' ';
	}
	return setting ? trim(setting) : NULL;
}

struct policy *read_systemd(const char *file, char *text, size_t length)
{
	struct reading in = {
		.policy = policy_new(),
		.groups = groups_read(),
		.file = file,
	};
	bool good = strlen(text) == length;
	char *at = text;
	char *line;

	in.policy->has_origin = false;
	in.policy->default_action = SCMP_ACT_KILL_PROCESS;
	while (good && (line = next_setting(&in, &at)))
		good = read_setting(&in, line);
	in.line = 0;
	if (good && !in.any)
		good = wrong(&in, "SystemCallFilter", "no list of what is allowed");
	if (good) {
		add_set(&in, "@default", &in.names);
		add_names(&in);
	}
	words_free(&in.names);
	groups_free(&in.groups);
	if (good)
		return in.policy;
	policy_free(in.policy);
	return NULL;
}
