// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that a source of events watches.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "out.h"
#include "task.h"

#define BUCKETS_MIN	64

static size_t bucket(const struct tasks *tasks, pid_t tid)
{
	return (unsigned int)tid & (tasks->nr_buckets - 1);
}

static struct task *task_find(const struct tasks *tasks, pid_t tid)
{
	struct task *task;

	if (!tasks->count)
		return NULL;
	for (task = tasks->buckets[bucket(tasks, tid)]; task; task = task->next)
		if (task->tid == tid)
			return task;
	return NULL;
}

static void insert(struct tasks *tasks, struct task *task)
{
	struct task **head = &tasks->buckets[bucket(tasks, task->tid)];

	task->next = *head;
	*head = task;
}

static void grow(struct tasks *tasks)
{
	struct tasks bigger = {
		.nr_buckets = tasks->nr_buckets ? tasks->nr_buckets * 2 :
			BUCKETS_MIN,
		.count = tasks->count,
	};

	bigger.buckets = xcalloc(bigger.nr_buckets, sizeof(struct task *));
	for (size_t i = 0; i < tasks->nr_buckets; i++) {
		struct task *task = tasks->buckets[i];

		while (task) {
			struct task *next = task->next;

			insert(&bigger, task);
			task = next;
		}
	}
	free(tasks->buckets);
	*tasks = bigger;
}

static size_t read_proc(pid_t tid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", tid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, text, size - 1);
	close(fd);
	if (length < 0)
		return 0;
	text[length] = '\0';
	return length;
}

/* The number behind the first key of that name, which begins a line */
static uint32_t status_field(const char *text, const char *key, uint32_t other)
{
	const char *at = strstr(text, key);

	return at ? strtoul(at + strlen(key), NULL, 10) : other;
}

void task_changed(struct task *task)
{
	task->current = false;
}

void task_read(struct task *task)
{
	char text[4096];
	size_t length;

	if (task->current)
		return;
	task->current = true;
	length = read_proc(task->tid, "comm", text, TASK_COMM_MAX);
	if (length) {
		/* a name may have a newline in it, but the last is not its own */
		if (text[length - 1] == '\n')
			text[length - 1] = '\0';
		strcpy(task->comm, text);
	}
	/* the name is escaped there, so no key of ours can be in it */
	if (read_proc(task->tid, "status", text, sizeof(text))) {
		task->tgid = status_field(text, "\nTgid:\t", task->tid);
		task->uid = status_field(text, "\nUid:\t", EVENT_ID_UNSET);
		task->gid = status_field(text, "\nGid:\t", EVENT_ID_UNSET);
	}
}

bool task_counts(pid_t tid, struct task_counts *counts)
{
	char name[32];
	char text[4096];
	long minor, major;
	const char *at;

	/* not /proc/PID/stat, which has all threads of the process */
	snprintf(name, sizeof(name), "task/%d/stat", tid);
	if (!read_proc(tid, name, text, sizeof(text)))
		return false;
	/* state, five ids, flags, faults, those of children, and so on */
	at = strrchr(text, ')');
	if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %ld %*d %ld",
			  &minor, &major) != 2 ||
	    !read_proc(tid, "status", text, sizeof(text)))
		return false;
	counts->faults = minor + major;
	counts->switches =
		status_field(text, "\nvoluntary_ctxt_switches:\t", 0) +
		status_field(text, "\nnonvoluntary_ctxt_switches:\t", 0);
	return true;
}

struct task *task_get(struct tasks *tasks, pid_t tid)
{
	struct task *task = task_find(tasks, tid);

	if (task)
		return task;
	if (tasks->count == tasks->nr_buckets)
		grow(tasks);
	task = xcalloc(1, sizeof(*task));
	*task = (struct task){
		.tid = tid,
		.tgid = tid,
		.comm = "?",
		.uid = EVENT_ID_UNSET,
		.gid = EVENT_ID_UNSET,
	};
	insert(tasks, task);
	tasks->count++;
	return task;
}

void task_remove(struct tasks *tasks, pid_t tid)
{
	struct task **at;

	if (!tasks->count)
		return;
	at = &tasks->buckets[bucket(tasks, tid)];
	while (*at && (*at)->tid != tid)
		at = &(*at)->next;
	if (*at) {
		struct task *task = *at;

		*at = task->next;
		free(task);
		tasks->count--;
	}
}

