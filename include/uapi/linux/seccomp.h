/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The binary interface of seccomp: see seccomp(2), seccomp_unotify(2) and
 * Documentation/userspace-api/seccomp_filter.rst.
 */
#ifndef _UAPI_LINUX_SECCOMP_H
#define _UAPI_LINUX_SECCOMP_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Modes, as prctl(PR_SET_SECCOMP), prctl(PR_GET_SECCOMP) and /proc name them */
#define SECCOMP_MODE_DISABLED	0 /* every system call passes */
#define SECCOMP_MODE_STRICT	1 /* read, write, _exit and sigreturn pass */
#define SECCOMP_MODE_FILTER	2 /* attached BPF programs decide */

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
/* Once received, a notification's wait is ended by fatal signals alone */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV	(1UL << 5)
/* Of what the filter logs, log each call once for each value returned */
#define SECCOMP_FILTER_FLAG_LOG_ONCE		(1UL << 31)

/*
 * A filter returns an action in the upper 16 bits and data for it in the lower
 * 16. Of several filters' actions the lowest *signed* value wins, and among
 * equal ones that of the filter attached last. From strongest to weakest:
 */
#define SECCOMP_RET_KILL_PROCESS 0x80000000U /* end the process by SIGSYS */
#define SECCOMP_RET_KILL_THREAD	 0x00000000U /* end the thread by SIGSYS */
#define SECCOMP_RET_KILL	 SECCOMP_RET_KILL_THREAD
#define SECCOMP_RET_TRAP	 0x00030000U /* send SIGSYS, skip the call */
#define SECCOMP_RET_ERRNO	 0x00050000U /* fail the call with data */
#define SECCOMP_RET_USER_NOTIF	 0x7fc00000U /* ask the listener */
#define SECCOMP_RET_TRACE	 0x7ff00000U /* ask the tracer, else ENOSYS */
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
 * struct seccomp_notif_sizes - the kernel's idea of the structures below
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
 * struct seccomp_notif - a system call that waits for the listener's answer
 * @id: cookie that names this call on its listener
 * @pid: the caller's thread id in the pid namespace of the task that receives
 *	this, 0 where it is not visible there
 * @flags: none yet, 0
 * @data: the call
 */
struct seccomp_notif {
	__u64 id;
	__u32 pid;
	__u32 flags;
	struct seccomp_data data;
};

/*
 * Let the call run in the kernel after all. Not for security: what the call's
 * pointers lead to can be rewritten by the caller's other threads between the
 * listener's look and the kernel's. Use it only where the kernel's own checks
 * would stop the caller anyway. It also passes over what other filters have to
 * say that is weaker: RET_TRACE, RET_LOG, and the RET_USER_NOTIF of those that
 * were attached before.
 */
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE (1UL << 0)

/**
 * struct seccomp_notif_resp - the listener's answer
 * @id: cookie from struct seccomp_notif
 * @val: what the call returns, where @error is 0
 * @error: negative error number that the call fails with, or 0
 * @flags: SECCOMP_USER_NOTIF_FLAG_*; with CONTINUE, @val and @error are 0
 */
struct seccomp_notif_resp {
	__u64 id;
	__s64 val;
	__s32 error;
	__u32 flags;
};

/* Flags of SECCOMP_IOCTL_NOTIF_SET_FLAGS: who wakes the listener sleeps at once */
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)

/* Flags of struct seccomp_notif_addfd */
#define SECCOMP_ADDFD_FLAG_SETFD	(1UL << 0) /* at the number @newfd */
#define SECCOMP_ADDFD_FLAG_SEND		(1UL << 1) /* and answer with it */

/**
 * struct seccomp_notif_addfd - a descriptor to put into the caller's table
 * @id: cookie from struct seccomp_notif
 * @flags: SECCOMP_ADDFD_FLAG_*
 * @srcfd: descriptor of the listener to copy
 * @newfd: number in the caller with SETFD, otherwise 0
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

/* What the listener's descriptor understands */
#define SECCOMP_IOCTL_NOTIF_RECV	SECCOMP_IOWR(0, struct seccomp_notif)
#define SECCOMP_IOCTL_NOTIF_SEND	SECCOMP_IOWR(1,	\
						struct seccomp_notif_resp)
#define SECCOMP_IOCTL_NOTIF_ID_VALID	SECCOMP_IOW(2, __u64)
/* Returns the number of the new descriptor in the caller */
#define SECCOMP_IOCTL_NOTIF_ADDFD	SECCOMP_IOW(3, \
						struct seccomp_notif_addfd)
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS	SECCOMP_IOW(4, __u64)

#endif /* _UAPI_LINUX_SECCOMP_H */
