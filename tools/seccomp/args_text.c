// SPDX-License-Identifier: GPL-2.0
/*
 * Rules by arguments: as text.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "args_rules.h"
#include "out.h"

static bool is_exact(const struct arg *row, const struct arg_cmp *cmp)
{
	return (cmp->op == SCMP_CMP_MASKED_EQ && cmp->value == arg_bits(row)) ||
		(cmp->op == SCMP_CMP_EQ && row->wide);
}

/* The values that a comparison lets pass, in names; NULL if it is another */
static char *cmp_values(const struct call *call, const struct arg_cmp *cmp,
			const uint64_t *args, unsigned int known)
{
	const struct arg *row = arg_find(call, cmp->index);
	uint64_t value = cmp->op == SCMP_CMP_EQ ? cmp->value : cmp->value_two;
	uint64_t flags;

	if (!row)
		return NULL;
	switch (row->kind) {
	case ARG_ENUM:
	case ARG_CLOCK:
		if (!is_exact(row, cmp))
			return NULL;
		return arg_value_text(call, cmp->index, value, args, known);
	case ARG_MASK:
	case ARG_PROT:
		flags = ~cmp->value & arg_bits(row);
		/* more than half of the bits: a mask of what may not be */
		if (cmp->op != SCMP_CMP_MASKED_EQ || value ||
		    __builtin_popcountll(flags) > 30)
			return NULL;
		return arg_value_text(call, cmp->index, flags, args, known);
	case ARG_LOW:
		flags = ~(cmp->value | row->low) & arg_bits(row);
		if (cmp->op != SCMP_CMP_MASKED_EQ ||
		    (cmp->value & row->low) != row->low || value & ~row->low ||
		    __builtin_popcountll(flags) > 30)
			return NULL;
		return arg_value_text(call, cmp->index, value | flags, args,
				      known);
	case ARG_SETID:
		if (cmp->op != SCMP_CMP_MASKED_EQ || value ||
		    cmp->value != SETID_BITS)
			return NULL;
		return xstrdup(WORD_NO_SETID);
	case ARG_SHOW_MASK:
	case ARG_SHOW_FD:
	case ARG_SHOW_OCTAL:
	case ARG_SHOW_NUMBER:
		break;
	}
	return NULL;
}

static char *cmp_text(const struct call *call, const struct arg_cmp *cmp,
		      const uint64_t *args, unsigned int known)
{
	static const char *const operators[] = {
		[SCMP_CMP_NE] = "!=", [SCMP_CMP_LT] = "<", [SCMP_CMP_LE] = "<=",
		[SCMP_CMP_EQ] = "=", [SCMP_CMP_GE] = ">=", [SCMP_CMP_GT] = ">",
	};
	const struct arg *row = arg_find(call, cmp->index);
	char *values = cmp_values(call, cmp, args, known);
	char *name = row ? xstrdup(row->name) : xasprintf("arg%u", cmp->index);
	char *text;

	if (values)
		text = xasprintf("%s=%s", name, values);
	else if (cmp->op == SCMP_CMP_MASKED_EQ)
		text = xasprintf("%s&0x%" PRIx64 "=0x%" PRIx64, name, cmp->value,
				 cmp->value_two);
	else
		text = xasprintf("%s%s0x%" PRIx64, name, operators[cmp->op],
				 cmp->value);
	free(values);
	free(name);
	return text;
}

/* What a rule says of arguments on which the names of others depend */
static unsigned int exact_args(const struct call *call, const struct rule *rule,
			       uint64_t *args)
{
	unsigned int known = 0;

	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];
		const struct arg *row = arg_find(call, cmp->index);

		if (!row || !is_exact(row, cmp))
			continue;
		args[cmp->index] = cmp->op == SCMP_CMP_EQ ? cmp->value :
			cmp->value_two;
		known |= 1u << cmp->index;
	}
	return known;
}

