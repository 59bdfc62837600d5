// SPDX-License-Identifier: GPL-2.0
/*
 * list: a call a line, as sclog writes it, or several names; and bpf, which
 * holds all.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "formats.h"

void write_list(struct conversion *to)
{
	struct policy_call **calls = policy_by_text(to->policy);

	if (to->policy->default_action != SCMP_ACT_ERRNO(ENOSYS))
		conversion_lose(to, "the default, %s, is not in a list",
				action_text(to->policy->default_action));
	lose_all_but_names(to);
	lose_origin(to);
	for (size_t i = 0; i < to->policy->nr_calls; i++) {
		char text[CALL_TEXT_MAX];

		if (call_can_pass(calls[i]))
			fprintf(to->out, "%s\n",
				call_text(&calls[i]->call, text));
	}
	free(calls);
}

/*
 * The calls of a line. One that has more than one call has names alone: its
 * numbers are counts, in a table that was copied.
 */
static bool read_line(struct policy *policy, const char *file,
		      unsigned long line, char *text)
{
	bool many = strpbrk(text, " \t");
	char *word;

	while ((word = strsep(&text, " \t"))) {
		if (!*word)
			continue;
		if (many && (*word == '-' || isdigit(*word))) {
			pr_err_at(file, line, "'%s': a number among other words is no call",
				  word);
			return false;
		}
		if (!allow_name(policy, file, line, word))
			return false;
	}
	return true;
}

struct policy *read_list(const char *file, char *text, size_t length)
{
	struct policy *policy = policy_new();
	unsigned long line = 0;
	bool good = true;
	char *at = text;
	char *word;

	policy->has_origin = false;
	if (strlen(text) != length) {
		pr_err_at(file, 0, "not a list: it has a NUL");
		good = false;
	}
	while (good && (word = next_text_line(&at))) {
		line++;
		word[strcspn(word, "#")] = '\0';
		word = trim(word);
		good = read_line(policy, file, line, word);
	}
	if (good)
		return policy;
	policy_free(policy);
	return NULL;
}

void write_bpf(struct conversion *to)
{
	struct sock_fprog prog;

	if (filter_build(to->policy, NULL, NULL, &prog)) {
		conversion_fail(to, "more than %d instructions", BPF_MAXINSNS);
		return;
	}
	filter_export(&prog, to->out);
	filter_free(&prog);
}
