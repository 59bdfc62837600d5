// SPDX-License-Identifier: GPL-2.0
/*
 * ptrace(2): a tracer asks for filters, suspends seccomp and changes system
 * calls of a tracee that has filters.
 */
#include "calls.h"

#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifndef PTRACE_SECCOMP_GET_METADATA
# define PTRACE_SECCOMP_GET_METADATA	0x420d
#endif

#define EVENT(status)	((status) >> 16)

static void tracee_body(int filters)
{
	static const uint32_t values[] = {
		SECCOMP_RET_TRACE | 3, SECCOMP_RET_TRACE, SECCOMP_RET_LOG,
		SECCOMP_RET_ERRNO | 66, SECCOMP_RET_TRAP | 2,
	};
	static const unsigned int flags[] = {
		0, SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_TSYNC,
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < filters; i++)
		attach_for(FIRST_NR + i, one_of(values), one_of(flags));
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	for (int i = 0; i < 3; i++) {
		say("tracee: call");
		errno = 0;
		say_result(syscall(FIRST_NR + i), "positive");
	}
	_exit(0);
}

static void get_filter(pid_t pid)
{
	static struct sock_filter insns[BPF_MAXINSNS];
	long index = chance(80) ? rnd(4) : chance(50) ? -1 : 1L << 40;
	void *to = chance(40) ? NULL : chance(90) ? (void *)insns : BAD_ADDRESS;
	long ret;

	memset(insns, 0, sizeof(insns));
	say("GET_FILTER(%ld, %s)", index,
	    !to ? "NULL" : to == insns ? "" : "bad");
	ret = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, to);
	say_result(ret, NULL);
	if (to == insns)
		for (int pc = 0; pc < ret && pc < 8; pc++)
			say("  %x %u %u %x\n", insns[pc].code, insns[pc].jt,
			    insns[pc].jf, insns[pc].k);
}

static void get_metadata(pid_t pid)
{
	static const unsigned long sizes[] = { 16, 16, 16, 0, 7, 8, 9, 15, 17, 4096 };
	static uint64_t data[512];
	unsigned long size = one_of(sizes);
	void *to = chance(90) ? (void *)data : chance(50) ? NULL : BAD_ADDRESS;

	memset(data, 0, sizeof(data));
	data[0] = chance(90) ? rnd(4) : ~0ULL;
	data[1] = 0x55;
	say("GET_METADATA(%lu, %lld, %s)", size, (long long)data[0],
	    to == data ? "" : to ? "bad" : "NULL");
	say_result(ptrace(PTRACE_SECCOMP_GET_METADATA, pid, size, to), NULL);
	say("  %lld %#llx %#llx\n", (long long)data[0],
	    (unsigned long long)data[1], (unsigned long long)data[2]);
}

static void set_options(pid_t pid)
{
	static const unsigned long options[] = {
		PTRACE_O_TRACESECCOMP, PTRACE_O_TRACESECCOMP,
		PTRACE_O_SUSPEND_SECCOMP, 0,
		PTRACE_O_TRACESECCOMP | PTRACE_O_SUSPEND_SECCOMP,
		PTRACE_O_TRACESYSGOOD, 1UL << 30,
	};
	unsigned long value = one_of(options);

	say("SETOPTIONS(%#lx)", value);
	say_result(ptrace(PTRACE_SETOPTIONS, pid, 0, value), NULL);
}

/* At a seccomp stop: replace or skip the system call, or change its result. */
static void change_call(pid_t pid)
{
#ifdef __x86_64__
	static const long numbers[] = { -1, -1, FIRST_NR, FIRST_NR + 1,
					FIRST_NR + 2, 5000, -5 };
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, 0, &regs))
		return;
	regs.orig_rax = one_of(numbers);
	if (chance(30))
		regs.rax = -42;
	say("set call %ld\n", (long)regs.orig_rax);
	ptrace(PTRACE_SETREGS, pid, 0, &regs);
#endif
}

/* Resume and wait. Returns false if the tracee has ended. */
static bool resume(pid_t pid)
{
	int how = chance(70) ? PTRACE_CONT : PTRACE_SYSCALL;
	unsigned long message = 0;
	int status;

	say("%s\n", how == PTRACE_CONT ? "CONT" : "SYSCALL");
	if (ptrace(how, pid, 0, 0) || waitpid(pid, &status, 0) != pid)
		return false;
	say("status %#x", status);
	if (WIFSTOPPED(status) && EVENT(status)) {
		ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
		say(" message %lu", message);
	}
	say("\n");
	if (WIFSTOPPED(status) && EVENT(status) == PTRACE_EVENT_SECCOMP &&
	    chance(40))
		change_call(pid);
	return WIFSTOPPED(status);
}

static void get_call(pid_t pid)
{
	/* op, arch, ip, sp, then what the kind of stop has */
	struct {
		uint8_t op;
		uint8_t pad[3];
		uint32_t arch;
		uint64_t ip, sp, nr;
		uint64_t args[6];
		uint32_t ret_data;
		uint32_t reserved;
	} info = {};

	say("GET_SYSCALL_INFO: op");
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0) {
		say_result(-1, NULL);
		return;
	}
	say(" %u", info.op);
	if (info.op == PTRACE_SYSCALL_INFO_SECCOMP)
		say(" call %lld data %u", (long long)info.nr, info.ret_data);
	say("\n");
}

void trace(void)
{
	int filters = rnd(4), status;
	bool alive = true;
	pid_t pid = fork();

	if (!pid)
		tracee_body(filters);
	if (pid < 0)
		return;
	waitpid(pid, &status, 0);
	say("tracee with %d filters: %#x\n", filters, status);
	alive = WIFSTOPPED(status);
	for (int n = rnd(20); n-- && alive;) {
		switch (rnd(6)) {
		case 0:
			set_options(pid);
			break;
		case 1:
			get_filter(pid);
			break;
		case 2:
			get_metadata(pid);
			break;
		case 3:
			get_call(pid);
			break;
		default:
			alive = resume(pid);
		}
	}
	if (alive)
		end_child(pid);
	get_filter(pid);
	get_metadata(pid);
}
