// SPDX-License-Identifier: GPL-2.0
/*
 * Rules by arguments: from text, "prctl(option=PR_SET_NAME)".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "args_rules.h"
#include "out.h"

static bool parse_number(const char *text, uint64_t *value)
{
	char *end;

	if (*text != '-' && (*text < '0' || *text > '9'))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && !*end;
}

/* _IO('T',0x1), _IOR('T',0x30,4) */
static bool parse_ioctl(const char *text, uint64_t *value)
{
	static const struct {
		const char *macro;
		unsigned int direction;
	} macros[] = {
		{ "_IO", _IOC_NONE },
		{ "_IOR", _IOC_READ },
		{ "_IOW", _IOC_WRITE },
		{ "_IOWR", _IOC_READ | _IOC_WRITE },
	};
	size_t length = strcspn(text, "(");
	unsigned int size = 0;
	unsigned char type;
	int end = 0;
	int nr = 0;

	for (int i = 0; i < 4; i++) {
		if (strlen(macros[i].macro) != length ||
		    strncmp(macros[i].macro, text, length))
			continue;
		if (i)
			sscanf(text + length, "('%c',%i,%u)%n", (char *)&type,
			       &nr, &size, &end);
		else
			sscanf(text + length, "('%c',%i)%n", (char *)&type, &nr,
			       &end);
		if (!end || text[length + end] || nr < 0 || nr > 255 ||
		    size > _IOC_SIZEMASK)
			return false;
		*value = _IOC(macros[i].direction, (unsigned int)type, nr,
			      size);
		return true;
	}
	return false;
}

static bool parse_value(const struct arg *row, const char *text,
			uint64_t *value)
{
	static const struct value_names *const sockopts[] = {
		&names_so_option, &names_tcp_option, &names_ip_option,
		&names_ipv6_option,
	};

	if (parse_number(text, value) || value_by_name(row->names, text, value) ||
	    value_by_name(row->flags, text, value))
		return true;
	if (row->names == &names_inet)
		return value_by_name(&names_netlink, text, value);
	if (row->names == &names_ioctl)
		return parse_ioctl(text, value);
	if (row->kind == ARG_PROT && !strcmp(text, "PROT_NONE")) {
		*value = 0;
		return true;
	}
	for (int i = 0; row->names == &names_so_option && i < 4; i++)
		if (value_by_name(sockopts[i], text, value))
			return true;
	return false;
}

/* Length up to one of @ends that is not in parentheses or quotes */
static size_t span(const char *text, const char *ends)
{
	unsigned int depth = 0;
	size_t i;

	for (i = 0; text[i]; i++) {
		if (text[i] == '\'' && text[i + 1] && text[i + 2] == '\'')
			i += 2;
		else if (text[i] == '(')
			depth++;
		else if (text[i] == ')' && depth)
			depth--;
		else if (!depth && strchr(ends, text[i]))
			break;
	}
	return i;
}

/* "V|V" of one argument; an error text if it is wrong */
static char *parse_values(const struct arg *row, char *text,
			  struct choices *choices)
{
	struct value_counts counts = {};
	bool apart = false;
	char *error = NULL;

