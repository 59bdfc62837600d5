// SPDX-License-Identifier: GPL-2.0
/*
 * Fields of a record.
 */
#include <string.h>

#include "record_fields.h"

bool fields_fail(struct record *record, enum record_kind kind, const char *why)
{
	record->kind = kind;
	record->why = why;
	return false;
}

bool parse_u64(const char *text, unsigned int base, uint64_t max,
	       uint64_t *value)
{
	uint64_t number = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit;

		if (*text >= '0' && *text <= '9')
			digit = *text - '0';
		else if (base == 16 && *text >= 'a' && *text <= 'f')
			digit = *text - 'a' + 10;
		else
			return false;
		if (__builtin_mul_overflow(number, base, &number) ||
		    __builtin_add_overflow(number, digit, &number))
			return false;
	}
	*value = number;
	return number <= max;
}

bool parse_0x(const char *text, uint64_t max, uint64_t *value)
{
	return !strncmp(text, "0x", 2) && parse_u64(text + 2, 16, max, value);
}

/* Ends the word at *at and moves on; fields are separated by one space */
static char *next_word(char **at)
{
	char *word = *at;
	char *end = word + strcspn(word, " ");

	if (*end)
		*end++ = '\0';
	*at = end;
	return word;
}

char *fields_take(struct fields *fields, const char *key)
{
	size_t length = strlen(key);
	char *word;

	if (!*fields->at) {
		fields_fail(fields->record, RECORD_CUT, key);
		return NULL;
	}
	word = next_word(&fields->at);
	if (!strncmp(word, key, length) && word[length] == '=')
		return word + length + 1;
	if (!*fields->at && !strncmp(word, key, strlen(word)))
		fields_fail(fields->record, RECORD_CUT, key);
	else
		fields_fail(fields->record, RECORD_FOREIGN, key);
	return NULL;
}

bool fields_bad(struct fields *fields, const char *key)
{
	return fields_fail(fields->record,
		    *fields->at ? RECORD_FOREIGN : RECORD_CUT, key);
}

bool fields_number(struct fields *fields, const char *key, unsigned int base,
		   uint64_t max, uint64_t *number)
{
	const char *value = fields_take(fields, key);

	if (!value)
		return false;
	return parse_u64(value, base, max, number) || fields_bad(fields, key);
}

bool fields_0x(struct fields *fields, const char *key, uint64_t max,
	       uint64_t *number)
{
	const char *value = fields_take(fields, key);

	if (!value)
		return false;
	return parse_0x(value, max, number) || fields_bad(fields, key);
}

bool fields_id(struct fields *fields, const char *key, uint32_t *id)
{
	const char *value = fields_take(fields, key);
	uint64_t number;

	if (!value)
		return false;
	if (parse_u64(value, 10, UINT32_MAX, &number))
		*id = number;
	else if (fields->interpreted && *value)
		*id = strcmp(value, "root") ? EVENT_ID_UNSET : 0;
	else
		return fields_bad(fields, key);
	return true;
}

bool fields_arch(struct fields *fields, uint32_t *arch)
{
	const char *value = fields_take(fields, "arch");
	const struct abi *abi;
	uint64_t number;

	if (!value)
		return false;
	abi = fields->interpreted ? abi_by_name(value) : NULL;
	if (abi)
		*arch = abi->audit;
	else if (parse_u64(value, 16, UINT32_MAX, &number))
		*arch = number;
	else
		return fields_bad(fields, "arch");
	return true;
}

/* Keys that stand once, and not behind the ones that are known */
static bool is_known_key(const char *word)
{
	static const char *const keys[] = {
		"auid", "uid", "gid", "ses", "subj", "pid", "comm", "exe",
		"sig", "arch", "syscall", "compat", "ip", "code", "a0", "a1",
		"a2", "a3", "a4", "a5", "filter", "retdata", "seq",
	};
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i]) == length &&
		    !strncmp(keys[i], word, length))
			return true;
	return false;
}

/* Fields that later kernels may have: passed over if they have a field's form */
bool fields_end(struct fields *fields)
{
	while (*fields->at) {
		const char *word = next_word(&fields->at);

		if (!strchr(word, '=') || *word == '=')
			return fields_bad(fields, "a field");
		if (is_known_key(word))
			return fields_fail(fields->record, RECORD_FOREIGN,
				    "a field is repeated or out of order");
	}
	return true;
}

bool fields_next_is(const struct fields *fields, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(fields->at, key, length) && fields->at[length] == '=';
}

char *fields_find_last(char *text, const char *what)
{
	char *found = NULL;

	for (char *at = text; (at = strstr(at, what)); at++)
		found = at;
	return found;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool fields_decode(char *text, const char **to, size_t *bytes)
{
	size_t length = strlen(text);
	char *out = text;

	*to = NULL;
	if (bytes)
		*bytes = 0;
	if (!strcmp(text, "(null)") || !strcmp(text, "?"))
		return true;
	if (*text == '"') {
		if (length < 2 || text[length - 1] != '"' ||
		    strchr(text + 1, '"') != text + length - 1)
			return false;
		text[length - 1] = '\0';
		*to = text + 1;
		if (bytes)
			*bytes = length - 2;
		return true;
	}
	if (!length || length % 2)
		return false;
	for (const char *in = text; *in; in += 2) {
		int high = hex_digit(in[0]);
		int low = hex_digit(in[1]);

		if (high < 0 || low < 0)
			return false;
		*out++ = high << 4 | low;
	}
	*out = '\0';
	*to = text;
	if (bytes)
		*bytes = length / 2;
	return true;
}

char *fields_cut_last(char *head, const char *key)
{
	size_t length = strlen(head);
	size_t key_length = strlen(key);
	char *value;

	if (!length)
		return NULL;
	value = head + length;
	if (value[-1] == '"') {
		value--;
		while (value > head && value[-1] != '"')
			value--;
		if (value == head)
			return NULL;
		value--;
	} else {
		while (value > head && value[-1] != ' ')
			value--;
	}
	/* the value has the key and, in a word, is found behind it */
	if (*value == '"') {
		if (value - head < (ptrdiff_t)key_length + 2)
			return NULL;
		value -= key_length + 1;
	}
	if (value == head || value[-1] != ' ' ||
	    strncmp(value, key, key_length) || value[key_length] != '=')
		return NULL;
	value[-1] = '\0';
	return value + key_length + 1;
}
