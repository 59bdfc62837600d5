/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policies in the formats of other programs.
 *
 * A format that cannot hold something loses it, and says so: what is lost is
 * exactly what is announced. What would make a file that its reader takes for
 * something else, is an error.
 */
#ifndef SCLOG_FORMAT_H
#define SCLOG_FORMAT_H

#include <stdio.h>

#include "out.h"
#include "policy.h"

/**
 * struct conversion - a policy being written in a format
 * @file: the policy's name, for messages
 * @policy: what is written
 * @out: where to
 * @drop_unknown: what has no name is left out rather than an error
 * @groups: systemd's sets instead of single names
 * @failed: nothing is to be printed
 */
struct conversion {
	const char *file;
	const struct policy *policy;
	FILE *out;
	bool drop_unknown;
	bool groups;
	bool failed;
};

/**
 * struct format - one format
 * @name: as --from and --to take it
 * @summary: for the help
 * @write: NULL if it is not written
 * @read: the policy of a @text with a NUL behind it, NULL after a message; NULL
 *	if it is not read
 */
struct format {
	const char *name;
	const char *summary;
	void (*write)(struct conversion *to);
	struct policy *(*read)(const char *file, char *text, size_t length);
};

/** format_by_name() - NULL if there is none */
const struct format *format_by_name(const char *name);

/** format_next() - walk them: the first for NULL, NULL behind the last */
const struct format *format_next(const struct format *format);

/** conversion_lose() - announce what the format cannot hold */
PRINTF(2) void conversion_lose(struct conversion *to, const char *format, ...);
/** conversion_fail() - it cannot be written in the format */
PRINTF(2) void conversion_fail(struct conversion *to, const char *format, ...);

/* A list of words, in the order in which they are added, each once */
struct words {
	char **words;
	size_t nr;
};

void words_add(struct words *words, const char *word);
bool words_have(const struct words *words, const char *word);
/** words_join() - one text; the caller's to free() */
char *words_join(const struct words *words, const char *between);
void words_free(struct words *words);

/** rule_allows() - allow or log */
bool rule_allows(const struct rule *rule);

/** call_can_pass() - the rule that decides, or one of those with conditions, allows it */
bool call_can_pass(const struct policy_call *call);

/** call_has_condition() - it has no rule that holds with any argument */
bool call_has_condition(const struct policy_call *call);

/**
 * lose_all_but_names() - announce for a format that has only names of allowed
 * calls: conditions, and what is answered otherwise than by default
 */
void lose_all_but_names(struct conversion *to);

/**
 * name_or_fail() - the name of a call; NULL if it has none, which is an error
 * or, with drop_unknown, announced
 */
const char *name_or_fail(struct conversion *to, const struct policy_call *call);

/** lose_origin() - announce that the origin of calls is not in the format */
void lose_origin(struct conversion *to);

/** action_text() - "ENOSYS", "kill", "log": an action in words */
const char *action_text(uint32_t action);

/** errno_parse() - "ENOSYS" or "38"; false if it is neither */
bool errno_parse(const char *text, uint16_t *value);
/** errno_text() - the name, or the number; valid until the next call */
const char *errno_text(uint16_t value);

/** allow_name() - allow a call by name or arch:name; false after a message */
bool allow_name(struct policy *policy, const char *file, unsigned long line,
		const char *name);

/** next_text_line() - the next line of a text, ended by NUL; NULL at the end */
char *next_text_line(char **text);
/** trim() - without blanks at both ends */
char *trim(char *text);

#endif /* SCLOG_FORMAT_H */
