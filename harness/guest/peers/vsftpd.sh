# SPDX-License-Identifier: GPL-2.0
# vsftpd, whose sessions run under its own filter; sourced by deep_test

ftp=$work/vsftpd
mkdir -p $ftp/root/pub /run/vsftpd/empty
account ftp 64001 $ftp/root
echo 'a file' >$ftp/root/pub/file
cat >$ftp/conf <<EOF
listen=YES
listen_address=127.0.0.1
listen_port=2121
background=NO
anonymous_enable=YES
local_enable=NO
anon_root=$ftp/root
seccomp_sandbox=YES
secure_chroot_dir=/run/vsftpd/empty
data_connection_timeout=900
EOF
vsftpd $ftp/conf >$ftp/log 2>&1 &
vsftpd=$!

# A session before and after its login; descriptor 7 is its control connection.
ftp_reply() {	# ftp_reply CODE
	local line

	read -r -t 600 line <&7 && echo "$line" && [ "${line%% *}" = "$1" ]
}
ftp_session() {
	await listens 2121 && exec 7<>/dev/tcp/127.0.0.1/2121 &&
	ftp_reply 220 && await one_confined -x vsftpd &&
	printf 'USER anonymous\r\n' >&7 && ftp_reply 331 &&
	printf 'PASS test@\r\n' >&7 && ftp_reply 230 &&
	await one_confined -x -u ftp vsftpd &&
	printf 'CWD pub\r\n' >&7 && ftp_reply 250
}
# What opens no file. fstat() of the present glibc is a call that the filter does not
# permit: it kills the session then, on every kernel.
ftp_serves() {
	printf 'PWD\r\n' >&7 && ftp_reply 257 &&
	printf 'EPSV\r\n' >&7 && ftp_reply 229 &&
	printf 'TYPE I\r\n' >&7 && ftp_reply 200 && one_confined -x -u ftp vsftpd
}
ftp_killed() {
	printf 'SIZE file\r\n' >&7
	! ftp_reply 213 && await none_of -u ftp vsftpd &&
	dmesg | grep 'type=1326 .* comm="vsftpd" .* sig=31 .* syscall=262 '
}
none_of() { ! pgrep "$@" >/dev/null; }
logged_check "vsftpd, seccomp_sandbox=YES: a session is confined" ftp_session
logged_check "  serves what its filter permits" ftp_serves
logged_check "  is killed at what it does not" ftp_killed
kill $vsftpd
exec 7>&-
