// SPDX-License-Identifier: GPL-2.0
/*
 * System calls: calling conventions, numbers and names.
 */
#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64	(258 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#endif

#define ROW(name, alias, up, audit, bit) \
	{ name, alias, "SCMP_ARCH_" #up, SCMP_ARCH_##up, audit, bit }

static const struct abi abis[] = {
	ROW("x86_64", "amd64", X86_64, AUDIT_ARCH_X86_64, 0),
	ROW("x86", "i386", X86, AUDIT_ARCH_I386, 0),
	ROW("x32", NULL, X32, AUDIT_ARCH_X86_64, X32_BIT),
	ROW("aarch64", "arm64", AARCH64, AUDIT_ARCH_AARCH64, 0),
	ROW("arm", NULL, ARM, AUDIT_ARCH_ARM, 0),
	ROW("riscv64", NULL, RISCV64, AUDIT_ARCH_RISCV64, 0),
	ROW("s390x", NULL, S390X, AUDIT_ARCH_S390X, 0),
	ROW("s390", NULL, S390, AUDIT_ARCH_S390, 0),
	ROW("ppc64le", NULL, PPC64LE, AUDIT_ARCH_PPC64LE, 0),
	ROW("ppc64", NULL, PPC64, AUDIT_ARCH_PPC64, 0),
	ROW("ppc", NULL, PPC, AUDIT_ARCH_PPC, 0),
	ROW("mips", NULL, MIPS, AUDIT_ARCH_MIPS, 0),
	ROW("mipsel", NULL, MIPSEL, AUDIT_ARCH_MIPSEL, 0),
	ROW("mips64", NULL, MIPS64, AUDIT_ARCH_MIPS64, 0),
	ROW("mipsel64", NULL, MIPSEL64, AUDIT_ARCH_MIPSEL64, 0),
	ROW("mips64n32", NULL, MIPS64N32, AUDIT_ARCH_MIPS64N32, 0),
	ROW("mipsel64n32", NULL, MIPSEL64N32, AUDIT_ARCH_MIPSEL64N32, 0),
	ROW("parisc", NULL, PARISC, AUDIT_ARCH_PARISC, 0),
	ROW("parisc64", NULL, PARISC64, AUDIT_ARCH_PARISC64, 0),
	{ "loongarch64", NULL, "SCMP_ARCH_LOONGARCH64", 0,
	  AUDIT_ARCH_LOONGARCH64, 0 },
};

#define NR_ABIS	(sizeof(abis) / sizeof(abis[0]))

/*
 * The numbers that may have a name: the generic range, where MIPS starts its
 * three tables, and ARM's private calls.
 */
static const struct {
	int first;
	int count;
} ranges[] = {
	{ 0, 1024 },
	{ 4000, 3000 },
	{ 0x0f0000, 16 },
};

#define NR_NAMES	(1024 + 3000 + 16)

/* Calls of one convention alone, above those that it has with others */
static const struct {
	const char *name;
	int first;
	int last;
} own_calls[] = {
	{ "x32", X32_BIT + 512, X32_BIT + 547 },
	{ "arm", 0x0f0000, 0x0f000f },
};

/*
 * Names by place in the ranges, each resolved when it is first asked for. The
 * pages of conventions that nobody asks for are never there.
 */
static char *names_of[NR_ABIS][NR_NAMES];
/* What a number without a name has there */
static char no_name;

/*
 * libseccomp's numbers for names that a convention lacks are from here down; above
 * are those of ipc(), and of socketcall()
 */
#define PSEUDO_LACKING	(-10000)
#define PSEUDO_IPC	(-200)

const struct abi *abi_next(const struct abi *abi)
{
	if (!abi)
		return abis;
	return abi + 1 < abis + NR_ABIS ? abi + 1 : NULL;
}

const struct abi *abi_by_scmp(uint32_t scmp)
{
	if (scmp == SCMP_ARCH_NATIVE)
		scmp = seccomp_arch_native();
	for (size_t i = 0; i < NR_ABIS; i++)
		if (abis[i].scmp && abis[i].scmp == scmp)
			return &abis[i];
	return NULL;
}

const struct abi *abi_native(void)
{
	static const struct abi *native;

	if (!native)
		native = abi_by_scmp(SCMP_ARCH_NATIVE);
	return native;
}

/* Conventions of one machine, by whichever of them sclog was built */
static const char *const machines[][4] = {
	{ "x86_64", "x86", "x32" },
	{ "aarch64", "arm" },
	{ "s390x", "s390" },
	{ "ppc64", "ppc" },
	{ "mips64", "mips64n32", "mips" },
	{ "mipsel64", "mipsel64n32", "mipsel" },
	{ "parisc64", "parisc" },
};

static bool is_of_machine(const struct abi *abi, const char *const *machine)
{
	for (size_t i = 0; i < 4 && machine[i]; i++)
		if (!strcmp(machine[i], abi->name))
			return true;
	return false;
}

bool abi_runs_here(const struct abi *abi)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (is_of_machine(abi_native(), machines[i]))
			return is_of_machine(abi, machines[i]);
	return abi == abi_native();
}

