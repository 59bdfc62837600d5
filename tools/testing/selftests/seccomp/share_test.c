// SPDX-License-Identifier: GPL-2.0
/*
 * Filters with the same program share it, and nothing else: each has its own
 * flags, chain and log.
 */
#include "common.h"

#include "audit.h"
#include "../kselftest_harness.h"

#define ERROR		1234

FIXTURE_WITH_AUDIT(share)

/* A process that has attached a filter and stays for as long as it is wanted */
struct holder {
	pid_t pid;
	int stay;
};

static int hold(struct holder *holder, uint32_t value, unsigned int flags)
{
	int ready[2], stay[2];
	char byte;

	if (pipe(ready) || pipe(stay))
		return -errno;
	fflush(NULL);
	holder->pid = fork();
	if (holder->pid < 0)
		return -errno;
	if (!holder->pid) {
		if (attach_for(SUBJECT, value, flags))
			_exit(CHILD_SETUP);
		if (write(ready[1], "", 1) != 1 ||
		    read(stay[0], &byte, 1) != 1)
			_exit(CHILD_WRONG);
		_exit(subject() == -ERROR ? CHILD_OK : CHILD_WRONG);
	}
	close(ready[1]);
	close(stay[0]);
	holder->stay = stay[1];
	return read(ready[0], &byte, 1) == 1 ? close(ready[0]) : -ECHILD;
}

/* It makes its call and goes. Its wait status */
static int release(struct holder *holder)
{
	int status;

	if (write(holder->stay, "", 1) != 1 ||
	    waitpid(holder->pid, &status, 0) != holder->pid)
		return -1;
	close(holder->stay);
	return status;
}

static void both_answer(struct __test_metadata *_metadata, struct audit *audit)
{
	const unsigned int log = SECCOMP_FILTER_FLAG_LOG;
	struct holder quiet, logging;
	struct seccomp_record r;

	ASSERT_EQ(0, hold(&quiet, SECCOMP_RET_ERRNO | ERROR, 0));
	ASSERT_EQ(0, hold(&logging, SECCOMP_RET_ERRNO | ERROR, log));

	EXPECT_TRUE(exited_with(release(&quiet), CHILD_OK));
	EXPECT_EQ(0, audit_collect_seccomp(audit, quiet.pid, &r, 1));
	/* the other's program is still there */
	EXPECT_TRUE(exited_with(release(&logging), CHILD_OK));
	EXPECT_EQ(1, audit_collect_seccomp(audit, logging.pid, &r, 1));
	EXPECT_EQ(ERROR, r.retdata);
}

TEST_F(share, flags_and_log_are_each_filters_own)
{
	both_answer(_metadata, &self->audit);
}

TEST_F(share, without_sharing_it_is_the_same)
{
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "0"));
	both_answer(_metadata, &self->audit);
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "1"));
}

/* One that was attached before sharing was turned off outlives that. */
TEST_F(share, turned_off_and_on_while_programs_live)
{
	struct holder holders[4];

	for (int i = 0; i < ARRAY_SIZE(holders); i++) {
		ASSERT_EQ(0, write_file(SHARE_PROGRAMS, i & 1 ? "0" : "1"));
		ASSERT_EQ(0, hold(&holders[i], SECCOMP_RET_ERRNO | ERROR, 0));
	}
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "1"));
	for (int i = 0; i < ARRAY_SIZE(holders); i++) {
		int status = release(&holders[i]);

		EXPECT_TRUE(exited_with(status, CHILD_OK));
	}
}

/* Nearly the same is another program. */
TEST_F(share, one_bit_makes_another_program)
{
	struct holder one, other;

	ASSERT_EQ(0, hold(&one, SECCOMP_RET_ERRNO | ERROR, 0));
	ASSERT_EQ(0, hold(&other, SECCOMP_RET_ERRNO | (ERROR ^ 1), 0));
	EXPECT_TRUE(exited_with(release(&one), CHILD_OK));
	EXPECT_TRUE(exited_with(release(&other), CHILD_WRONG));
}

/* The last user goes while another looks for the program, again and again. */
#define COMERS	6
#define ROUNDS	150

static int come_and_go(const void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		int status;
		pid_t child = fork();

		if (!child) {
			if (attach_for(SUBJECT, SECCOMP_RET_ERRNO | ERROR, 0) ||
			    attach_for(SUBJECT, SECCOMP_RET_ERRNO | ERROR, 0))
				_exit(CHILD_SETUP);
			_exit(subject() == -ERROR ? CHILD_OK : CHILD_WRONG);
		}
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    !exited_with(status, CHILD_OK))
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

TEST(share_while_the_last_one_goes)
{
	pid_t comers[COMERS];
	int status;

	for (int i = 0; i < COMERS; i++) {
		comers[i] = fork();
		ASSERT_LE(0, comers[i]);
		if (!comers[i])
			_exit(come_and_go(NULL));
	}
	for (int i = 0; i < COMERS; i++) {
		ASSERT_EQ(comers[i], waitpid(comers[i], &status, 0));
		EXPECT_TRUE(exited_with(status, CHILD_OK));
	}
}

TEST_HARNESS_MAIN
