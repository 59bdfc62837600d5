// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp(2) and prctl(2): which requests fail with which error and change
 * nothing, and which tasks inherit a filter.
 */
#include "common.h"

#include <sys/mman.h>

#include "../kselftest_harness.h"

static struct sock_filter allow_insns[] = { RETURN(SECCOMP_RET_ALLOW) };
static struct sock_fprog allow_prog = { 1, allow_insns };

static void *unmapped(void)
{
	void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	munmap(page, 4096);
	return page;
}

/* A field of /proc/thread-self/status as a number, -1 if there is none */
static int status_field(const char *name)
{
	char buf[8192];
	char *at;

	if (read_file("/proc/thread-self/status", buf, sizeof(buf)) < 0)
		return -1;
	at = strstr(buf, name);
	return at ? atoi(at + strlen(name)) : -1;
}

/* The error with which a call fails, 0 if it does not */
#define ERROR(call)	((call) == -1 ? errno : 0)

/* A request that failed has attached nothing. */
#define EXPECT_UNFILTERED() do {					\
	EXPECT_EQ(0, status_field("Seccomp:"));				\
	EXPECT_EQ(0, status_field("Seccomp_filters:"));			\
	EXPECT_EQ(0, prctl(PR_GET_SECCOMP, 0, 0, 0, 0));		\
} while (0)

TEST(operations)
{
	EXPECT_EQ(EINVAL, ERROR(seccomp(-1, 0, NULL)));
	EXPECT_EQ(EINVAL, ERROR(seccomp(1000, 0, NULL)));
	/* reserved for work on Linux that is not merged yet */
	EXPECT_EQ(EINVAL, ERROR(seccomp(4, 0, NULL)));
	EXPECT_UNFILTERED();
}

TEST(set_mode_strict_arguments)
{
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_STRICT, 1, NULL)));
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_STRICT, -1, NULL)));
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_STRICT, 0, &allow_prog)));
	EXPECT_UNFILTERED();
}

TEST(set_mode_filter_flags)
{
	/* WAIT_KILLABLE_RECV needs NEW_LISTENER */
	const unsigned int known = SECCOMP_FILTER_FLAG_TSYNC |
				   SECCOMP_FILTER_FLAG_LOG |
				   SECCOMP_FILTER_FLAG_SPEC_ALLOW |
				   SECCOMP_FILTER_FLAG_NEW_LISTENER |
				   SECCOMP_FILTER_FLAG_TSYNC_ESRCH |
				   SECCOMP_FILTER_FLAG_LOG_ONCE;
	const struct {
		unsigned int flags;
		bool valid;
	} pairs[] = {
		{ SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC, false },
		{ SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC |
		  SECCOMP_FILTER_FLAG_TSYNC_ESRCH, true },
		{ SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | SECCOMP_FILTER_FLAG_TSYNC, false },
		{ SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV |
		  SECCOMP_FILTER_FLAG_NEW_LISTENER, true },
	};

	for (int bit = 0; bit < 32; bit++) {
		unsigned int flag = 1U << bit;

		/* a valid flag: the error is that of the next check */
		EXPECT_EQ(flag & known ? EFAULT : EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, flag, NULL))) {
			TH_LOG("bit %d", bit);
		}
	}
	for (int i = 0; i < ARRAY_SIZE(pairs); i++) {
		EXPECT_EQ(pairs[i].valid ? EFAULT : EINVAL,
			  ERROR(seccomp(SECCOMP_SET_MODE_FILTER, pairs[i].flags, NULL))) {
			TH_LOG("flags %#x", pairs[i].flags);
		}
	}
	/* flags are checked first */
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, -1, unmapped())));
	EXPECT_UNFILTERED();
}

TEST(set_mode_filter_pointers)
{
	struct sock_fprog prog = { 1, unmapped() };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, NULL)));
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, unmapped())));
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &prog)));
	prog.filter = NULL;
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &prog)));
	EXPECT_UNFILTERED();
}

