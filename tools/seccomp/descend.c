// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that the command has started.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "descend.h"
#include "out.h"

struct process {
	pid_t pid;
	pid_t parent;
	bool ours;
};

void adopt_orphans(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* State and parent stand behind the name, which may hold anything */
static bool read_process(const char *name, struct process *process)
{
	char path[300];
	char text[512];
	const char *at;
	size_t length;
	FILE *file;
	char state;
	int parent;

	snprintf(path, sizeof(path), "/proc/%s/stat", name);
	file = fopen(path, "re");
	if (!file)
		return false;
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	at = strrchr(text, ')');
	if (!at || sscanf(at, ") %c %d", &state, &parent) != 2 || state == 'Z')
		return false;
	*process = (struct process){ atoi(name), parent, false };
	return true;
}

static struct process *all_processes(size_t *nr)
{
	struct process *processes = NULL;
	struct process process;
	struct dirent *entry;
	DIR *folder = opendir("/proc");

	*nr = 0;
	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    !read_process(entry->d_name, &process))
			continue;
		processes = xreallocarray(processes, *nr + 1,
					  sizeof(*processes));
		processes[(*nr)++] = process;
	}
	if (folder)
		closedir(folder);
	return processes;
}

/* sclog's child, or that of one that is ours */
static bool is_ours(const struct process *processes, size_t nr,
		    const struct process *process)
{
	if (process->parent == getpid())
		return true;
	for (size_t i = 0; i < nr; i++)
		if (processes[i].pid == process->parent)
			return processes[i].ours;
	return false;
}

pid_t *descendants(size_t *nr)
{
	size_t nr_all;
	struct process *all = all_processes(&nr_all);
	pid_t *pids = xcalloc(nr_all + 1, sizeof(*pids));
	bool more = true;

	*nr = 0;
	/* a child may have a lower id than its parent: until nothing is new */
	while (more) {
		more = false;
		for (size_t i = 0; i < nr_all; i++) {
			if (all[i].ours || !is_ours(all, nr_all, &all[i]))
				continue;
			all[i].ours = true;
			pids[(*nr)++] = all[i].pid;
			more = true;
		}
	}
	free(all);
	return pids;
}

void kill_descendants(void *source, int signal)
{
	size_t nr;
	pid_t *pids = descendants(&nr);

	(void)source;
	for (size_t i = 0; i < nr; i++)
		kill(pids[i], signal);
	free(pids);
}
