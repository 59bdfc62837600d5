// SPDX-License-Identifier: GPL-2.0
/*
 * Attach filters, by seccomp(2) and prctl(2), and make system calls under them.
 */
#include "calls.h"

#include <pthread.h>

#define INSNS_MAX	40

static struct sock_filter insns[BPF_MAXINSNS + 1];

static uint32_t random_value(bool *notifies)
{
	static const uint32_t values[] = {
		SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW | 9,
		SECCOMP_RET_ERRNO, SECCOMP_RET_ERRNO | 1,
		SECCOMP_RET_ERRNO | 38, SECCOMP_RET_ERRNO | 4095,
		SECCOMP_RET_ERRNO | 4096, SECCOMP_RET_ERRNO | 0xffff,
		SECCOMP_RET_LOG, SECCOMP_RET_LOG | 1, SECCOMP_RET_TRACE | 7,
		SECCOMP_RET_TRAP, SECCOMP_RET_TRAP | 5, SECCOMP_RET_USER_NOTIF,
	};
	static const uint32_t deadly[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, 0x00010000,
		0x00040000, 0x7ffd0000, 0x7ffe0000, 0x80010000,
	};
	uint32_t value = chance(96) ? one_of(values) : one_of(deadly);

	if (value == SECCOMP_RET_USER_NOTIF)
		*notifies = true;
	return value;
}

/* Instructions for the test system calls; others are allowed. */
static unsigned int build_start(void)
{
	const struct sock_filter start[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NR, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_NR, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
	};

	memcpy(insns, start, sizeof(start));
	return ARRAY_SIZE(start);
}

/* Comparisons of the number, the architecture and arguments */
static unsigned int build_rules(bool *notifies)
{
	static const uint8_t ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	unsigned int len = build_start();

	for (int n = 1 + rnd(4); n--;) {
		if (chance(30))
			insns[len++] = (struct sock_filter)LOAD_LOW(args[0]);
		else if (chance(20))
			insns[len++] = (struct sock_filter)LOAD(arch);
		else
			insns[len++] = (struct sock_filter)LOAD(nr);
		insns[len++] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | one_of(ops) | BPF_K,
				 chance(70) ? FIRST_NR + rnd(9) :
				 chance(50) ? TEST_ARCH : rnd(4), 0, 1);
		insns[len++] = (struct sock_filter)
			RETURN(random_value(notifies));
	}
	insns[len++] = (struct sock_filter)RETURN(random_value(notifies));
	return len;
}

/* Any instructions, of which most exist */
static unsigned int build_random(bool *notifies)
{
	static const uint16_t codes[] = {
		0x20, 0x20, 0x20, 0x28, 0x30, 0x80, 0x80, 0x00, 0x60, 0x40,
		0x48, 0x50, 0x81, 0x01, 0x61, 0xb1, 0x02, 0x03, 0x02, 0x03,
		0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c,
		0x54, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0xa4, 0xac,
		0x94, 0x9c, 0x05, 0x15, 0x15, 0x15, 0x1d, 0x25, 0x2d, 0x35,
		0x3d, 0x45, 0x4d, 0x06, 0x16, 0x07, 0x87,
	};
	/* without memory and packets, so that more are accepted */
	static const uint16_t valid[] = {
		0x20, 0x20, 0x20, 0x80, 0x00, 0x81, 0x01, 0x02, 0x03, 0x04,
		0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54,
		0x54, 0x5c, 0x64, 0x74, 0x6c, 0x7c, 0x84, 0xa4, 0xac, 0x05,
		0x15, 0x15, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d,
		0x07, 0x87,
	};
	unsigned int len = build_start(), more = 1 + rnd(INSNS_MAX - len - 2);
	bool strict = chance(80);

	for (unsigned int left = more; left; left--) {
		struct sock_filter *insn = &insns[len++];
		uint16_t code = strict ? one_of(valid) : one_of(codes);
		unsigned int reach = chance(97) ? left : left + 2;

		if (!strict && chance(3))
			code = rnd(0x200);
		*insn = (struct sock_filter)
			BPF_JUMP(code, chance(70) ? rnd(32) : rnd(1U << 31),
				 rnd(reach), rnd(reach));
		switch (code) {
		case BPF_LD | BPF_W | BPF_ABS:
			insn->k = chance(97) ? 4 * rnd(16) : rnd(80);
			break;
		case BPF_JMP | BPF_JA:
			insn->k = rnd(reach);
			break;
		case BPF_RET | BPF_K:
			insn->k = random_value(notifies);
			break;
		default:
			if (BPF_CLASS(code) == BPF_JMP && chance(60))
				insn->k = FIRST_NR + rnd(10);
		}
	}
	insns[len++] = (struct sock_filter)RETURN(random_value(notifies));
	return len;
}

