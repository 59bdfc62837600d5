# SPDX-License-Identifier: GPL-2.0
# tor with "Sandbox 1"; sourced by deep_test

mkdir -p $work/tor
mkdir -m 700 $work/tor/data
cat >$work/tor/torrc <<EOF
Sandbox 1
DataDirectory $work/tor/data
SocksPort 9150
ControlPort 9151
CookieAuthentication 1
ClientOnly 1
Log notice stdout
EOF
tor -f $work/tor/torrc >$work/tor/log 2>&1 &
tor=$!

# A SOCKS5 greeting is answered; the net is not there.
socks_answer() {
	exec 7<>/dev/tcp/127.0.0.1/9150 && printf '\x05\x01\x00' >&7 &&
	[ "$(timeout 600 head -c 2 <&7 | od -An -tx1)" = ' 05 00' ]
}
tor_serves() {
	await listens 9150 && await confined $tor && socks_answer && confined $tor
}

# control COMMAND...: what the control port replies
control() {
	local line cookie

	cookie=$(od -An -v -tx1 $work/tor/data/control_auth_cookie | tr -d ' \n')
	exec 7<>/dev/tcp/127.0.0.1/9151 || return
	printf 'AUTHENTICATE %s\r\n' "$cookie" >&7
	read -r -t 600 line <&7
	[ "${line%% *}" = 250 ] || echo "$line"
	printf '%s\r\nQUIT\r\n' "$*" >&7
	timeout 600 cat <&7
}
tor_controlled() {
	control GETINFO version | grep '250-version=' &&
	control SIGNAL RELOAD | grep '250 OK' &&
	await grep -q 'Received reload signal' $work/tor/log &&
	control GETINFO config-file | grep "250-config-file=$work/tor/torrc" && confined $tor
}
tor_ends() {
	control SIGNAL HALT | grep '250 OK' && wait $tor
}
logged_check "tor, Sandbox 1: is confined and speaks SOCKS" tor_serves
logged_check "  obeys its control port, and reads its configuration again" tor_controlled
logged_check "  ends when it is asked to" tor_ends
exec 7>&-
