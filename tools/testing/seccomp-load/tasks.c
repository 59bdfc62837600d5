// SPDX-License-Identifier: GPL-2.0
/*
 * Operations of tasks with filters: attach, call, fork, execute, exit, threads.
 */
#include "load.h"

#include <dirent.h>
#include <pthread.h>

#define THREADS_MAX	6

void op_attach(void)
{
	attach_random(0);
	call_randomly(rnd(20));
}

void op_call(void)
{
	call_randomly(1 + rnd(60));
}

/* A chain that the children of the process share until the last one exits */
void op_chain(void)
{
	pid_t pids[8];
	int children = 1 + rnd(ARRAY_SIZE(pids));

	for (int n = 1 + rnd(16); n--;)
		attach_random(0);
	for (int i = 0; i < children; i++) {
		uint64_t seed = rnd64();

		pids[i] = fork();
		if (pids[i])
			continue;
		rnd_start(seed, 0, 0);
		call_randomly(rnd(20));
		_exit(0);
	}
	for (int i = 0; i < children; i++)
		wait_child(pids[i]);
}

void op_fork(void)
{
	uint64_t seed = rnd64();
	pid_t pid = fork();

	if (!pid) {
		rnd_start(seed, 0, 0);
		for (int n = rnd(4); n--;)
			attach_random(0);
		call_randomly(rnd(30));
		_exit(0);
	}
	call_randomly(rnd(10));
	wait_child(pid);
}

static void *execute(void *seed)
{
	execl("/proc/self/exe", "load", "--executed", seed, NULL);
	return NULL;
}

int executed(const char *seed)
{
	rnd_start(strtoull(seed, NULL, 16), 0, 0);
	filters_init();
	if (chance(50))
		attach_random(0);
	call_randomly(rnd(20));
	return 0;
}

/* Also by a thread that is not the first, which ends the others */
void op_exec(void)
{
	pthread_t thread;
	char seed[32];

	if (chance(70))
		attach_random(0);
	call_randomly(rnd(5));
	snprintf(seed, sizeof(seed), "%llx", (unsigned long long)rnd64());
	if (chance(50))
		execute(seed);
	if (!pthread_create(&thread, NULL, execute, seed))
		pthread_join(thread, NULL);
}

struct thread {
	pthread_t id;
	uint64_t seed;
	bool attaches;
};

static void *run_thread(void *arg)
{
	struct thread *thread = arg;

	rnd_start(thread->seed, 0, 0);
	for (int n = 1 + rnd(6); n--;) {
		if (thread->attaches && chance(30))
			attach_random(0);
		call_randomly(rnd(20));
	}
	if (chance(5))
		syscall(__NR_exit_group, 0);
	return NULL;
}

/*
 * Threads call, and some attach, while one attaches for all: it succeeds or fails
 * because a thread has another filter.
 */
void op_threads(void)
{
	struct thread threads[THREADS_MAX];
	int started = 0, nr = 1 + rnd(THREADS_MAX);

	for (int i = 0; i < nr; i++) {
		threads[i].seed = rnd64();
		threads[i].attaches = chance(20);
	}
	for (; started < nr; started++)
		if (pthread_create(&threads[started].id, NULL, run_thread,
				   &threads[started]))
			break;
	for (int n = 1 + rnd(4); n--;) {
		attach_random(SECCOMP_FILTER_FLAG_TSYNC |
			      (chance(30) ? SECCOMP_FILTER_FLAG_TSYNC_ESRCH : 0));
		call_randomly(rnd(10));
	}
	while (started--)
		pthread_join(threads[started].id, NULL);
}

void op_strict(void)
{
	bool violates = chance(50);

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
		return;
	if (violates)
		syscall(__NR_getpid);
	syscall(__NR_exit, 0);
}

/* Read what the kernel shows about some processes, which may be exiting. */
void op_proc(void)
{
	static const char * const files[] = { "status", "seccomp_cache" };
	int wanted = 1 + rnd(20), skip = rnd(60);
	const char *file = one_of(files);
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	if (!proc)
		return;
	while (wanted && (entry = readdir(proc))) {
		char path[300], text[8192];

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || skip-- > 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/%s", entry->d_name, file);
		read_file(path, text, sizeof(text));
		wanted--;
	}
	closedir(proc);
}
