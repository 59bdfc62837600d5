/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads that a source of events watches, and what an event says of them.
 */
#ifndef SCLOG_TASK_H
#define SCLOG_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event.h"

#define TASK_COMM_MAX	17

/**
 * struct task - a thread
 * @tid: its id
 * @tgid: that of its process, from task_read() on, as all that follows
 * @comm: its name when it was last read
 * @uid: and @gid: of its user, at that time
 */
struct task {
	pid_t tid;
	pid_t tgid;
	char comm[TASK_COMM_MAX];
	uint32_t uid;
	uint32_t gid;
	/* private */
	bool current;	/* what was read of it still holds */
	struct task *next;
};

/* All threads, by id. Zero-initialized is empty. */
struct tasks {
	struct task **buckets;
	size_t nr_buckets;
	size_t count;
};

/** task_get() - the thread of an id, added if it is not there */
struct task *task_get(struct tasks *tasks, pid_t tid);

/** task_changed() - its name or user may be another: task_read() reads again */
void task_changed(struct task *task);

/**
 * task_read() - have name, process and user, from /proc
 *
 * Only if it was not done since the last task_changed(): most threads make no
 * call that is asked about.
 */
void task_read(struct task *task);

/** task_remove() - fine if it is not there */
void task_remove(struct tasks *tasks, pid_t tid);

/** tasks_free() - make it empty */
void tasks_free(struct tasks *tasks);

/** task_next() - walk all: the first for NULL, NULL behind the last */
struct task *task_next(const struct tasks *tasks, const struct task *task);

/* What one thread has done: page faults, and switches to another thread */
struct task_counts {
	long faults;
	long switches;
};

/** task_counts() - of a thread, also of one that has ended; false: unknown */
bool task_counts(pid_t tid, struct task_counts *counts);

/**
 * task_event() - what an event says of the thread, after task_read()
 *
 * Its texts are the task's.
 */
void task_event(struct task *task, struct event *event);

/** is_renaming() - the call may give its thread another name */
bool is_renaming(const struct event *event);

/**
 * task_path() - the path or address that a call refers to
 * @event: a call that its thread has not made yet
 *
 * Of execve(), open() and connect() and what is like them. It is what was in
 * the process's memory, not what the kernel will find there: for people only.
 *
 * Return: text to be free()d, "?" if it cannot be read; NULL for other calls.
 */
char *task_path(const struct event *event);

/**
 * read_memory() - copy from a process's memory, as much as there is
 *
 * Return: number of bytes; 0 if nothing can be read.
 */
size_t read_memory(pid_t pid, uint64_t address, void *buffer, size_t size);

/** task_exe() - path of the program of a process, to be free()d; or NULL */
char *task_exe(pid_t pid);

#endif /* SCLOG_TASK_H */
