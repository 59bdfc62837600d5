// SPDX-License-Identifier: GPL-2.0
/*
 * systemd: a drop-in of a unit. Lists of names for all architectures; what
 * arguments a call may have is said by other settings, if they fit.
 */
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "args.h"
#include "formats.h"
#include "systemd_groups.h"

#define LINE_WIDTH	76

static void write_words(struct conversion *to, const char *setting,
			const char *sign, const struct words *words)
{
	size_t width = 0;

	for (size_t i = 0; i < words->nr; i++) {
		size_t length = strlen(words->words[i]) + 1;

		if (!width || width + length > LINE_WIDTH) {
			fprintf(to->out, "%s%s=%s", width ? "\n" : "", setting,
				sign);
			width = strlen(setting) + 1;
		} else {
			putc(' ', to->out);
		}
		fputs(words->words[i], to->out);
		width += length;
	}
	if (words->nr)
		putc('\n', to->out);
}

/* A rule that holds only if none of some bits, or not all of them, are set */
static bool forbids(const struct rule *rule, unsigned int index, uint64_t bits)
{
	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];
		uint64_t zeros = cmp->value & ~cmp->value_two;

		if (cmp->index != index)
			continue;
		if (cmp->op == SCMP_CMP_EQ)
			return (cmp->value & bits) != bits;
		if (cmp->op == SCMP_CMP_MASKED_EQ && zeros & bits)
			return true;
	}
	return false;
}

/* All that is allowed of a call forbids it; true for what is not allowed */
static bool call_forbids(const struct policy *policy, const char *name,
			 unsigned int index, uint64_t bits)
{
	const struct policy_call *call;
	struct call which;

	if (call_by_name(abi_native(), name, &which))
		return true;
	call = policy_find(policy, &which);
	for (size_t i = 0; call && i < call->nr_rules; i++)
		if (rule_allows(&call->rules[i]) &&
		    !forbids(&call->rules[i], index, bits))
			return false;
	return true;
}

static const struct policy_call *native_call(const struct policy *policy,
					     const char *name)
{
	struct call which;

	if (call_by_name(abi_native(), name, &which))
		return NULL;
	return policy_find(policy, &which);
}

/* The value of an argument that a rule allows only; false if there are more */
static bool only_value(const struct rule *rule, unsigned int index,
		       uint64_t *value)
{
	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];

		if (cmp->index != index)
			continue;
		if (cmp->op == SCMP_CMP_EQ) {
			*value = cmp->value;
			return true;
		}
		if (cmp->op == SCMP_CMP_MASKED_EQ &&
		    (uint32_t)cmp->value == UINT32_MAX) {
			*value = cmp->value_two & UINT32_MAX;
			return true;
		}
	}
	return false;
}

/* RestrictAddressFamilies=; false if socket() may have any */
static bool write_families(struct conversion *to)
{
	const struct policy_call *call = native_call(to->policy, "socket");
	struct words families = {};
	bool good = call && call_has_condition(call);

	for (size_t i = 0; good && i < call->nr_rules; i++) {
		uint64_t value;
		char *text;

		if (!rule_allows(&call->rules[i]))
			continue;
		good = only_value(&call->rules[i], 0, &value);
		if (!good)
			break;
		text = arg_value_text(&call->call, 0, value, NULL, 0);
		good = !strncmp(text, "AF_", 3);
		words_add(&families, text);
		free(text);
	}
	good = good && families.nr;
	if (good)
		write_words(to, "RestrictAddressFamilies", "", &families);
	words_free(&families);
	return good;
}

static const struct {
	const char *name;
	uint64_t flag;
} namespaces[] = {
	{ "cgroup", CLONE_NEWCGROUP },
	{ "ipc", CLONE_NEWIPC },
	{ "net", CLONE_NEWNET },
	{ "mnt", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },
	{ "user", CLONE_NEWUSER },
	{ "uts", CLONE_NEWUTS },
};

#define NR_NAMESPACES	(sizeof(namespaces) / sizeof(namespaces[0]))

/* RestrictNamespaces=; false if nothing keeps a call from making any */
static bool write_namespaces(struct conversion *to)
{
	const struct policy *policy = to->policy;
	const struct policy_call *clone = native_call(policy, "clone");
	struct words allowed = {};

	for (size_t i = 0; i < NR_NAMESPACES; i++)
		if (!call_forbids(policy, "clone", 0, namespaces[i].flag) ||
		    !call_forbids(policy, "unshare", 0, namespaces[i].flag) ||
		    !call_forbids(policy, "setns", 1, namespaces[i].flag))
			words_add(&allowed, namespaces[i].name);
	if (!clone || allowed.nr == NR_NAMESPACES) {
		words_free(&allowed);
		return false;
	}
	if (allowed.nr)
		write_words(to, "RestrictNamespaces", "", &allowed);
	else
		fputs("RestrictNamespaces=yes\n", to->out);
	words_free(&allowed);
	return true;
}

