// SPDX-License-Identifier: GPL-2.0
/*
 * The part of YAML that Kubernetes' tools write.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "yaml.h"

#define DEPTH_MAX	32

/* A line that is not empty: how far it is indented, and what follows */
struct yaml_line {
	unsigned long number;
	size_t indent;
	char *text;
};

struct yaml {
	struct yaml_line *lines;
	size_t nr;
	size_t at;
	struct json_error *error;
};

static struct json_object *fail(struct yaml *yaml, unsigned long line,
				const char *why)
{
	if (!*yaml->error->text) {
		yaml->error->line = line;
		snprintf(yaml->error->text, sizeof(yaml->error->text), "%s",
			 why);
	}
	return NULL;
}

/* Cut a comment, which is not within quotes and has a blank in front */
static void cut_comment(char *text)
{
	char quote = 0;

	for (char *at = text; *at; at++) {
		if (quote) {
			if (quote == '"' && *at == '\\' && at[1])
				at++;
			else if (*at == quote)
				quote = 0;
		} else if ((*at == '"' || *at == '\'') &&
			   (at == text || strchr(" [,", at[-1]))) {
			quote = *at;
		} else if (*at == '#' && (at == text || at[-1] == ' ')) {
			*at = '\0';
			return;
		}
	}
}

static void cut_blanks(char *text)
{
	size_t length = strlen(text);

	while (length && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
}

static bool split_lines(struct yaml *yaml, char *text)
{
	unsigned long number = 0;
	char *rest = text;
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		size_t indent = strspn(line, " ");

		number++;
		cut_comment(line);
		cut_blanks(line);
		if (!line[indent] || !strcmp(line, "---"))
			continue;
		if (line[indent] == '\t') {
			fail(yaml, number, "a tab in front");
			return false;
		}
		if (!strcmp(line, "...") || line[0] == '%') {
			fail(yaml, number, "not of the part of YAML that is read");
			return false;
		}
		yaml->lines = xreallocarray(yaml->lines, yaml->nr + 1,
					    sizeof(*yaml->lines));
		yaml->lines[yaml->nr++] = (struct yaml_line){
			number, indent, line + indent,
		};
	}
	return true;
}

/* A text in quotes, decoded; NULL if it does not end with its quote */
static struct json_object *quoted(const char *text)
{
	size_t length = strlen(text);
	struct json_object *value = NULL;
	char *out;
	size_t nr = 0;

	if (length < 2 || text[length - 1] != *text)
		return NULL;
	if (*text == '"') {
		value = json_tokener_parse(text);
		if (json_object_is_type(value, json_type_string))
			return value;
		json_object_put(value);
		return NULL;
	}
	out = xcalloc(length, 1);
	for (size_t i = 1; i < length - 1; i++) {
		if (text[i] == '\'' && text[++i] != '\'') {
			free(out);
			return NULL;
		}
		out[nr++] = text[i];
	}
	value = json_object_new_string_len(out, nr);
	free(out);
	return value;
}

static struct json_object *plain(const char *text)
{
	char *end;

	if (!strcmp(text, "true") || !strcmp(text, "false"))
		return json_object_new_boolean(*text == 't');
	if (*text >= '0' && *text <= '9') {
		uint64_t number;

		errno = 0;
		number = strtoull(text, &end, 10);
		if (!*end && !errno && (text[0] != '0' || !text[1]))
			return json_object_new_uint64(number);
	}
	return json_object_new_string(text);
}

static struct json_object *scalar(struct yaml *yaml, unsigned long line,
				  const char *text)
{
	struct json_object *value;

	if (*text == '"' || *text == '\'') {
		value = quoted(text);
		return value ? value : fail(yaml, line, "a quote is not closed");
	}
	if (strchr("&*!|>{%@`", *text))
		return fail(yaml, line, "not of the part of YAML that is read");
	return plain(text);
}

/* "[a, "b", 3]" of scalars without commas */
static struct json_object *flow_list(struct yaml *yaml, unsigned long line,
				     char *text)
{
	struct json_object *list = json_object_new_array();
	size_t length = strlen(text);
	char *rest = text + 1;
	char *item;

	if (text[length - 1] != ']') {
		json_object_put(list);
		return fail(yaml, line, "a list in brackets goes over lines");
	}
	text[length - 1] = '\0';
	while ((item = strsep(&rest, ","))) {
		struct json_object *value;

		item += strspn(item, " ");
		cut_blanks(item);
		if (!*item && !rest)
			break;
		value = *item && *item != '[' ? scalar(yaml, line, item) : NULL;
		if (!value) {
			json_object_put(list);
			return fail(yaml, line, "not a list of scalars");
		}
		json_object_array_add(list, value);
	}
	return list;
}

static struct json_object *block(struct yaml *yaml, size_t indent, int depth);

static struct json_object *inline_value(struct yaml *yaml, unsigned long line,
					char *text)
{
	if (*text == '[')
		return flow_list(yaml, line, text);
	if (!strcmp(text, "{}"))
		return json_object_new_object();
	return scalar(yaml, line, text);
}

