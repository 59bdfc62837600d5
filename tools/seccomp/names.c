// SPDX-License-Identifier: GPL-2.0
/*
 * Names of values and flags.
 */
#include <string.h>

#include "names.h"

/* of values without names */
const struct value_names names_none = {};

const char *value_name(const struct value_names *names, uint64_t value)
{
	for (size_t i = 0; names && i < names->nr; i++)
		if (names->list[i].value == value)
			return names->list[i].name;
	return NULL;
}

bool value_by_name(const struct value_names *names, const char *name,
		   uint64_t *value)
{
	for (size_t i = 0; names && i < names->nr; i++) {
		if (!strcmp(names->list[i].name, name)) {
			*value = names->list[i].value;
			return true;
		}
	}
	return false;
}