const struct abi *abi_by_audit(uint32_t audit, int nr)
{
	const struct abi *found = NULL;

	for (size_t i = 0; i < NR_ABIS; i++) {
		if (abis[i].audit != audit)
			continue;
		if (nr > 0 && (nr & X32_BIT) && abis[i].nr_bit)
			return &abis[i];
		if (!abis[i].nr_bit)
			found = &abis[i];
	}
	return found;
}

const struct abi *abi_by_name(const char *name)
{
	for (size_t i = 0; i < NR_ABIS; i++)
		if (!strcmp(abis[i].name, name) || !strcmp(abis[i].oci, name) ||
		    (abis[i].alias && !strcmp(abis[i].alias, name)))
			return &abis[i];
	return NULL;
}

int call_compare(const struct call *a, const struct call *b)
{
	if (a->abi != b->abi)
		return a->abi < b->abi ? -1 : 1;
	return (a->nr > b->nr) - (a->nr < b->nr);
}

static int nr_of_place(const struct abi *abi, int place)
{
	size_t i = 0;

	for (; place >= ranges[i].count; i++)
		place -= ranges[i].count;
	return (ranges[i].first + place) | abi->nr_bit;
}

static int place_of_nr(const struct abi *abi, int nr)
{
	int place = 0;

	if (nr < 0 || (nr & abi->nr_bit) != abi->nr_bit)
		return -1;
	nr &= ~abi->nr_bit;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (nr >= ranges[i].first &&
		    nr < ranges[i].first + ranges[i].count)
			return place + nr - ranges[i].first;
		place += ranges[i].count;
	}
	return -1;
}

/* MIPS's tables start at 4000, though libseccomp names them from 0 as well */
static bool may_have_name(const struct abi *abi, int nr)
{
	nr &= ~abi->nr_bit;
	if ((abi->audit & 0xffff) == EM_MIPS)
		return nr >= 4000 && nr < 7000;
	return nr < 1024 || (nr >= 0x0f0000 && abi->audit == AUDIT_ARCH_ARM);
}

/*
 * libseccomp searches a table for each number: a start of sclog that asked for
 * all of them would take some milliseconds.
 */
static const char *name_at(const struct abi *abi, int place)
{
	char **name = &names_of[abi - abis][place];
	int nr;

	if (!*name) {
		nr = nr_of_place(abi, place);
		if (abi->scmp && may_have_name(abi, nr))
			*name = seccomp_syscall_resolve_num_arch(abi->scmp, nr);
		if (!*name)
			*name = &no_name;
	}
	return *name == &no_name ? NULL : *name;
}

const char *call_name(const struct call *call)
{
	int place = place_of_nr(call->abi, call->nr);

	return place < 0 ? NULL : name_at(call->abi, place);
}

/* The highest number with a name, but for own_calls[]; -1: there is none */
static int highest_number(const struct abi *abi, uint32_t below)
{
	static int highest_of[NR_ABIS];
	int *highest = &highest_of[abi - abis];

	/* 0 is: not looked for yet */
	if (*highest)
		return *highest;
	*highest = -1;
	for (int place = NR_NAMES - 1; place >= 0 && *highest < 0; place--)
		if ((uint32_t)nr_of_place(abi, place) < below &&
		    name_at(abi, place))
			*highest = nr_of_place(abi, place);
	return *highest;
}

