/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "key=value key=value": fields of a record, for record_body.c and
 * record_life.c. Each must be there, in order, once.
 */
#ifndef SCLOG_RECORD_FIELDS_H
#define SCLOG_RECORD_FIELDS_H

#include "record.h"

/**
 * struct fields - what is left of a text
 * @at: the next field
 * @record: of which, for fields_fail()
 * @interpreted: values are as ausearch -i shows them
 */
struct fields {
	char *at;
	struct record *record;
	bool interpreted;
};

/** fields_fail() - the record is RECORD_CUT or RECORD_FOREIGN; false */
bool fields_fail(struct record *record, enum record_kind kind, const char *why);

/** fields_bad() - a value is not what it must be: the last one may be cut */
bool fields_bad(struct fields *fields, const char *key);

/**
 * fields_take() - the value of the next field, which must be that of @key
 *
 * Return: NULL after fields_fail(). What ends in the middle of the key is cut.
 */
char *fields_take(struct fields *fields, const char *key);

/*
 * The next field's value as a number: of a base, as 0x..., a user, group or
 * session (a name other than root's is EVENT_ID_UNSET), an architecture. False
 * after fields_fail().
 */
bool fields_number(struct fields *fields, const char *key, unsigned int base,
		   uint64_t max, uint64_t *number);
bool fields_0x(struct fields *fields, const char *key, uint64_t max,
	       uint64_t *number);
bool fields_id(struct fields *fields, const char *key, uint32_t *id);
bool fields_arch(struct fields *fields, uint32_t *arch);

/** fields_next_is() - the next field has this key */
bool fields_next_is(const struct fields *fields, const char *key);

/** fields_end() - pass over fields that later kernels may have */
bool fields_end(struct fields *fields);

/** parse_0x() - a whole text "0x..." */
bool parse_0x(const char *text, uint64_t max, uint64_t *value);

/** fields_find_last() - the last occurrence; NULL if there is none */
char *fields_find_last(char *text, const char *what);

/**
 * fields_decode() - a text as audit writes it: in quotes, or upper case
 * hexadecimal digits, or (null). Is decoded in its place.
 * @to: set; NULL for (null)
 * @length: set; digits may stand for a NUL. May be NULL.
 */
bool fields_decode(char *text, const char **to, size_t *length);

/**
 * fields_cut_last() - cut " KEY=VALUE" from the end of a text
 *
 * Return: VALUE, in quotes or one word; NULL if the end is not such a field.
 */
char *fields_cut_last(char *head, const char *key);

/** record_parse_life() - the body of a record of type KERNEL_OTHER */
bool record_parse_life(struct record *record, char *body, bool interpreted);

#endif /* SCLOG_RECORD_FIELDS_H */
