// SPDX-License-Identifier: GPL-2.0
/*
 * Strict reading of JSON.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* Of an error's text, for the place of what is wrong */
#define PATH_SIZE	128

/* The text is known to be JSON where these are used. */
static const char *skip_blank(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

static const char *skip_value(const char *at)
{
	unsigned int depth = 0;

	do {
		at = skip_blank(at);
		if (*at == '"') {
			at = skip_string(at);
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			depth--;
			at++;
		} else if (*at == ',' || *at == ':') {
			at++;
		} else {
			at += strcspn(at, ",:{}[]\" \t\r\n");
		}
	} while (depth && *at);
	return at;
}

static bool key_is(const char *at, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(at + 1, key, length) && at[1 + length] == '"';
}

/* The value at a place, or what is around it if its key is written otherwise */
static const char *find_value(const char *text, const struct json_at *at)
{
	const char *around;
	const char *here;

	if (!at || !at->parent)
		return skip_blank(text);
	around = find_value(text, at->parent);
	if (*around != '{' && *around != '[')
		return around;
	here = skip_blank(around + 1);
	for (size_t i = 0; *here && *here != '}' && *here != ']'; i++) {
		bool is_it = i == at->index;

		if (*around == '{') {
			is_it = at->key && key_is(here, at->key);
			here = skip_blank(skip_string(here));
			here = skip_blank(here + (*here == ':'));
		}
		if (is_it)
			return here;
		here = skip_blank(skip_value(here));
		here = skip_blank(here + (*here == ','));
	}
	return around;
}

static unsigned long line_of(const char *text, const char *at)
{
	unsigned long line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

unsigned long json_line(const struct json_doc *doc, const struct json_at *at)
{
	return line_of(doc->text, find_value(doc->text, at));
}

PRINTF(3) static bool fail_at_line(struct json_error *error,
				   unsigned long line, const char *format, ...)
{
	va_list args;

	error->line = line;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return false;
}

/* "syscalls[3].names", cut if it is too long; "" for the root */
static void path_text(const struct json_at *at, char *text, size_t size)
{
	size_t length;

	*text = '\0';
	if (!at || !at->parent)
		return;
	path_text(at->parent, text, size);
	length = strlen(text);
	if (at->key)
		snprintf(text + length, size - length, "%s%s",
			 length ? "." : "", at->key);
	else
		snprintf(text + length, size - length, "[%zu]", at->index);
}

bool json_fail(const struct json_doc *doc, const struct json_at *at,
	       const char *format, ...)
{
	struct json_error *error = doc->error;
	char path[PATH_SIZE];
	size_t length;
	va_list args;

	path_text(at, path, sizeof(path));
	error->line = json_line(doc, at);
	length = snprintf(error->text, sizeof(error->text), "%s%s", path,
			  *path ? ": " : "");
	va_start(args, format);
	vsnprintf(error->text + length, sizeof(error->text) - length, format,
		  args);
	va_end(args);
	return false;
}

static int compare_keys(const void *a, const void *b)
{
	const char *one = *(const char *const *)a;
	const char *other = *(const char *const *)b;
	size_t length = skip_string(one) - one;
	size_t other_length = skip_string(other) - other;
	int order = memcmp(one, other,
			   length < other_length ? length : other_length);

	if (order)
		return order;
	return (length > other_length) - (length < other_length);
}

/* The second of two equal keys of the object at @at, else the object */
static const char *second_key(const char *at)
{
	const char **keys = NULL;
	const char *found = at;
	const char *here = skip_blank(at + 1);
	size_t nr = 0;

	while (*here == '"') {
		keys = xreallocarray(keys, nr + 1, sizeof(*keys));
		keys[nr++] = here;
		here = skip_blank(skip_string(here));
		here = skip_blank(skip_value(here + 1));
		here = skip_blank(here + (*here == ','));
	}
	qsort(keys, nr, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < nr; i++)
		if (!compare_keys(&keys[i - 1], &keys[i]) && found == at)
			found = keys[i] > keys[i - 1] ? keys[i] : keys[i - 1];
	free(keys);
	return found;
}

/*
 * The member of a key in the text; NULL if it is not found, as its key is
 * written otherwise there. Members of the tree are in the order of the text, so
 * @next is it mostly: it is set to the one behind.
 */
static struct json_object *member_of(struct json_object *object,
				     const char *key, size_t length,
				     struct lh_entry **next)
{
	struct json_object *child = NULL;
	char *copy;

	if (*next) {
		const char *known = lh_entry_k(*next);

		child = lh_entry_v(*next);
		*next = (*next)->next;
		if (!strncmp(known, key, length) && !known[length])
			return child;
	}
	copy = strndup(key, length);
	if (!copy || !json_object_object_get_ex(object, copy, &child))
		child = NULL;
	free(copy);
	return child;
}

/*
 * json-c keeps the last of equal keys. Walks the text and the tree side by
 * side; returns where an object has more members in the text than in the
 * tree, or NULL, and moves *@at behind the value.
 */
static const char *find_repeated(const char **at, struct json_object *value)
{
	const char *start = skip_blank(*at);
	const char *here = start;
	struct lh_entry *next = NULL;
	size_t nr = 0;

	/* another type: of this key's other value, which is the one kept */
	if (!json_object_is_type(value, *here == '{' ? json_type_object :
				 json_type_array) ||
	    (*here != '{' && *here != '[')) {
		*at = skip_value(here);
		return NULL;
	}
	if (*here == '{')
		next = json_object_get_object(value)->head;
	here = skip_blank(here + 1);
	for (; *here && *here != '}' && *here != ']'; nr++) {
		struct json_object *child = NULL;
		const char *found;

		if (*start == '{') {
			const char *end = skip_string(here);

			child = member_of(value, here + 1, end - here - 2,
					  &next);
			here = skip_blank(end) + 1;
		} else {
			child = json_object_array_get_idx(value, nr);
		}
		/*
		 * A child that is not found has its key written with escapes:
		 * only its length cannot be compared.
		 */
		if (child) {
			found = find_repeated(&here, child);
			if (found)
				return found;
		} else {
			here = skip_value(here);
		}
		here = skip_blank(here);
		here = skip_blank(here + (*here == ','));
	}
	*at = here + (*here != '\0');
	if (*start == '{' && nr != (size_t)json_object_object_length(value))
		return second_key(start);
	return NULL;
}

bool json_open(struct json_doc *doc, const char *text, size_t length,
	       struct json_error *error)
{
	struct json_tokener *tokener;
	enum json_tokener_error result;
	const char *end;
	const char *found;

	*doc = (struct json_doc){ .text = text, .error = error };
	if (strlen(text) != length)
		return fail_at_line(error, line_of(text, text + strlen(text)),
				    "a NUL byte");
	if (length > INT32_MAX)
		return fail_at_line(error, 0, "larger than 2 GiB");
	if (!*skip_blank(text))
		return fail_at_line(error, 0, "empty");

	tokener = json_tokener_new();
	if (!tokener)
		return fail_at_line(error, 0, "out of memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
			       JSON_TOKENER_VALIDATE_UTF8);
	/* with the NUL, which ends a number or a text that is cut */
	doc->root = json_tokener_parse_ex(tokener, text, length + 1);
	result = json_tokener_get_error(tokener);
	end = text + json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (result != json_tokener_success || !doc->root) {
		json_object_put(doc->root);
		return fail_at_line(error, line_of(text, end), "not JSON: %s",
				    result == json_tokener_success ? "null" :
				    json_tokener_error_desc(result));
	}
	if (end < text + length && *skip_blank(end)) {
		json_object_put(doc->root);
		return fail_at_line(error, line_of(text, skip_blank(end)),
				    "text behind the end of the JSON value");
	}
	end = text;
	found = find_repeated(&end, doc->root);
	if (found) {
		json_object_put(doc->root);
		return fail_at_line(error, line_of(text, found),
				    "%.*s: a key occurs twice",
				    (int)(skip_string(found) - found), found);
	}
	return true;
}

void json_close(struct json_doc *doc)
{
	json_object_put(doc->root);
	doc->root = NULL;
}

bool json_text(const struct json_doc *doc, const struct json_at *at,
	       struct json_object *value, const char **text)
{
	if (!json_object_is_type(value, json_type_string))
		return json_fail(doc, at, "must be a string");
	*text = json_object_get_string(value);
	if (strlen(*text) != (size_t)json_object_get_string_len(value))
		return json_fail(doc, at, "a string with a NUL");
	return true;
}

bool json_u64(const struct json_doc *doc, const struct json_at *at,
	      struct json_object *value, uint64_t max, uint64_t *number)
{
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_int64(value) < 0)
		return json_fail(doc, at, "must be a whole number, not negative");
	*number = json_object_get_uint64(value);
	/* json-c cuts a larger number to 64 bits without a word */
	errno = 0;
	if (*number == UINT64_MAX)
		strtoull(find_value(doc->text, at), NULL, 10);
	if (errno || *number > max)
		return json_fail(doc, at, "must be at most %ju", (uintmax_t)max);
	return true;
}

bool parse_hex64(const char *text, uint64_t *number)
{
	if (strncmp(text, "0x", 2) || !text[2] || strlen(text) > 18 ||
	    text[2 + strspn(text + 2, "0123456789abcdefABCDEF")])
		return false;
	*number = strtoull(text + 2, NULL, 16);
	return true;
}

bool json_u64_or_hex(const struct json_doc *doc, const struct json_at *at,
		     struct json_object *value, uint64_t *number)
{
	const char *text;

	if (!json_object_is_type(value, json_type_string))
		return json_u64(doc, at, value, UINT64_MAX, number);
	if (!json_text(doc, at, value, &text))
		return false;
	if (!parse_hex64(text, number))
		return json_fail(doc, at, "'%s': must be a number or 0x...",
				 text);
	return true;
}

bool json_flag(const struct json_doc *doc, const struct json_at *at,
	       struct json_object *value, bool *flag)
{
	if (!json_object_is_type(value, json_type_boolean))
		return json_fail(doc, at, "must be true or false");
	*flag = json_object_get_boolean(value);
	return true;
}

bool json_is_object(const struct json_doc *doc, const struct json_at *at,
		    struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object))
		return json_fail(doc, at, "must be an object");
	return true;
}

bool json_is_array(const struct json_doc *doc, const struct json_at *at,
		   struct json_object *value)
{
	if (!json_object_is_type(value, json_type_array))
		return json_fail(doc, at, "must be an array");
	return true;
}

const char *json_as_text(struct json_object *value)
{
	return json_object_to_json_string_ext(value,
					      JSON_C_TO_STRING_SPACED |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
}
