// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that do not end.
 */
#include "load.h"

#include <dirent.h>

static bool descends(pid_t pid, pid_t ancestor)
{
	char path[64], text[4096];
	const char *parent;

	while (pid > 1 && pid != ancestor) {
		snprintf(path, sizeof(path), "/proc/%d/status", pid);
		if (read_file(path, text, sizeof(text)) < 0)
			return false;
		parent = strstr(text, "\nPPid:");
		pid = parent ? atoi(parent + 6) : 0;
	}
	return pid == ancestor;
}

/* A process, and each of its threads: what it waits for */
static void show(pid_t pid)
{
	char path[64], text[4096] = "";
	struct dirent *thread;
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	threads = opendir(path);
	while (threads && (thread = readdir(threads))) {
		static const char * const files[] = {
			"comm", "syscall", "wchan", "stack",
		};

		if (thread->d_name[0] == '.')
			continue;
		printf("# process %d thread %s:", pid, thread->d_name);
		for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
			snprintf(path, sizeof(path), "/proc/%d/task/%.10s/%s",
				 pid, thread->d_name, files[i]);
			text[0] = '\0';
			read_file(path, text, sizeof(text));
			for (char *line = strtok(text, "\n"); line;
			     line = strtok(NULL, "\n"))
				printf(" %s;", line);
		}
		printf("\n");
	}
	if (threads)
		closedir(threads);
}

static void for_descendants(pid_t ancestor, void (*fn)(pid_t pid))
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 0 && pid != ancestor && descends(pid, ancestor))
			fn(pid);
	}
	if (proc)
		closedir(proc);
}

static void kill_one(pid_t pid)
{
	kill(pid, SIGKILL);
}

void stuck_show(pid_t ancestor)
{
	for_descendants(ancestor, show);
	fflush(stdout);
}

void stuck_kill(pid_t ancestor)
{
	for_descendants(ancestor, kill_one);
}
