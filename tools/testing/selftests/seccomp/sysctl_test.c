// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.seccomp.*: which values can be written, by whom, what is read back,
 * and the record of each attempt.
 */
#include "common.h"

#include <sys/stat.h>

#include "audit.h"
#include "../kselftest_harness.h"

#define ALL	"kill_process,kill_thread,trap,errno,user_notif,trace,log"

FIXTURE_WITH_AUDIT(sysctl)

/* The sysctls that are sets of actions behave the same. */
FIXTURE_VARIANT(sysctl) {
	const char *path;
	const char *op;
	const char *initial;
	const char *old;	/* the same, as records write it */
};

FIXTURE_VARIANT_ADD(sysctl, actions_logged) {
	.path = ACTIONS_LOGGED,
	.op = "seccomp-logging",
	.initial = ACTIONS_DEFAULT "\n",
	.old = ALL,
};

FIXTURE_VARIANT_ADD(sysctl, actions_logged_audited) {
	.path = LOGGED_AUDITED,
	.op = "seccomp-logging-audited",
	.initial = ACTIONS_DEFAULT "\n",
	.old = ALL,
};

FIXTURE_VARIANT_ADD(sysctl, actions_logged_once) {
	.path = LOGGED_ONCE,
	.op = "seccomp-logging-once",
	.initial = "\n",
	.old = "(none)",
};

#define EXPECT_FILE(path, text) do {					\
	char _buf[256];							\
									\
	ASSERT_LE(0, read_file(path, _buf, sizeof(_buf)));		\
	EXPECT_STREQ(text, _buf);					\
} while (0)

/* The record of an attempt to change a set */
#define EXPECT_CHANGE(actions, old_actions, res) do {			\
	struct audit_text _r = {};					\
	char _line[512];						\
									\
	snprintf(_line, sizeof(_line),					\
		 "op=%s actions=%s old-actions=%s res=%d", variant->op,	\
		 actions, old_actions, res);				\
	EXPECT_EQ(1, audit_collect(&self->audit, AUDIT_CONFIG_CHANGE,	\
				   &_r, 1));				\
	EXPECT_STREQ(_line, _r.text);					\
} while (0)

/* The values after boot */
TEST(defaults)
{
	EXPECT_FILE(ACTIONS_LOGGED, ACTIONS_DEFAULT "\n");
	EXPECT_FILE(LOGGED_AUDITED, ACTIONS_DEFAULT "\n");
	EXPECT_FILE(LOGGED_ONCE, "\n");
	EXPECT_FILE(SHARE_PROGRAMS, "1\n");
}

TEST(actions_avail)
{
	EXPECT_FILE(ACTIONS_AVAIL,
		    "kill_process kill_thread trap errno user_notif trace log allow\n");
}

TEST(actions_avail_is_read_only)
{
	struct stat st;

	ASSERT_EQ(0, stat(ACTIONS_AVAIL, &st));
	EXPECT_EQ(0444, st.st_mode & 07777);
	EXPECT_GT(0, write_file(ACTIONS_AVAIL, "log"));
}

TEST_F(sysctl, reads_as_it_was_set_and_mode)
{
	struct stat st;

	EXPECT_FILE(variant->path, variant->initial);
	ASSERT_EQ(0, stat(variant->path, &st));
	EXPECT_EQ(0644, st.st_mode & 07777);
}

TEST_F(sysctl, order_is_normalized)
{
	ASSERT_EQ(0, write_file(variant->path, "log trap  kill_process trap\n"));
	EXPECT_FILE(variant->path, "kill_process trap log\n");
	EXPECT_CHANGE("kill_process,trap,log", variant->old, 1);
}

TEST_F(sysctl, set_may_be_empty_or_full)
{
	ASSERT_EQ(0, write_file(variant->path, "\n"));
	EXPECT_FILE(variant->path, "\n");
	EXPECT_CHANGE("(none)", variant->old, 1);

	ASSERT_EQ(0, write_file(variant->path, ACTIONS_DEFAULT));
	EXPECT_FILE(variant->path, ACTIONS_DEFAULT "\n");
	EXPECT_CHANGE(ALL, "(none)", 1);
}

