// SPDX-License-Identifier: GPL-2.0
/*
 * The fields that records of Linux have, for each action. This also passes on a
 * stock kernel, so programs that read its log can read this one.
 */
#include "common.h"

#include <pthread.h>
#include <sys/mman.h>

#include "audit.h"
#include "../kselftest_harness.h"

#define AUID		4711
#define UID		1001
#define GID		1002
#define DATA		13

/* Not an action of a filter: strict mode */
#define STRICT		1

/* compat is 1 only if the kernel has x32 */
#define IF_X32		2

/* How a system call is made, and what its record has */
struct abi {
	const char *name;
	unsigned int arch;
	int compat;
	int nr;
	unsigned long ip;
	long (*call)(int nr);
};

static long call_native(int nr)
{
	return raw_syscall0(nr);
}

#ifdef __x86_64__
#define I386_GETPPID	64

static long call_i386(int nr)
{
	return int80(nr, 0);
}
#endif

static bool has_x32(void)
{
	return X32_BIT && raw_syscall0(X32_BIT | TEST_NR) != -ENOSYS;
}

static const struct abi abis[] = {
	{ "native", TEST_ARCH, 0, TEST_NR, TEST_IP, call_native },
	{ "no such call", TEST_ARCH, 0, 50000, TEST_IP, call_native },
#ifdef __x86_64__
	/* has x32's bit, too */
	{ "negative", TEST_ARCH, IF_X32, -100, TEST_IP, call_native },
	{ "x32", TEST_ARCH, IF_X32, X32_BIT | TEST_NR, TEST_IP, call_native },
	{ "i386", AUDIT_ARCH_I386, 1, I386_GETPPID, INT80_IP, call_i386 },
#endif
};

static const struct action {
	const char *name;
	uint32_t value;
	int sig;
	bool without_flag;	/* logged also without FLAG_LOG */
} actions[] = {
	{ "kill_process", SECCOMP_RET_KILL_PROCESS, SIGSYS, true },
	{ "kill_thread", SECCOMP_RET_KILL_THREAD, SIGSYS, true },
	{ "trap", SECCOMP_RET_TRAP, 0, false },
	{ "errno", SECCOMP_RET_ERRNO, 0, false },
	{ "user_notif", SECCOMP_RET_USER_NOTIF, 0, false },
	{ "trace", SECCOMP_RET_TRACE, 0, false },
	{ "log", SECCOMP_RET_LOG, 0, true },
	{ "strict mode", STRICT, SIGKILL, true },
};

struct attempt {
	const struct abi *abi;
	const struct action *action;
	unsigned int flags;
	bool in_namespaces;
};

/* The ids of the caller, in memory that it shares with the test */
static struct caller_ids {
	unsigned int session;
	pid_t pid;
} *ids;

static void on_sigsys(int sig)
{
}

static void *attempt_in_thread(void *arg)
{
	const struct attempt *a = arg;
	const struct abi *c = a->abi;
	struct sock_filter insns[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, c->arch, 0, 3),
		LOAD(nr),
		RETURN_IF_NR(c->nr, a->action->value | DATA),
		RETURN(SECCOMP_RET_ALLOW),
	};

	prctl(PR_SET_NAME, "two words");
	if (a->action->value == STRICT ?
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0) :
	    attach(insns, ARRAY_SIZE(insns), a->flags))
		_exit(CHILD_SETUP);
	c->call(c->nr);
	return NULL;
}

/* All ids are different. */
static bool set_ids(void)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", AUID);
	if (write_file("/proc/self/loginuid", text) ||
	    read_file("/proc/self/sessionid", text, sizeof(text)) < 0)
		return false;
	ids->session = strtoul(text, NULL, 10);
	return !setresgid(GID, GID + 10, GID + 10) &&
	       !setresuid(UID, UID + 10, UID + 10);
}

static int attempt_here(const struct attempt *a)
{
	pthread_t thread;

	signal(SIGSYS, on_sigsys);
	if (pthread_create(&thread, NULL, attempt_in_thread, (void *)a) ||
	    pthread_join(thread, NULL))
		return CHILD_SETUP;
	return CHILD_OK;
}

/* The same as root and process 1 of other namespaces */
static int attempt_in_namespaces(const struct attempt *a)
{
	char map[32];
	int status;
	pid_t pid;

	snprintf(map, sizeof(map), "0 %d 1", UID + 10);
	/* a process that has changed its ids may not write to its /proc */
	if (prctl(PR_SET_DUMPABLE, 1) ||
	    unshare(CLONE_NEWUSER | CLONE_NEWPID) ||
	    write_file("/proc/self/uid_map", map))
		return CHILD_SETUP;
	pid = fork();
	if (!pid) {
		if (getpid() != 1 || geteuid() != 0)
			_exit(CHILD_SETUP);
		_exit(attempt_here(a));
	}
	ids->pid = pid;
	if (waitpid(pid, &status, 0) != pid)
		return CHILD_SETUP;
	return exited_with(status, CHILD_SETUP) ? CHILD_SETUP : CHILD_OK;
}