struct task *task_next(const struct tasks *tasks, const struct task *task)
{
	size_t i = 0;

	if (task && task->next)
		return task->next;
	if (task)
		i = bucket(tasks, task->tid) + 1;
	for (; i < tasks->nr_buckets; i++)
		if (tasks->buckets[i])
			return tasks->buckets[i];
	return NULL;
}

void tasks_free(struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->nr_buckets; i++) {
		struct task *task = tasks->buckets[i];

		while (task) {
			struct task *next = task->next;

			free(task);
			task = next;
		}
	}
	free(tasks->buckets);
	*tasks = (struct tasks){};
}

void task_event(struct task *task, struct event *event)
{
	task_read(task);
	event->pid = task->tgid;
	event->tid = task->tid;
	event->comm = task->comm;
	event->uid = task->uid;
	event->gid = task->gid;
	event->auid = EVENT_ID_UNSET;
	event->ses = EVENT_ID_UNSET;
}

bool is_renaming(const struct event *event)
{
	const char *name = event->call.abi ? call_name(&event->call) : NULL;

	if (!name)
		return false;
	if (!strcmp(name, "prctl"))
		return (uint32_t)event->args[0] == PR_SET_NAME;
	/* the user, which task_read() reads, too */
	return !strncmp(name, "set", 3) && strstr(name, "id");
}

size_t read_memory(pid_t pid, uint64_t address, void *buffer, size_t size)
{
	struct iovec to = { buffer, size };
	struct iovec from = { (void *)(uintptr_t)address, size };
	ssize_t length;

	if (!address || address > UINTPTR_MAX)
		return 0;
	length = process_vm_readv(pid, &to, 1, &from, 1, 0);
	return length < 0 ? 0 : length;
}

/* To the end of each page in turn: the next may not be there */
static char *read_path(pid_t pid, uint64_t address)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *text = xcalloc(PATH_MAX + 1, 1);
	size_t length = 0;

	while (length < PATH_MAX) {
		size_t wanted = page - (address + length) % page;
		size_t got;

		if (wanted > PATH_MAX - length)
			wanted = PATH_MAX - length;
		got = read_memory(pid, address + length, text + length, wanted);
		if (memchr(text + length, '\0', got))
			return text;
		length += got;
		if (got < wanted)
			break;
	}
	strcpy(text, "?");
	return text;
}

static char *read_address(pid_t pid, uint64_t address, uint64_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
		char bytes[sizeof(struct sockaddr_storage)];
	} to = {};
	char text[INET6_ADDRSTRLEN];

	if (size > sizeof(to))
		size = sizeof(to);
	if (size < sizeof(sa_family_t) ||
	    read_memory(pid, address, &to, size) != size)
		return xstrdup("?");
	switch (to.any.sa_family) {
	case AF_INET:
		inet_ntop(AF_INET, &to.in.sin_addr, text, sizeof(text));
		return xasprintf("%s:%u", text, ntohs(to.in.sin_port));
	case AF_INET6:
		inet_ntop(AF_INET6, &to.in6.sin6_addr, text, sizeof(text));
		return xasprintf("[%s]:%u", text, ntohs(to.in6.sin6_port));
	case AF_UNIX:
		/* an abstract name begins with a NUL, shown as @ */
		if (!to.un.sun_path[0])
			to.un.sun_path[0] = '@';
		return xasprintf("%.*s", (int)sizeof(to.un.sun_path),
				 to.un.sun_path);
	default:
		return xasprintf("family %u", to.any.sa_family);
	}
}

char *task_path(const struct event *event)
{
	static const struct {
		const char *name;
		unsigned int arg;
	} paths[] = {
		{ "execve", 0 }, { "execveat", 1 },
		{ "open", 0 }, { "openat", 1 }, { "openat2", 1 },
	};
	const char *name = event->call.abi ? call_name(&event->call) : NULL;

	if (!name)
		return NULL;
	if (!strcmp(name, "connect"))
		return read_address(event->tid, event->args[1],
				    (uint32_t)event->args[2]);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!strcmp(name, paths[i].name))
			return read_path(event->tid, event->args[paths[i].arg]);
	return NULL;
}

char *task_exe(pid_t pid)
{
	char link[64];
	char path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return NULL;
	path[length] = '\0';
	return xstrdup(path);
}
