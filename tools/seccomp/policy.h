/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policy in memory: what is allowed, and what is known about each call.
 *
 * It holds calls of exact conventions: an OCI name that counts for several
 * architectures is one call for each (file.c translates both ways). Pure: no
 * input, output or message; out of memory ends the program (out.h).
 *
 * Ownership: the policy owns all that hangs from it, texts included; every
 * function that takes a text or struct copies it. A pointer to a call or run
 * is valid until the policy next gains or loses a call or run.
 *
 * Invariants: @calls is sorted by call_compare(), each call once; a call may
 * have no rule (it is then answered by default, and only known); all of a
 * call's run numbers are ids of @runs; @archs are sorted, each once, and a
 * call with a rule has its convention there.
 */
#ifndef SCLOG_POLICY_H
#define SCLOG_POLICY_H

#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call.h"
#include "event.h"

/* Distinct values of one argument, and distinct names, that are kept */
#define POLICY_VALUES_MAX	64

/**
 * struct arg_cmp - a comparison of one argument, as in OCI and libseccomp
 * @index: of the argument, 0 to 5
 * @op: SCMP_CMP_NE to SCMP_CMP_MASKED_EQ
 * @value: the datum; for SCMP_CMP_MASKED_EQ the mask
 * @value_two: for SCMP_CMP_MASKED_EQ the datum, else 0
 */
struct arg_cmp {
	unsigned int index;
	enum scmp_compare op;
	uint64_t value;
	uint64_t value_two;
};

/**
 * struct rule - what is done with a call
 * @action: SCMP_ACT_*; SCMP_ACT_ERRNO() has its errno
 * @cmps: comparisons, all of which must hold; each index at most once, sorted
 * @nr_cmps: 0 for a rule without condition
 */
struct rule {
	uint32_t action;
	struct arg_cmp cmps[EVENT_ARGS];
	unsigned int nr_cmps;
};

/* How often each value of an argument was seen, sorted by value */
struct value_counts {
	struct {
		uint64_t value;
		uint64_t count;
	} *values;
	size_t nr;
	bool more;	/* there were others beyond POLICY_VALUES_MAX */
};

/* How often each name was seen, sorted by name */
struct name_counts {
	struct {
		char *name;
		uint64_t count;
	} *names;
	size_t nr;
	bool more;
};

/* A sorted set of run ids */
struct run_set {
	unsigned int *ids;
	size_t nr;
};

/**
 * struct policy_call - a call of the policy
 * @call: which
 * @rules: what is done with it
 * @nr_rules: 0: as any call that the policy does not have
 * @count: how often it was seen; 0 for a companion or a call of unknown origin
 * @first_ms: when first, milliseconds since 1970; 0 if unknown
 * @runs: in which runs
 * @by: by which programs (comm, escaped)
 * @paths: paths and addresses that it was given, escaped, as far as they were
 *	asked for
 * @args: values of its arguments, as far as they were asked for
 * @pairs: of two arguments that belong together (args.h): the low half of the
 *	first, and above it that of the second
 * @why: the group of companions that it was added by; NULL if not by one
 * @answer: what the user decided in review: "allow", "only", "deny", "log";
 *	NULL if nothing
 * @answer_by: who decided
 * @answer_ms: when
 */
struct policy_call {
	struct call call;
	struct rule *rules;
	size_t nr_rules;
	uint64_t count;
	int64_t first_ms;
	struct run_set runs;
	struct name_counts by;
	struct name_counts paths;
	struct value_counts args[EVENT_ARGS];
	struct value_counts pairs;
	char *why;
	char *answer;
	char *answer_by;
	int64_t answer_ms;
};

enum completeness {
	RUN_UNKNOWN,
	RUN_COMPLETE,
	RUN_INCOMPLETE,
};

/**
 * struct policy_run - a run, or a reading of a log, that was learned from
 * @id: from 1, unique in the policy
 * @command: words, ends with NULL; NULL if unknown
 * @exe: path of the program, or NULL
 * @date_ms: when it began
 * @kernel: release of the kernel, or NULL
 * @libc: "glibc 2.36", or NULL
 * @source: "trace", "log", "notify", "read", or NULL
 * @complete: whether the record is
 * @lost: records that are known to be lost, at least
 * @calls: calls that were seen
 * @status: exit status of the command, 128+N for a signal, -1 if unknown
 */
