// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.seccomp.*: what is read, what may be written by whom, and the record
 * of every attempt.
 */
#include "common.h"

#include <sys/stat.h>

#include "audit.h"
#include "../kselftest_harness.h"

#define ALL	"kill_process,kill_thread,trap,errno,user_notif,trace,log"

FIXTURE_WITH_AUDIT(sysctl)

#define EXPECT_FILE(path, text) do {					\
	char _buf[256];							\
									\
	ASSERT_LE(0, read_file(path, _buf, sizeof(_buf)));		\
	EXPECT_STREQ(text, _buf);					\
} while (0)

#define EXPECT_CHANGE(line) do {					\
	struct audit_text _r;						\
									\
	EXPECT_EQ(1, audit_collect(&self->audit, AUDIT_CONFIG_CHANGE,	\
				   &_r, 1));				\
	EXPECT_STREQ(line, _r.text);					\
} while (0)

TEST_F(sysctl, actions_avail)
{
	EXPECT_FILE(ACTIONS_AVAIL,
		    "kill_process kill_thread trap errno user_notif trace log allow\n");
}

TEST_F(sysctl, actions_avail_is_read_only)
{
	struct stat st;

	ASSERT_EQ(0, stat(ACTIONS_AVAIL, &st));
	EXPECT_EQ(0444, st.st_mode & 07777);
	EXPECT_GT(0, write_file(ACTIONS_AVAIL, "log"));
}

TEST_F(sysctl, actions_logged_default_and_mode)
{
	struct stat st;

	EXPECT_FILE(ACTIONS_LOGGED, ACTIONS_DEFAULT "\n");
	ASSERT_EQ(0, stat(ACTIONS_LOGGED, &st));
	EXPECT_EQ(0644, st.st_mode & 07777);
}

TEST_F(sysctl, any_order_is_read_back_in_the_usual_one)
{
	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "log trap  kill_process trap\n"));
	EXPECT_FILE(ACTIONS_LOGGED, "kill_process trap log\n");
	EXPECT_CHANGE("op=seccomp-logging actions=kill_process,trap,log old-actions=" ALL " res=1");
}

TEST_F(sysctl, nothing_may_be_logged)
{
	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "\n"));
	EXPECT_FILE(ACTIONS_LOGGED, "\n");
	EXPECT_CHANGE("op=seccomp-logging actions=(none) old-actions=" ALL " res=1");

	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "log"));
	EXPECT_CHANGE("op=seccomp-logging actions=log old-actions=(none) res=1");
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
	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "errno log"));
	EXPECT_CHANGE("op=seccomp-logging actions=errno,log old-actions=" ALL " res=1");

	for (int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, write_file(ACTIONS_LOGGED, bad[i])) {
			TH_LOG("'%.20s'", bad[i]);
		}
		EXPECT_FILE(ACTIONS_LOGGED, "errno log\n");
		EXPECT_CHANGE("op=seccomp-logging actions=? old-actions=errno,log res=0");
	}
}

/* A second write to one descriptor would be the rest of something. */
TEST_F(sysctl, one_write_is_one_set)
{
	int fd = open(ACTIONS_LOGGED, O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, write(fd, "log", 3));
	EXPECT_EQ(-1, write(fd, " errno", 6));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
	EXPECT_FILE(ACTIONS_LOGGED, "log\n");
}

static int write_without_capability(const void *arg)
{
	/* still root, to whom the file belongs */
	if (drop_capabilities())
		return CHILD_SETUP;
	return -write_file(ACTIONS_LOGGED, arg);
}

TEST_F(sysctl, writing_needs_cap_sys_admin)
{
	EXPECT_TRUE(exited_with(run_child(write_without_capability, "log", NULL),
				EPERM));
	EXPECT_FILE(ACTIONS_LOGGED, ACTIONS_DEFAULT "\n");
	EXPECT_CHANGE("op=seccomp-logging actions=log old-actions=" ALL " res=0");

	/* the question of right comes first */
	EXPECT_TRUE(exited_with(run_child(write_without_capability, "bad", NULL),
				EPERM));
	EXPECT_CHANGE("op=seccomp-logging actions=? old-actions=" ALL " res=0");
}

static int read_without_capability(const void *arg)
{
	char buf[256];

	if (drop_capabilities())
		return CHILD_SETUP;
	return read_file(ACTIONS_LOGGED, buf, sizeof(buf)) > 0 ? CHILD_OK :
								 CHILD_WRONG;
}

TEST_F(sysctl, everybody_may_read)
{
	EXPECT_TRUE(exited_with(run_child(read_without_capability, NULL, NULL),
				CHILD_OK));
	EXPECT_EQ(0, audit_collect(&self->audit, AUDIT_CONFIG_CHANGE, NULL, 0));
}

TEST_F(sysctl, attempts_are_recorded_where_auditing_is_off)
{
	ASSERT_EQ(0, audit_enable(&self->audit, false));
	ASSERT_LE(0, audit_collect(&self->audit, 0, NULL, 0));
	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "log"));
	EXPECT_CHANGE("op=seccomp-logging actions=log old-actions=" ALL " res=1");
}

TEST_HARNESS_MAIN
