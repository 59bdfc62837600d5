/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules by arguments: what args_rules.c, args_parse.c and args_text.c share.
 */
#ifndef SCLOG_ARGS_RULES_H
#define SCLOG_ARGS_RULES_H

#include <sys/stat.h>

#include "args.h"

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

/** arg_bits() - the bits of the argument that the kernel looks at */
uint64_t arg_bits(const struct arg *row);

/** cmp_masked() - (the argument & @mask) == @value */
struct arg_cmp cmp_masked(const struct arg *row, uint64_t mask,
			  uint64_t value);

/** values_bits() - the bits that any of the values has */
uint64_t values_bits(const struct value_counts *counts);

/** cmp_one_value() - one of an enumeration; of ARG_LOW with any of the flags in @bits */
struct arg_cmp cmp_one_value(const struct arg *row, uint64_t value,
			     uint64_t bits);

/** choices_add() - a comparison as one more choice */
void choices_add(struct choices *choices, struct arg_cmp cmp);

/** choices_add_mask() - no bit outside @bits; never writable and executable if @apart */
void choices_add_mask(struct choices *choices, const struct arg *row,
		      uint64_t bits, bool apart);

/** choices_of() - what was seen of one argument; none if it cannot narrow the call */
void choices_of(struct choices *choices, const struct arg *row,
		const struct value_counts *counts);

/** rules_multiply() - each rule with each choice */
void rules_multiply(struct rules *rules, const struct choices *choices);

/** rules_add_conditional() - if another argument has the value, this one must be as chosen */
void rules_add_conditional(struct rules *rules, const struct arg *row,
			   const struct choices *choices);

/** rules_start() - one rule without conditions */
void rules_start(struct rules *rules, uint32_t action);

#endif /* SCLOG_ARGS_RULES_H */
