// SPDX-License-Identifier: GPL-2.0
/*
 * systemd's sets of calls.
 */
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "systemd_groups.h"

const struct group *groups_find(const struct groups *groups, const char *name)
{
	for (size_t i = 0; i < groups->nr; i++)
		if (!strcmp(groups->groups[i].name, name))
			return &groups->groups[i];
	return NULL;
}

struct groups groups_read(void)
{
	static const char *const command[] = {
		"systemd-analyze", "--no-pager", "syscall-filter", NULL,
	};
	struct groups groups = {};
	char *text = capture_all(command);
	char *at = text;
	char *line;

	while ((line = next_text_line(&at))) {
		char *word = trim(line);

		if (*line == '@') {
			groups.groups = xreallocarray(groups.groups,
						      groups.nr + 1,
						      sizeof(*groups.groups));
			groups.groups[groups.nr++] = (struct group){
				.name = xstrdup(word),
			};
		} else if (groups.nr && *word && *word != '#') {
			words_add(&groups.groups[groups.nr - 1].calls, word);
		} else if (!*word) {
			continue;
		} else if (*line == '#') {
			break;	/* calls of the kernel that are in no set */
		}
	}
	free(text);
	return groups;
}

void groups_free(struct groups *groups)
{
	for (size_t i = 0; i < groups->nr; i++) {
		free(groups->groups[i].name);
		words_free(&groups->groups[i].calls);
	}
	free(groups->groups);
}

static void expand(const struct groups *groups, const char *name,
		   struct words *calls, unsigned int depth)
{
	const struct group *group = groups_find(groups, name);

	for (size_t i = 0; group && depth < 8 && i < group->calls.nr; i++) {
		const char *word = group->calls.words[i];

		if (*word == '@')
			expand(groups, word, calls, depth + 1);
		else
			words_add(calls, word);
	}
}

void groups_expand(const struct groups *groups, const char *name,
		   struct words *calls)
{
	expand(groups, name, calls, 0);
}
