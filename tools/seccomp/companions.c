// SPDX-License-Identifier: GPL-2.0
/*
 * Companions: which calls what was seen implies.
 */
#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "companions.h"
#include "out.h"

/* When the calls of a group are added */
enum condition {
	ALWAYS,
	NO_EXECVE,	/* no execve() was seen, though others were */
	THREADS,	/* clone() with CLONE_THREAD */
	MEMORY,		/* mmap() or brk() */
	CLONE3,		/* clone3() */
	OTHER_DEFAULT,	/* what is not in the policy does not fail with ENOSYS */
	RUNNER,		/* for the native convention only */
};

struct group {
	const char *name;
	bool on;
	enum condition condition;
	const char *reason;
};

#define ADD(calls)
#define TWIN(seen, calls)
#define GROUP(name, on, condition, reason)	{ #name, on, condition, reason },
static const struct group groups[] = {
#include "companions.def"
};

#define NR_GROUPS	(sizeof(groups) / sizeof(groups[0]))

/* The rows of companions.def: a group, or calls of the last one */
struct row {
	bool is_group;
	const char *seen;	/* of a twin, else NULL */
	const char *calls;
};

#undef ADD
#undef TWIN
#undef GROUP
#define GROUP(name, on, condition, reason)	{ .is_group = true },
#define ADD(calls)				{ false, NULL, calls },
#define TWIN(seen, calls)			{ false, seen, calls },
static const struct row rows[] = {
#include "companions.def"
};

#define NR_ROWS		(sizeof(rows) / sizeof(rows[0]))

/* What libc's threads, fork() and vfork() give clone(): no CLONE_NEW flag */
#define CLONE_USUAL							\
	"clone(flags=0|SIGCHLD|CLONE_VM|CLONE_FS|CLONE_FILES|"		\
	"CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|"	\
	"CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|"	\
	"CLONE_VFORK)"

static const struct rule enosys = { .action = SCMP_ACT_ERRNO(ENOSYS) };

static const struct group *find_group(const char *name)
{
	for (size_t i = 0; name && i < NR_GROUPS; i++)
		if (!strcmp(groups[i].name, name))
			return &groups[i];
	return NULL;
}

unsigned int companion_group(const char *name)
{
	const struct group *group = find_group(name);

	return group ? 1u << (group - groups) : 0;
}

const char *companion_group_next(const char *name)
{
	const struct group *group = name ? find_group(name) + 1 : groups;

	return group < groups + NR_GROUPS ? group->name : NULL;
}

const char *companion_reason(const char *group)
{
	const struct group *found = find_group(group);

	return found ? found->reason : NULL;
}

unsigned int companions_default(void)
{
	unsigned int on = 0;

	for (size_t i = 0; i < NR_GROUPS; i++)
		if (groups[i].on)
			on |= 1u << i;
	return on;
}

bool companions_parse(const char *text, unsigned int *on, char **error)
{
	char *copy = xstrdup(text);
	char *rest = copy;
	char *word;

	*error = NULL;
	while (!*error && (word = strsep(&rest, ","))) {
		unsigned int group = 0;

		if (*word == '-' || *word == '+')
			group = companion_group(word + 1);
		if (!group)
			*error = xasprintf("'%s' is not + or - and a group",
					   word);
		else if (*word == '+')
			*on |= group;
		else
			*on &= ~group;
	}
	free(copy);
	return !*error;
}

/* The call of a convention, if the policy knows it; else NULL */
static struct policy_call *known(const struct policy *policy,
				 const struct abi *abi, const char *name)
{
	struct call call;

	return call_by_name(abi, name, &call) ? NULL :
		policy_find(policy, &call);
}

/* In the policy for itself, not as a companion */
static bool is_own(const struct policy_call *call)
{
	return call && (call->count || (call->nr_rules && !call->why));
}

static bool is_seen(const struct policy *policy, const struct abi *abi,
		    const char *name)
{
	return is_own(known(policy, abi, name));
}

static bool has_threads(const struct policy *policy, const struct abi *abi)
{
	const struct policy_call *clone = known(policy, abi, "clone");
	const struct value_counts *flags;

	if (is_seen(policy, abi, "clone3"))
		return true;
	if (!is_own(clone))
		return false;
	flags = &clone->args[clone->args[1].nr ? 1 : 0];
	for (size_t i = 0; i < flags->nr; i++)
		if (flags->values[i].value & CLONE_THREAD)
			return true;
	/* seen without its flags: perhaps */
	return !flags->nr || flags->more;
}

