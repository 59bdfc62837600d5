/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For KUnit tests that run a function in several threads at the same time
 */
#ifndef _KERNEL_SECCOMP_THREADS_TEST_H
#define _KERNEL_SECCOMP_THREADS_TEST_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#define THREADS		8

/**
 * struct threads - threads that run the same function at the same time
 * @work: the function; its arguments are the thread's number and @data
 * @data: for @work, which must not call KUnit
 * @numbers: to give each thread a number
 * @ready: number of threads that have not started
 * @running: number of threads that have not ended
 * @ended: the last one has ended
 */
struct threads {
	void (*work)(unsigned int thread, void *data);
	void *data;
	atomic_t numbers;
	atomic_t ready;
	atomic_t running;
	struct completion ended;
};

static int threads_main(void *arg)
{
	struct threads *threads = arg;
	unsigned int number = atomic_inc_return(&threads->numbers) - 1;

	atomic_dec(&threads->ready);
	while (atomic_read(&threads->ready))
		cond_resched();
	threads->work(number, threads->data);
	if (atomic_dec_and_test(&threads->running))
		complete(&threads->ended);
	return 0;
}

/* Run @work in THREADS threads, and wait until they have ended. */
static void threads_run(struct kunit *test,
			void (*work)(unsigned int thread, void *data),
			void *data)
{
	struct threads threads = {
		.work = work,
		.data = data,
		.ready = ATOMIC_INIT(THREADS),
		.running = ATOMIC_INIT(THREADS),
		.ended = COMPLETION_INITIALIZER_ONSTACK(threads.ended),
	};
	struct task_struct *tasks[THREADS];
	unsigned int nr;

	for (nr = 0; nr < THREADS; nr++) {
		tasks[nr] = kthread_create(threads_main, &threads,
					   "seccomp_test/%u", nr);
		if (IS_ERR(tasks[nr]))
			break;
		/* it may end before kthread_stop() */
		get_task_struct(tasks[nr]);
	}
	if (nr == THREADS) {
		for (unsigned int i = 0; i < nr; i++)
			wake_up_process(tasks[i]);
		wait_for_completion(&threads.ended);
	} else {
		KUNIT_FAIL(test, "%u threads instead of %u", nr, THREADS);
	}
	for (unsigned int i = 0; i < nr; i++) {
		kthread_stop(tasks[i]);
		put_task_struct(tasks[i]);
	}
}

#endif /* _KERNEL_SECCOMP_THREADS_TEST_H */
