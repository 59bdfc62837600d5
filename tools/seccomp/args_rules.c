// SPDX-License-Identifier: GPL-2.0
/*
 * Rules by arguments: from what was seen, from text, and as text.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "args.h"
#include "out.h"

#define SETID_BITS	(S_ISUID | S_ISGID)

/* Words for conditions that are no list of values */
#define WORD_WX		"W^X"
#define WORD_NO_SETID	"nosetid"

/* Comparisons that hold together */
struct choice {
	struct arg_cmp cmps[2];
	unsigned int nr;
};

/* One of the choices must hold */
struct choices {
	struct choice list[POLICY_VALUES_MAX];
	size_t nr;
};

void rules_free(struct rules *rules)
{
	free(rules->rules);
	*rules = (struct rules){};
}

static uint64_t all_bits(const struct arg *row)
{
	return row->wide ? UINT64_MAX : UINT32_MAX;
}

/* (the argument & @mask) == @value */
static struct arg_cmp masked(const struct arg *row, uint64_t mask,
			     uint64_t value)
{
	return (struct arg_cmp){ row->index, SCMP_CMP_MASKED_EQ,
				 mask & all_bits(row), value };
}

static bool choice_equal(const struct choice *a, const struct choice *b)
{
	const struct rule one = { .cmps = { a->cmps[0], a->cmps[1] },
				  .nr_cmps = a->nr };
	const struct rule other = { .cmps = { b->cmps[0], b->cmps[1] },
				    .nr_cmps = b->nr };

	return rule_equal(&one, &other);
}

static void add_choice(struct choices *choices, struct choice choice)
{
	for (size_t i = 0; i < choices->nr; i++)
		if (choice_equal(&choices->list[i], &choice))
			return;
	if (choices->nr < POLICY_VALUES_MAX)
		choices->list[choices->nr++] = choice;
}

static void add_cmp(struct choices *choices, struct arg_cmp cmp)
{
	add_choice(choices, (struct choice){ .cmps = { cmp }, .nr = 1 });
}

static uint64_t bits_of(const struct value_counts *counts)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < counts->nr; i++)
		bits |= counts->values[i].value;
	return bits;
}

/* One value of an enumeration; of ARG_LOW with any of the flags in @bits */
static struct arg_cmp one_value(const struct arg *row, uint64_t value,
				uint64_t bits)
{
	if (row->kind == ARG_LOW)
		return masked(row, row->low | ~bits, value & row->low);
	return masked(row, UINT64_MAX, value);
}

/* No bit outside @bits; never writable and executable if @apart */
static void add_mask(struct choices *choices, const struct arg *row,
		     uint64_t bits, bool apart)
{
	if (apart) {
		add_cmp(choices, masked(row, ~bits | PROT_EXEC, 0));
		add_cmp(choices, masked(row, ~bits | PROT_WRITE, 0));
	} else if (~bits & all_bits(row)) {
		add_cmp(choices, masked(row, ~bits, 0));
	}
}

static bool any_value_has(const struct value_counts *counts, uint64_t bits)
{
	for (size_t i = 0; i < counts->nr; i++)
		if ((counts->values[i].value & bits) == bits)
			return true;
	return false;
}

/* What was seen of one argument; no choice if it cannot narrow the call */
static void choices_of(struct choices *choices, const struct arg *row,
		       const struct value_counts *counts)
{
	const uint64_t both = PROT_WRITE | PROT_EXEC;
	uint64_t bits = bits_of(counts);

	choices->nr = 0;
	if (!counts->nr || counts->more)
		return;
	switch (row->kind) {
	case ARG_CLOCK:
		if (bits & 1u << 31)
			return;
		__attribute__((fallthrough));
	case ARG_ENUM:
	case ARG_LOW:
		for (size_t i = 0; i < counts->nr; i++)
			add_cmp(choices, one_value(row, counts->values[i].value,
						   bits));
		return;
	case ARG_MASK:
		add_mask(choices, row, bits, false);
		return;
	case ARG_PROT:
		add_mask(choices, row, bits, (bits & both) == both &&
			 !any_value_has(counts, both));
		return;
	case ARG_SETID:
		if (!(bits & SETID_BITS))
			add_cmp(choices, masked(row, SETID_BITS, 0));
		return;
	case ARG_SHOW_MASK:
	case ARG_SHOW_FD:
	case ARG_SHOW_OCTAL:
	case ARG_SHOW_NUMBER:
		return;
	}
}