static bool holds(const struct policy *policy, const struct abi *abi,
		  const struct group *group)
{
	switch (group->condition) {
	case ALWAYS:
		return true;
	case NO_EXECVE:
		return !is_seen(policy, abi, "execve") &&
			!is_seen(policy, abi, "execveat");
	case THREADS:
		return has_threads(policy, abi);
	case MEMORY:
		return is_seen(policy, abi, "mmap") ||
			is_seen(policy, abi, "mmap2") ||
			is_seen(policy, abi, "brk");
	case CLONE3:
		return is_seen(policy, abi, "clone3");
	case OTHER_DEFAULT:
		return policy->default_action != SCMP_ACT_ERRNO(ENOSYS) &&
			policy->default_action != SCMP_ACT_ALLOW &&
			policy->default_action != SCMP_ACT_LOG;
	case RUNNER:
		return abi == abi_native();
	}
	return false;
}

static bool is_conditional(const struct policy_call *call)
{
	for (size_t i = 0; i < call->nr_rules; i++)
		if (!call->rules[i].nr_cmps)
			return false;
	return call->nr_rules;
}

/* "call:N=0" */
static bool parse_zero(const char *text, const struct abi *abi,
		       struct call *call, struct rules *rules)
{
	size_t length = strcspn(text, ":");
	char *name;
	int err;

	if (!text[length] || strchr(text, '('))
		return false;
	name = xasprintf("%.*s", (int)length, text);
	err = call_by_name(abi, name, call);
	free(name);
	if (err)
		return false;
	rules->rules = xcalloc(1, sizeof(*rules->rules));
	rules->nr = 1;
	rules->rules[0] = (struct rule){ SCMP_ACT_ALLOW, {
		{ text[length + 1] - '0', SCMP_CMP_EQ, 0, 0 } }, 1 };
	/* an int: the kernel ignores the high half */
	if (text[length + 1] == '0') {
		rules->rules[0].cmps[0].op = SCMP_CMP_MASKED_EQ;
		rules->rules[0].cmps[0].value = UINT32_MAX;
	}
	return true;
}

static bool parse_call(const char *text, const struct abi *abi,
		       struct call *call, struct rules *rules)
{
	char *named = xasprintf("%s:%s", abi->name, text);
	char *error = NULL;
	int err = call_pattern_parse(named, SCMP_ACT_ALLOW, call, rules, &error);

	free(named);
	free(error);
	return !err;
}

/* One call of companions.def; true if it is new in the policy */
static bool add_one(struct policy *policy, const struct abi *abi,
		    const char *text, const char *group, bool refuse)
{
	struct rules rules = {};
	struct policy_call *entry;
	struct call call;
	bool is_new = false;

	if (!parse_zero(text, abi, &call, &rules) &&
	    !parse_call(text, abi, &call, &rules))
		return false;
	entry = policy_find(policy, &call);
	if (!entry || (!entry->nr_rules && !entry->answer && !entry->count)) {
		is_new = true;
		policy_set_text(&policy_get(policy, &call)->why, group);
	} else if (refuse || entry->answer || !is_conditional(entry) ||
		   !rules.rules[0].nr_cmps) {
		/* there, or decided */
		rules_free(&rules);
		return false;
	}
	if (refuse)
		policy_add_rule(policy, &call, &enosys);
	for (size_t i = 0; !refuse && i < rules.nr; i++)
		policy_add_rule(policy, &call, &rules.rules[i]);
	rules_free(&rules);
	return is_new;
}

static size_t add_words(struct policy *policy, const struct abi *abi,
			const char *words, const struct group *group)
{
	char *copy = xstrdup(words);
	char *rest = copy;
	size_t nr = 0;
	char *word;

	while ((word = strsep(&rest, " ")))
		nr += add_one(policy, abi, word, group->name,
			      group->condition == OTHER_DEFAULT);
	free(copy);
	return nr;
}

/* Was it seen, and is it allowed with any argument? */
static bool is_open(const struct policy *policy, const struct abi *abi,
		    const char *name)
{
	const struct policy_call *call = known(policy, abi, name);

	if (!is_own(call))
		return false;
	for (size_t i = 0; i < call->nr_rules; i++)
		if (!call->rules[i].nr_cmps)
			return call->rules[i].action == SCMP_ACT_ALLOW;
	return false;
}

static const char *const sizes[] = { "32", "64", "_time64" };

#define NR_SIZES	(sizeof(sizes) / sizeof(sizes[0]))

/* "stat64" for "stat", and the other way round; there need be no such call */
static char *other_size(const char *name, const char *size)
{
	size_t length = strlen(name);
	size_t end = strlen(size);

	if (length > end && !strcmp(name + length - end, size))
		return xasprintf("%.*s", (int)(length - end), name);
	return xasprintf("%s%s", name, size);
}

/*
 * 32-bit conventions have calls in two sizes of ids, offsets and times:
 * getuid32, stat64, futex_time64. Which one is made is libc's choice.
 */
