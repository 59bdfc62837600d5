// SPDX-License-Identifier: GPL-2.0
/*
 * Rules by arguments: from what was seen.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "args_rules.h"
#include "out.h"

void rules_free(struct rules *rules)
{
	free(rules->rules);
	*rules = (struct rules){};
}

uint64_t arg_bits(const struct arg *row)
{
	return row->wide ? UINT64_MAX : UINT32_MAX;
}

struct arg_cmp cmp_masked(const struct arg *row, uint64_t mask,
			  uint64_t value)
{
	return (struct arg_cmp){ row->index, SCMP_CMP_MASKED_EQ,
				 mask & arg_bits(row), value };
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

void choices_add(struct choices *choices, struct arg_cmp cmp)
{
	add_choice(choices, (struct choice){ .cmps = { cmp }, .nr = 1 });
}

uint64_t values_bits(const struct value_counts *counts)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < counts->nr; i++)
		bits |= counts->values[i].value;
	return bits;
}

struct arg_cmp cmp_one_value(const struct arg *row, uint64_t value,
			     uint64_t bits)
{
	if (row->kind == ARG_LOW)
		return cmp_masked(row, row->low | ~bits, value & row->low);
	return cmp_masked(row, UINT64_MAX, value);
}

void choices_add_mask(struct choices *choices, const struct arg *row,
		      uint64_t bits, bool apart)
{
	if (apart) {
		choices_add(choices, cmp_masked(row, ~bits | PROT_EXEC, 0));
		choices_add(choices, cmp_masked(row, ~bits | PROT_WRITE, 0));
	} else if (~bits & arg_bits(row)) {
		choices_add(choices, cmp_masked(row, ~bits, 0));
	}
}

static bool any_value_has(const struct value_counts *counts, uint64_t bits)
{
	for (size_t i = 0; i < counts->nr; i++)
		if ((counts->values[i].value & bits) == bits)
			return true;
	return false;
}

void choices_of(struct choices *choices, const struct arg *row,
		const struct value_counts *counts)
{
	const uint64_t both = PROT_WRITE | PROT_EXEC;
	uint64_t bits = values_bits(counts);

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
			choices_add(choices, cmp_one_value(row, counts->values[i].value,
							   bits));
		return;
	case ARG_MASK:
		choices_add_mask(choices, row, bits, false);
		return;
	case ARG_PROT:
		choices_add_mask(choices, row, bits, (bits & both) == both &&
				 !any_value_has(counts, both));
		return;
	case ARG_SETID:
		if (!(bits & SETID_BITS))
			choices_add(choices, cmp_masked(row, SETID_BITS, 0));
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
	uint64_t first_bits = values_bits(&entry->args[first->index]);
	uint64_t second_bits = values_bits(&entry->args[second->index]);

	choices->nr = 0;
	for (size_t i = 0; i < pairs->nr; i++) {
		uint64_t value = pairs->values[i].value;

		add_choice(choices, (struct choice){ {
			cmp_one_value(first, (uint32_t)value, first_bits),
			cmp_one_value(second, value >> 32, second_bits) }, 2 });
	}
}

void rules_multiply(struct rules *rules, const struct choices *choices)
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

void rules_add_conditional(struct rules *rules, const struct arg *row,
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

void rules_start(struct rules *rules, uint32_t action)
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
	rules_start(rules, SCMP_ACT_ALLOW);
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
			rules_multiply(rules, &choices);
	}
	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		const struct arg *row = arg_find(&entry->call, i);

		if (!(args & 1u << i) || !row->has_cond)
			continue;
		choices_of(&choices, row, &entry->args[i]);
		rules_add_conditional(rules, row, &choices);
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
