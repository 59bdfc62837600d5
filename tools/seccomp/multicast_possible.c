// SPDX-License-Identifier: GPL-2.0
/*
 * What the source `log` can do here: this kernel, its settings, our rights.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "audit.h"
#include "multicast.h"

bool multicast_logs_once(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		       SECCOMP_FILTER_FLAG_LOG_ONCE, NULL) && errno == EFAULT;
}

/* Is it in actions_logged? */
static bool is_logged(const char *action)
{
	char text[256] = "";
	FILE *file = fopen("/proc/sys/kernel/seccomp/actions_logged", "re");
	bool found = false;

	if (!file)
		return false;
	if (fgets(text, sizeof(text), file))
		for (char *word = strtok(text, "\n "); word;
		     word = strtok(NULL, "\n "))
			found |= !strcmp(word, action);
	fclose(file);
	return found;
}

bool multicast_tells(uint32_t action)
{
	static const struct {
		uint32_t action;
		const char *name;
	} actions[] = {
		{ SECCOMP_RET_KILL_PROCESS, "kill_process" },
		{ SECCOMP_RET_KILL_THREAD, "kill_thread" },
		{ SECCOMP_RET_TRAP, "trap" },
		{ SECCOMP_RET_ERRNO, "errno" },
		{ SECCOMP_RET_LOG, "log" },
	};
	const char *why;

	/* only such a kernel has the filter in its records */
	if (!multicast_logs_once() || !multicast_possible(&why))
		return false;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (actions[i].action == action)
			return is_logged(actions[i].name);
	return false;
}

/*
 * Records are sent in the first network namespace only. Who may ask for audit's
 * state is in the first one of processes, where 2 is a thread of the kernel.
 */
static bool is_first_network(void)
{
	struct stat first;
	struct stat own;

	return stat("/proc/2/ns/net", &first) ||
		stat("/proc/self/ns/net", &own) ||
		(first.st_dev == own.st_dev && first.st_ino == own.st_ino);
}

bool multicast_possible(const char **why)
{
	struct audit_status status;
	int fd = audit_listen(AUDIT_BUFFER_BYTES);

	if (fd < 0) {
		*why = fd == -EPERM || fd == -EACCES ?
			"audit's records can be read only by root" :
			fd == -EPROTONOSUPPORT ?
			"this kernel has no audit" :
			"audit's records cannot be read here (a container?)";
		return false;
	}
	close(fd);
	if (audit_status(&status)) {
		*why = "audit's state can be read only by root";
		return false;
	}
	if (!is_first_network()) {
		*why = "audit's records do not come into this network namespace";
		return false;
	}
	if (!is_logged("log")) {
		*why = "kernel.seccomp.actions_logged lacks 'log'";
		return false;
	}
	return true;
}
