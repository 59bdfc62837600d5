/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user that a command runs as: -u, or who called sudo.
 */
#ifndef SCLOG_IDENTITY_H
#define SCLOG_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct identity - the user that a command runs as
 * @change: false: as sclog itself, the other members do not count
 * @name: of the user, NULL if the uid has none
 * @home: the user's home folder, or NULL
 */
struct identity {
	bool change;
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int nr_groups;
	char *name;
	char *home;
};

/**
 * identity_find() - the user that is named; for root without a name, who called
 * sudo
 * @as: zero-initialized
 * @user: name or number, or NULL
 *
 * Return: 0, or STATUS_USAGE after a message.
 */
int identity_find(struct identity *as, const char *user);

void identity_free(struct identity *as);

#endif /* SCLOG_IDENTITY_H */
