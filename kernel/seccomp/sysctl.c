// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the sysctls kernel.seccomp.*.
 */

#include <linux/capability.h>
#include <linux/init.h>
#include <linux/sysctl.h>

#include "compat.h"
#include "internal.h"
#include "log.h"
#include "program.h"

/* Room for the names of all actions */
#define NAMES_SIZE	128

static int read_names(SECCOMP_CTL_CONST struct ctl_table *table, u32 set,
		      void *buffer, size_t *lenp, loff_t *ppos)
{
	char names[NAMES_SIZE];
	struct ctl_table text = {
		.procname = table->procname,
		.data = names,
		.maxlen = sizeof(names),
	};

	seccomp_action_names_print(names, sizeof(names), set, " ");
	return proc_dostring(&text, 0, buffer, lenp, ppos);
}

static int actions_avail_handler(SECCOMP_CTL_CONST struct ctl_table *table,
				 int write, void *buffer, size_t *lenp,
				 loff_t *ppos)
{
	if (write)
		return -EPERM;

	return read_names(table, BIT(SECCOMP_ACTIONS) - 1, buffer, lenp,
			  ppos);
}

static void log_change(const char *op, u32 set, u32 old, bool parsed, bool done)
{
	char names[NAMES_SIZE] = "?";
	char old_names[NAMES_SIZE];

	if (parsed)
		seccomp_action_names_print(names, sizeof(names), set, ",");
	seccomp_action_names_print(old_names, sizeof(old_names), old, ",");
	seccomp_log_setting(op, names[0] ? names : "(none)",
			    old_names[0] ? old_names : "(none)", done);
}

/* A set is written at once: @pos must be 0. */
static int write_actions(u32 *actions, const char *op, const char *text,
			 size_t len, loff_t pos)
{
	u32 set = 0;
	u32 old = READ_ONCE(*actions);
	int parsed;
	int err;

	parsed = pos ? -EINVAL : seccomp_action_names_parse(text, len, &set);
	err = capable(CAP_SYS_ADMIN) ? parsed : -EPERM;
	if (!err)
		old = xchg(actions, set);

	log_change(op, set, old, !parsed, !err);
	return err;
}

/* @table->data is the set, @table->extra1 the "op=" of records of changes. */
static int actions_handler(SECCOMP_CTL_CONST struct ctl_table *table, int write,
			   void *buffer, size_t *lenp, loff_t *ppos)
{
	u32 *actions = table->data;
	int err;

	if (!write)
		return read_names(table, READ_ONCE(*actions), buffer, lenp,
				  ppos);

	err = write_actions(actions, table->extra1, buffer, *lenp, *ppos);
	if (!err)
		*ppos += *lenp;
	return err;
}

static int share_programs_handler(SECCOMP_CTL_CONST struct ctl_table *table,
				  int write, void *buffer, size_t *lenp,
				  loff_t *ppos)
{
	if (write && !capable(CAP_SYS_ADMIN))
		return -EPERM;

	return proc_dointvec_minmax(table, write, buffer, lenp, ppos);
}

static struct ctl_table seccomp_table[] = {
	{
		.procname	= "actions_avail",
		.mode		= 0444,
		.proc_handler	= actions_avail_handler,
	},
	{
		.procname	= "actions_logged",
		.data		= &seccomp_actions_logged,
		.mode		= 0644,
		.proc_handler	= actions_handler,
		.extra1		= "seccomp-logging",
	},
	{
		.procname	= "actions_logged_audited",
		.data		= &seccomp_actions_logged_audited,
		.mode		= 0644,
		.proc_handler	= actions_handler,
		.extra1		= "seccomp-logging-audited",
	},
	{
		.procname	= "actions_logged_once",
		.data		= &seccomp_actions_logged_once,
		.mode		= 0644,
		.proc_handler	= actions_handler,
		.extra1		= "seccomp-logging-once",
	},
	{
		.procname	= "share_programs",
		.data		= &seccomp_share_programs,
		.maxlen		= sizeof(seccomp_share_programs),
		.mode		= 0644,
		.proc_handler	= share_programs_handler,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_ONE,
	},
	SECCOMP_CTL_END
};

static int __init seccomp_sysctl_init(void)
{
	if (!register_sysctl("kernel/seccomp", seccomp_table))
		pr_warn("seccomp: no sysctls, out of memory\n");
	return 0;
}
device_initcall(seccomp_sysctl_init);
