// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of system calls, and their text: a call a line, "name" for the
 * machine's own convention, "arch:name" for another, a number where the call
 * has no name (yet). Empty lines and lines that begin with # do not count.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "old.h"

#define X32_BIT		0x40000000

static const struct {
	uint32_t arch;
	const char *name;
} arches[] = {
	{ SCMP_ARCH_X86, "x86" },
	{ SCMP_ARCH_X86_64, "x86_64" },
	{ SCMP_ARCH_X32, "x32" },
	{ SCMP_ARCH_ARM, "arm" },
	{ SCMP_ARCH_AARCH64, "aarch64" },
	{ SCMP_ARCH_RISCV64, "riscv64" },
};

static const char *arch_name(uint32_t arch)
{
	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++)
		if (arches[i].arch == arch)
			return arches[i].name;
	return NULL;
}

static int compare(const struct call *a, const struct call *b)
{
	if (a->arch != b->arch)
		return a->arch < b->arch ? -1 : 1;
	return (a->nr > b->nr) - (a->nr < b->nr);
}

/* Where the call is, or would be */
static size_t place_of(const struct call_set *set, const struct call *call)
{
	size_t at = 0;

	while (at < set->count && compare(&set->calls[at], call) < 0)
		at++;
	return at;
}

static bool is_at(const struct call_set *set, size_t at, const struct call *call)
{
	return at < set->count && !compare(&set->calls[at], call);
}

bool call_set_has(const struct call_set *set, struct call call)
{
	return is_at(set, place_of(set, &call), &call);
}

void call_set_add(struct call_set *set, struct call call)
{
	size_t at = place_of(set, &call);

	if (is_at(set, at, &call))
		return;

	if (set->count == set->room) {
		set->room = set->room ? 2 * set->room : 64;
		set->calls = reallocarray(set->calls, set->room,
					  sizeof(*set->calls));
		if (!set->calls) {
			complain("out of memory");
			exit(STATUS_FAILED);
		}
	}
	memmove(set->calls + at + 1, set->calls + at,
		(set->count - at) * sizeof(*set->calls));
	set->calls[at] = call;
	set->count++;
}

void call_set_free(struct call_set *set)
{
	free(set->calls);
	*set = (struct call_set){};
}

struct call call_from_audit(uint32_t audit_arch, int nr)
{
	/* libseccomp's numbers for architectures are AUDIT_ARCH_*, but for x32 */
	if (audit_arch == SCMP_ARCH_X86_64 && (nr & X32_BIT))
		audit_arch = SCMP_ARCH_X32;
	return (struct call){ audit_arch, nr };
}

void call_set_print(const struct call_set *set, FILE *out)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct call *call = &set->calls[i];
		char *name = seccomp_syscall_resolve_num_arch(call->arch,
							      call->nr);

		if (call->arch != seccomp_arch_native()) {
			const char *arch = arch_name(call->arch);

			if (arch)
				fprintf(out, "%s:", arch);
			else
				fprintf(out, "%#x:", call->arch);
		}
		if (name)
			fprintf(out, "%s\n", name);
		else
			fprintf(out, "%d\n", call->nr);
		free(name);
	}
}

static bool parse_number(const char *text, int *number)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 0);
	if (errno || end == text || *end || value < 0 || value > INT32_MAX)
		return false;
	*number = value;
	return true;
}

static bool parse_call(char *text, struct call *call)
{
	char *colon = strchr(text, ':');
	char *name = text;

	call->arch = seccomp_arch_native();
	if (colon) {
		*colon = '\0';
		call->arch = seccomp_arch_resolve_name(text);
		if (!call->arch)
			return false;
		name = colon + 1;
	}
	call->nr = seccomp_syscall_resolve_name_arch(call->arch, name);
	/* Negative ones are names that this convention lacks. */
	if (call->nr < 0 && !parse_number(name, &call->nr))
		return false;
	return true;
}

int call_set_read(struct call_set *set, FILE *in, const char *name)
{
	char *line = NULL;
	size_t room = 0;
	unsigned long number = 0;
	int ret = 0;

	while (!ret && getline(&line, &room, in) > 0) {
		char *text = line + strspn(line, " \t");
		struct call call;

		number++;
		text[strcspn(text, " \t\r\n")] = '\0';
		if (!*text || *text == '#')
			continue;
		if (parse_call(text, &call)) {
			call_set_add(set, call);
		} else {
			complain("%s:%lu: unknown system call '%s'", name,
				 number, text);
			ret = -1;
		}
	}
	if (!ret && ferror(in)) {
		complain("%s: %s", name, strerror(errno));
		ret = -1;
	}
	free(line);
	return ret;
}
