// SPDX-License-Identifier: GPL-2.0
/*
 * libseccomp: a C program that loads the policy and executes its arguments;
 * load_policy() may be taken out of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "formats.h"

static const char head[] =
	"/* Written by sclog convert --to libseccomp. cc FILE -lseccomp */\n"
	"#include <errno.h>\n"
	"#include <seccomp.h>\n"
	"#include <stdio.h>\n"
	"#include <string.h>\n"
	"#include <unistd.h>\n"
	"\n"
	"struct rule {\n"
	"	const char *name;\n"
	"	uint32_t action;\n"
	"	unsigned int nr_cmps;\n"
	"	struct scmp_arg_cmp cmps[6];\n"
	"};\n"
	"\n";

static const char tail[] =
	"/* Names that this libseccomp or machine does not know are passed over. */\n"
	"static int add_rules(scmp_filter_ctx filter, const struct rule *rules,\n"
	"		     size_t nr)\n"
	"{\n"
	"	for (size_t i = 0; i < nr; i++) {\n"
	"		int call = seccomp_syscall_resolve_name(rules[i].name);\n"
	"		int ret;\n"
	"\n"
	"		if (call == __NR_SCMP_ERROR) {\n"
	"			fprintf(stderr, \"%s: unknown system call, passed over\\n\",\n"
	"				rules[i].name);\n"
	"			continue;\n"
	"		}\n"
	"		ret = seccomp_rule_add_array(filter, rules[i].action, call,\n"
	"					     rules[i].nr_cmps,\n"
	"					     rules[i].cmps);\n"
	"		if (ret) {\n"
	"			fprintf(stderr, \"%s: %s\\n\", rules[i].name,\n"
	"				strerror(-ret));\n"
	"			return ret;\n"
	"		}\n"
	"	}\n"
	"	return 0;\n"
	"}\n"
	"\n";

static void write_action(uint32_t action, FILE *out)
{
	int value = action_value(action);

	if ((action & 0xffff0000) == SCMP_ACT_ERRNO(0))
		fprintf(out, "SCMP_ACT_ERRNO(%s)", errno_text(value));
	else if (value >= 0)
		fprintf(out, "%s(%d)", action_name(action), value);
	else
		fputs(action_name(action), out);
}

static void write_rule(const char *name, const struct rule *rule, FILE *out)
{
	fprintf(out, "	{ \"%s\", ", name);
	write_action(rule->action, out);
	fprintf(out, ", %u, {", rule->nr_cmps);
	for (unsigned int i = 0; i < rule->nr_cmps; i++) {
		const struct arg_cmp *cmp = &rule->cmps[i];

		fprintf(out, "%s\n		{ %u, %s, 0x%" PRIx64, i ? "," : "",
			cmp->index, op_name(cmp->op), cmp->value);
		fprintf(out, ", 0x%" PRIx64 " }", cmp->value_two);
	}
	fprintf(out, "%s } },\n", rule->nr_cmps ? "" : " { 0 }");
}

/* libseccomp refuses a rule that does what is done anyway */
static bool is_written(const struct policy *policy, const struct rule *rule)
{
	return rule->action != policy->default_action;
}

static size_t write_rules(struct conversion *to, const struct abi *abi)
{
	struct policy_call **calls = policy_by_text(to->policy);
	size_t nr = 0;

	fprintf(to->out, "static const struct rule rules_%s[] = {\n", abi->name);
	for (size_t i = 0; i < to->policy->nr_calls; i++) {
		const struct policy_call *call = calls[i];
		const char *name;

		if (call->call.abi != abi || !call->nr_rules)
			continue;
		name = name_or_fail(to, call);
		for (size_t j = 0; name && j < call->nr_rules; j++) {
			if (!is_written(to->policy, &call->rules[j]))
				continue;
			write_rule(name, &call->rules[j], to->out);
			nr++;
		}
	}
	if (!nr)
		fputs("	{ 0 }\n", to->out);
	fputs("};\n\n", to->out);
	free(calls);
	return nr;
}

static void write_filter(struct conversion *to, const struct abi *abi, size_t nr)
{
	fprintf(to->out, "/* One filter for each architecture: their numbers differ. */\n"
		"static scmp_filter_ctx make_%s(void)\n"
		"{\n"
		"	scmp_filter_ctx filter = seccomp_init(", abi->name);
	write_action(to->policy->default_action, to->out);
	fprintf(to->out, ");\n"
		"\n"
		"	if (!filter)\n"
		"		return NULL;\n");
	if (abi != abi_native())
		fprintf(to->out, "	seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);\n"
			"	if (seccomp_arch_add(filter, %s))\n"
			"		goto failed;\n", abi->oci);
	fprintf(to->out, "	if (add_rules(filter, rules_%s, %zu))\n"
		"		goto failed;\n"
		"	return filter;\n"
		"failed:\n"
		"	seccomp_release(filter);\n"
		"	return NULL;\n"
		"}\n\n", abi->name, nr);
}

static void write_main(struct conversion *to)
{
	const struct policy *policy = to->policy;

	fprintf(to->out, "int load_policy(void)\n"
		"{\n"
		"	scmp_filter_ctx filter = make_%s();\n"
		"	int ret;\n"
		"\n"
		"	if (!filter)\n"
		"		return -EINVAL;\n", policy->archs[0]->name);
	for (size_t i = 1; i < policy->nr_archs; i++)
		fprintf(to->out, "	{\n"
			"		scmp_filter_ctx other = make_%s();\n"
			"\n"
			"		ret = other ? seccomp_merge(filter, other) : -EINVAL;\n"
			"		if (ret)\n"
			"			return ret;\n"
			"	}\n", policy->archs[i]->name);
	fputs("	ret = seccomp_load(filter);\n"
	      "	seccomp_release(filter);\n"
	      "	return ret;\n"
	      "}\n"
	      "\n"
	      "int main(int argc, char **argv)\n"
	      "{\n"
	      "	int ret = load_policy();\n"
	      "\n"
	      "	if (ret) {\n"
	      "		fprintf(stderr, \"cannot load the policy: %s\\n\", strerror(-ret));\n"
	      "		return 125;\n"
	      "	}\n"
	      "	if (argc < 2)\n"
	      "		return 0;\n"
	      "	execvp(argv[1], argv + 1);\n"
	      "	perror(argv[1]);\n"
	      "	return errno == ENOENT ? 127 : 126;\n"
	      "}\n", to->out);
}

void write_libseccomp(struct conversion *to)
{
	const struct policy *policy = to->policy;

	if (!policy->nr_archs) {
		conversion_fail(to, "no architecture");
		return;
	}
	lose_origin(to);
	fputs(head, to->out);
	fputs(tail, to->out);
	for (size_t i = 0; i < policy->nr_archs; i++) {
		size_t nr;

		if (!policy->archs[i]->scmp) {
			conversion_fail(to, "libseccomp does not know %s",
					policy->archs[i]->name);
			return;
		}
		nr = write_rules(to, policy->archs[i]);
		write_filter(to, policy->archs[i], nr);
	}
	write_main(to);
}
