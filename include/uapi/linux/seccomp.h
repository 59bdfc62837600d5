/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The binary interface of seccomp: see seccomp(2), seccomp_unotify(2) and
 * Documentation/userspace-api/seccomp_filter.rst.
 */
#ifndef _UAPI_LINUX_SECCOMP_H
#define _UAPI_LINUX_SECCOMP_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Modes of prctl(PR_SET_SECCOMP), prctl(PR_GET_SECCOMP) and /proc/PID/status */
#define SECCOMP_MODE_DISABLED	0 /* all system calls are allowed */
#define SECCOMP_MODE_STRICT	1 /* read, write, _exit and sigreturn */
#define SECCOMP_MODE_FILTER	2 /* BPF programs decide */

/* Operations of seccomp(2) */
#define SECCOMP_SET_MODE_STRICT		0
#define SECCOMP_SET_MODE_FILTER		1
#define SECCOMP_GET_ACTION_AVAIL	2
#define SECCOMP_GET_NOTIF_SIZES		3

/* Flags of SECCOMP_SET_MODE_FILTER */
#define SECCOMP_FILTER_FLAG_TSYNC		(1UL << 0)
#define SECCOMP_FILTER_FLAG_LOG			(1UL << 1)
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW		(1UL << 2)
#define SECCOMP_FILTER_FLAG_NEW_LISTENER	(1UL << 3)
#define SECCOMP_FILTER_FLAG_TSYNC_ESRCH		(1UL << 4)
/* After a notification is received, only fatal signals end its wait */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV	(1UL << 5)
/* Log each system call once for each value that the filter returns for it */
#define SECCOMP_FILTER_FLAG_LOG_ONCE		(1UL << 31)

/*
 * A filter returns an action in the upper 16 bits and data in the lower 16. If
 * there are several filters, the action with the lowest *signed* value wins, and
 * of equal ones that of the newest filter. From strongest to weakest:
 */
#define SECCOMP_RET_KILL_PROCESS 0x80000000U /* kill the process by SIGSYS */
#define SECCOMP_RET_KILL_THREAD	 0x00000000U /* kill the thread by SIGSYS */
#define SECCOMP_RET_KILL	 SECCOMP_RET_KILL_THREAD
#define SECCOMP_RET_TRAP	 0x00030000U /* send SIGSYS, skip the call */
#define SECCOMP_RET_ERRNO	 0x00050000U /* fail the call, errno in data */
#define SECCOMP_RET_USER_NOTIF	 0x7fc00000U /* ask a supervisor */
#define SECCOMP_RET_TRACE	 0x7ff00000U /* ask the tracer, or ENOSYS */
#define SECCOMP_RET_LOG		 0x7ffc0000U /* log, then allow */
#define SECCOMP_RET_ALLOW	 0x7fff0000U /* allow */

/* The parts of a filter's return value */
#define SECCOMP_RET_ACTION_FULL	0xffff0000U
#define SECCOMP_RET_ACTION	0x7fff0000U
#define SECCOMP_RET_DATA	0x0000ffffU

/**
 * struct seccomp_data - what a filter sees of a system call
 * @nr: system call number
 * @arch: calling convention, an AUDIT_ARCH_* value of <linux/audit.h>
 * @instruction_pointer: address at the time of the call
 * @args: the six arguments, 64 bits each on every architecture
 */
struct seccomp_data {
	int nr;
	__u32 arch;
	__u64 instruction_pointer;
	__u64 args[6];
};

/**
 * struct seccomp_notif_sizes - the sizes of structures in this kernel
 * @seccomp_notif: size of struct seccomp_notif in bytes
 * @seccomp_notif_resp: size of struct seccomp_notif_resp in bytes
 * @seccomp_data: size of struct seccomp_data in bytes
 */
struct seccomp_notif_sizes {
	__u16 seccomp_notif;
	__u16 seccomp_notif_resp;
	__u16 seccomp_data;
};

/**
 * struct seccomp_notif - a system call that waits for a response
 * @id: id of the notification, unique for its listener
 * @pid: the target's thread id in the pid namespace of the supervisor; 0 if it
 *	is not visible there
 * @flags: none yet, 0
 * @data: the system call
 */
struct seccomp_notif {
	__u64 id;
	__u32 pid;
	__u32 flags;
	struct seccomp_data data;
};

/*
 * Continue the system call in the target. Not for security: other threads of the
 * target can change the memory that arguments point to after the supervisor has
 * read it. Use it only if the kernel's own checks stop the target anyway. The
 * system call is then also done if other filters have returned weaker actions:
 * RET_TRACE, RET_LOG, and RET_USER_NOTIF of filters that were attached before.
 * None of these actions is done.
 */
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE (1UL << 0)

/**
 * struct seccomp_notif_resp - the response of a supervisor
 * @id: id from struct seccomp_notif
 * @val: what the system call returns if @error is 0
 * @error: negative error number that the system call fails with, or 0
 * @flags: SECCOMP_USER_NOTIF_FLAG_*; with CONTINUE, @val and @error are 0
 */
struct seccomp_notif_resp {
	__u64 id;
	__s64 val;
	__s32 error;
	__u32 flags;
};

/* Flags of SECCOMP_IOCTL_NOTIF_SET_FLAGS: wake-ups are synchronous */
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)

/* Flags of struct seccomp_notif_addfd */
#define SECCOMP_ADDFD_FLAG_SETFD	(1UL << 0) /* install it as @newfd */
#define SECCOMP_ADDFD_FLAG_SEND		(1UL << 1) /* also respond with it */

/**
 * struct seccomp_notif_addfd - a descriptor to install in the target
 * @id: id from struct seccomp_notif
 * @flags: SECCOMP_ADDFD_FLAG_*
 * @srcfd: descriptor of the supervisor to copy
 * @newfd: descriptor of the target with SETFD, otherwise 0
 * @newfd_flags: O_CLOEXEC or 0, for the new descriptor
 */
struct seccomp_notif_addfd {
	__u64 id;
	__u32 flags;
	__u32 srcfd;
	__u32 newfd;
	__u32 newfd_flags;
};

#define SECCOMP_IOC_MAGIC		'!'
#define SECCOMP_IO(nr)			_IO(SECCOMP_IOC_MAGIC, nr)
#define SECCOMP_IOR(nr, type)		_IOR(SECCOMP_IOC_MAGIC, nr, type)
#define SECCOMP_IOW(nr, type)		_IOW(SECCOMP_IOC_MAGIC, nr, type)
#define SECCOMP_IOWR(nr, type)		_IOWR(SECCOMP_IOC_MAGIC, nr, type)

/* ioctls of the listener */
#define SECCOMP_IOCTL_NOTIF_RECV	SECCOMP_IOWR(0, struct seccomp_notif)
#define SECCOMP_IOCTL_NOTIF_SEND	SECCOMP_IOWR(1,	\
						struct seccomp_notif_resp)
#define SECCOMP_IOCTL_NOTIF_ID_VALID	SECCOMP_IOW(2, __u64)
/* Returns the new descriptor of the target */
#define SECCOMP_IOCTL_NOTIF_ADDFD	SECCOMP_IOW(3, \
						struct seccomp_notif_addfd)
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS	SECCOMP_IOW(4, __u64)

#endif /* _UAPI_LINUX_SECCOMP_H */
