// SPDX-License-Identifier: GPL-2.0
#include <dlfcn.h>
#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>

#include "call.h"
#include "tap.h"

/* libseccomp's own, counted */
static unsigned int searches;

char *seccomp_syscall_resolve_num_arch(uint32_t arch, int nr)
{
	static char *(*real)(uint32_t arch, int nr);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, __func__);
	searches++;
	return real(arch, nr);
}

/* A name of each convention, as for a filter: it must not search all numbers */
static unsigned int searches_for(const char *name)
{
	struct call call;

	searches = 0;
	for (const struct abi *abi = abi_next(NULL); abi; abi = abi_next(abi))
		call_by_name(abi, name, &call);
	return searches;
}

/* What call_text() writes, call_parse() reads; and the same from libseccomp */
static unsigned int wrong_calls(const struct abi *abi)
{
	unsigned int wrong = 0;

	for (int nr = -2000; nr < 8000; nr++) {
		struct call call = { abi, nr < 0 ? nr : nr | abi->nr_bit };
		struct call again;
		char text[CALL_TEXT_MAX];
		const char *why;
		const char *name = call_name(&call);

		/* a negative number is not x32's */
		call.abi = abi_by_audit(abi->audit, call.nr);
		if (call_parse(call_text(&call, text), &again, &why) ||
		    call_compare(&call, &again)) {
			printf("# %s %d: %s\n", abi->name, call.nr, text);
			wrong++;
		}
		if (nr >= 0 && abi->scmp && (abi->audit & 0xffff) != 8) {
			char *theirs = seccomp_syscall_resolve_num_arch(abi->scmp,
									call.nr);

			wrong += !theirs != !name ||
				(theirs && strcmp(theirs, name));
			free(theirs);
		}
		wrong += nr < 0 && name;
	}
	return wrong;
}

static void test_parse(const char *text, int expected, const char *written)
{
	struct call call;
	const char *why = NULL;
	char again[CALL_TEXT_MAX];
	int err = call_parse(text, &call, &why);

	OK(err == expected, "parse '%s': %d", text, expected);
	if (!err)
		IS(call_text(&call, again), written, "parse '%s': what it is", text);
	else
		OK(why, "parse '%s': says why", text);
}

int main(void)
{
	struct call call;

	OK(searches_for("clone") <= 20 && searches_for("fork") <= 20 &&
	   searches_for("nosuch") <= 20, "a name is found without all the others");
	for (const struct abi *abi = abi_next(NULL); abi; abi = abi_next(abi)) {
		OK(!wrong_calls(abi), "%s: all calls there and back", abi->name);
		OK(abi_by_name(abi->name) == abi && abi_by_name(abi->oci) == abi,
		   "%s: found by its names", abi->name);
		OK(abi_by_audit(abi->audit, 1 | abi->nr_bit) == abi,
		   "%s: found by its record", abi->name);
		OK(!abi->scmp || abi_by_scmp(abi->scmp) == abi,
		   "%s: found by SCMP_ARCH_*", abi->name);
	}
	OK(abi_native() == abi_by_scmp(seccomp_arch_native()), "native");
	OK(abi_runs_here(abi_native()), "the native convention runs here");
	if (!strcmp(abi_native()->name, "x86_64"))
		OK(abi_runs_here(abi_by_name("x86")) &&
		   abi_runs_here(abi_by_name("x32")) &&
		   !abi_runs_here(abi_by_name("aarch64")) &&
		   !abi_runs_here(abi_by_name("loongarch64")),
		   "x86 and x32 run on x86_64, others do not");
	OK(!abi_by_audit(0xdeadbeef, 1), "an architecture that is not known");
	OK(!abi_by_name("vax"), "a name that is not known");
	IS(abi_by_audit(AUDIT_ARCH_X86_64, -1)->name, "x86_64",
	   "negative numbers are x86_64's");
	IS(abi_by_audit(AUDIT_ARCH_X86_64, X32_BIT)->name, "x32", "x32's bit");

	OK(!call_by_name(abi_by_name("x86"), "socket", &call) && call.nr == 359,
	   "i386 socket is a number, not a pseudo one");
	OK(call_by_name(abi_by_name("x86_64"), "socketcall", &call) == -ENOSYS,
	   "a call that x86_64 lacks");
	OK(call_by_name(abi_by_name("x86_64"), "socketcal", &call) == -ENOENT,
	   "a call that nobody has");

	if (!strcmp(abi_native()->name, "x86_64")) {
		test_parse("read", 0, "read");
		test_parse("amd64:read", 0, "read");
		test_parse("0", 0, "read");
		test_parse("x86:3", 0, "x86:read");
		test_parse("i386:socket", 0, "x86:socket");
		test_parse("x32:39", 0, "x32:getpid");
		test_parse("1073741863", 0, "x32:getpid");
		test_parse("x32:-1", 0, "x86_64:-1");
		test_parse("-100", 0, "x86_64:-100");
		test_parse("4294967295", 0, "x86_64:-1");
		test_parse("0xffffffff", 0, "x86_64:-1");
		test_parse("-2147483648", 0, "x86_64:-2147483648");
		test_parse("100000", 0, "x86_64:100000");
	}
	test_parse("4294967296", -ERANGE, NULL);
	test_parse("-2147483649", -ERANGE, NULL);
	test_parse("99999999999999999999999", -ERANGE, NULL);
	test_parse("", -EINVAL, NULL);
	test_parse("x86:", -EINVAL, NULL);
	test_parse("vax:read", -ENXIO, NULL);
	test_parse(":read", -ENXIO, NULL);
	test_parse("x86:x86:read", -ENOENT, NULL);
	test_parse("read ", -ENOENT, NULL);
	test_parse(" 1", -ENOENT, NULL);
	test_parse("+1", -ENOENT, NULL);
	test_parse("--1", -ENOENT, NULL);
	test_parse("0x", -ENOENT, NULL);
	test_parse("0x0x1", -ENOENT, NULL);
	test_parse("1 2", -ENOENT, NULL);
	return done_testing();
}
