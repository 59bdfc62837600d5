/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random system calls about seccomp, with good and bad arguments. All output is
 * the same on each run with one seed: pids, descriptors and ids are not printed.
 */
#ifndef SECCOMP_FUZZ_CALLS_H
#define SECCOMP_FUZZ_CALLS_H

#include "../selftests/seccomp/common.h"

/* No memory is mapped there. */
#define BAD_ADDRESS	((void *)8)

/*
 * Filters of attach.c decide about these system calls only, which the program
 * needs for nothing else: getuid, syslog, getgid, setuid, setgid, geteuid,
 * getegid, setpgid and getppid.
 */
#define FIRST_NR	__NR_getuid
#define LAST_NR		__NR_getppid

/* A target makes this one, which a supervisor is notified of. */
#define NOTIFY_NR	__NR_getpgrp

#define one_of(array)	((array)[rnd(ARRAY_SIZE(array))])

/* calls.c */
uint32_t rnd(uint32_t end);
bool chance(unsigned int percent);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Print what a system call returned: -1 with errno, 0, or a name for others. */
long say_result(long ret, const char *positive);
/* Kill a child and wait for it. */
void end_child(pid_t pid);

/* calls_attach.c */
/* One of many programs, valid or not. May set its length to a wrong one. */
struct sock_fprog *random_program(bool *notifies);
void attach_randomly(void);
void call_randomly(void);
void sync_threads(void);

/* calls_notify.c */
void supervise(void);

/* calls_ptrace.c */
void trace(void);

#endif /* SECCOMP_FUZZ_CALLS_H */