TEST_F(sysctl, bad_input_is_einval_and_changes_nothing)
{
	static char overlong[4200];
	const char * const bad[] = {
		"allow", "log allow", "kill", "nonsense", "log nonsense",
		"log,errno", "LOG", "log\nerrno", overlong,
	};

	memset(overlong, ' ', sizeof(overlong) - 1);
	memcpy(overlong, "log", 3);
	ASSERT_EQ(0, write_file(variant->path, "errno log"));
	EXPECT_CHANGE("errno,log", variant->old, 1);

	for (int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, write_file(variant->path, bad[i])) {
			TH_LOG("'%.20s'", bad[i]);
		}
		EXPECT_FILE(variant->path, "errno log\n");
		EXPECT_CHANGE("?", "errno,log", 0);
	}
}

/* A second write to a descriptor would be the rest of a value. */
TEST_F(sysctl, one_write_is_one_set)
{
	int fd = open(variant->path, O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, write(fd, "log", 3));
	EXPECT_EQ(-1, write(fd, " errno", 6));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
	EXPECT_FILE(variant->path, "log\n");
}

struct attempt {
	const char *path;
	const char *text;
};

static int write_without_capability(const void *arg)
{
	const struct attempt *a = arg;

	/* the user is still root, which owns the file */
	if (drop_capabilities())
		return CHILD_SETUP;
	return -write_file(a->path, a->text);
}

TEST_F(sysctl, writing_needs_cap_sys_admin)
{
	struct attempt a = { variant->path, "log" };

	EXPECT_TRUE(exited_with(run_child(write_without_capability, &a, NULL),
				EPERM));
	EXPECT_FILE(variant->path, variant->initial);
	EXPECT_CHANGE("log", variant->old, 0);

	/* the capability is checked first */
	a.text = "bad";
	EXPECT_TRUE(exited_with(run_child(write_without_capability, &a, NULL),
				EPERM));
	EXPECT_CHANGE("?", variant->old, 0);
}

static int read_without_capability(const void *arg)
{
	char buf[256];

	if (drop_capabilities())
		return CHILD_SETUP;
	return read_file(arg, buf, sizeof(buf)) > 0 ? CHILD_OK :
								 CHILD_WRONG;
}

TEST_F(sysctl, reading_needs_no_capability)
{
	EXPECT_TRUE(exited_with(run_child(read_without_capability,
					  variant->path, NULL), CHILD_OK));
	EXPECT_EQ(0, audit_collect(&self->audit, AUDIT_CONFIG_CHANGE, NULL, 0));
}

TEST_F(sysctl, attempts_are_recorded_if_auditing_is_off)
{
	ASSERT_EQ(0, audit_enable(&self->audit, false));
	ASSERT_LE(0, audit_collect(&self->audit, 0, NULL, 0));
	ASSERT_EQ(0, write_file(variant->path, "log"));
	EXPECT_CHANGE("log", variant->old, 1);
}

/* share_programs is 0 or 1. */
FIXTURE_WITH_AUDIT(sharing)

TEST_F(sharing, yes_or_no)
{
	static const char * const bad[] = { "2", "-1", "yes", "4294967296" };
	struct stat st;

	ASSERT_EQ(0, stat(SHARE_PROGRAMS, &st));
	EXPECT_EQ(0644, st.st_mode & 07777);
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "0\n"));
	EXPECT_FILE(SHARE_PROGRAMS, "0\n");
	for (int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, write_file(SHARE_PROGRAMS, bad[i])) {
			TH_LOG("'%s'", bad[i]);
		}
		EXPECT_FILE(SHARE_PROGRAMS, "0\n");
	}
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "1"));
	EXPECT_FILE(SHARE_PROGRAMS, "1\n");
}

TEST_F(sharing, writing_needs_cap_sys_admin)
{
	struct attempt a = { SHARE_PROGRAMS, "0" };

	EXPECT_TRUE(exited_with(run_child(write_without_capability, &a, NULL),
				EPERM));
	EXPECT_FILE(SHARE_PROGRAMS, "1\n");
}

TEST_HARNESS_MAIN
