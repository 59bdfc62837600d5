/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of values and flags, both ways. The values are those of the C headers,
 * so they are right for the architecture that this is built for.
 */
#ifndef SCLOG_NAMES_H
#define SCLOG_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct value_name {
	uint64_t value;
	const char *name;
};

/**
 * struct value_names - names of the values of one kind
 * @list: of several names of a value the first is written, all are read;
 *	flags that consist of others stand before them
 * @nr: of @list
 * @native: the values differ between architectures
 */
struct value_names {
	const struct value_name *list;
	size_t nr;
	bool native;
};

/** value_name() - the name of a value; NULL if it has none */
const char *value_name(const struct value_names *names, uint64_t value);

/** value_by_name() - the value of a name; false if there is none */
bool value_by_name(const struct value_names *names, const char *name,
		   uint64_t *value);

extern const struct value_names names_none;
extern const struct value_names names_domain;
extern const struct value_names names_sock_type;
extern const struct value_names names_sock_flags;
extern const struct value_names names_inet;
extern const struct value_names names_netlink;
extern const struct value_names names_ioctl;
extern const struct value_names names_prctl;
extern const struct value_names names_fcntl_cmd;
extern const struct value_names names_open_access;
extern const struct value_names names_open_flags;
extern const struct value_names names_clone_flags;
extern const struct value_names names_clone_ns;
extern const struct value_names names_signal;
extern const struct value_names names_prot;
extern const struct value_names names_map_type;
extern const struct value_names names_map_flags;
extern const struct value_names names_at_flags;
extern const struct value_names names_unlink_flags;
extern const struct value_names names_access_flags;
extern const struct value_names names_access_mode;
extern const struct value_names names_madvise;
extern const struct value_names names_fadvise;
extern const struct value_names names_whence;
extern const struct value_names names_flock;
extern const struct value_names names_personality;
extern const struct value_names names_arch_prctl;
extern const struct value_names names_futex_op;
extern const struct value_names names_futex_flags;
extern const struct value_names names_epoll_ctl;
extern const struct value_names names_membarrier;
extern const struct value_names names_rseq_flags;
extern const struct value_names names_pipe_flags;
extern const struct value_names names_eventfd_flags;
extern const struct value_names names_epoll_flags;
extern const struct value_names names_inotify_flags;
extern const struct value_names names_signalfd_flags;
extern const struct value_names names_timerfd_flags;
extern const struct value_names names_memfd_flags;
extern const struct value_names names_close_range_flags;
extern const struct value_names names_getrandom_flags;
extern const struct value_names names_sockopt_level;
extern const struct value_names names_so_option;
extern const struct value_names names_tcp_option;
extern const struct value_names names_ip_option;
extern const struct value_names names_ipv6_option;
extern const struct value_names names_shutdown;
extern const struct value_names names_msg_flags;
extern const struct value_names names_wait_options;
extern const struct value_names names_id_type;
extern const struct value_names names_sigmask_how;
extern const struct value_names names_rlimit;
extern const struct value_names names_sched_policy;
extern const struct value_names names_sched_flags;
extern const struct value_names names_priority_which;
extern const struct value_names names_ioprio_which;
extern const struct value_names names_clock;
extern const struct value_names names_mount_flags;
extern const struct value_names names_umount_flags;
extern const struct value_names names_fsconfig;
extern const struct value_names names_fsmount_flags;
extern const struct value_names names_mount_attr;
extern const struct value_names names_open_tree;
extern const struct value_names names_move_mount;
extern const struct value_names names_ptrace;
extern const struct value_names names_bpf;
extern const struct value_names names_keyctl;
extern const struct value_names names_syslog_op;
extern const struct value_names names_seccomp_op;
extern const struct value_names names_perf_flags;
extern const struct value_names names_reboot;
extern const struct value_names names_kcmp;
extern const struct value_names names_userfaultfd;
extern const struct value_names names_ipc_flags;
extern const struct value_names names_ipc_cmd;
extern const struct value_names names_sem_cmd;
extern const struct value_names names_msg_cmd;
extern const struct value_names names_socketcall;
extern const struct value_names names_ipc_call;
extern const struct value_names names_rename_flags;
extern const struct value_names names_setid;

#endif /* SCLOG_NAMES_H */