static size_t add_sizes(struct policy *policy, const struct abi *abi,
			const struct group *group)
{
	struct call *seen = xcalloc(policy->nr_calls, sizeof(*seen));
	size_t nr_seen = 0;
	size_t nr = 0;

	for (size_t i = 0; i < policy->nr_calls; i++)
		if (policy->calls[i].call.abi == abi)
			seen[nr_seen++] = policy->calls[i].call;
	for (size_t i = 0; i < nr_seen; i++) {
		const char *name = call_name(&seen[i]);

		if (!name || !is_open(policy, abi, name))
			continue;
		for (size_t j = 0; j < NR_SIZES; j++) {
			char *other = other_size(name, sizes[j]);

			nr += add_one(policy, abi, other, group->name, false);
			free(other);
		}
	}
	free(seen);
	return nr;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (; *words; words += strspn(words, " ")) {
		size_t end = strcspn(words, " ");

		if (end == length && !strncmp(words, word, length))
			return true;
		words += end;
	}
	return false;
}

/* Does @twin do what @name does, so that it is added if that was seen? */
static bool is_twin(const struct abi *abi, const char *name, const char *twin)
{
	bool found = false;

	for (size_t i = 0; i < NR_ROWS; i++)
		if (rows[i].seen && !strcmp(rows[i].seen, name) &&
		    has_word(rows[i].calls, twin))
			return true;
	if (abi->audit & __AUDIT_ARCH_64BIT)
		return false;
	for (size_t i = 0; i < NR_SIZES && !found; i++) {
		char *other = other_size(name, sizes[i]);

		found = !strcmp(other, twin);
		free(other);
	}
	return found;
}

/* There as a twin, but of no call any more that is allowed with any argument */
static bool is_left_over(const struct policy *policy,
			 const struct policy_call *twin)
{
	const struct abi *abi = twin->call.abi;

	if (!twin->why || strcmp(twin->why, "twins") || twin->count ||
	    twin->answer || is_conditional(twin) || !call_name(&twin->call))
		return false;
	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct call *call = &policy->calls[i].call;
		const char *name = call->abi == abi ? call_name(call) : NULL;

		if (name && is_twin(abi, name, call_name(&twin->call)) &&
		    is_open(policy, abi, name))
			return false;
	}
	return true;
}

bool companions_remove_twin(struct policy *policy, const struct call *of,
			    struct call *removed)
{
	const char *name = call_name(of);

	for (size_t i = 0; name && i < policy->nr_calls; i++) {
		const struct policy_call *twin = &policy->calls[i];

		if (twin->call.abi != of->abi || !is_left_over(policy, twin) ||
		    !is_twin(of->abi, name, call_name(&twin->call)))
			continue;
		*removed = twin->call;
		return policy_remove(policy, removed);
	}
	return false;
}

/* What was seen is refused, and clone() takes its place */
static size_t refuse_clone3(struct policy *policy, const struct abi *abi,
			    const struct group *group)
{
	struct policy_call *entry = known(policy, abi, "clone3");
	struct call call = entry->call;

	if (!entry->count || entry->answer || is_conditional(entry))
		return 0;
	policy_clear_rules(entry);
	policy_add_rule(policy, &call, &enosys);
	policy_set_text(&policy_find(policy, &call)->why, group->name);
	return add_one(policy, abi, CLONE_USUAL, group->name, false);
}

static size_t add_for_abi(struct policy *policy, const struct abi *abi,
			  unsigned int on)
{
	unsigned int active = 0;
	size_t group = 0;
	size_t nr = 0;

	/* by what was seen: not by what is added here */
	for (size_t i = 0; i < NR_GROUPS; i++)
		if (on & 1u << i && holds(policy, abi, &groups[i]))
			active |= 1u << i;
	if (active & companion_group("clone3"))
		nr += refuse_clone3(policy, abi, find_group("clone3"));
	for (size_t i = 0; i < NR_ROWS; i++) {
		group += i && rows[i].is_group;
		if (rows[i].is_group || !(active & 1u << group))
			continue;
		if (!rows[i].seen || is_open(policy, abi, rows[i].seen))
			nr += add_words(policy, abi, rows[i].calls,
					&groups[group]);
	}
	if (active & companion_group("twins") &&
	    !(abi->audit & __AUDIT_ARCH_64BIT))
		nr += add_sizes(policy, abi, find_group("twins"));
	return nr;
}

static bool has_own(const struct policy *policy, const struct abi *abi)
{
	for (size_t i = 0; i < policy->nr_calls; i++)
		if (policy->calls[i].call.abi == abi &&
		    is_own(&policy->calls[i]))
			return true;
	return false;
}

size_t companions_add(struct policy *policy, unsigned int on)
{
	size_t nr = 0;

	for (const struct abi *abi = NULL; (abi = abi_next(abi));)
		if (has_own(policy, abi))
			nr += add_for_abi(policy, abi, on);
	return nr;
}

size_t companions_count(const struct policy *policy)
{
	size_t nr = 0;

	for (size_t i = 0; i < policy->nr_calls; i++)
		nr += policy->calls[i].why && !policy->calls[i].count;
	return nr;
}

bool companion_refuses(const struct policy_call *call)
{
	return call && call->why && call->nr_rules == 1 &&
		rule_equal(&call->rules[0], &enosys);
}