TEST(set_mode_filter_lengths)
{
	struct sock_filter *insns = calloc(BPF_MAXINSNS + 1, sizeof(*insns));
	struct sock_fprog prog = { 0, insns };

	for (int i = 0; i <= BPF_MAXINSNS; i++)
		insns[i] = allow_insns[0];

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &prog)));
	prog.len = BPF_MAXINSNS + 1;
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &prog)));
	EXPECT_UNFILTERED();
	prog.len = BPF_MAXINSNS;
	EXPECT_EQ(0, seccomp(SECCOMP_SET_MODE_FILTER, 0, &prog));
	EXPECT_EQ(1, status_field("Seccomp_filters:"));
}

/* Programs that are not valid, each for another reason */
TEST(set_mode_filter_programs)
{
	const struct sock_filter end = RETURN(SECCOMP_RET_ALLOW);
	const struct sock_filter bad[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sizeof(struct seccomp_data)),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 1),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 63),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, -4),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 2),
		BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0),
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32),
		BPF_STMT(BPF_LD | BPF_MEM, 0),		/* never stored */
		BPF_STMT(BPF_ST, BPF_MEMWORDS),
		BPF_STMT(BPF_JMP | BPF_JA, 1),		/* beyond the end */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
		BPF_STMT(0xffff, 0),
	};
	struct sock_filter no_return[] = { LOAD(nr) };
	struct sock_fprog prog_no_return = { 1, no_return };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct sock_filter insns[] = { bad[i], end };
		struct sock_fprog prog = { 2, insns };

		EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &prog))) {
			TH_LOG("program %d", i);
		}
	}
	EXPECT_UNFILTERED();

	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0,
					&prog_no_return)));
	EXPECT_UNFILTERED();
}

/*
 * A valid program is still valid after the kernel has removed constant return
 * values, also if loads from memory then come before all stores.
 */
static int attach_with_memory(const void *arg)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getuid, 5, 0),
		LOAD_LOW(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 77, 0, 2),
		BPF_STMT(BPF_ST, 0),
		BPF_STMT(BPF_JMP | BPF_JA, 2),
		RETURN(SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_JMP | BPF_JA, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 0),
		BPF_STMT(BPF_RET | BPF_A, 0),
		RETURN(SECCOMP_RET_ERRNO | 7),
	};

	if (attach(insns, ARRAY_SIZE(insns), 0))
		return CHILD_SETUP;
	return syscall(__NR_getuid) == -1 && errno == 7 && test_syscall() > 0 ?
		CHILD_OK : CHILD_WRONG;
}

TEST(pruned_program_is_still_valid)
{
	EXPECT_TRUE(exited_with(run_child(attach_with_memory, NULL, NULL),
				CHILD_OK));
}

/* An argument that has different halves */
#define ARGUMENT	((unsigned long)(0x11223344ULL << 32 | 0x55667788))

/* A program can load the length of its data, and all members. */
TEST(program_loads_the_data)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, sizeof(struct seccomp_data), 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 1),
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_ARCH, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 2),
		LOAD_LOW(args[5]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x55667788, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 3),
		LOAD_HIGH(args[5]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint64_t)ARGUMENT >> 32, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 4),
		LOAD_LOW(instruction_pointer),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)TEST_IP, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 5),
		RETURN(SECCOMP_RET_ERRNO | 99),
	};

	ASSERT_EQ(0, attach(insns, ARRAY_SIZE(insns), 0));
	EXPECT_EQ(-99, raw_syscall(TEST_NR, 0, 0, 0, 0, 0, ARGUMENT));
	EXPECT_EQ(-3, raw_syscall(TEST_NR, 0, 0, 0, 0, 0, ARGUMENT + 1));
	if (sizeof(long) == sizeof(uint64_t))
		EXPECT_EQ(-4, raw_syscall(TEST_NR, 0, 0, 0, 0, 0,
					  (unsigned long)(ARGUMENT + (1ULL << 32))));
}

