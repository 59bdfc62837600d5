#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# learn --unit, with golden/bin/systemctl in the place of systemd: what it does to
# the service, and which records are the service's.
. "$(dirname "$0")/lib.sh"

if [ "$(id -u)" != 0 ]; then
	check "--unit: only for root" 125 'sclog: learn: --unit: .* only by root' \
		"$sclog" learn -o "$work/p.json" --unit=demo
	done_testing
fi
. ./service.sh
set -m
trap 'end_service; rm -rf "$work"' EXIT
export SERVICE='uname; touch "$SERVICE_STATE/ready"; exec sleep 1000'
policy=$work/p.json
dropin=/run/systemd/system/demo.service.d

has() { [[ $(grep -v '"command"' "$policy") == *"\"$1\": {"*'"count": '[1-9]* ]]; }

check "--unit: no such service" 125 'sclog: other.service: systemd has no such unit' \
	"$sclog" learn -o "$policy" --unit=other
check "--unit: no name" 125 ".*'../x.service' is not the name of a unit" \
	"$sclog" learn -o "$policy" --unit=../x.service
check "--unit: a pattern" 125 ".*'d\\*' is not the name of a unit" \
	"$sclog" learn -o "$policy" --unit='d*'
check "read --unit: a pattern" 1 ".*'d\\*' is not the name of a unit" \
	"$sclog" read --unit='d*' raw.log
[ ! -e "$policy" ] && [ ! -e "$SERVICE_STATE/starts" ]
report "  nothing is written or started" $?

"$sclog" learn -o "$policy" --unit=demo >"$work/out" 2>&1 &
learn=$!
await test -e "$SERVICE_STATE/ready"
report "--unit: the service is restarted" $? "$(cat "$work/out")"
await contains "$work/out" 'restarted with SystemCallLog='
report "  and that is said" $? "$(cat "$work/out")"
[ "$(cat "$dropin/sclog.conf")" = $'[Service]\nSystemCallLog=~restart_syscall' ]
report "  with its calls logged" $? "$(cat "$dropin"/*)"
"$WATCHED" logged "$WATCHED" wait >"$work/other" &
other=$!
await contains "$work/other" ready
kill -USR1 $learn
await contains "$work/out" 'calls, [0-9]* new, [0-9]* s'
report "  SIGUSR1 prints a line" $? "$(cat "$work/out")"
rm -f "$SERVICE_STATE/ready"
kill -INT $learn
wait $learn
status=$?
{ kill $other; wait $other; } 2>/dev/null
[ $status = 0 ] && contains "$work/out" 'demo.service: restarting it without the drop-in'
report "Ctrl-C ends it" $? "status $status: $(cat "$work/out")"
[ ! -e "$dropin" ] && await test -e "$SERVICE_STATE/ready" &&
	[ "$(paste -sd' ' "$SERVICE_STATE/starts")" = 'logged plain' ]
report "  and the service runs as before" $? "$(cat "$SERVICE_STATE/starts")"
has execve && has uname && has clock_nanosleep
report "  its calls are in the policy, also of what it starts" $? "$(cat "$policy")"
! has pause
report "  and no one else's" $?
grep -q '"command": \["systemctl", "restart", "demo.service"\].*"source": "log"' "$policy"
report "  and how it was learned" $? "$(grep '"id"' "$policy")"

mkdir -p "$dropin" && echo >"$dropin/sclog.conf"
check "--unit: another sclog's drop-in is left alone" 125 '.*sclog.conf is there: .*' \
	"$sclog" learn -o "$policy" --unit=demo
[ -e "$dropin/sclog.conf" ]
report "  it is still there" $?
rm -r "$dropin"
check "--unit --for: ends by itself" 0 $'.*demo.service: watched, .*' \
	"$sclog" learn -o "$policy" --unit=demo.service --for=200ms
# audit that answers late: a signal is pending when all records are there
cat >"$work/slow.c" <<'END'
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t sendto(int fd, const void *data, size_t size, int flags,
	       const struct sockaddr *to, socklen_t length)
{
	ssize_t sent = syscall(SYS_sendto, fd, data, size, flags, to, length);

	poll(NULL, 0, 400);
	return sent;
}
END
${CC:-cc} -shared -fPIC -o "$work/slow.so" "$work/slow.c" || exit 1
check "--unit: audit answers late" 0 $'.*demo.service: watched, .*' \
	env LD_PRELOAD="$work/slow.so" "$sclog" learn -o "$policy" --unit=demo --for=200ms
rm -f "$policy"
check "--unit: by another of its names" 0 $'.*demo.service: watched, .*' \
	"$sclog" learn -o "$policy" --unit=alias --for=200ms
has uname
report "  its calls are in the policy" $? "$(cat "$policy")"

# --- read --unit: by the main process, and by its filters
# record SERIAL PID NUMBER FILTER
record() {
	echo "type=SECCOMP msg=audit(1700000000.00$1:$1): auid=0 uid=0 gid=0 ses=2 pid=$2 comm=\"app\" exe=\"/usr/bin/app\" sig=0 arch=c000003e syscall=$3 compat=0 ip=0x7f0000001000 code=0x50000 a0=0 a1=0 a2=0 a3=0 a4=0 a5=0 filter=$4 retdata=0xd seq=1"
}
main=$(cat "$SERVICE_STATE/pid")
{ echo "type=KERNEL_OTHER msg=audit(1700000000.001:1): op=seccomp-filter-logs filter=a1 pid=$main uid=0 comm=\"(demo)\" exe=\"/usr/lib/systemd/systemd\" insns=9 filter-flags=0x2"
  record 2 "$main" 83 a1; record 3 999999 84 a1; record 4 999999 85 b2; } >"$work/log"
check "read --unit: the service's calls, and those of its processes" 0 $'mkdir\nrmdir' \
	"$sclog" read -q --list --denied --unit=demo "$work/log"
record 4 999999 85 b2 >"$work/log"
check "  nothing refused: systemd may not have it logged" 0 \
	$'sclog: nothing refused\nsclog: a call that fails by SystemCallFilter= .* SYSTEMD_LOG_SECCOMP=1.*' \
	"$sclog" read --denied --unit=demo "$work/log"

# a systemd that does not restart it
cat >"$work/systemctl" <<'END'
#!/bin/sh
[ "$1" != restart ] || { echo failed >&2; exit 1; }
exec golden/bin/systemctl "$@"
END
chmod +x "$work/systemctl"
check "--unit: it cannot be restarted" 125 '.*systemctl restart demo.service fails.*' \
	env PATH="$work:$PATH" "$sclog" learn -o "$work/none.json" --unit=demo
[ ! -e "$dropin" ] && [ ! -e "$work/none.json" ]
report "  nothing is left behind" $?
# no systemd
printf '#!/bin/sh\necho "Failed to connect to bus" >&2\nexit 1\n' >"$work/systemctl"
check "--unit: no systemd is one line" 125 'sclog: demo.service: systemd does not answer' \
	env PATH="$work:$PATH" "$sclog" learn -o "$work/none.json" --unit=demo
done_testing
