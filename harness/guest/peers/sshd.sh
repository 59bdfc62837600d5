# SPDX-License-Identifier: GPL-2.0
# sshd, whose process before authentication runs under its own filter; sourced by
# deep_test

ssh=$work/ssh
mkdir -p $ssh /run/sshd
account sshd 64003 /run/sshd
for key in host user; do
	ssh-keygen -q -t ed25519 -N '' -f $ssh/$key
done
cat >$ssh/config <<EOF
Port 2222
ListenAddress 127.0.0.1
HostKey $ssh/host
AuthorizedKeysFile $ssh/user.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PidFile none
LoginGraceTime 0
EOF
/usr/sbin/sshd -D -e -f $ssh/config 2>$ssh/log &
sshd=$!

# There is such a process once the client has told its version.
before_login() {
	local line status

	await listens 2222 && exec 7<>/dev/tcp/127.0.0.1/2222 &&
	read -r -t 600 line <&7 && echo "$line" && printf 'SSH-2.0-test\r\n' >&7 &&
	await one_confined -x -u sshd sshd
	status=$?
	exec 7>&-
	return $status
}
login() {	# login OPTION...
	local text

	text=$(ssh -p 2222 -i $ssh/user -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null "$@" root@127.0.0.1 \
		'read -r line && echo "$line back" && exit 7' <<<'there and')
	[ $? = 7 ] && [ "$text" = 'there and back' ]
}
logged_check "sshd: the process before authentication is confined" before_login
logged_check "  a login by key runs a command" login
for kex in diffie-hellman-group16-sha512 sntrup761x25519-sha512@openssh.com; do
	logged_check "  also with $kex, compressed" login -C -o KexAlgorithms=$kex
done
kill $sshd
