// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: members and elements of JSON, each by its function.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "policy_parse.h"

void parse_warn(struct parser *parser, const struct json_at *at,
		const char *format, ...)
{
	va_list args;
	char *text;

	if (!parser->warn)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	parser->warn(parser->data, json_line(&parser->doc, at),
		     text ? text : format);
	free(text);
}

bool parse_members(struct parser *parser, const struct json_at *at,
		   struct json_object *object, const struct member *members,
		   void *to)
{
	if (!json_is_object(&parser->doc, at, object))
		return false;
	json_object_object_foreach(object, key, value) {
		struct json_at here = { .parent = at, .key = key };
		const struct member *member = members;

		while (member->key && strcmp(member->key, key))
			member++;
		if (!member->key)
			return json_fail(&parser->doc, &here,
					 "unknown member '%s'", key);
		if (!member->read(parser, &here, value,
				  (char *)to + member->offset))
			return false;
	}
	return true;
}

bool parse_elements(struct parser *parser, const struct json_at *at,
		    struct json_object *array, member_fn *read, void *to)
{
	if (!json_is_array(&parser->doc, at, array))
		return false;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_at here = { .parent = at, .index = i };

		if (!read(parser, &here, json_object_array_get_idx(array, i), to))
			return false;
	}
	return true;
}

bool parse_map(struct parser *parser, const struct json_at *at,
	       struct json_object *object, member_fn *read, void *to)
{
	if (!json_is_object(&parser->doc, at, object))
		return false;
	json_object_object_foreach(object, key, value) {
		struct json_at here = { .parent = at, .key = key };

		if (!read(parser, &here, value, to))
			return false;
	}
	return true;
}

bool parse_text(struct parser *parser, const struct json_at *at,
		struct json_object *value, void *to)
{
	const char *text;

	if (!json_text(&parser->doc, at, value, &text))
		return false;
	policy_set_text(to, text);
	return true;
}

bool parse_time(struct parser *parser, const struct json_at *at,
		struct json_object *value, void *to)
{
	const char *text;

	if (!json_text(&parser->doc, at, value, &text))
		return false;
	if (!time_parse(text, to))
		return json_fail(&parser->doc, at,
				 "'%s': must be as 2026-01-31T23:59:59Z", text);
	return true;
}
