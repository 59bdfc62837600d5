# SPDX-License-Identifier: GPL-2.0
# systemd's own tests that attach filters: its library, and units that its manager
# starts from a test; sourced by deep_test

systemd=/usr/lib/systemd/tests
# The host may be a container and say so; the guest is none.
rm -f /.dockerenv /run/.containerenv

# What systemd as the first process would have made: a file of each kind to be mounted
# over others
inaccessible=/run/systemd/inaccessible
mkdir -p $inaccessible
(
	umask 0777
	cd $inaccessible && mkdir dir && touch reg && mkfifo fifo && mknod chr c 0 0 &&
	mknod blk b 0 0 && /usr/bin/python3 -c 'import socket; socket.socket(1).bind("sock")'
)


# systemd_test PROGRAM ARGUMENT...: none of it may be skipped
systemd_test() {
	local program=$systemd/$1 status

	shift
	"$program" "$@" >$work/systemd 2>&1
	status=$?
	grep -vE 'is not known, ignoring|Failed to add rule|does not match any pattern' $work/systemd
	[ $status = 0 ] &&
	! grep -iE 'skipping' $work/systemd | grep -v 'does not match any pattern'
}
logged_check "systemd's test-seccomp" systemd_test test-seccomp
for part in systemcallfilter systemcallerrornumber systemcallfilter_system restrictnamespaces \
		privatedevices protectkernelmodules; do
	logged_check "systemd's test-execute, $part" systemd_test test-execute test_exec_$part
done