static int attempt(const void *arg)
{
	const struct attempt *a = arg;

	if (!set_ids())
		return CHILD_SETUP;
	ids->pid = getpid();
	return a->in_namespaces ? attempt_in_namespaces(a) : attempt_here(a);
}

/* Does *@text begin with this field? *@text is moved to the next one. */
static bool next_field(const char **text, const char *name, const char *value)
{
	char field[512];
	size_t len = snprintf(field, sizeof(field), "%s=%s", name, value);
	bool same = !strncmp(*text, field, len) &&
		    ((*text)[len] == ' ' || (*text)[len] == '\0');

	*text += same ? len : strcspn(*text, " ");
	*text += **text == ' ';
	return same;
}

#define EXPECT_FIELD(_name, ...) do {					\
	char _value[300];						\
									\
	snprintf(_value, sizeof(_value), __VA_ARGS__);			\
	EXPECT_TRUE(next_field(&text, _name, _value)) {			\
		TH_LOG("%s, %s: not %s=%s in: %s", a->action->name,	\
		       a->abi->name, _name, _value,			\
		       record->text);					\
	}								\
} while (0)

static void expect_fields(struct __test_metadata *_metadata,
			  const struct audit_text *record,
			  const struct attempt *a)
{
	const struct abi *c = a->abi;
	const char *text = record->text;
	char exe[256], label[256];
	ssize_t len;

	EXPECT_FIELD("auid", "%d", AUID);
	EXPECT_FIELD("uid", "%d", UID);
	EXPECT_FIELD("gid", "%d", GID);
	EXPECT_FIELD("ses", "%u", ids->session);
	/* only if a security module has labels */
	if (read_file("/proc/self/attr/current", label, sizeof(label)) > 0)
		EXPECT_FIELD("subj", "%.*s", (int)strcspn(label, "\n"), label);
	/* of the process, not of the thread */
	EXPECT_FIELD("pid", "%d", ids->pid);
	/* of the thread, and encoded, since it has a space */
	EXPECT_FIELD("comm", "%s", "74776F20776F726473");
	len = readlink("/proc/self/exe", exe, sizeof(exe));
	ASSERT_LT(0, len);
	EXPECT_FIELD("exe", "\"%.*s\"", (int)len, exe);
	EXPECT_FIELD("sig", "%d", a->action->sig);
	EXPECT_FIELD("arch", "%x", c->arch);
	EXPECT_FIELD("syscall", "%d", c->nr);
	EXPECT_FIELD("compat", "%d",
		     c->compat == IF_X32 ? has_x32() : c->compat);
	if (c->ip)
		EXPECT_FIELD("ip", "0x%lx", c->ip);
	else
		text = strstr(text, "code=") ?: text;
	EXPECT_FIELD("code", "0x%x",
		     a->action->value == STRICT ? SECCOMP_RET_KILL_THREAD :
						  a->action->value);
	/* fields that Linux does not have */
	EXPECT_TRUE(!*text || !strncmp(text, "a0=", 3)) {
		TH_LOG("%s", record->text);
	}
}

/* There is one record; none if the action needs the flag and has it not. */
static void expect_record(struct __test_metadata *_metadata,
			  struct audit *audit, const struct attempt *a)
{
	bool logged = a->action->without_flag || a->flags;
	struct audit_text record;

	ASSERT_FALSE(exited_with(run_child(attempt, a, NULL), CHILD_SETUP));
	ASSERT_EQ(logged, audit_collect(audit, AUDIT_SECCOMP, &record, 1)) {
		TH_LOG("%s, %s, flags %#x", a->action->name,
		       a->abi->name, a->flags);
	}
	if (logged)
		expect_fields(_metadata, &record, a);
}

FIXTURE(record) {
	struct audit audit;
};

FIXTURE_SETUP(record)
{
	ids = mmap(NULL, sizeof(*ids), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, ids);
	ASSERT_EQ(0, audit_open(&self->audit));
}

FIXTURE_TEARDOWN(record)
{
	audit_close(&self->audit);
}

TEST_F_TIMEOUT(record, fields, 120)
{
	for (int i = 0; i < ARRAY_SIZE(actions); i++) {
		for (int n = 0; n < ARRAY_SIZE(abis); n++) {
			struct attempt a = { &abis[n], &actions[i] };

			expect_record(_metadata, &self->audit, &a);
			a.flags = SECCOMP_FILTER_FLAG_LOG;
			expect_record(_metadata, &self->audit, &a);
		}
	}
}

/* Records have the ids of the initial namespaces, as the daemon has. */
TEST_F_TIMEOUT(record, fields_of_other_namespaces, 120)
{
	for (int i = 0; i < ARRAY_SIZE(actions); i++) {
		struct attempt a = {
			&abis[0], &actions[i], SECCOMP_FILTER_FLAG_LOG,
			true,
		};

		expect_record(_metadata, &self->audit, &a);
	}
}

TEST_HARNESS_MAIN