static void choices_of_pair(struct choices *choices, const struct arg *first,
			    const struct arg *second,
			    const struct policy_call *entry)
{
	const struct value_counts *pairs = &entry->pairs;
	uint64_t first_bits = bits_of(&entry->args[first->index]);
	uint64_t second_bits = bits_of(&entry->args[second->index]);

	choices->nr = 0;
	for (size_t i = 0; i < pairs->nr; i++) {
		uint64_t value = pairs->values[i].value;

		add_choice(choices, (struct choice){ {
			one_value(first, (uint32_t)value, first_bits),
			one_value(second, value >> 32, second_bits) }, 2 });
	}
}

/* Each rule with each choice */
static void multiply(struct rules *rules, const struct choices *choices)
{
	struct rule *old = rules->rules;
	size_t nr_old = rules->nr;

	rules->rules = xcalloc(nr_old * choices->nr, sizeof(*rules->rules));
	rules->nr = 0;
	for (size_t i = 0; i < nr_old; i++) {
		for (size_t j = 0; j < choices->nr; j++) {
			struct rule *rule = &rules->rules[rules->nr++];

			*rule = old[i];
			for (unsigned int k = 0; k < choices->list[j].nr; k++)
				rule->cmps[rule->nr_cmps++] =
					choices->list[j].cmps[k];
		}
	}
	free(old);
}

/* If another argument has the value, this one must be as chosen */
static void add_conditional(struct rules *rules, const struct arg *row,
			    const struct choices *choices)
{
	if (choices->nr != 1)
		return;
	for (size_t i = 0; i < rules->nr; i++) {
		struct rule *rule = &rules->rules[i];

		for (unsigned int j = 0; j < rule->nr_cmps; j++) {
			if (rule->cmps[j].index != row->cond_index ||
			    rule->cmps[j].value_two != row->cond_value)
				continue;
			rule->cmps[rule->nr_cmps++] = choices->list[0].cmps[0];
			break;
		}
	}
}

static void start_rules(struct rules *rules, uint32_t action)
{
	rules->rules = xcalloc(1, sizeof(*rules->rules));
	rules->rules[0].action = action;
	rules->nr = 1;
}

static uint64_t total(const struct value_counts *counts)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < counts->nr; i++)
		if (__builtin_add_overflow(sum, counts->values[i].count, &sum))
			return UINT64_MAX;
	return sum;
}

const char *args_narrow(const struct policy_call *entry, unsigned int args,
			struct rules *rules)
{
	const struct arg_pair *pair = arg_pair_of(&entry->call);
	unsigned int both = pair ? 1u << pair->first | 1u << pair->second : 0;
	struct choices choices;
	/* a policy may have values from before there were pairs in it */
	bool by_pair = pair && (args & both) == both && !entry->pairs.more &&
		total(&entry->pairs) >= total(&entry->args[pair->first]);
	const char *why = NULL;

	args &= args_mask(&entry->call);
	if (!args)
		return "it has no argument that can be narrowed";
	if (!entry->count)
		return "it was not seen";
	start_rules(rules, SCMP_ACT_ALLOW);
	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		const struct arg *row = arg_find(&entry->call, i);