bool abi_new_numbers(const struct abi *abi, uint32_t from, uint32_t *first,
		     uint32_t *last)
{
	uint32_t own_first = (uint32_t)INT32_MAX + 1;
	uint32_t own_last = INT32_MAX;
	int highest;

	for (size_t i = 0; i < sizeof(own_calls) / sizeof(own_calls[0]); i++) {
		if (strcmp(own_calls[i].name, abi->name))
			continue;
		own_first = own_calls[i].first;
		own_last = own_calls[i].last;
	}
	highest = highest_number(abi, own_first);
	if (highest < 0)
		return false;
	*first = from > (uint32_t)highest ? from : (uint32_t)highest + 1;
	*last = *first < own_first ? own_first - 1 : INT32_MAX;
	if (*first >= own_first && *first <= own_last)
		*first = own_last + 1;
	return *first <= INT32_MAX;
}

/*
 * Is it libseccomp's number for what socketcall() or ipc() does? Then the call itself
 * may be in the table as well. Conventions without these two have such numbers, too.
 */
static bool is_multiplexed(const struct call *call)
{
	if (call->nr == __NR_SCMP_ERROR || call->nr >= 0 ||
	    call->nr <= PSEUDO_LACKING)
		return false;
	return seccomp_syscall_resolve_name_arch(call->abi->scmp,
			call->nr > PSEUDO_IPC ? "socketcall" : "ipc") >= 0;
}

int call_by_name(const struct abi *abi, const char *name, struct call *call)
{
	struct call found = { .abi = abi };
	const char *back;
	int places;

	found.nr = abi->scmp ?
		seccomp_syscall_resolve_name_arch(abi->scmp, name) :
		__NR_SCMP_ERROR;
	back = call_name(&found);
	if (back && !strcmp(back, name)) {
		*call = found;
		return 0;
	}
	places = is_multiplexed(&found) ? NR_NAMES : 0;
	for (int i = 0; i < places; i++) {
		back = name_at(abi, i);
		if (back && !strcmp(back, name)) {
			found.nr = nr_of_place(abi, i);
			*call = found;
			return 0;
		}
	}
	/* each convention of libseccomp knows all names, if only as pseudo */
	if (seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR)
		return -ENOSYS;
	return -ENOENT;
}

const char *call_text(const struct call *call, char *text)
{
	const char *name = call_name(call);

	if (!name)
		snprintf(text, CALL_TEXT_MAX, "%s:%d", call->abi->name, call->nr);
	else if (call->abi == abi_native())
		snprintf(text, CALL_TEXT_MAX, "%s", name);
	else
		snprintf(text, CALL_TEXT_MAX, "%s:%s", call->abi->name, name);
	return text;
}

int parse_s32(const char *text, int *value)
{
	const char *digits = text + (*text == '-');
	unsigned long long number;
	char *end;
	int base = 10;

	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
		digits += 2;
		base = 16;
		/* strtoull() would take a second 0x */
		if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
			return -EINVAL;
	}
	/* nor a sign or blank, which strtoull() would take */
	if (!strchr("0123456789abcdefABCDEF", *digits) || !*digits)
		return -EINVAL;
	errno = 0;
	number = strtoull(digits, &end, base);
	if (*end || end == digits)
		return -EINVAL;
	if (errno || number > (*text == '-' ? 0x80000000ULL : UINT32_MAX))
		return -ERANGE;
	*value = (int)(uint32_t)(*text == '-' ? -number : number);
	return 0;
}

int call_parse(const char *text, struct call *call, const char **why)
{
	const char *colon = strchr(text, ':');
	const char *name = colon ? colon + 1 : text;
	const struct abi *abi = abi_native();
	char arch[32];
	int ret;

	if (colon) {
		if (colon - text >= (int)sizeof(arch)) {
			*why = "unknown architecture";
			return -ENXIO;
		}
		memcpy(arch, text, colon - text);
		arch[colon - text] = '\0';
		abi = abi_by_name(arch);
		if (!abi) {
			*why = "unknown architecture";
			return -ENXIO;
		}
	}

	ret = parse_s32(name, &call->nr);
	if (ret == -ERANGE) {
		*why = "a number of more than 32 bits";
		return ret;
	}
	if (!ret) {
		if (call->nr >= 0)
			call->nr |= abi->nr_bit;
		call->abi = abi_by_audit(abi->audit, call->nr);
		return 0;
	}
	if (!*name) {
		*why = "no name or number";
		return -EINVAL;
	}
	ret = call_by_name(abi, name, call);
	if (ret == -ENOSYS)
		*why = "this architecture lacks the system call";
	else if (ret)
		*why = "unknown system call";
	return ret;
}