struct policy_run {
	unsigned int id;
	char **command;
	char *exe;
	int64_t date_ms;
	char *kernel;
	char *libc;
	char *source;
	enum completeness complete;
	uint64_t lost;
	uint64_t calls;
	int status;
};

/* Rules of an OCI name that no architecture of the policy has: kept, unused */
struct unknown_name {
	char *name;
	struct rule *rules;
	size_t nr_rules;
};

/* A member of the OCI file that sclog does not use, kept as JSON text */
struct extra {
	char *key;
	char *json;
};

/**
 * struct policy - see the head of this file
 * @default_action: SCMP_ACT_*, with errno, for what no rule answers
 * @archs: conventions that a call may have; another is killed by runtimes
 * @calls: sorted
 * @runs: by id
 * @unknown: by name
 * @extra: by key
 * @foreign: origin of calls that this libseccomp has no name for, kept
 * @has_origin: the file had x-sclog; false: all is of unknown origin
 * @is_list: the file is a list of calls, which allow and learn do not write
 */
struct policy {
	uint32_t default_action;
	const struct abi **archs;
	size_t nr_archs;
	struct policy_call *calls;
	size_t nr_calls;
	struct policy_run *runs;
	size_t nr_runs;
	struct unknown_name *unknown;
	size_t nr_unknown;
	struct extra *extra;
	size_t nr_extra;
	struct extra *foreign;
	size_t nr_foreign;
	bool has_origin;
	bool is_list;
};

/** policy_new() - an empty policy: default ENOSYS, the native convention */
struct policy *policy_new(void);

/** policy_free() - with all it owns; NULL is fine */
void policy_free(struct policy *policy);

/** policy_find() - what is known of a call; NULL if nothing */
struct policy_call *policy_find(const struct policy *policy,
				const struct call *call);

/** policy_get() - the same, added without rule if it is not there */
struct policy_call *policy_get(struct policy *policy, const struct call *call);

/** policy_remove() - forget a call, its rules and origin; false: not there */
bool policy_remove(struct policy *policy, const struct call *call);

/** policy_add_arch() - let calls of a convention be in the policy */
void policy_add_arch(struct policy *policy, const struct abi *abi);
bool policy_has_arch(const struct policy *policy, const struct abi *abi);

/** policy_set_text() - replace a text of the policy by a copy; NULL clears */
void policy_set_text(char **text, const char *value);

/**
 * policy_add_rule() - one more rule for a call
 * @rule: comparisons in any order
 *
 * An equal rule is not added twice. A rule without condition of the same
 * action takes the place of all with one. Adds the convention.
 *
 * Return: 0; -EINVAL for an index above 5 or twice, or an unknown operator.
 */
int policy_add_rule(struct policy *policy, const struct call *call,
		    const struct rule *rule);

/**
 * policy_remove_void() - remove the rules of a call that count for nothing
 *
 * Beside a rule of another action, one of the default action does: runtimes
 * pass it over, and libseccomp does not take it.
 *
 * Return: how many were removed.
 */
size_t policy_remove_void(const struct policy *policy, struct policy_call *call);

/** policy_clear_rules() - the call is answered by default again */
void policy_clear_rules(struct policy_call *call);

/** policy_allow() - allow a call with any argument, in place of its rules */
void policy_allow(struct policy *policy, const struct call *call);

/**
 * policy_add_unknown() - a rule of a name that is kept though no call has it
 *
 * Return: as policy_add_rule().
 */
int policy_add_unknown(struct policy *policy, const char *name,
		       const struct rule *rule);

/** policy_add_extra() - a member to keep; @json replaces that of the same key */
void policy_add_extra(struct policy *policy, const char *key, const char *json);

/** policy_add_foreign() - the same for the origin of a call without a number */
void policy_add_foreign(struct policy *policy, const char *key,
			const char *json);

/**
 * policy_add_run() - a new run, with the next id and otherwise unknown
 *
 * Return: the run, for the caller to fill; the policy owns what is put in.
 */
struct policy_run *policy_add_run(struct policy *policy);

/** policy_run() - by id; NULL if there is none */
struct policy_run *policy_run(const struct policy *policy, unsigned int id);

