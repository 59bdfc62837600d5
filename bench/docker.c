// SPDX-License-Identifier: GPL-2.0
/*
 * Write the filter that libseccomp generates from docker.profile, as container
 * runtimes do: other system calls fail with EPERM.
 *
 *	docker PROFILE FILTER [tree] [log] [plain]
 *
 * tree: a binary tree instead of a list; log: other system calls are logged;
 * plain: rules have no conditions on arguments.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <seccomp.h>

static bool tree;
static bool plain;
static unsigned int default_action = SCMP_ACT_ERRNO(EPERM);

static void check_error(int error, const char *what)
{
	if (error < 0) {
		errno = -error;
		err(1, "%s", what);
	}
}

/* Add one line of the profile: a name, and a condition on an argument. */
static void add_rule(scmp_filter_ctx ctx, const char *line)
{
	char name[64];
	unsigned int arg;
	unsigned long long value;
	int fields = sscanf(line, "%63s a%u == %llu", name, &arg, &value);
	int nr;

	if (fields < 1 || name[0] == '#')
		return;
	nr = seccomp_syscall_resolve_name(name);
	if (nr == __NR_SCMP_ERROR)
		errx(1, "%s: libseccomp does not know it", name);
	if (fields == 3 && !plain)
		check_error(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 1,
					     SCMP_CMP64(arg, SCMP_CMP_EQ, value)), name);
	else
		check_error(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0), name);
}

int main(int argc, char **argv)
{
	scmp_filter_ctx ctx;
	FILE *profile;
	char line[256];
	int out;

	if (argc < 3)
		errx(2, "usage: docker PROFILE FILTER [tree] [log] [plain]");
	for (int i = 3; i < argc; i++) {
		if (!strcmp(argv[i], "tree"))
			tree = true;
		else if (!strcmp(argv[i], "log"))
			default_action = SCMP_ACT_LOG;
		else if (!strcmp(argv[i], "plain"))
			plain = true;
		else
			errx(2, "%s: unknown", argv[i]);
	}

	ctx = seccomp_init(default_action);
	if (!ctx)
		errx(1, "seccomp_init");
	check_error(seccomp_arch_add(ctx, SCMP_ARCH_X86), "x86");
	check_error(seccomp_arch_add(ctx, SCMP_ARCH_X32), "x32");
	if (tree)
		check_error(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2), "tree");

	profile = fopen(argv[1], "r");
	if (!profile)
		err(1, "%s", argv[1]);
	while (fgets(line, sizeof(line), profile))
		add_rule(ctx, line);
	fclose(profile);

	out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (out < 0)
		err(1, "%s", argv[2]);
	check_error(seccomp_export_bpf(ctx, out), argv[2]);
	printf("%lld\n", (long long)lseek(out, 0, SEEK_END) / 8);
	seccomp_release(ctx);
	return close(out) ? 1 : 0;
}
