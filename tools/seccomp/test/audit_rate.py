#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Set audit's rate limit, in records a second; 0 is none. As `auditctl -r`."""
import socket
import struct
import sys

AUDIT_SET, NLM_F_REQUEST, AUDIT_STATUS_RATE_LIMIT, NETLINK_AUDIT = 1001, 1, 8, 9
status = struct.pack("=10I", AUDIT_STATUS_RATE_LIMIT, 0, 0, 0, int(sys.argv[1]), 0, 0, 0, 0, 0)
header = struct.pack("=IHHII", 16 + len(status), AUDIT_SET, NLM_F_REQUEST, 1, 0)
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT) as audit:
    audit.sendto(header + status, (0, 0))