TEST(privilege)
{
	struct sock_fprog empty = { 0, allow_insns };
	struct sock_fprog unreadable = { 1, unmapped() };
	struct sock_fprog null = { 1, NULL };

	ASSERT_EQ(0, drop_capabilities());
	EXPECT_EQ(EACCES, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &allow_prog)));
	EXPECT_EQ(EACCES, ERROR(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &allow_prog, 0, 0)));
	EXPECT_UNFILTERED();

	/* sock_fprog is checked before the privilege, the program after it */
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, NULL)));
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &empty)));
	EXPECT_EQ(EACCES, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &unreadable)));
	EXPECT_EQ(EACCES, ERROR(seccomp(SECCOMP_SET_MODE_FILTER, 0, &null)));

	ASSERT_EQ(0, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	EXPECT_EQ(0, seccomp(SECCOMP_SET_MODE_FILTER, 0, &allow_prog));
}

TEST(privilege_by_capability)
{
	EXPECT_EQ(0, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	EXPECT_EQ(0, seccomp(SECCOMP_SET_MODE_FILTER, 0, &allow_prog));
	EXPECT_EQ(0, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

TEST(prctl_arguments)
{
	EXPECT_EQ(EINVAL, ERROR(prctl(PR_SET_SECCOMP, SECCOMP_MODE_DISABLED, 0, 0, 0)));
	EXPECT_EQ(EINVAL, ERROR(prctl(PR_SET_SECCOMP, 3, &allow_prog, 0, 0)));
	EXPECT_EQ(EINVAL, ERROR(prctl(PR_SET_SECCOMP, -1, 0, 0, 0)));
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	EXPECT_EQ(EFAULT, ERROR(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0)));
	EXPECT_UNFILTERED();

	EXPECT_EQ(0, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &allow_prog, 0, 0));
	EXPECT_EQ(2, prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
}

TEST(filter_mode_cannot_be_left)
{
	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL)));
	EXPECT_EQ(EINVAL, ERROR(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0)));
	EXPECT_EQ(EINVAL, ERROR(prctl(PR_SET_SECCOMP, SECCOMP_MODE_DISABLED, 0, 0, 0)));
	EXPECT_EQ(2, status_field("Seccomp:"));
	EXPECT_EQ(1, status_field("Seccomp_filters:"));
}

TEST(get_action_avail)
{
	static const uint32_t yes[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO, SECCOMP_RET_USER_NOTIF,
		SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW,
	};
	const uint32_t no[] = {
		1, 0x10000, SECCOMP_RET_LOG | 1, SECCOMP_RET_ERRNO | EPERM,
		0x7ffe0000, 0xffff0000, -1,
	};

	for (int i = 0; i < ARRAY_SIZE(yes); i++) {
		EXPECT_EQ(0, seccomp(SECCOMP_GET_ACTION_AVAIL, 0, (void *)&yes[i])) {
			TH_LOG("action %#x", yes[i]);
		}
	}
	for (int i = 0; i < ARRAY_SIZE(no); i++) {
		EXPECT_EQ(EOPNOTSUPP, ERROR(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, (void *)&no[i]))) {
			TH_LOG("action %#x", no[i]);
		}
	}
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_GET_ACTION_AVAIL, 1, (void *)&yes[0])));
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, NULL)));
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, unmapped())));
}

TEST(get_notif_sizes)
{
	struct seccomp_notif_sizes sizes = {};

	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_GET_NOTIF_SIZES, 1, &sizes)));
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_GET_NOTIF_SIZES, 0, NULL)));
	EXPECT_EQ(EFAULT, ERROR(seccomp(SECCOMP_GET_NOTIF_SIZES, 0, unmapped())));
	EXPECT_EQ(0, sizes.seccomp_notif);
	EXPECT_EQ(0, seccomp(SECCOMP_GET_NOTIF_SIZES, 0, &sizes));
	EXPECT_EQ(sizeof(struct seccomp_notif), sizes.seccomp_notif);
	EXPECT_EQ(sizeof(struct seccomp_notif_resp), sizes.seccomp_notif_resp);
	EXPECT_EQ(sizeof(struct seccomp_data), sizes.seccomp_data);
}

/*
 * A chain can have 32768 instructions; each filter but the newest counts 4
 * more.
 */
