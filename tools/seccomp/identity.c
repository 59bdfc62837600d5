// SPDX-License-Identifier: GPL-2.0
/*
 * The user that a command runs as.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "identity.h"
#include "sclog.h"

/* A whole decimal number of an id that is not -1 */
static bool parse_id(const char *text, unsigned int *id)
{
	char *end;
	unsigned long long value;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || value >= UINT32_MAX)
		return false;
	*id = value;
	return true;
}

static void set_groups(struct identity *as)
{
	as->nr_groups = 0;
	if (!as->name) {
		as->groups = xcalloc(1, sizeof(gid_t));
		as->groups[as->nr_groups++] = as->gid;
		return;
	}
	getgrouplist(as->name, as->gid, NULL, &as->nr_groups);
	as->groups = xcalloc(as->nr_groups, sizeof(gid_t));
	if (getgrouplist(as->name, as->gid, as->groups, &as->nr_groups) < 0)
		as->nr_groups = 1;
}

static void take_passwd(struct identity *as, const struct passwd *user)
{
	as->uid = user->pw_uid;
	as->gid = user->pw_gid;
	as->name = xstrdup(user->pw_name);
	as->home = xstrdup(user->pw_dir);
}

static int find_user(struct identity *as, const char *text)
{
	const struct passwd *user = getpwnam(text);
	unsigned int uid;

	if (user) {
		take_passwd(as, user);
	} else if (parse_id(text, &uid)) {
		user = getpwuid(uid);
		if (user) {
			take_passwd(as, user);
		} else {
			as->uid = uid;
			as->gid = uid;
		}
	} else {
		pr_err("-u: '%s': no such user", text);
		return STATUS_USAGE;
	}
	if (geteuid() != 0 && as->uid != geteuid()) {
		pr_err("-u: '%s': only root can run a command as another user",
		       text);
		return STATUS_USAGE;
	}
	as->change = geteuid() == 0;
	set_groups(as);
	return STATUS_OK;
}

static void find_sudo_user(struct identity *as)
{
	const char *uid_text = getenv("SUDO_UID");
	const char *gid_text = getenv("SUDO_GID");
	const struct passwd *user;
	unsigned int uid;
	unsigned int gid;

	if (geteuid() != 0 || !uid_text || !gid_text ||
	    !parse_id(uid_text, &uid) || !parse_id(gid_text, &gid))
		return;
	user = getpwuid(uid);
	if (user)
		take_passwd(as, user);
	as->uid = uid;
	as->gid = gid;
	as->change = true;
	set_groups(as);
}

int identity_find(struct identity *as, const char *user)
{
	if (user)
		return find_user(as, user);
	find_sudo_user(as);
	return STATUS_OK;
}

void identity_free(struct identity *as)
{
	free(as->groups);
	free(as->name);
	free(as->home);
	*as = (struct identity){};
}
