// SPDX-License-Identifier: GPL-2.0
/*
 * Write the filter that libseccomp makes of docker.profile, as a container
 * runtime would: everything else fails with EPERM.
 *
 *	docker PROFILE FILTER [tree] [log] [plain]
 *
 * tree: search by number, not one after the other; log: what is not in the
 * profile is logged; plain: rules do not look at arguments.
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
static unsigned int otherwise = SCMP_ACT_ERRNO(EPERM);

static void must(int error, const char *what)
{
	if (error < 0) {
		errno = -error;
		err(1, "%s", what);
	}
}

/* One line of the profile: a name, and which value which argument must have. */
static void rule(scmp_filter_ctx ctx, const char *line)
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
		must(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 1,
				      SCMP_CMP64(arg, SCMP_CMP_EQ, value)), name);
	else
		must(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0), name);
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
			otherwise = SCMP_ACT_LOG;
		else if (!strcmp(argv[i], "plain"))
			plain = true;
		else
			errx(2, "%s: unknown", argv[i]);
	}

	ctx = seccomp_init(otherwise);
	if (!ctx)
		errx(1, "seccomp_init");
	must(seccomp_arch_add(ctx, SCMP_ARCH_X86), "x86");
	must(seccomp_arch_add(ctx, SCMP_ARCH_X32), "x32");
	if (tree)
		must(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2), "tree");

	profile = fopen(argv[1], "r");
	if (!profile)
		err(1, "%s", argv[1]);
	while (fgets(line, sizeof(line), profile))
		rule(ctx, line);
	fclose(profile);

	out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (out < 0)
		err(1, "%s", argv[2]);
	must(seccomp_export_bpf(ctx, out), argv[2]);
	printf("%lld\n", (long long)lseek(out, 0, SEEK_END) / 8);
	seccomp_release(ctx);
	return close(out) ? 1 : 0;
}