		if (!(args & 1u << i) || row->has_cond)
			continue;
		if (by_pair && i == pair->second)
			continue;
		if (!entry->args[i].nr) {
			why = "its arguments are not known";
			continue;
		}
		/* what was seen without arguments may have had any */
		if (total(&entry->args[i]) < entry->count &&
		    !entry->args[i].more) {
			why = "it was also seen without its arguments";
			continue;
		}
		if (by_pair && i == pair->first)
			choices_of_pair(&choices, row, arg_find(&entry->call,
								pair->second),
					entry);
		else
			choices_of(&choices, row, &entry->args[i]);
		if (choices.nr * rules->nr > ARGS_VALUES_MAX ||
		    entry->args[i].more)
			why = "more than 16 different values";
		else if (choices.nr)
			multiply(rules, &choices);
	}
	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		const struct arg *row = arg_find(&entry->call, i);

		if (!(args & 1u << i) || !row->has_cond)
			continue;
		choices_of(&choices, row, &entry->args[i]);
		add_conditional(rules, row, &choices);
	}
	if (rules->rules[0].nr_cmps)
		return NULL;
	rules_free(rules);
	return why ? why : "what was seen does not narrow it";
}

static void set_rules(struct policy *policy, const struct call *call,
		      const struct rules *rules)
{
	policy_clear_rules(policy_get(policy, call));
	for (size_t i = 0; i < rules->nr; i++)
		policy_add_rule(policy, call, &rules->rules[i]);
}

const char *call_narrow(struct policy *policy, const struct call *call,
			unsigned int args)
{
	struct policy_call *entry = policy_get(policy, call);
	struct rules rules = {};
	const char *why;

	for (size_t i = 0; i < entry->runs.nr; i++) {
		const struct policy_run *run = policy_run(policy,
							  entry->runs.ids[i]);

		if (run && run->source && !strcmp(run->source, "log"))
			return "log shows the arguments of the first call only: learn it by trace";
	}
	why = args_narrow(entry, args, &rules);
	if (!why)
		set_rules(policy, call, &rules);
	rules_free(&rules);
	return why;
}

/* From text */

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
		uint64_t bits = bits_of(&counts);
		bool has_low = bits & row->low;

		for (size_t i = 0; i < counts.nr; i++)
			has_low |= !counts.values[i].value;
		/* flags alone are no value of the low bits, if there is one */
		for (size_t i = 0; i < counts.nr; i++) {
			uint64_t value = counts.values[i].value;

			if (!has_low || !value || value & row->low)
				add_cmp(choices, one_value(row, value, bits));
		}
	} else if (!error && apart) {
		add_mask(choices, row,
			 counts.nr ? bits_of(&counts) : all_bits(row), true);
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
		add_conditional(rules, row, &choices);
		return NULL;
	}
	if (choices.nr * rules->nr > POLICY_VALUES_MAX)
		return xasprintf("more than %d combinations",
				 POLICY_VALUES_MAX);
	multiply(rules, &choices);
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
	start_rules(rules, action);
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

/* As text */

static bool is_exact(const struct arg *row, const struct arg_cmp *cmp)
{
	return (cmp->op == SCMP_CMP_MASKED_EQ && cmp->value == all_bits(row)) ||
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
		flags = ~cmp->value & all_bits(row);
		/* more than half of the bits: a mask of what may not be */
		if (cmp->op != SCMP_CMP_MASKED_EQ || value ||
		    __builtin_popcountll(flags) > 30)
			return NULL;
		return arg_value_text(call, cmp->index, flags, args, known);
	case ARG_LOW:
		flags = ~(cmp->value | row->low) & all_bits(row);
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
	bits = ~(a->cmps[0].value & b->cmps[0].value) & all_bits(row);
	if (bits == all_bits(row))
		return xasprintf("%s=" WORD_WX, row->name);
	names = arg_value_text(&entry->call, row->index, bits, NULL, 0);
	text = xasprintf("%s=" WORD_WX "|%s", row->name, names);
	free(names);
	return text;
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
		else if (one_arg && value && !strpbrk(one, "&!<>"))
			longer = xasprintf("%s|%s", text, value + 1);
		else
			longer = xasprintf("%s or %s", text, one);
		free(one);
		free(text);
		text = longer;
	}
	return text;
}
