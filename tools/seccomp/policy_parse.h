/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From JSON to a policy: what policy_parse.c and policy_origin.c share.
 */
#ifndef SCLOG_POLICY_PARSE_H
#define SCLOG_POLICY_PARSE_H

#include "file.h"

/* What is read, and what for */
struct parser {
	struct json_doc doc;
	struct policy *policy;
	policy_warn_fn *warn;
	void *data;
};

/* Read one member of an object; false after json_fail() */
typedef bool member_fn(struct parser *parser, const struct json_at *at,
		       struct json_object *value, void *to);

struct member {
	const char *key;
	member_fn *read;
	size_t offset;	/* of what it reads, in what is read */
};

/** parse_warn() - tell the caller of policy_parse() */
PRINTF(3) void parse_warn(struct parser *parser, const struct json_at *at,
			  const char *format, ...);

/** parse_members() - all members of an object, each by the function of its key */
bool parse_members(struct parser *parser, const struct json_at *at,
		   struct json_object *object, const struct member *members,
		   void *to);

/** parse_elements() - all elements of an array by one function */
bool parse_elements(struct parser *parser, const struct json_at *at,
		    struct json_object *array, member_fn *read, void *to);

/** parse_map() - all members of an object by one function, which has at->key */
bool parse_map(struct parser *parser, const struct json_at *at,
	       struct json_object *object, member_fn *read, void *to);

bool parse_text(struct parser *parser, const struct json_at *at,
		struct json_object *value, void *to);
bool parse_time(struct parser *parser, const struct json_at *at,
		struct json_object *value, void *to);

/** parse_call_rule() - a rule of a number: an entry without names; @to: the call */
bool parse_call_rule(struct parser *parser, const struct json_at *at,
		     struct json_object *value, void *to);

/** parse_origin() - x-sclog */
bool parse_origin(struct parser *parser, const struct json_at *at,
		  struct json_object *value);

#endif /* SCLOG_POLICY_PARSE_H */
