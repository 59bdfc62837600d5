# SPDX-License-Identifier: GPL-2.0
# The packages: selftests, upgrade, removal. To be sourced.

selftests() {
	local daemon

	# systemd would refuse to stop it
	daemon=$(pidof auditd) && kill "$daemon" && tail --pid="$daemon" -f /dev/null
	cd /usr/lib/seccomp-log-selftests || return
	# needs fault injection
	sed -i /:fault_test/d kselftest-list.txt
	./run_kselftest.sh -c seccomp >/tmp/ktap
	grep -a '^not ok\|^# not ok' /tmp/ktap
	grep -aq '^ok 1 ' /tmp/ktap && ! grep -aq '^not ok' /tmp/ktap
}

upgrade() {
	local name before

	name=linux-image-$(uname -r)
	before=$(dpkg-query -W -f '${Version}' "$name")
	dpkg -i /upgrade/*.deb && [ "$(dpkg-query -W -f '${Version}' "$name")" = "$before.1" ] &&
		[ -e "/boot/vmlinuz-$(uname -r)" ] && [ -z "$(dpkg --audit)" ]
}

removal() {
	dpkg -P "linux-image-$(uname -r)" sclog seccomp-log-selftests &&
		[ ! -e "/boot/vmlinuz-$(uname -r)" ] && [ ! -e "/lib/modules/$(uname -r)/kernel" ] &&
		! command -v sclog && [ -z "$(dpkg --audit)" ]
}

test_packages() {
	check "the selftests of the package pass" selftests
	check "the kernel package can be upgraded" upgrade
	check "the packages can be removed" removal
}
