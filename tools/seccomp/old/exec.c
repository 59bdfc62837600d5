// SPDX-License-Identifier: GPL-2.0
/*
 * Run a command under a filter.
 */
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <unistd.h>

#include "old.h"

static int read_allowed(const char *path, struct call_set *set)
{
	FILE *in = fopen(path, "re");
	int ret;

	if (!in) {
		complain("%s: %s", path, strerror(errno));
		return -1;
	}
	ret = call_set_read(set, in, path);
	fclose(in);
	return ret;
}

/*
 * A filter for one convention: what a list allows is allowed for the
 * convention that the list names, not for another that has the name too.
 */
static int filter_for(uint32_t arch, uint32_t action,
		      const struct call_set *allowed, scmp_filter_ctx *filter)
{
	int err;

	*filter = seccomp_init(action);
	if (!*filter)
		return -ENOMEM;
	err = seccomp_arch_add(*filter, arch);
	if (err == -EEXIST)
		err = 0;
	if (!err && arch != seccomp_arch_native())
		err = seccomp_arch_remove(*filter, seccomp_arch_native());
	/* what is denied is logged, and so is any other convention */
	if (!err)
		err = seccomp_attr_set(*filter, SCMP_FLTATR_CTL_LOG, 1);
	if (!err)
		err = seccomp_attr_set(*filter, SCMP_FLTATR_ACT_BADARCH, action);

	for (size_t i = 0; !err && i < allowed->count; i++)
		if (allowed->calls[i].arch == arch)
			err = seccomp_rule_add_exact(*filter, SCMP_ACT_ALLOW,
						     allowed->calls[i].nr, 0);
	return err;
}

static int load(uint32_t action, const struct call_set *allowed)
{
	scmp_filter_ctx all = NULL;
	int err;

	err = filter_for(seccomp_arch_native(), action, allowed, &all);
	/* sorted: the calls of one convention stand together */
	for (size_t i = 0; !err && i < allowed->count; i++) {
		scmp_filter_ctx one;
		uint32_t arch = allowed->calls[i].arch;

		if (arch == seccomp_arch_native() ||
		    (i && allowed->calls[i - 1].arch == arch))
			continue;
		err = filter_for(arch, action, allowed, &one);
		if (!err)
			err = seccomp_merge(all, one);
		if (err)
			seccomp_release(one);
	}
	if (!err)
		err = seccomp_load(all);
	seccomp_release(all);
	return err;
}

/* Denied, the command could neither start nor this program say so. */
static bool may_start(uint32_t action, const struct call_set *allowed)
{
	struct call execve_call = {
		.arch = seccomp_arch_native(),
		.nr = seccomp_syscall_resolve_name("execve"),
	};

	if (action == SCMP_ACT_LOG)
		return true;
	for (size_t i = 0; i < allowed->count; i++)
		if (allowed->calls[i].arch == execve_call.arch &&
		    allowed->calls[i].nr == execve_call.nr)
			return true;
	return false;
}

int exec_filtered(uint32_t action, const char *allowed, char **argv)
{
	struct call_set set = {};
	int err;

	if (allowed && read_allowed(allowed, &set))
		return STATUS_NO_SANDBOX;
	if (!may_start(action, &set)) {
		complain("%s: does not allow execve, by which a command starts",
			 allowed ? allowed : "the empty list");
		return STATUS_NO_SANDBOX;
	}
	err = load(action, &set);
	call_set_free(&set);
	if (err) {
		complain("cannot load the filter: %s", strerror(-err));
		return STATUS_NO_SANDBOX;
	}

	execvp(argv[0], argv);
	err = errno;
	complain("%s: %s", argv[0], strerror(err));
	return err == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}