/* Programs that are wrong in one way */
static unsigned int build_wrong(void)
{
	static const struct sock_filter wrong[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_MEM, 3),
		BPF_STMT(BPF_ST, 16),
		BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3),
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32),
		BPF_STMT(BPF_JMP | BPF_JA, 1),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_X, 0),
		BPF_STMT(0xffff, 0),
	};
	unsigned int len = build_start();

	if (chance(10))
		return len - 1;	/* no return at the end */
	insns[len++] = one_of(wrong);
	insns[len++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	return len;
}

struct sock_fprog *random_program(bool *notifies)
{
	static const unsigned short lengths[] = { 0, 4096, 4097, 0xffff };
	static struct sock_fprog prog;

	prog.filter = insns;
	*notifies = false;
	switch (rnd(10)) {
	case 0:
		prog.len = build_wrong();
		break;
	case 1 ... 4:
		prog.len = build_rules(notifies);
		break;
	default:
		prog.len = build_random(notifies);
	}
	if (chance(3))
		prog.len = one_of(lengths);
	if (chance(2))
		prog.filter = chance(50) ? NULL : BAD_ADDRESS;
	if (chance(2))
		return chance(50) ? NULL : BAD_ADDRESS;
	return &prog;
}

static void show_program(const struct sock_fprog *prog)
{
	if (!prog || prog == BAD_ADDRESS) {
		say("%s", prog ? "bad" : "NULL");
		return;
	}
	say("{%d:", prog->len);
	if (prog->filter != insns)
		say(" %s", prog->filter ? "bad" : "NULL");
	/* build_start() is always the same */
	for (int pc = 4; pc < prog->len && pc < INSNS_MAX &&
	     prog->filter == insns; pc++)
		say(" %x,%u,%u,%x", insns[pc].code, insns[pc].jt, insns[pc].jf,
		    insns[pc].k);
	say("}");
}

/* Not SECCOMP_FILTER_FLAG_LOG_ONCE, which only one of the kernels has */
static unsigned int random_flags(void)
{
	unsigned int flags = 0;

	if (chance(50))
		return 0;
	if (chance(5))
		return rnd(1U << 31);
	for (int n = 1 + rnd(3); n--;)
		flags |= 1U << rnd(chance(95) ? 6 : 31);
	return flags;
}

static void set_filter(void)
{
	unsigned int flags = random_flags();
	bool notifies;
	const struct sock_fprog *prog = random_program(&notifies);
	bool listens = flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long ret;

	say("seccomp(FILTER, %#x, ", flags);
	show_program(prog);
	say(")");
	ret = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, prog);
	say_result(ret, listens ? "fd" : "tid");
	/* nobody would take its notifications */
	if (ret > 0 && listens && (notifies || chance(50)))
		close(ret);
}

static void set_mode(void)
{
	static const unsigned long modes[] = { 2, 2, 2, 2, 2, 2, 0, 3, ~0UL };
	unsigned long mode = chance(97) ? one_of(modes) : SECCOMP_MODE_STRICT;
	bool notifies;
	const struct sock_fprog *prog = random_program(&notifies);

	say("prctl(SECCOMP, %ld, ", (long)mode);
	show_program(prog);
	say(")");
	say_result(prctl(PR_SET_SECCOMP, mode, prog, 0, 0), NULL);
}

