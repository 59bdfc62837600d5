/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Strict reading of JSON by json-c, with lines for messages about its content.
 *
 * A document is refused that has a key twice in one object, trailing text,
 * text that is not UTF-8, a NUL, or is nested deeper than 32. Pure.
 */
#ifndef SCLOG_JSON_H
#define SCLOG_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out.h"

/* The first thing that is wrong; line 0 if it is the whole text */
struct json_error {
	unsigned long line;
	char text[256];
};

/**
 * struct json_at - where a value stands: what leads to it from the root
 * @parent: NULL for the root
 * @key: in an object, NULL in an array
 * @index: in an array
 */
struct json_at {
	const struct json_at *parent;
	const char *key;
	size_t index;
};

/**
 * struct json_doc - a document that is read
 * @text: ends with NUL; the caller's
 * @root: json-c's tree
 * @error: where json_fail() puts the first error
 */
struct json_doc {
	const char *text;
	struct json_object *root;
	struct json_error *error;
};

/**
 * json_open() - parse
 * @doc: is filled; json_close() it if true is returned
 * @text: ends with NUL, and must live as long as @doc
 * @length: without the NUL
 * @error: set if false is returned
 */
bool json_open(struct json_doc *doc, const char *text, size_t length,
	       struct json_error *error);
void json_close(struct json_doc *doc);

/** json_line() - the line of a value, from 1 */
unsigned long json_line(const struct json_doc *doc, const struct json_at *at);

/**
 * json_fail() - note an error at a value, with the place of it
 *
 * Return: false, for `return json_fail(...)`.
 */
PRINTF(3) bool json_fail(const struct json_doc *doc, const struct json_at *at,
			 const char *format, ...);

/*
 * Values of one type. They return false after json_fail() if @value (which
 * stands at @at) has another type or is out of range. Texts belong to the
 * document.
 */
bool json_text(const struct json_doc *doc, const struct json_at *at,
	       struct json_object *value, const char **text);
bool json_u64(const struct json_doc *doc, const struct json_at *at,
	      struct json_object *value, uint64_t max, uint64_t *number);
/* also "0x..." */
bool json_u64_or_hex(const struct json_doc *doc, const struct json_at *at,
		     struct json_object *value, uint64_t *number);
bool json_flag(const struct json_doc *doc, const struct json_at *at,
	       struct json_object *value, bool *flag);
bool json_is_object(const struct json_doc *doc, const struct json_at *at,
		    struct json_object *value);
bool json_is_array(const struct json_doc *doc, const struct json_at *at,
		   struct json_object *value);

/** parse_hex64() - a whole text "0x..." of at most 64 bits */
bool parse_hex64(const char *text, uint64_t *number);

/** json_as_text() - a value in one line; borrowed from it */
const char *json_as_text(struct json_object *value);

#endif /* SCLOG_JSON_H */
