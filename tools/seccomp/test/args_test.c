// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "args.h"
#include "tap.h"

static struct call call_of(const char *text)
{
	struct call call;
	const char *why;

	if (call_parse(text, &call, &why))
		abort();
	return call;
}

/* A call with its arguments, in words */
static void test_text(const char *name, unsigned int known, uint64_t a,
		      uint64_t b, uint64_t c, uint64_t d, const char *expected)
{
	struct call call = call_of(name);
	uint64_t args[EVENT_ARGS] = { a, b, c, d };
	char *text = args_text(&call, args, known);

	IS(text, expected, "%s: %s", name, expected);
	free(text);
}

static void test_texts(void)
{
	test_text("socket", 7, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 6, 0,
		  "domain=AF_INET type=SOCK_STREAM|SOCK_CLOEXEC protocol=IPPROTO_TCP");
	test_text("socket", 7, AF_NETLINK, 0x800003, 0, 0,
		  "domain=AF_NETLINK type=SOCK_RAW|0x800000 protocol=NETLINK_ROUTE");
	test_text("socket", 4, 0, 0, 6, 0, "protocol=6");
	test_text("x86:socketcall", 3, 1, 0x1000, 0, 0, "call=SYS_SOCKET");
	test_text("x86:socketcall", 1, 21, 0, 0, 0, "call=21");
	test_text("x86:ipc", 1, 23, 0, 0, 0, "call=SHMGET");
	/* with its version in the high half */
	test_text("x86:ipc", 1, 0x10018, 0, 0, 0, "call=0x10018");
	test_text("mkdir", 2, 0, 0750, 0, 0, "mode=0750");
	test_text("ioctl", 2, 0, 0x5401, 0, 0, "request=TCGETS");
	test_text("ioctl", 2, 0, 0x80045433, 0, 0, "request=_IOR('T',0x33,4)");
	test_text("ioctl", 2, 0, 0xffffffff00005401, 0, 0, "request=TCGETS");
	test_text("faccessat2", 5, 0xffffff9c, 0, 1, 0,
		  "dirfd=AT_FDCWD mode=X_OK");
	test_text("faccessat2", 5, 0xffffffffffffff9c, 0, 0, 0,
		  "dirfd=AT_FDCWD mode=F_OK");
	test_text("openat", 5, 3, 0, O_CREAT | O_WRONLY, 0,
		  "dirfd=3 flags=O_WRONLY|O_CREAT");
	test_text("openat", 4, 3, 0, O_CLOEXEC, 0, "flags=O_RDONLY|O_CLOEXEC");
	test_text("clone", 1, 0x11 | CLONE_VM, 0, 0, 0,
		  "flags=SIGCHLD|CLONE_VM");
	test_text("mmap", 12, 0, 0, 3, 0x22,
		  "prot=PROT_READ|PROT_WRITE flags=MAP_PRIVATE|MAP_ANONYMOUS");
	test_text("mprotect", 4, 0, 0, 0, 0, "prot=PROT_NONE");
	test_text("fcntl", 6, 0, F_SETFL, O_NONBLOCK, 0,
		  "cmd=F_SETFL arg=O_NONBLOCK");
	test_text("fcntl", 6, 0, F_SETFD, 1, 0, "cmd=F_SETFD");
	test_text("setsockopt", 6, 0, SOL_SOCKET, SO_REUSEADDR, 0,
		  "level=SOL_SOCKET optname=SO_REUSEADDR");
	test_text("kill", 3, -5, 9, 0, 0, "pid=-5 sig=SIGKILL");
	test_text("futex", 2, 0, 129, 0, 0, "op=FUTEX_WAKE|FUTEX_PRIVATE_FLAG");
	test_text("shmget", 4, 0, 0, 01600, 0, "shmflg=0600|IPC_CREAT");
	test_text("clock_gettime", 1, -14, 0, 0, 0, "clockid=-14");
	test_text("read", 63, 1, 2, 3, 4, "");
	test_text("socket", 0, 1, 2, 3, 4, "");
	test_text("x86:mmap", 63, 1, 2, 3, 4, "");
	test_text("x86:mmap2", 4, 1, 2, 3, 4, "prot=PROT_READ|PROT_WRITE");
	test_text("s390x:clone", 3, 17, 17, 0, 0, "flags=17");
	test_text("x86_64:-1", 63, 1, 2, 3, 4, "");
}