static void ask_kernel(void)
{
	static const unsigned int operations[] = { 0, 2, 2, 2, 3, 3, 4, 5, ~0U };
	static uint16_t sizes[3];
	static uint32_t action;
	unsigned int operation = one_of(operations);
	unsigned int flags = chance(80) ? 0 : random_flags();
	bool notifies;
	void *arg = &action;
	const char *name = "action";

	action = chance(80) ? random_value(&notifies) & ~0xffffU :
			      rnd(1U << 31);
	memset(sizes, 0, sizeof(sizes));
	if (operation == SECCOMP_GET_NOTIF_SIZES) {
		arg = sizes;
		name = "sizes";
	}
	if (chance(10) || (!operation && chance(30))) {
		arg = chance(50) ? NULL : BAD_ADDRESS;
		name = arg ? "bad" : "NULL";
	}
	say("seccomp(%d, %#x, %s %#x)", (int)operation, flags, name, action);
	say_result(syscall(__NR_seccomp, operation, flags, arg), NULL);
	if (arg == sizes)
		say("sizes %u %u %u\n", sizes[0], sizes[1], sizes[2]);
}

void attach_randomly(void)
{
	switch (rnd(10)) {
	case 0:
		ask_kernel();
		break;
	case 1 ... 2:
		set_mode();
		break;
	default:
		set_filter();
	}
}

static long call_with(long nr, long arg, int abi)
{
	switch (abi) {
#if defined(__x86_64__) && !defined(__ILP32__)
	case 1:
		return raw_syscall(nr | X32_BIT, arg, 0, 0, 0, 0, 0);
	case 2:
		return int80(nr, arg);
#endif
	default:
		return raw_syscall(nr, arg, 0, 0, 0, 0, 0);
	}
}

void call_randomly(void)
{
	/* their numbers in the i386 ABI: stat, lstat and fstat fail */
	static const int i386[] = { 106, 107, 108 };

	for (int n = 1 + rnd(4); n--;) {
		int abi = chance(80) ? 0 : 1 + rnd(2);
		long nr = abi == 2 ? one_of(i386) : FIRST_NR + rnd(9);
		long arg = rnd(4), ret;

		/* do not change the user */
		if (nr == __NR_setuid || nr == __NR_setgid)
			arg = 0;
		say("call(%ld, %ld, %d)", nr, arg, abi);
		ret = call_with(nr, arg, abi);
		if (ret < 0 && ret >= -4095)
			errno = -ret;
		/* after a trap it is the system call number */
		say_result(ret < 0 ? -1 : ret, "positive");
	}
}

/* A thread that may have a filter of its own, and tries system calls later */
struct thread {
	int start[2];
	bool attaches;
	pid_t tid;
	long ret;
};

static void *thread_body(void *arg)
{
	struct thread *thread = arg;
	char byte;

	thread->tid = gettid();
	if (thread->attaches)
		attach_for(TEST_NR, SECCOMP_RET_ERRNO | 77, 0);
	if (write(thread->start[1], "r", 1) != 1 ||
	    read(thread->start[0], &byte, 1) != 1)
		return NULL;
	thread->ret = raw_syscall0(FIRST_NR);
	return NULL;
}

void sync_threads(void)
{
	static const unsigned int flags[] = {
		SECCOMP_FILTER_FLAG_TSYNC,
		SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG,
		SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
		SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_NEW_LISTENER,
		SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH |
		SECCOMP_FILTER_FLAG_NEW_LISTENER,
		0,
	};
	struct thread thread = { .attaches = chance(40) };
	unsigned int flag = one_of(flags);
	bool listens = flag & SECCOMP_FILTER_FLAG_NEW_LISTENER;
	int ready[2], go[2];
	pthread_t id;
	char byte;
	long ret;

	if (pipe(ready) || pipe(go))
		return;
	thread.start[0] = go[0];
	thread.start[1] = ready[1];
	if (pthread_create(&id, NULL, thread_body, &thread))
		return;
	if (read(ready[0], &byte, 1) != 1)
		return;
	say("sync(%#x, %d)", flag, thread.attaches);
	ret = attach_for(FIRST_NR, SECCOMP_RET_ERRNO | 78, flag);
	if (ret < 0)
		errno = -ret;
	say_result(ret, listens ? "fd" : "tid");
	if (ret > 0 && listens)
		close(ret);
	if (write(go[1], "g", 1) != 1)
		return;
	pthread_join(id, NULL);
	/*
	 * It may not be gone: the next sync would find its filter, except in
	 * kernels where an exiting thread has none.
	 */
	while (!tgkill(getpid(), thread.tid, 0))
		sched_yield();
	say("thread got %ld\n", thread.ret < 0 ? thread.ret : 0);
	close(ready[0]);
	close(ready[1]);
	close(go[0]);
	close(go[1]);
}
