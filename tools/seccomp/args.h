/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arguments of system calls: what they mean, in names, and how a call is
 * narrowed to the values that were seen.
 *
 * args.def has a row for each argument that has a meaning, of one of these
 * kinds. An argument without a row, or of a kind that is only for show, is
 * never narrowed: descriptors, pointers, sizes, ids, times.
 *
 * Pure: no input, output or message. Texts that functions return are the
 * caller's to free().
 */
#ifndef SCLOG_ARGS_H
#define SCLOG_ARGS_H

#include "names.h"
#include "policy.h"

enum arg_kind {
	ARG_ENUM,	/* one of the values seen */
	ARG_CLOCK,	/* the same, but negative values are descriptors */
	ARG_MASK,	/* no bit but those seen */
	ARG_PROT,	/* the same, and never both writable and executable */
	ARG_LOW,	/* one of the values seen in the low bits, with flags */
	ARG_SETID,	/* a mode without S_ISUID and S_ISGID */
	/* for show only: */
	ARG_SHOW_MASK,
	ARG_SHOW_FD,	/* AT_FDCWD or a number */
	ARG_SHOW_OCTAL,
	ARG_SHOW_NUMBER,
};

/**
 * struct arg - a row of args.def
 * @call: name of the call
 * @index: of the argument
 * @name: of the argument, as it is written: "domain"
 * @kind: see there
 * @wide: all 64 bits count; else the low half, the kernel ignores the other
 * @low: of ARG_LOW: the bits that hold a value rather than flags
 * @names: of the values; of ARG_LOW: those of the low bits. May be NULL.
 * @flags: of ARG_LOW: of the other bits
 * @has_cond: the argument has this meaning only if argument @cond_index is
 *	@cond_value
 */
struct arg {
	const char *call;
	unsigned int index;
	const char *name;
	enum arg_kind kind;
	bool wide;
	uint64_t low;
	const struct value_names *names;
	const struct value_names *flags;
	bool has_cond;
	unsigned int cond_index;
	uint64_t cond_value;
};

/** arg_find() - the row of an argument of a call; NULL if there is none */
const struct arg *arg_find(const struct call *call, unsigned int index);

/** arg_by_name() - the same by the argument's name */
const struct arg *arg_by_name(const struct call *call, const char *name);

/** arg_next() - walk all rows: the first for NULL, NULL behind the last */
const struct arg *arg_next(const struct arg *arg);

/**
 * struct arg_pair - two arguments of a call that belong together
 * @call: its name
 * @first: and @second: indices
 */
struct arg_pair {
	const char *call;
	unsigned int first;
	unsigned int second;
};

/** arg_pair_of() - the pair of a call; NULL if it has none */
const struct arg_pair *arg_pair_of(const struct call *call);

/** arg_narrows() - can a call be narrowed by this argument? */
bool arg_narrows(const struct arg *arg);

/** args_mask() - bit N: argument N can narrow the call; as for policy_add() */
unsigned int args_mask(const struct call *call);

/**
 * arg_reduce() - what the kernel looks at in a register: the low half of an
 * int, without sign extension
 */
uint64_t arg_reduce(const struct arg *arg, uint64_t value);

/**
 * args_add() - policy_add(), and count the values by which the call can be
 * narrowed
 *
 * Counts reduced values, only under their condition, and pairs if two arguments
 * belong together. A companion that was allowed with some arguments
 * only is allowed with any, if it is seen with others. What learns uses this
 * rather than policy_add().
 */
enum added args_add(struct policy *policy, unsigned int run,
		    const struct event *event);

/**
 * args_clone3() - what clone3() does, as the clone() that libc falls back to
 * @clone3: the event
 * @flags: and @exit_signal: of its struct clone_args, read by a tracer
 * @clone: set to an event with clone's flags as its only known argument
 *
 * Return: false if the convention has no clone.
 */
bool args_clone3(const struct event *clone3, uint64_t flags,
		 uint64_t exit_signal, struct event *clone);

/**
 * arg_value_text() - a value in names: "SOCK_STREAM|SOCK_CLOEXEC", "0750"
 * @args: the call's other arguments, on which the names may depend
 * @known: bit N: @args[N] is known
 */
char *arg_value_text(const struct call *call, unsigned int index,
		     uint64_t value, const uint64_t *args, unsigned int known);

/**
 * args_text() - "domain=AF_INET type=SOCK_STREAM"
 *
 * The arguments that have a row and are known; "" if there is none.
 */
char *args_text(const struct call *call, const uint64_t *args,
		unsigned int known);

/** event_args_text() - the same of an event */
char *event_args_text(const struct event *event);

/* More rules than this, and an argument does not narrow its call */
#define ARGS_VALUES_MAX	16

/**
 * struct rules - an array of rules
 * @rules: free()d by rules_free()
 */
struct rules {
	struct rule *rules;
	size_t nr;
};

void rules_free(struct rules *rules);

/**
 * args_narrow() - the rules that allow what was seen of a call, no more
 * @entry: with its counts
 * @args: bit N: narrow argument N; an argument that cannot be (not all its
 *	values are known, or they are more than ARGS_VALUES_MAX) is left alone
 * @rules: set if NULL is returned; rules_free() it
 *
 * Return: NULL; or a constant that says why the call cannot be narrowed.
 */
const char *args_narrow(const struct policy_call *entry, unsigned int args,
			struct rules *rules);

/**
 * call_narrow() - put the rules of args_narrow() in the place of a call's
 *
 * Not if it was seen in a run by "log": log-once shows the arguments of the
 * first call only.
 */
const char *call_narrow(struct policy *policy, const struct call *call,
			unsigned int args);

/**
 * call_pattern_parse() - "name", "arch:name" or "name(arg=V|V, arg=V)"
 * @text: V is a name or a number; "prot=W^X" is never both
 * @call: set if 0 is returned
 * @rules: set to rules of @action: one without condition if there is no "("
 * @error: set to a text that completes "'TEXT': ..." if not; free() it
 *
 * Values of an ARG_ENUM are alternatives. Of an ARG_MASK they are all the bits
 * that may be set. Of an ARG_LOW, values are alternatives, with any of the
 * flags given.
 *
 * Return: 0, or as call_parse().
 */
int call_pattern_parse(const char *text, uint32_t action, struct call *call,
		       struct rules *rules, char **error);

/**
 * rule_text() - the condition of a rule: "domain=AF_INET type=SOCK_STREAM"
 *
 * "" for a rule without condition. What call_pattern_parse() could not have
 * made is written as "arg0>=0x10".
 */
char *rule_text(const struct call *call, const struct rule *rule);

/**
 * call_rules_text() - the conditions of a call's rules of one action, joined:
 * "option=PR_SET_NAME|PR_CAPBSET_READ"
 *
 * "" if one of them has no condition.
 */
char *call_rules_text(const struct policy_call *entry, uint32_t action);

#endif /* SCLOG_ARGS_H */
