// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/PID/seccomp_cache: which system calls are allowed without running a
 * program. These are calls that all filters of the chain always allow.
 */
#include "common.h"

#include "../kselftest_harness.h"

#define CACHE	"/proc/self/seccomp_cache"

/* Read the whole file. Returns its length or -errno. */
static int read_cache(char *buf, size_t size)
{
	int fd = open(CACHE, O_RDONLY);
	size_t used = 0;
	ssize_t len;

	if (fd < 0)
		return -errno;
	while ((len = read(fd, buf + used, size - 1 - used)) > 0)
		used += len;
	len = len < 0 ? -errno : (ssize_t)used;
	buf[used] = '\0';
	close(fd);
	return len;
}

static char cache[65536];

FIXTURE(cache) {
};

FIXTURE_SETUP(cache)
{
	if (access(CACHE, F_OK))
		SKIP(return, "no CONFIG_SECCOMP_CACHE_DEBUG");
}

FIXTURE_TEARDOWN(cache)
{
}

TEST_F(cache, empty_without_filters)
{
	EXPECT_EQ(0, read_cache(cache, sizeof(cache)));
}

TEST_F(cache, needs_capability)
{
	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	ASSERT_EQ(0, drop_capabilities());
	EXPECT_EQ(-EACCES, read_cache(cache, sizeof(cache)));
}

/* 'A' (ALLOW) or 'F' (FILTER) for a system call, 0 if it has no line */
static char state_of(const char *arch, int nr)
{
	char line[64];
	char *at;

	if (read_cache(cache, sizeof(cache)) < 0)
		return 0;
	snprintf(line, sizeof(line), "%s %d ", arch, nr);
	at = cache;
	while (at && strncmp(at, line, strlen(line))) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return at ? at[strlen(line)] : 0;
}

TEST_F(cache, every_number_of_every_arch)
{
	int lines = 0;

	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	ASSERT_LT(0, read_cache(cache, sizeof(cache)));
	for (char *at = cache; *at; at = strchr(at, '\n') + 1, lines++)
		ASSERT_NE(NULL, strstr(at, " ALLOW\n"));
	EXPECT_LT(300, lines);
	EXPECT_EQ('A', state_of(TEST_ARCH_NAME, 0));
	EXPECT_EQ('A', state_of(TEST_ARCH_NAME, __NR_seccomp));
	EXPECT_EQ(0, state_of(TEST_ARCH_NAME, 9999));
#ifdef __x86_64__
	EXPECT_LT(700, lines);
	EXPECT_EQ('A', state_of("ia32", 0));
	EXPECT_EQ(0, state_of("x32", 0));
#endif
}

TEST_F(cache, only_allow_is_cached)
{
	const uint32_t others[] = {
		SECCOMP_RET_LOG, SECCOMP_RET_TRACE, SECCOMP_RET_USER_NOTIF,
		SECCOMP_RET_ERRNO, SECCOMP_RET_TRAP, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_KILL_PROCESS,
	};
	/* system calls that this test does not make */
	const int numbers[] = {
		__NR_swapoff, __NR_swapon, __NR_acct, __NR_reboot, __NR_sethostname,
		__NR_setdomainname, __NR_mount,
	};

	for (int i = 0; i < ARRAY_SIZE(others); i++) {
		ASSERT_EQ(0, attach_for(numbers[i], others[i], 0));
		EXPECT_EQ('F', state_of(TEST_ARCH_NAME, numbers[i]));
	}
	EXPECT_EQ('A', state_of(TEST_ARCH_NAME, __NR_getpid));
}

/* A chain allows what all its filters allow, whatever their order is. */
TEST_F(cache, chain_allows_what_all_filters_allow)
{
	ASSERT_EQ(0, attach_for(__NR_swapon, SECCOMP_RET_ERRNO | 3, 0));
	EXPECT_EQ('F', state_of(TEST_ARCH_NAME, __NR_swapon));
	EXPECT_EQ('A', state_of(TEST_ARCH_NAME, __NR_swapoff));
	ASSERT_EQ(0, attach_for(__NR_swapoff, SECCOMP_RET_ERRNO | 4, 0));
	EXPECT_EQ('F', state_of(TEST_ARCH_NAME, __NR_swapon));
	EXPECT_EQ('F', state_of(TEST_ARCH_NAME, __NR_swapoff));
	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	EXPECT_EQ('F', state_of(TEST_ARCH_NAME, __NR_swapon));
	EXPECT_EQ(-3, raw_syscall(__NR_swapon, 0, 0, 0, 0, 0, 0));
	EXPECT_EQ(-4, raw_syscall(__NR_swapoff, 0, 0, 0, 0, 0, 0));
}

#ifdef __x86_64__
/* The same number is different system calls of two architectures. */
TEST_F(cache, arch_is_distinguished)
{
	struct sock_filter insns[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 6),
		RETURN(SECCOMP_RET_ALLOW),
	};

	ASSERT_EQ(0, attach(insns, ARRAY_SIZE(insns), 0));
	EXPECT_EQ('A', state_of(TEST_ARCH_NAME, 20));
	EXPECT_EQ('F', state_of("ia32", 20));
	EXPECT_EQ(-6, int80(20, 0));
}
#else
TEST_OF_X86_64(arch_is_distinguished)
#endif

/* If the return value depends on an argument, the filter is run. */
TEST_F(cache, arguments_are_checked)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD_LOW(args[5]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1234, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | 8),
		RETURN(SECCOMP_RET_ALLOW),
	};

	ASSERT_EQ(0, attach(insns, ARRAY_SIZE(insns), 0));
	EXPECT_EQ('F', state_of(TEST_ARCH_NAME, TEST_NR));
	EXPECT_EQ(getppid(), raw_syscall(TEST_NR, 0, 0, 0, 0, 0, 0));
	EXPECT_EQ(-8, raw_syscall(TEST_NR, 0, 0, 0, 0, 0, 1234));
}

TEST_HARNESS_MAIN
