// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit test for a mode that does not exist. It ends in a warning, so its suite
 * has a name of its own, by which it is asked for.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/seccomp.h>

static DECLARE_COMPLETION(call_begins);
static bool call_passed;

static int make_call(void *unused)
{
	complete(&call_begins);
	current->seccomp.mode = SECCOMP_MODE_FILTER + 1;
	__secure_computing(NULL);
	call_passed = true;
	return 0;
}

static void seccomp_impossible_mode_kills(struct kunit *test)
{
	struct task_struct *task = kthread_create(make_call, NULL, "impossible");

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	get_task_struct(task);
	wake_up_process(task);
	/* one that is stopped before it runs makes no call */
	wait_for_completion(&call_begins);
	/* returns once the thread has ended, by itself if it is killed */
	kthread_stop(task);
	put_task_struct(task);
	KUNIT_EXPECT_FALSE(test, call_passed);
}

static struct kunit_case seccomp_mode_cases[] = {
	KUNIT_CASE(seccomp_impossible_mode_kills),
	{ }
};

static struct kunit_suite seccomp_mode_suite = {
	.name = "impossible_mode",
	.test_cases = seccomp_mode_cases,
};

kunit_test_suite(seccomp_mode_suite);

MODULE_LICENSE("GPL");
