// SPDX-License-Identifier: GPL-2.0
/*
 * Names of rotated logs.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rotated.h"

/* Where the name's number begins: ".N" or ".N.gz" at its end; 0 if none */
static size_t number_at(const char *name, unsigned long *number)
{
	size_t length = strlen(name);
	size_t start;

	*number = 0;
	if (length > 3 && !strcmp(name + length - 3, ".gz"))
		length -= 3;
	start = length;
	while (start && isdigit((unsigned char)name[start - 1]))
		start--;
	if (start == length || !start || name[start - 1] != '.')
		return length;
	*number = strtoul(name + start, NULL, 10);
	return start - 1;
}

bool same_log(const char *a, const char *b)
{
	unsigned long number;
	size_t length = number_at(a, &number);

	return length == number_at(b, &number) && !strncmp(a, b, length);
}

static bool is_older(const char *a, const char *b)
{
	unsigned long of_a;
	unsigned long of_b;

	number_at(a, &of_a);
	number_at(b, &of_b);
	return same_log(a, b) && of_a > of_b;
}

void rotated_sort(char **names, size_t nr)
{
	for (size_t i = 1; i < nr; i++) {
		char *name = names[i];
		size_t to = i;

		/* in front of the first of its log that is newer */
		for (size_t j = 0; j < i; j++) {
			if (is_older(name, names[j])) {
				to = j;
				break;
			}
		}
		memmove(&names[to + 1], &names[to], (i - to) * sizeof(*names));
		names[to] = name;
	}
}