/** policy_run_remove() - forget a run, also in the calls; false: not there */
bool policy_run_remove(struct policy *policy, unsigned int id);

/** policy_call_add_run() - the call was seen in a run */
void policy_call_add_run(struct policy_call *call, unsigned int run);

/** count_value() - a value was seen @count times */
void count_value(struct value_counts *counts, uint64_t value, uint64_t count);
/** copy_words() - words and a NULL, for free() of each and all; NULL for NULL */
char **copy_words(char *const *words);

/** count_name() - a name was seen @count times */
void count_name(struct name_counts *counts, const char *name, uint64_t count);

/* What adding an event found */
enum added {
	ADDED_KNOWN,		/* the policy allows it already */
	ADDED_CALL,		/* a new call: is allowed now */
	/*
	 * there are rules for the call, which do not allow this event: counted,
	 * rules unchanged
	 */
	ADDED_OUTSIDE,
	ADDED_IGNORED,		/* no convention that call.h knows */
};

/**
 * policy_add() - a call was seen
 * @policy: the policy
 * @run: id of the run, 0 for none
 * @event: of kind EVENT_CALL
 * @args: bit N: count the values of argument N, if the event has it
 *
 * Counts it, and allows it without condition if there was no rule for it and
 * the user did not decide otherwise.
 */
enum added policy_add(struct policy *policy, unsigned int run,
		      const struct event *event, unsigned int args);

/**
 * policy_default() - what the policy does with a call that no rule answers
 *
 * That is its default action, but ENOSYS if that refuses in another way and the
 * number is one of abi_new_numbers(): a libc that is newer than sclog takes an
 * older call then.
 */
uint32_t policy_default(const struct policy *policy, const struct call *call);

/** policy_has_new_numbers() - is ENOSYS for new numbers not the default? */
bool policy_has_new_numbers(const struct policy *policy);

/* What a policy does with a call */
struct verdict {
	uint32_t action;	/* SCMP_ACT_* */
	const struct rule *rule;	/* that says so, NULL if none does */
	bool bad_arch;		/* no calls of this convention: action is kill */
	bool uncertain;		/* it depends on an argument that is unknown */
};

/**
 * policy_eval() - what the policy does with a call
 * @args: all six; NULL if none is known
 * @known: bit N: @args[N] is known
 *
 * As libseccomp's filter: a rule without condition decides alone, the first of
 * several; else a rule all of whose comparisons hold, the first one if several
 * with different actions do (libseccomp does not define which); else the
 * default. (libseccomp 2.5.4 refuses some of what overlapping LT and LE rules
 * of one call allow: write no such rules.) Comparisons are of 64 bits, unsigned.
 * Only exact calls count: socketcall and ipc do not stand for what they call.
 */
struct verdict policy_eval(const struct policy *policy, const struct call *call,
			   const uint64_t *args, unsigned int known);

/** policy_allows() - policy_eval() of an event says allow or log, for certain */
bool policy_allows(const struct policy *policy, const struct event *event);

/** rule_matches() - 1 if all comparisons hold, 0 if one does not, -1 unknown */
int rule_matches(const struct rule *rule, const uint64_t *args,
		 unsigned int known);

/** rule_equal() - same action and comparisons */
bool rule_equal(const struct rule *a, const struct rule *b);

/** rule_check() - sort the comparisons; 0 or -EINVAL as policy_add_rule() */
int rule_check(struct rule *rule);

/**
 * policy_merge() - add all that @from has
 * @into: keeps its default action, and its rules if those of @from contradict
 *	them
 * @from: unchanged; its runs get new ids in @into
 * @conflict: called for each such call; may be NULL
 * @data: for @conflict
 */
void policy_merge(struct policy *into, const struct policy *from,
		  void (*conflict)(void *data, const struct call *call),
		  void *data);

/** policy_drop_unknown() - forget names that no architecture of it has */
void policy_drop_unknown(struct policy *policy);

/**
 * policy_by_text() - the calls in the order in which people and files list
 * them: by call_text()
 *
 * Return: an array of policy->nr_calls pointers, for the caller to free().
 */
struct policy_call **policy_by_text(const struct policy *policy);

#endif /* SCLOG_POLICY_H */
