/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sclog: from seccomp's log to a policy.
 */
#ifndef SCLOG_H
#define SCLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses; a command that runs has its own. */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NO_SANDBOX = 125,	/* the filter cannot be made or loaded */
	STATUS_CANNOT_RUN = 126,
	STATUS_NOT_FOUND = 127,
};

/* One system call of one calling convention */
struct call {
	uint32_t arch;		/* SCMP_ARCH_* */
	int nr;
};

struct call_set {
	struct call *calls;
	size_t count;
	size_t room;
};

/* set.c: sets of calls, and their text, a call a line */
void call_set_add(struct call_set *set, struct call call);
bool call_set_has(const struct call_set *set, struct call call);
void call_set_free(struct call_set *set);
/* What AUDIT_ARCH_* and number a record or filter has, as libseccomp sees it */
struct call call_from_audit(uint32_t audit_arch, int nr);
void call_set_print(const struct call_set *set, FILE *out);
/* 0, or -1 after a message that names the line */
int call_set_read(struct call_set *set, FILE *in, const char *name);

/* A filter that a log tells of */
struct filter {
	unsigned long long id;
	bool refuses;		/* there is a record of it that is not code=log */
	unsigned long lost;	/* records, as its closing record says */
	struct call_set named;	/* calls, as its closing record says */
};

struct filters {
	struct filter *all;
	size_t count;
};

/* filters.c: the filter of that id, new where there is none yet */
struct filter *filters_find(struct filters *filters, unsigned long long id);
void filters_free(struct filters *filters);
/* Take a part of its closing record; false for what is none, as "5-3" */
bool filter_named(struct filter *filter, uint32_t arch, const char *syscalls);
/*
 * Where records were lost, say what closing records name beside @set, or @add it.
 * What a filter that also refuses calls allowed, they do not tell.
 */
void filters_complete(const struct filters *filters, struct call_set *set,
		      bool add);

/* list.c; @complete: with what closing records name where records were lost */
int list_log(const char *path, bool complete);

/* exec.c: returns a status only where the command does not run */
int exec_filtered(uint32_t action, const char *allowed, char **argv);

/* message.c: one line, behind the program's name */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* main.c */
int cmd_old(int argc, char **argv);

#endif /* SCLOG_H */