/* systemd refuses mmap() of both, and any mprotect() to executable */
static bool write_no_wx(struct conversion *to)
{
	const struct policy *policy = to->policy;

	if (!native_call(policy, "mmap") ||
	    !call_forbids(policy, "mmap", 2, PROT_WRITE | PROT_EXEC) ||
	    !call_forbids(policy, "mprotect", 2, PROT_EXEC) ||
	    !call_forbids(policy, "pkey_mprotect", 2, PROT_EXEC) ||
	    !call_forbids(policy, "shmat", 2, 0100000))
		return false;
	fputs("MemoryDenyWriteExecute=yes\n", to->out);
	return true;
}

static bool write_no_setid(struct conversion *to)
{
	static const struct {
		const char *name;
		unsigned int index;
	} modes[] = {
		{ "chmod", 1 }, { "fchmod", 1 }, { "fchmodat", 2 },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const struct policy_call *call = native_call(to->policy,
							     modes[i].name);

		any |= call && call_has_condition(call);
		if (!call_forbids(to->policy, modes[i].name, modes[i].index,
				  S_ISUID) ||
		    !call_forbids(to->policy, modes[i].name, modes[i].index,
				  S_ISGID))
			return false;
	}
	if (any)
		fputs("RestrictSUIDSGID=yes\n", to->out);
	return any;
}

static bool write_no_personality(struct conversion *to)
{
	const struct policy_call *call = native_call(to->policy, "personality");

	if (!call || !call_has_condition(call))
		return false;
	for (size_t i = 0; i < call->nr_rules; i++) {
		uint64_t value;

		if (rule_allows(&call->rules[i]) &&
		    (!only_value(&call->rules[i], 0, &value) ||
		     (value && value != UINT32_MAX)))
			return false;
	}
	fputs("LockPersonality=yes\n", to->out);
	return true;
}

/* Settings for arguments, and what they do not cover is announced */
static void write_arguments(struct conversion *to)
{
	char *families = NULL;
	size_t length;
	FILE *out = to->out;
	struct words written = {};
	char *text;

	to->out = open_memstream(&families, &length);
	if (!to->out)
		abort();
	if (write_families(to))
		words_add(&written, "RestrictAddressFamilies= written for socket");
	if (write_namespaces(to))
		words_add(&written, "RestrictNamespaces= for clone, unshare, setns");
	if (write_no_wx(to))
		words_add(&written, "MemoryDenyWriteExecute= for mmap, mprotect");
	if (write_no_setid(to))
		words_add(&written, "RestrictSUIDSGID= for chmod");
	if (write_no_personality(to))
		words_add(&written, "LockPersonality= for personality");
	fclose(to->out);
	to->out = out;
	fputs(families, out);
	free(families);
	text = words_join(&written, ", ");
	if (written.nr)
		conversion_lose(to, "arguments are not in a drop-in; %s", text);
	free(text);
	words_free(&written);
}

/* What was learned from: it holds for that machine only */
static void write_head(struct conversion *to)
{
	const struct policy *policy = to->policy;
	const struct policy_run *run = policy->nr_runs ?
		&policy->runs[policy->nr_runs - 1] : NULL;

	fputs("# Written by sclog convert --to systemd.\n", to->out);
	if (run) {
		fprintf(to->out, "# Learned on %s, Linux ", abi_native()->name);
		/* a policy of somebody else must not add lines to the unit */
		print_escaped(to->out, run->kernel ? run->kernel : "?");
		fputs(", ", to->out);
		print_escaped(to->out, run->libc ? run->libc : "libc ?");
		fputs(": another machine or libc may make other calls.\n", to->out);
	}
	fputs("[Service]\n", to->out);
}

static void add_allowed(struct conversion *to, struct words *names)
{
	struct policy_call **calls = policy_by_text(to->policy);

	for (size_t i = 0; i < to->policy->nr_calls; i++) {
		const char *name;

		if (!call_can_pass(calls[i]))
			continue;
		name = name_or_fail(to, calls[i]);
		if (name)
			words_add(names, name);
	}
	free(calls);
}

/* Names count for all architectures of the unit */
static void announce_archs(struct conversion *to, const struct words *names)
{
	const struct policy *policy = to->policy;
	struct words widened = {};
	char *text;

	for (size_t i = 0; i < names->nr; i++) {
		for (size_t j = 0; j < policy->nr_archs; j++) {
			const struct policy_call *known;
			char name[CALL_TEXT_MAX];
			struct call call;

			if (call_by_name(policy->archs[j], names->words[i],
					 &call))
				continue;
			known = policy_find(policy, &call);
			if (!known || !call_can_pass(known))
				words_add(&widened, call_text(&call, name));
		}
	}
	text = words_join(&widened, " ");
	if (widened.nr)
		conversion_lose(to, "names count for all architectures, so these are allowed as well: %s",
				text);
	free(text);
	words_free(&widened);
}