	while (!error) {
		size_t length = span(text, "|");
		bool last = !text[length];
		uint64_t value;

		text[length] = '\0';
		if (row->kind == ARG_PROT && !strcmp(text, WORD_WX))
			apart = true;
		else if (row->kind == ARG_SETID && !strcmp(text, WORD_NO_SETID))
			count_value(&counts, 0, 1);
		else if (!parse_value(row, text, &value))
			error = xasprintf("'%s' is no value of %s", text,
					  row->name);
		else if (arg_reduce(row, value) != value &&
			 (int64_t)value != (int32_t)value)
			error = xasprintf("'%s' has more than 32 bits", text);
		else
			count_value(&counts, arg_reduce(row, value), 1);
		if (last)
			break;
		text += length + 1;
	}
	choices->nr = 0;
	if (!error && counts.more)
		error = xasprintf("%s: more than %d values", row->name,
				  POLICY_VALUES_MAX);
	if (!error && row->kind == ARG_LOW) {
		uint64_t bits = values_bits(&counts);
		bool has_low = bits & row->low;

		for (size_t i = 0; i < counts.nr; i++)
			has_low |= !counts.values[i].value;
		/* flags alone are no value of the low bits, if there is one */
		for (size_t i = 0; i < counts.nr; i++) {
			uint64_t value = counts.values[i].value;

			if (!has_low || !value || value & row->low)
				choices_add(choices, cmp_one_value(row, value, bits));
		}
	} else if (!error && apart) {
		choices_add_mask(choices, row,
				 counts.nr ? values_bits(&counts) : arg_bits(row), true);
	} else if (!error) {
		choices_of(choices, row, &counts);
		if (!choices->nr)
			error = xasprintf("%s=... allows all", row->name);
	}
	free(counts.values);
	return error;
}

static char *names_of_args(const struct call *call)
{
	char *text = xstrdup("");

	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		const struct arg *row = arg_find(call, i);
		char *longer;

		if (!row || !arg_narrows(row))
			continue;
		longer = xasprintf("%s%s%s", text, *text ? ", " : "", row->name);
		free(text);
		text = longer;
	}
	return text;
}

/* "arg=V|V": put it into the rules, or return an error text */
static char *parse_arg(const struct call *call, char *text,
		       struct rules *rules, unsigned int *seen)
{
	char *equals = strchr(text, '=');
	const struct arg *row;
	struct choices choices;
	char *names;
	char *error;

	if (!equals)
		return xasprintf("'%s' is not ARGUMENT=VALUE", text);
	*equals = '\0';
	row = arg_by_name(call, text);
	if (!row || !arg_narrows(row)) {
		names = names_of_args(call);
		error = *names ?
			xasprintf("'%s' cannot be narrowed, only: %s", text,
				  names) :
			xasprintf("it has no argument that can be narrowed");
		free(names);
		return error;
	}
	if (*seen & 1u << row->index)
		return xasprintf("%s: twice", text);
	*seen |= 1u << row->index;
	error = parse_values(row, equals + 1, &choices);
	if (error)
		return error;
	if (row->has_cond) {
		if (!(*seen & 1u << row->cond_index))
			return xasprintf("%s has no meaning here", row->name);
		rules_add_conditional(rules, row, &choices);
		return NULL;
	}
	if (choices.nr * rules->nr > POLICY_VALUES_MAX)
		return xasprintf("more than %d combinations",
				 POLICY_VALUES_MAX);
	rules_multiply(rules, &choices);
	return NULL;
}

static char *parse_args(const struct call *call, char *text,
			struct rules *rules)
{
	unsigned int seen = 0;
	char *error = NULL;

	while (!error) {
		size_t length;

		text += strspn(text, ", ");
		if (!*text)
			break;
		length = span(text, ", ");
		if (text[length])
			text[length++] = '\0';
		error = parse_arg(call, text, rules, &seen);
		text += length;
	}
	if (!error && !seen)
		error = xstrdup("no argument between ( and )");
	return error;
}

int call_pattern_parse(const char *text, uint32_t action, struct call *call,
		       struct rules *rules, char **error)
{
	size_t length = strcspn(text, "(");
	char *copy = xstrdup(text);
	const char *why;
	int err;

	*rules = (struct rules){};
	copy[length] = '\0';
	err = call_parse(copy, call, &why);
	if (err) {
		*error = xstrdup(why);
		free(copy);
		return err;
	}
	rules_start(rules, action);
	*error = NULL;
	if (text[length]) {
		size_t last = strlen(text) - 1;

		if (text[last] != ')') {
			*error = xstrdup("')' is missing");
		} else {
			copy[last] = '\0';
			*error = parse_args(call, copy + length + 1, rules);
		}
	}
	free(copy);
	if (!*error)
		return 0;
	rules_free(rules);
	return -EINVAL;
}
