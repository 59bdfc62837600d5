/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink messages to and from audit. Needs the initial user and network
 * namespaces, and a capability for each.
 */
#ifndef SCLOG_AUDIT_H
#define SCLOG_AUDIT_H

#include <linux/audit.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Of a receive buffer in which a busy program finds room */
#define AUDIT_BUFFER_BYTES	(32 << 20)

/* A datagram is never longer */
#define AUDIT_DATAGRAM_MAX	(8970 + 64)

/**
 * audit_listen() - join the group that gets each record (CAP_AUDIT_READ)
 * @bytes: of the receive buffer, as far as it is allowed
 *
 * Return: a descriptor that does not block, or -errno.
 */
int audit_listen(int bytes);

/**
 * audit_receive() - the next record
 * @buffer: at least AUDIT_DATAGRAM_MAX bytes
 * @type: set to its type
 * @text: set: "audit(...): ...", in @buffer, no NUL behind it
 *
 * Return: length of @text; -EAGAIN: none is there; -ENOBUFS: some were lost.
 */
ssize_t audit_receive(int fd, char *buffer, unsigned int *type,
		      const char **text);

/** audit_status() - ask for its state (CAP_AUDIT_CONTROL); 0 or -errno */
int audit_status(struct audit_status *status);

/** audit_send_user() - make a record of a text (CAP_AUDIT_WRITE); 0 or -errno */
int audit_send_user(unsigned int type, const char *text);

#endif /* SCLOG_AUDIT_H */