static void write_archs(struct conversion *to)
{
	static const char *const names[][2] = {
		{ "x86_64", "x86-64" }, { "aarch64", "arm64" },
		{ "ppc64le", "ppc64-le" }, { "mipsel", "mips-le" },
		{ "mipsel64", "mips64-le" },
	};

	fputs("SystemCallArchitectures=native", to->out);
	for (size_t i = 0; i < to->policy->nr_archs; i++) {
		const char *name = to->policy->archs[i]->name;

		if (to->policy->archs[i] == abi_native())
			continue;
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			if (!strcmp(names[j][0], name))
				name = names[j][1];
		fprintf(to->out, " %s", name);
	}
	putc('\n', to->out);
}

static void write_default(struct conversion *to)
{
	uint32_t action = to->policy->default_action;

	if ((action & 0xffff0000) == SCMP_ACT_ERRNO(0))
		fprintf(to->out, "SystemCallErrorNumber=%s\n",
			errno_text(action & 0xffff));
	else if (action != SCMP_ACT_KILL_PROCESS)
		conversion_fail(to, "a unit has no default like %s: only an error or kill",
				action_text(action));
}

/* What @system-service has beyond the policy, and takes of it by "~" */
static void use_groups(struct conversion *to, const struct groups *groups,
		       struct words *names)
{
	const struct group *service = groups_find(groups, "@system-service");
	struct words of_service = {};
	struct words beyond = {};
	struct words closed = {};
	size_t opened = 0;

	if (!service) {
		conversion_fail(to, "--groups: systemd-analyze knows no @system-service");
		return;
	}
	groups_expand(groups, "@system-service", &of_service);
	for (size_t i = 0; i < service->calls.nr; i++) {
		const char *set = service->calls.words[i];
		struct words calls = {};
		bool used = false;

		if (*set != '@' || !strcmp(set, "@default"))
			continue;
		groups_expand(groups, set, &calls);
		for (size_t j = 0; j < calls.nr; j++)
			used |= words_have(names, calls.words[j]);
		if (!used)
			words_add(&closed, set);
		words_free(&calls);
	}
	for (size_t i = 0; i < names->nr; i++)
		if (!words_have(&of_service, names->words[i]))
			words_add(&beyond, names->words[i]);
	for (size_t i = 0; i < of_service.nr; i++) {
		bool is_closed = false;

		for (size_t j = 0; j < closed.nr; j++) {
			struct words calls = {};

			groups_expand(groups, closed.words[j], &calls);
			is_closed |= words_have(&calls, of_service.words[i]);
			words_free(&calls);
		}
		opened += !is_closed && !words_have(names, of_service.words[i]);
	}
	fputs("SystemCallFilter=@system-service\n", to->out);
	write_words(to, "SystemCallFilter", "", &beyond);
	write_words(to, "SystemCallFilter", "~", &closed);
	conversion_lose(to, "--groups allows %zu calls that the policy does not have",
			opened);
	words_free(&of_service);
	words_free(&beyond);
	words_free(&closed);
}

static void write_names(struct conversion *to, const struct groups *groups,
			const struct words *names)
{
	struct words always = {};
	struct words rest = {};
	struct words more = {};
	char *text;

	groups_expand(groups, "@default", &always);
	for (size_t i = 0; i < names->nr; i++)
		if (!words_have(&always, names->words[i]))
			words_add(&rest, names->words[i]);
	for (size_t i = 0; i < always.nr; i++) {
		struct call call;

		if (!words_have(names, always.words[i]) &&
		    !call_by_name(abi_native(), always.words[i], &call))
			words_add(&more, always.words[i]);
	}
	if (rest.nr)
		write_words(to, "SystemCallFilter", "", &rest);
	else
		fputs("SystemCallFilter=@default\n", to->out);
	text = words_join(&more, " ");
	if (more.nr)
		conversion_lose(to, "systemd always allows @default, and so these as well: %s",
				text);
	free(text);
	words_free(&always);
	words_free(&rest);
	words_free(&more);
}

void write_systemd(struct conversion *to)
{
	struct groups groups = groups_read();
	struct words names = {};

	lose_all_but_names(to);
	lose_origin(to);
	add_allowed(to, &names);
	announce_archs(to, &names);
	write_head(to);
	fputs("SystemCallFilter=\n", to->out);
	if (to->groups)
		use_groups(to, &groups, &names);
	else
		write_names(to, &groups, &names);
	write_default(to);
	write_archs(to);
	write_arguments(to);
	words_free(&names);
	groups_free(&groups);
}