/* A pattern, and what its rules are in words; or the error */
static void test_pattern(const char *text, const char *expected)
{
	struct policy *policy = policy_new();
	struct rules rules;
	struct call call;
	char *error;
	char *words;

	if (call_pattern_parse(text, SCMP_ACT_ALLOW, &call, &rules, &error)) {
		IS(error, expected, "refused: %s", text);
		free(error);
	} else {
		for (size_t i = 0; i < rules.nr; i++)
			policy_add_rule(policy, &call, &rules.rules[i]);
		words = call_rules_text(policy_find(policy, &call),
					SCMP_ACT_ALLOW);
		IS(words, expected, "pattern: %s", text);
		free(words);
	}
	rules_free(&rules);
	policy_free(policy);
}

static void test_patterns(void)
{
	test_pattern("socket", "");
	test_pattern("prctl(option=PR_SET_NAME|PR_CAPBSET_READ)",
		     "option=PR_SET_NAME|PR_CAPBSET_READ");
	test_pattern("prctl(option=15|77777)", "option=PR_SET_NAME|0x12fd1");
	test_pattern("socket(domain=AF_INET, type=SOCK_STREAM|SOCK_CLOEXEC)",
		     "domain=AF_INET type=SOCK_STREAM|SOCK_CLOEXEC");
	test_pattern("socket(domain=AF_UNIX type=SOCK_STREAM|SOCK_DGRAM)",
		     "domain=AF_UNIX type=SOCK_STREAM or domain=AF_UNIX type=SOCK_DGRAM");
	test_pattern("openat(flags=O_CLOEXEC)", "flags=O_RDONLY|O_CLOEXEC");
	test_pattern("openat(flags=O_RDONLY|O_WRONLY|O_CREAT)",
		     "flags=O_RDONLY|O_CREAT|O_WRONLY");
	test_pattern("mprotect(prot=W^X)", "prot=W^X");
	test_pattern("mprotect(prot=W^X|PROT_READ|PROT_WRITE|PROT_EXEC)",
		     "prot=W^X|PROT_READ|PROT_WRITE|PROT_EXEC");
	test_pattern("mprotect(prot=PROT_NONE)", "prot=PROT_NONE");
	test_pattern("mprotect(prot=PROT_READ)", "prot=PROT_READ");
	test_pattern("fchmodat(mode=nosetid)", "mode=nosetid");
	test_pattern("fcntl(cmd=F_GETFL|F_SETFL, arg=O_NONBLOCK)",
		     "cmd=F_GETFL or cmd=F_SETFL arg=O_NONBLOCK");
	test_pattern("ioctl(request=_IOR('T',0x33,4)|TCGETS)",
		     "request=TCGETS|_IOR('T',0x33,4)");
	test_pattern("x86:prctl(option=4)", "option=PR_SET_DUMPABLE");
	test_pattern("setsockopt(level=IPPROTO_TCP optname=TCP_NODELAY)",
		     "level=IPPROTO_TCP optname=TCP_NODELAY");
	test_pattern("nosuch(a=1)", "unknown system call");
	test_pattern("prctl(option=PR_NOSUCH)",
		     "'PR_NOSUCH' is no value of option");
	test_pattern("prctl(option=)", "'' is no value of option");
	test_pattern("prctl(option=0x1ffffffff)",
		     "'0x1ffffffff' has more than 32 bits");
	test_pattern("ioctl(request=_IOR('\350',0,4))",
		     "request=0x8004e800");
	test_pattern("ioctl(request=_IOR('T',-1,4))",
		     "'_IOR('T',-1,4)' is no value of request");
	test_pattern("prctl(option)", "'option' is not ARGUMENT=VALUE");
	test_pattern("prctl()", "no argument between ( and )");
	test_pattern("prctl(option=4", "')' is missing");
	test_pattern("prctl(option=4, option=15)", "option: twice");
	test_pattern("mkdir(mode=0750)",
		     "it has no argument that can be narrowed");
	test_pattern("socket(fd=3)",
		     "'fd' cannot be narrowed, only: domain, type, protocol");
	test_pattern("fcntl(arg=O_NONBLOCK)", "arg has no meaning here");
}

/* The first arguments of an event */
struct seen {
	uint64_t args[3];
};

static struct policy *policy_of(const char *name, const struct seen *seen,
				size_t nr)
{
	struct policy *policy = policy_new();
	struct event event = { .count = 1, .args_known = 7 };

	event.call = call_of(name);
	for (size_t i = 0; i < nr; i++) {
		memcpy(event.args, seen[i].args, sizeof(seen[i].args));
		args_add(policy, 0, &event);
	}
	return policy;
}

