// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: sets of actions as text.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "internal.h"

static int find_action(const char *name, size_t len)
{
	for (int i = 0; i < SECCOMP_ACTIONS; i++)
		if (strlen(seccomp_actions[i].name) == len &&
		    !memcmp(seccomp_actions[i].name, name, len))
			return i;

	return -1;
}

/**
 * seccomp_action_names_parse() - read the names of actions that may be logged
 * @text: names separated by spaces, in any order, also repeatedly; the end may
 *	be a newline, a NUL, or both in this order
 * @len: length of @text in bytes
 * @set: where the set goes, one bit for each index
 *
 * Context: Any.
 * Return: 0; -EINVAL for an unknown name, for allow, and for more than
 * SECCOMP_ACTION_NAMES_MAX bytes. After an error @set is unchanged.
 */
int seccomp_action_names_parse(const char *text, size_t len, u32 *set)
{
	u32 found = 0;

	if (len > SECCOMP_ACTION_NAMES_MAX)
		return -EINVAL;
	/* Programs write the end of a string, shells that of a line. */
	if (len && !text[len - 1])
		len--;
	if (len && text[len - 1] == '\n')
		len--;

	for (size_t at = 0; at < len;) {
		size_t end = at;
		int action;

		while (end < len && text[end] != ' ')
			end++;
		if (end > at) {
			action = find_action(text + at, end - at);
			if (action < 0 ||
			    seccomp_actions[action].value == SECCOMP_RET_ALLOW)
				return -EINVAL;
			found |= BIT(action);
		}
		at = end + 1;
	}

	*set = found;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_action_names_parse);

/**
 * seccomp_action_names_print() - write the names of a set of actions
 * @buf: where they go, strongest first and NUL-terminated
 * @size: size of @buf in bytes; what does not fit is cut
 * @set: one bit for each index
 * @sep: separator of the names
 *
 * Context: Any.
 */
void seccomp_action_names_print(char *buf, size_t size, u32 set, const char *sep)
{
	size_t used = 0;

	buf[0] = '\0';
	for (int i = 0; i < SECCOMP_ACTIONS; i++)
		if (set & BIT(i))
			used += scnprintf(buf + used, size - used, "%s%s",
					  used ? sep : "",
					  seccomp_actions[i].name);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_action_names_print);
