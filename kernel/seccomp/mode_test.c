// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit test for a mode that does not exist. It causes a warning, so its suite
 * has another name than the others and is run only by that name.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/seccomp.h>

static DECLARE_COMPLETION(syscall_starts);
static bool syscall_returned;

static int do_syscall(void *unused)
{
	complete(&syscall_starts);
	current->seccomp.mode = SECCOMP_MODE_FILTER + 1;
	__secure_computing(NULL);
	syscall_returned = true;
	return 0;
}

static void seccomp_impossible_mode_kills(struct kunit *test)
{
	struct task_struct *task = kthread_create(do_syscall, NULL,
						  "impossible");

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	get_task_struct(task);
	wake_up_process(task);
	/* a thread that is stopped before it runs would not run at all */
	wait_for_completion(&syscall_starts);
	/* returns after the thread has ended, also if it was killed */
	kthread_stop(task);
	put_task_struct(task);
	KUNIT_EXPECT_FALSE(test, syscall_returned);
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