char *rule_text(const struct call *call, const struct rule *rule)
{
	uint64_t args[EVENT_ARGS] = {};
	unsigned int known = exact_args(call, rule, args);
	char *text = xstrdup("");

	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		char *cmp = cmp_text(call, &rule->cmps[i], args, known);
		char *longer = xasprintf("%s%s%s", text, *text ? " " : "", cmp);

		free(cmp);
		free(text);
		text = longer;
	}
	return text;
}

/* Two rules of one argument: "prot=W^X", with other bits or without */
static char *apart_text(const struct policy_call *entry, uint32_t action)
{
	const struct rule *a = &entry->rules[0];
	const struct rule *b = &entry->rules[1];
	const struct arg *row;
	uint64_t bits;
	char *names;
	char *text;

	if (entry->nr_rules != 2 || a->nr_cmps != 1 || b->nr_cmps != 1 ||
	    a->action != action || b->action != action ||
	    a->cmps[0].index != b->cmps[0].index)
		return NULL;
	row = arg_find(&entry->call, a->cmps[0].index);
	if (!row || row->kind != ARG_PROT ||
	    a->cmps[0].op != SCMP_CMP_MASKED_EQ ||
	    b->cmps[0].op != SCMP_CMP_MASKED_EQ || a->cmps[0].value_two ||
	    b->cmps[0].value_two ||
	    (a->cmps[0].value ^ b->cmps[0].value) != (PROT_EXEC | PROT_WRITE))
		return NULL;
	bits = ~(a->cmps[0].value & b->cmps[0].value) & arg_bits(row);
	if (bits == arg_bits(row))
		return xasprintf("%s=" WORD_WX, row->name);
	names = arg_value_text(&entry->call, row->index, bits, NULL, 0);
	text = xasprintf("%s=" WORD_WX "|%s", row->name, names);
	free(names);
	return text;
}

static bool has_word(const char *text, const char *word, size_t length)
{
	for (const char *at = text; *at; at += strcspn(at, "|"), at += *at == '|')
		if (strcspn(at, "|") == length && !memcmp(at, word, length))
			return true;
	return false;
}

/* "prot=PROT_READ" and "PROT_READ|PROT_EXEC": each name once */
static char *join_values(const char *text, const char *values)
{
	char *joined = xstrdup(text);

	for (size_t length; *values; values += length + (values[length] == '|')) {
		char *longer;

		length = strcspn(values, "|");
		if (has_word(strchr(joined, '=') + 1, values, length))
			continue;
		longer = xasprintf("%s|%.*s", joined, (int)length, values);
		free(joined);
		joined = longer;
	}
	return joined;
}

char *call_rules_text(const struct policy_call *entry, uint32_t action)
{
	char *text = apart_text(entry, action);
	bool one_arg = true;
	const struct rule *first = NULL;

	if (text)
		return text;
	for (size_t i = 0; i < entry->nr_rules; i++) {
		const struct rule *rule = &entry->rules[i];

		if (rule->action != action)
			continue;
		if (!rule->nr_cmps)
			return xstrdup("");
		if (!first)
			first = rule;
		one_arg &= rule->nr_cmps == 1 &&
			rule->cmps[0].index == first->cmps[0].index;
	}
	text = xstrdup("");
	for (size_t i = 0; i < entry->nr_rules; i++) {
		const struct rule *rule = &entry->rules[i];
		char *one;
		char *longer;
		char *value;

		if (rule->action != action)
			continue;
		one = rule_text(&entry->call, rule);
		value = strchr(one, '=');
		if (!*text)
			longer = xstrdup(one);
		else if (one_arg && value && !strpbrk(one, "&!<>") &&
			 !strpbrk(text, "&!<>"))
			longer = join_values(text, value + 1);
		else
			longer = xasprintf("%s or %s", text, one);
		free(one);
		free(text);
		text = longer;
	}
	return text;
}