TEST(chain_length)
{
	struct sock_filter *insns = calloc(BPF_MAXINSNS, sizeof(*insns));
	unsigned int used = 0;
	int attached = 0;

	for (int i = 0; i < BPF_MAXINSNS; i++)
		insns[i] = allow_insns[0];

	while (used + BPF_MAXINSNS <= 32768) {
		ASSERT_EQ(0, attach(insns, BPF_MAXINSNS, 0)) {
			TH_LOG("filter %d", attached);
		}
		used += BPF_MAXINSNS + 4;
		attached++;
	}
	EXPECT_EQ(-ENOMEM, attach(insns, BPF_MAXINSNS, 0));
	EXPECT_EQ(attached, status_field("Seccomp_filters:"));

	/* the rest can be used, but not one instruction more */
	EXPECT_EQ(-ENOMEM, attach(insns, 32768 - used + 1, 0));
	EXPECT_EQ(0, attach(insns, 32768 - used, 0));
	EXPECT_EQ(-ENOMEM, attach(insns, 1, 0));
	EXPECT_EQ(attached + 1, status_field("Seccomp_filters:"));
}

static int inherited(const void *arg)
{
	return -test_syscall();
}

TEST(fork_inherits)
{
	ASSERT_EQ(0, attach_for(TEST_NR, SECCOMP_RET_ERRNO | 33, 0));
	EXPECT_TRUE(exited_with(run_child(inherited, NULL, NULL), 33));
}

static int attach_and_call(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_ERRNO | 44, 0))
		return CHILD_SETUP;
	return -test_syscall();
}

TEST(child_does_not_change_parent)
{
	ASSERT_EQ(0, attach_for(TEST_NR, SECCOMP_RET_ERRNO | 33, 0));
	EXPECT_TRUE(exited_with(run_child(attach_and_call, NULL, NULL), 44));
	EXPECT_EQ(-33, test_syscall());
	EXPECT_EQ(1, status_field("Seccomp_filters:"));
}

static int exec_self(const void *arg)
{
	static char * const argv[] = { "attach_test", "--inherited", NULL };

	if (attach_for(TEST_NR, SECCOMP_RET_ERRNO | 55, 0))
		return CHILD_SETUP;
	execv("/proc/self/exe", argv);
	return CHILD_WRONG;
}

TEST(exec_inherits)
{
	EXPECT_TRUE(exited_with(run_child(exec_self, NULL, NULL), 55));
}

/* A filter can forbid the next attach. */
TEST(attach_is_filtered_too)
{
	ASSERT_EQ(0, attach_for(__NR_seccomp, SECCOMP_RET_ERRNO | 66, 0));
	EXPECT_EQ(-66, attach_all(SECCOMP_RET_ALLOW, 0));
	EXPECT_EQ(1, status_field("Seccomp_filters:"));
}

TEST(proc_status)
{
	EXPECT_EQ(0, status_field("NoNewPrivs:"));
	EXPECT_UNFILTERED();
	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	EXPECT_EQ(1, status_field("NoNewPrivs:"));
	EXPECT_EQ(2, status_field("Seccomp:"));
	EXPECT_EQ(2, status_field("Seccomp_filters:"));
}

static bool mitigates_for_seccomp(void)
{
	char text[128];

	return read_file("/sys/devices/system/cpu/vulnerabilities/spec_store_bypass",
			 text, sizeof(text)) > 0 && strstr(text, "seccomp");
}

/* Attaching enables mitigations if the kernel does that for seccomp. */
TEST(speculation)
{
	int before = prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, 0, 0, 0);
	int after;

	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW,
				SECCOMP_FILTER_FLAG_SPEC_ALLOW));
	EXPECT_EQ(before, prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS,
				0, 0, 0));

	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	after = prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, 0, 0, 0);
	EXPECT_EQ(mitigates_for_seccomp() ?
		  PR_SPEC_PRCTL | PR_SPEC_FORCE_DISABLE : before, after);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--inherited"))
		return inherited(NULL);
	return test_harness_run(argc, argv);
}