static void test_narrow(const char *name, const struct seen *seen, size_t nr,
			const char *expected)
{
	struct policy *policy = policy_of(name, seen, nr);
	struct call call = call_of(name);
	const char *why = call_narrow(policy, &call, EVENT_ARGS_ALL);
	struct event event = { .call = call, .args_known = 7 };
	bool all = true;
	char *words = call_rules_text(policy_find(policy, &call),
				      SCMP_ACT_ALLOW);

	IS(why ? why : words, expected, "narrowed: %s: %s", name, expected);
	for (size_t i = 0; i < nr; i++) {
		memcpy(event.args, seen[i].args, sizeof(seen[i].args));
		all &= policy_allows(policy, &event);
	}
	OK(all, "%s: all that was seen is still allowed", name);
	free(words);
	policy_free(policy);
}

#define NARROW(name, expected, ...) do {				\
	static const struct seen seen_[] = { __VA_ARGS__ };		\
									\
	test_narrow(name, seen_, sizeof(seen_) / sizeof(seen_[0]), expected); \
} while (0)

/* Does the policy that was learned from @seen allow another call? */
static void test_outside(const char *name, struct seen seen,
			 struct seen other, bool allowed, const char *what)
{
	struct policy *policy = policy_of(name, &seen, 1);
	struct event event = { .call = call_of(name), .args_known = 7 };

	call_narrow(policy, &event.call, EVENT_ARGS_ALL);
	memcpy(event.args, other.args, sizeof(other.args));
	OK(policy_allows(policy, &event) == allowed, "%s: %s", name, what);
	policy_free(policy);
}

static void test_narrowing(void)
{
	NARROW("prctl", "option=PR_SET_NAME", {{ 15 }}, {{ 15 }});
	NARROW("socket",
	       "domain=AF_UNIX type=SOCK_STREAM protocol=0 or domain=AF_UNIX type=SOCK_DGRAM protocol=0",
	       {{ 1, 1, 0 }}, {{ 1, 2, 0 }});
	NARROW("socket", "domain=AF_UNIX type=SOCK_STREAM|SOCK_CLOEXEC protocol=0",
	       {{ 1, 1, 0 }}, {{ 1, 0x80001, 0 }});
	NARROW("mmap", "prot=PROT_READ|PROT_WRITE", {{ 0, 0, 1 }},
	       {{ 0, 0, 3 }});
	NARROW("mprotect", "prot=W^X|PROT_READ|PROT_WRITE|PROT_EXEC",
	       {{ 0, 0, 5 }}, {{ 0, 0, 3 }});
	NARROW("mprotect", "prot=PROT_READ|PROT_WRITE|PROT_EXEC",
	       {{ 0, 0, 7 }}, {{ 0, 0, 3 }});
	NARROW("openat", "flags=O_RDONLY|O_CREAT|O_TRUNC|O_WRONLY", {{ 3, 0, 0 }},
	       {{ 3, 0, O_WRONLY | O_CREAT | O_TRUNC }});
	NARROW("fcntl", "cmd=F_GETFL or cmd=F_SETFL arg=O_NONBLOCK",
	       {{ 0, F_GETFL, 99 }}, {{ 0, F_SETFL, O_NONBLOCK }});
	NARROW("clock_gettime", "what was seen does not narrow it",
	       {{ -14 }}, {{ 1 }});
	NARROW("clock_gettime", "clockid=CLOCK_MONOTONIC", {{ 1 }});
	NARROW("chmod", "mode=nosetid", {{ 0, 0755 }});
	NARROW("chmod", "what was seen does not narrow it", {{ 0, 04755 }});
	NARROW("read", "it has no argument that can be narrowed", {{ 0 }});
	NARROW("kill", "sig=SIGHUP|SIGTERM", {{ 5, 15 }}, {{ 6, 1 }});
	NARROW("clone", "flags=SIGCHLD|CLONE_VM", {{ 0x111 }});
	NARROW("ioctl", "more than 16 different values",
	       {{ 0, 1 }}, {{ 0, 2 }}, {{ 0, 3 }}, {{ 0, 4 }}, {{ 0, 5 }},
	       {{ 0, 6 }}, {{ 0, 7 }}, {{ 0, 8 }}, {{ 0, 9 }}, {{ 0, 10 }},
	       {{ 0, 11 }}, {{ 0, 12 }}, {{ 0, 13 }}, {{ 0, 14 }}, {{ 0, 15 }},
	       {{ 0, 16 }}, {{ 0, 17 }});

	test_outside("socket", (struct seen){{ 1, 1, 0 }},
		     (struct seen){{ 2, 1, 0 }}, false, "not another domain");
	test_outside("socket", (struct seen){{ 1, 1, 0 }},
		     (struct seen){{ 1, 0x80001, 0 }}, false,
		     "not another flag");
	test_outside("socket", (struct seen){{ 1, 1, 0 }},
		     (struct seen){{ 0xffffffff00000001, 1, 0 }}, true,
		     "the high half of an int does not count");
	test_outside("unlinkat", (struct seen){{ 3, 0, 0x200 }},
		     (struct seen){{ 3, 0, 0 }}, true, "a flag need not be set");
	test_outside("unlinkat", (struct seen){{ 3, 0, 0 }},
		     (struct seen){{ 3, 0, 0x200 }}, false,
		     "a flag that was never set is not allowed");
	test_outside("unshare", (struct seen){{ CLONE_NEWNS }},
		     (struct seen){{ 0x100000000 | CLONE_NEWNS }}, false,
		     "all bits of a long count");
	test_outside("chmod", (struct seen){{ 0, 0644 }},
		     (struct seen){{ 0, 0755 }}, true, "another mode");
	test_outside("chmod", (struct seen){{ 0, 0644 }},
		     (struct seen){{ 0, 04755 }}, false, "not set-user-ID");
}