/* The ':' that ends a key; NULL if the text is no "KEY:" */
static char *key_end(char *text)
{
	char *at = text;

	if (*at == '"' || *at == '\'') {
		char quote = *at++;

		while (*at && *at != quote)
			at++;
		if (*at)
			at++;
		return *at == ':' && (!at[1] || at[1] == ' ') ? at : NULL;
	}
	while ((at = strchr(at, ':'))) {
		if (!at[1] || at[1] == ' ')
			return at;
		at++;
	}
	return NULL;
}

/* What follows "KEY:" at the end of a line: deeper lines, or a list as deep */
static struct json_object *value_below(struct yaml *yaml, size_t indent,
				       unsigned long number, int depth)
{
	const struct yaml_line *next = &yaml->lines[yaml->at];

	if (yaml->at < yaml->nr &&
	    (next->indent > indent ||
	     (next->indent == indent && *next->text == '-' &&
	      (!next->text[1] || next->text[1] == ' '))))
		return block(yaml, next->indent, depth + 1);
	return fail(yaml, number, "a key without a value");
}

static bool is_item(const struct yaml_line *line)
{
	return line->text[0] == '-' && (!line->text[1] || line->text[1] == ' ');
}

static struct json_object *block_map(struct yaml *yaml, size_t indent, int depth)
{
	struct json_object *map = json_object_new_object();

	while (yaml->at < yaml->nr && yaml->lines[yaml->at].indent == indent &&
	       !is_item(&yaml->lines[yaml->at])) {
		struct yaml_line line = yaml->lines[yaml->at];
		char *end = key_end(line.text);
		struct json_object *value;
		struct json_object *key;
		char *rest;

		if (!end) {
			fail(yaml, line.number, "neither a key nor an item of a list");
			goto failed;
		}
		*end = '\0';
		rest = end + 1 + strspn(end + 1, " ");
		yaml->at++;
		key = *line.text == '"' || *line.text == '\'' ?
			quoted(line.text) : json_object_new_string(line.text);
		value = *rest ? inline_value(yaml, line.number, rest) :
			value_below(yaml, indent, line.number, depth);
		if (!key || !value ||
		    json_object_object_get_ex(map, json_object_get_string(key),
					      NULL)) {
			json_object_put(key);
			json_object_put(value);
			fail(yaml, line.number, "a key is there twice");
			goto failed;
		}
		json_object_object_add(map, json_object_get_string(key), value);
		json_object_put(key);
	}
	return map;
failed:
	json_object_put(map);
	return NULL;
}

static struct json_object *block_list(struct yaml *yaml, size_t indent, int depth)
{
	struct json_object *list = json_object_new_array();

	while (yaml->at < yaml->nr && yaml->lines[yaml->at].indent == indent &&
	       is_item(&yaml->lines[yaml->at])) {
		struct yaml_line *line = &yaml->lines[yaml->at];
		size_t blanks = 1 + strspn(line->text + 1, " ");
		char *text = line->text + blanks;
		struct json_object *value;

		if (!*text) {
			yaml->at++;
			value = value_below(yaml, indent + 1, line->number, depth);
		} else if (*text != '"' && *text != '\'' && *text != '[' &&
			   key_end(text)) {
			/* a map that begins in the item's line */
			line->text = text;
			line->indent = indent + blanks;
			value = block(yaml, line->indent, depth + 1);
		} else {
			yaml->at++;
			value = inline_value(yaml, line->number, text);
		}
		if (!value) {
			json_object_put(list);
			return NULL;
		}
		json_object_array_add(list, value);
	}
	return list;
}

static struct json_object *block(struct yaml *yaml, size_t indent, int depth)
{
	const struct yaml_line *line = &yaml->lines[yaml->at];
	struct json_object *value;

	if (depth > DEPTH_MAX)
		return fail(yaml, line->number, "nested too deep");
	value = is_item(line) ? block_list(yaml, indent, depth) :
				block_map(yaml, indent, depth);
	/* what is indented otherwise than all before it belongs to nothing */
	if (value && yaml->at < yaml->nr &&
	    yaml->lines[yaml->at].indent > indent) {
		json_object_put(value);
		return fail(yaml, yaml->lines[yaml->at].number,
			    "indented otherwise than what is before it");
	}
	return value;
}

struct json_object *yaml_parse(char *text, size_t length,
			       struct json_error *error)
{
	struct yaml yaml = { .error = error };
	struct json_object *root = NULL;

	*error = (struct json_error){};
	if (strlen(text) != length)
		fail(&yaml, 0, "not text: it has a NUL");
	else if (split_lines(&yaml, text) && !yaml.nr)
		fail(&yaml, 0, "empty");
	else if (!*error->text)
		root = block(&yaml, yaml.lines[0].indent, 0);
	if (root && (yaml.at < yaml.nr ||
		     !json_object_is_type(root, json_type_object))) {
		fail(&yaml, yaml.at < yaml.nr ? yaml.lines[yaml.at].number : 1,
		     "not one map");
		json_object_put(root);
		root = NULL;
	}
	free(yaml.lines);
	return root;
}