static void test_pairs(void)
{
	/* AF_UNIX was a stream, AF_INET a datagram socket: not the reverse */
	static const struct seen seen[] = { {{ 1, 1, 0 }}, {{ 2, 2, 0 }} };
	struct policy *policy = policy_of("socket", seen, 2);
	struct event event = { .call = call_of("socket"), .args_known = 7,
			       .args = { 1, 2, 0 } };

	call_narrow(policy, &event.call, EVENT_ARGS_ALL);
	OK(!policy_allows(policy, &event), "socket: only the pairs seen");
	policy_free(policy);

	/* values that were counted without pairs: all combinations */
	policy = policy_of("socket", seen, 2);
	policy_find(policy, &event.call)->pairs.nr = 1;
	call_narrow(policy, &event.call, EVENT_ARGS_ALL);
	event.args[0] = 2;
	OK(policy_allows(policy, &event), "socket: what has no pair is allowed");
	policy_free(policy);
}

static void test_unknown_args(void)
{
	struct policy *policy = policy_new();
	struct event event = { .call = call_of("prctl"), .count = 1,
			       .args_known = 1, .args = { 15 } };

	args_add(policy, 0, &event);
	event.args_known = 0;
	args_add(policy, 0, &event);
	IS(call_narrow(policy, &event.call, 1),
	   "it was also seen without its arguments",
	   "not narrowed by half of what was seen");
	event.call = call_of("kill");
	args_add(policy, 0, &event);
	IS(call_narrow(policy, &event.call, 2), "its arguments are not known",
	   "not narrowed without values");
	event.call = call_of("tkill");
	IS(call_narrow(policy, &event.call, 2), "it was not seen",
	   "not narrowed if not seen");
	policy_free(policy);
}

static void test_log(void)
{
	struct policy *policy = policy_new();
	struct policy_run *run = policy_add_run(policy);
	struct event event = { .call = call_of("prctl"), .count = 1,
			       .args_known = 1, .args = { 15 } };
	const char *why;

	policy_set_text(&run->source, "log");
	args_add(policy, run->id, &event);
	why = call_narrow(policy, &event.call, 1);
	OK(why && strstr(why, "first call only"),
	   "not narrowed by what log-once shows");
	policy_free(policy);
}

static void test_clone3(void)
{
	struct event clone3 = { .call = call_of("clone3"), .count = 2,
				.args = { 4096, 88 }, .args_known = 63 };
	struct event clone;

	OK(args_clone3(&clone3, CLONE_VM | CLONE_THREAD, 0, &clone) &&
	   clone.args[0] == (CLONE_VM | CLONE_THREAD) &&
	   clone.args_known == 1 && clone.count == 2 &&
	   !strcmp(call_name(&clone.call), "clone"), "clone3 is clone");
	clone3.call = call_of("s390x:clone3");
	OK(args_clone3(&clone3, CLONE_VM, 17, &clone) &&
	   clone.args[1] == (CLONE_VM | 17) && clone.args_known == 2,
	   "s390x: its second argument");
}

/* rows_of() takes the rows of one call as one block */
static void test_table(void)
{
	const struct arg *row = NULL;
	const struct arg *last = NULL;
	bool together = true;
	bool known = true;

	while ((row = arg_next(row))) {
		struct call call;

		/* each name is a call of some convention */
		known &= call_by_name(abi_native(), row->call, &call) != -ENOENT;
		for (const struct arg *other = NULL;
		     last && strcmp(last->call, row->call) &&
		     (other = arg_next(other)) != last;)
			together &= !!strcmp(other->call, row->call);
		last = row;
	}
	OK(together, "the rows of a call stand together");
	OK(known, "the calls are known by name");
}

int main(void)
{
	test_table();
	test_texts();
	test_patterns();
	test_narrowing();
	test_pairs();
	test_unknown_args();
	test_log();
	test_clone3();
	return done_testing();
}
