#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# read: logs of all forms, what is asked for, what is missing.
. "$(dirname "$0")/lib.sh"
export TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR

# body NUMBER [CODE [PID [COMM]]]: of a stock kernel's record
body() {
	echo "auid=1000 uid=1000 gid=1000 ses=2 pid=${3-7} comm=\"${4-app}\" exe=\"/usr/bin/${4-app}\" sig=0 arch=c000003e syscall=$1 compat=0 ip=0x7f0000001000 code=${2-0x7ffc0000}"
}
# raw SERIAL NUMBER [CODE [PID [COMM]]]: a line of audit.log
raw() {
	echo "type=SECCOMP msg=audit(17000000$(printf %02d $(($1 / 1000 % 100))).$(printf %03d $(($1 % 1000))):$1): $(body "${@:2}")"
}
other() {
	echo "type=USER msg=audit(1700000000.000:$1): pid=1 uid=0 auid=0 ses=0 msg=\"x\""
}
gone() {
	echo "type=KERNEL_OTHER msg=audit(1700000009.000:$1): op=seccomp-filter-gone filter=9f4a logged=$2 left-out=0 lost=$3 part=1/1 arch=c000003e syscalls=$4"
}
ours() {
	echo "$(raw "$1" "$2" "${4-0x7ffc0000}") a0=2 a1=80001 a2=0 a3=0 a4=0 a5=0 filter=9f4a retdata=0x0 seq=$3"
}

# --- forms
list=$'openat\nread'
{ raw 1 0; raw 2 257; } >"$work/raw"
check "raw" 0 "$list" "$sclog" read --list "$work/raw"
check "enriched" 0 "$list" "$sclog" read --list enriched.log
check "standard input" 0 "$list" sh -c "'$sclog' read --list - <'$work/raw'"
check "standard input by default" 0 "$list" sh -c "cat '$work/raw' | '$sclog' read --list"
gzip -c "$work/raw" >"$work/raw.gz"
check "compressed" 0 "$list" "$sclog" read --list "$work/raw.gz"
{ echo ----; echo "type=SECCOMP msg=audit(11/14/23 22:13:21.101:77) : auid=u uid=u gid=u ses=2 pid=4100 comm=app exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=read compat=0 ip=0x7f0011223344 code=log"
echo ----; echo "type=SECCOMP msg=audit(11/14/23 22:13:21.101:78) : auid=u uid=u gid=u ses=2 pid=4100 comm=app exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=openat compat=0 ip=0x7f0011223344 code=log"; } >"$work/shown"
check "interpreted" 0 "$list" "$sclog" read --list "$work/shown"
printk="which leaves out what is too fast: it may lack calls"
sed 's/^type=SECCOMP msg=/[ 2143.118201] audit: type=1326 /' "$work/raw" >"$work/dmesg"
check "dmesg: read, and said to be incomplete" 3 "$list" \
	sh -c "'$sclog' read --list '$work/dmesg' 2>/dev/null"
check "dmesg: why" 3 "sclog: [^ ]*dmesg: came through the kernel's log, $printk.*" \
	"$sclog" read --list "$work/dmesg"
sed 's/^type=SECCOMP msg=/5,1,2143118201,-;audit: type=1326 /' "$work/raw" |
	awk '{ sub(/^5,1,/, "5," NR ","); print }' >"$work/kmsg"
check "kmsg" 3 "$list" sh -c "'$sclog' read --list '$work/kmsg' 2>/dev/null"

# the journal has each record twice: by audit, and by the kernel
twice() {
	while read -r line; do
		echo "Mar 03 10:00:01 box audit[7]: SECCOMP ${line#*: }"
		echo "Mar 03 10:00:01 box kernel: ${line/#type=SECCOMP msg=/audit: type=1326 }"
	done
}
twice <"$work/raw" >"$work/short"
check "the journal's text: each record once" 3 $'.*"count": 1,.*"count": 1,[^\n]*\n.*"repeated": 2.*' \
	"$sclog" read --json "$work/short"
{ raw 1 0; raw 2 0; } | twice >"$work/short2"
check "the journal's text: equal records are two" 3 '.*"count": 2,.*"repeated": 2.*' \
	"$sclog" read --json "$work/short2"
sed -n '/audit\[/s/.*]: //p' "$work/short" >"$work/cat"
check "the journal's texts alone" 0 "$list" "$sclog" read --list "$work/cat"
sed 's/.* audit\[7\]: /    MESSAGE=/; /kernel:/d' "$work/short" >"$work/verbose"
check "another form of the journal is not taken for an empty log" 3 \
	'sclog: 2 lines have the fields of a record, but no form that is read: of journalctl read -o short, cat, json or export' \
	"$sclog" read --list "$work/verbose"
{ cat "$work/raw"; sed 's/MESSAGE=/evil[7]: /' "$work/verbose"; } >"$work/said"
check "nor is what a program says a loss" 0 "$list" "$sclog" read --list "$work/said"
entries() {
	while read -r line; do
		local serial=${line#*:} text=${line#*: }
		printf '__CURSOR=%s\n_TRANSPORT=audit\n_AUDIT_TYPE=1326\n_AUDIT_ID=%s\n_SOURCE_REALTIME_TIMESTAMP=17000000000%s000\nMESSAGE=SECCOMP %s\n\n' \
			a "${serial%%)*}" "$(printf %02d "${serial%%)*}")" "$text"
		printf '__CURSOR=b\n_TRANSPORT=kernel\nMESSAGE\n'
		local message="${line/#type=SECCOMP msg=/audit: type=1326 }"
		printf '%b' "$(printf '\\x%02x\\x%02x\\0\\0\\0\\0\\0\\0' $((${#message} % 256)) $((${#message} / 256)))"
		printf '%s\n\n' "$message"
	done
	printf '__CURSOR=c\n_TRANSPORT=syslog\nMESSAGE=audit: type=1326 audit(1700000000.009:9): %s\n\n' "$(body 9)"
}
entries <"$work/raw" >"$work/export"
check "the journal's export: each record once, and no program's text" 3 \
	$'.*"count": 1,.*"count": 1,[^\n]*\n.*"taken": 2, "repeated": 2.*' \
	"$sclog" read --json "$work/export"
python3 - "$work/export" >"$work/json" <<'END'
import json, sys
data = open(sys.argv[1], "rb").read()
entry = {}
while data:
    line, data = data.split(b"\n", 1)
    if not line:
        print(json.dumps(entry))
        entry = {}
    elif b"=" in line:
        key, value = line.split(b"=", 1)
        entry[key.decode()] = value.decode()
    else:
        size = int.from_bytes(data[:8], "little")
        entry[line.decode()] = list(data[8:8 + size])
        data = data[8 + size + 1:]
END
check "the journal's json, also of bytes" 3 \
	$'.*"count": 1,.*"count": 1,[^\n]*\n.*"taken": 2, "repeated": 2.*' \
	"$sclog" read --json "$work/json"
echo '{"_TRANSPORT":"audit","_AUDIT_TYPE":"1326","_AUDIT_ID":"3","MESSAGE":null}' >"$work/null"
check "the journal's json without --all" 3 '.*its text is left out: journalctl needs --all.*' \
	"$sclog" read --list "$work/null"
head -c 300 "$work/export" >"$work/cut-export"
printf '__CURSOR=b\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff' >>"$work/cut-export"
check "the journal's export, broken" 3 ".*not the journal's export format.*" \
	"$sclog" read --list "$work/cut-export"

# --- calls
check "other conventions are named" 0 $'getppid\nx32:getppid\nx86:getppid' \
	"$sclog" read --list arches.log
check "a number without name" 0 'x86_64:4242' "$sclog" read --list unnamed.log
check "what was refused is not in a list" 0 $'fstat\nread' "$sclog" read --list actions.log
check "what was refused" 0 $'close\nopen\nstat\nwrite' \
	"$sclog" read --list --denied actions.log
check "all" 0 $'close\nfstat\nopen\nread\nstat\nwrite' "$sclog" read --list --action=all actions.log
check "an unknown machine is no call of a list" 3 'sclog: 1 call is of an architecture .*' \
	sh -c "sed '1!d; s/c000003e/c0001234/' '$work/raw' | '$sclog' read --list"
check "a table" 0 $'  2  openat  log  x\n  1  read    log  x.*' \
	sh -c "'$sclog' read raw.log 2>/dev/null; true"
{ ours 1 41 1; ours 2 41 2; gone 3 2 0 41; } >"$work/socket"
check "a table with arguments" 0 $'  2  socket  log  app  domain=AF_INET type=SOCK_STREAM\\|SOCK_CLOEXEC protocol=.*' \
	"$sclog" read -q "$work/socket"
check "the summary says it is complete" 0 '.*sclog: complete: the summaries agree' \
	"$sclog" read "$work/socket"

# --- what is asked for
{ raw 1 0 0x7ffc0000 7 app; raw 2 1 0x7ffc0000 8 other; ours 3 2 1; gone 4 1 0 2; } >"$work/two"
check "--pid" 0 'write' "$sclog" read -q --list --pid 8 "$work/two"
check "--comm" 0 'write' "$sclog" read -q --list --comm 'oth*' "$work/two"
check "--exe" 0 'write' "$sclog" read -q --list --exe /usr/bin/other "$work/two"
check "--uid" 0 '' "$sclog" read -q --list --uid root "$work/two"
check "--uid by number" 0 $'open\nread\nwrite' "$sclog" read -q --list --uid 1000 "$work/two"
check "--filter" 0 'open' "$sclog" read -q --list --filter 9f4a "$work/two"
check "--since" 0 'write' sh -c "{ cat '$work/raw'; sed 's/170000000[0-9]/1700009999/;s/syscall=257/syscall=1/;s/:2)/:3)/;1d' '$work/raw'; } | '$sclog' read -q --list --since @1700001000"
check "--until" 0 "$list" "$sclog" read -q --list --until '2023-11-15 00:00' "$work/raw"
check "nothing is as asked for" 0 'sclog: no call is as asked for; 2 others are' \
	"$sclog" read --pid 99 "$work/raw"
check "nothing is as asked for but one" 0 'sclog: no call is as asked for; 1 other is' \
	sh -c "head -n1 '$work/raw' | '$sclog' read --pid 99"
check "nothing refused" 0 'sclog: nothing refused' "$sclog" read --denied "$work/raw"
check "an empty log" 0 'sclog: no record of seccomp is there' "$sclog" read empty.log
check "no log at all" 0 'sclog: no record of seccomp is there' "$sclog" read lib.sh
for option in --pid=x --pid=0 --filter=xyz --since=soon --action=maybe --uid=no-such-user; do
	check "wrong usage: $option" 2 "sclog: read: --[a-z]*: '[^']*' is not .*" \
		"$sclog" read "$option" "$work/raw"
done
check "wrong usage: two forms of output" 2 'sclog: read: --list and --json.*' \
	"$sclog" read --list --json "$work/raw"
check "a file that is not there: nothing is read" 1 'sclog: no/such: No such file or directory' \
	"$sclog" read --list "$work/raw" no/such
check "a folder" 1 'sclog: .: Is a directory' "$sclog" read --list .
check "output that cannot be written" 1 'sclog: standard output: No space left on device' \
	sh -c "'$sclog' read --list '$work/raw' >/dev/full"

# --- what is missing
check "a broken record is named, and makes it incomplete" 3 \
	$'sclog: broken.log:2: passed over: not the form of a record \\(arch\\)\n.*at least 1 record is lost.*read' \
	"$sclog" read --list broken.log
for i in 1 2 3 4 5 6 7 8; do echo "type=SECCOMP msg=audit(1700000000.00$i:$i): auid=x"; done >"$work/many"
check "many broken records are named in part and counted" 3 \
	'.*many:6: passed over, like further ones.*at least 8 records are lost.*' \
	"$sclog" read --list "$work/many"
{ for i in $(seq 1 40); do [ "$i" = 17 ] || [ "$i" = 18 ] || raw "$i" 0; done; } >"$work/hole"
check "a hole in the serial numbers" 3 '.*hole: at least 2 records are lost: serial numbers.*read' \
	"$sclog" read --list "$work/hole"
{ other 1; raw 9 0; } >"$work/hole2"
check "a hole beside other records" 3 '.*at least 7 records are lost.*' "$sclog" read "$work/hole2"
{ raw 1 0; raw 50 0; raw 90 0; } >"$work/selected"
check "a selection has gaps that say nothing" 0 '.*a selection of a log.*read' \
	"$sclog" read --list "$work/selected"
{ seq 1 40 | shuf --random-source=/dev/zero | while read -r i; do raw "$i" 0; done; } >"$work/mixed"
check "serials out of order are not missing" 0 'read' "$sclog" read --list "$work/mixed"
{ raw 9000 0; raw 9001 1; other 9002; sed 's/1700000000/1700009999/' "$work/raw"; } >"$work/boots"
check "serials begin anew with a boot" 0 $'openat\nread\nwrite' "$sclog" read --list "$work/boots"
{ cat "$work/dmesg"; echo "[ 2144.0] kauditd_printk_skb: 10050 callbacks suppressed"; } >"$work/suppressed"
check "lines that the kernel left out" 3 '.*at least 10,050 records are lost.*' \
	"$sclog" read --list "$work/suppressed"
check "the same for programs" 3 '.*"lost": 10050, "record": "incomplete".*' \
	"$sclog" read --json "$work/suppressed"
{ cat "$work/raw"; echo "type=X msg=audit(1700000000.003:3): x"
  echo "Mar 03 10:00:01 box systemd-journald[231]: Suppressed 512 messages from app.service"; } >"$work/journald"
check "lines that the journal left out" 3 '.*at least 512 records are lost.*' \
	"$sclog" read --list "$work/journald"
{ awk '{ sub(/^5,2,/, "5,7,"); print }' "$work/kmsg"; } >"$work/kmsg-gap"
check "the kernel's log was overwritten" 3 '.*at least 5 records are lost: the kernel.s log was overwritten.*' \
	"$sclog" read --list "$work/kmsg-gap"
check "lost records are known by the summary, with their calls" 3 \
	$'sclog: filter 9f4a12c08d3: 5 records are lost.*close\nopen\nread\nx86:-1\nx86:getpid\nx86_64:300000\nx86_64:5000' \
	"$sclog" read --list lost.log
check "a summary of refusals does not tell what was refused" 3 '.*2 records are lost.*close' \
	"$sclog" read --list refused.log
{ ours 1 0 1; ours 3 2 3; gone 4 3 0 0-2; } >"$work/numbered"
check "a number that is missing among a filter's records" 3 \
	$'.*filter 9f4a: 1 record is lost, by its summary.*open\nread\nwrite' \
	"$sclog" read --list "$work/numbered"
{ ours 1 0 1; ours 2 2 4; } >"$work/open"
check "the same before the filter is closed" 3 '.*2 records are lost, by its numbering.*' \
	"$sclog" read --list "$work/open"
check "another filter is asked for: no names of this one" 0 '' \
	"$sclog" read -q --list --filter 1 "$work/socket"
head -c 60 "$work/raw.gz" >"$work/cut.gz"
check "compressed data that ends early" 3 'sclog: [^ ]*cut.gz: the compressed data ends too early.*' \
	"$sclog" read --list "$work/cut.gz"
{ head -c 2000000 /dev/zero | tr '\0' x; echo; cat "$work/raw"; } >"$work/long"
check "a line of 2 MB is passed over" 0 "$list" "$sclog" read --list "$work/long"

# --- several files
{ raw 1 0; raw 2 1; } >"$work/a.log.2"; raw 3 2 >"$work/a.log.1"; raw 4 3 >"$work/a.log"
gzip "$work/a.log.2"
check "rotated logs are one, whatever their order" 0 $'close\nopen\nread\nwrite' \
	"$sclog" read --list "$work"/a.log "$work"/a.log.1 "$work"/a.log.2.gz
check "a rotated log that is not given" 3 '.*1 record is lost: serial numbers.*' \
	"$sclog" read --list "$work"/a.log "$work"/a.log.2.gz
check "the same file twice" 0 '.*"taken": 2, "repeated": 2.*' \
	"$sclog" read --json "$work/raw" "$work/raw"

# --- a policy
check "-o writes a policy" 0 'sclog: [^ ]*: 2 records, 2 new calls and [1-9][0-9]* companions' \
	"$sclog" read -o "$work/p.json" "$work/raw"
check "which has the calls" 0 $'.*\nopenat\n.*\nread\n.*' "$sclog" convert -q --to list "$work/p.json"
check "-o again finds nothing new" 0 'sclog: .* 0 new calls and 0 companions' \
	"$sclog" read -o "$work/p.json" "$work/raw"
check "--no-companions" 0 $'openat\nread' sh -c "
	'$sclog' read -q --no-companions -o '$work/n.json' '$work/raw' &&
	'$sclog' convert -q --to list '$work/n.json' 2>/dev/null"
cp "$work/n.json" "$work/n2.json"
check "--strict keeps the policy" 3 '.*n.json: not written: the log is incomplete.*' \
	"$sclog" read --strict -o "$work/n.json" broken.log
cmp -s "$work/n.json" "$work/n2.json"
report "which is as it was" $?
for option in --strict --no-companions; do
	check "$option without a policy" 2 "sclog: read: $option is for a policy, -o POLICY.*" \
		"$sclog" read $option broken.log
done
check "--strict makes no policy" 3 '.*not written.*' \
	"$sclog" read --strict -o "$work/none.json" broken.log
[ ! -e "$work/none.json" ]
report "nothing is there then" $?
{ raw 1 0; echo 'type=PROCTITLE msg=audit(1700000000.001:1): proctitle=636174002D6E006120662E747874'; } >"$work/title"
check "the command, if the log has it" 0 '.*"command": \["cat", "-n", "a f.txt"\].*' sh -c "
	'$sclog' read -q -o '$work/t.json' '$work/title' && cat '$work/t.json'"
check "arguments of a log may be those of first calls only" 0 '.*"source": "log".*' sh -c "
	'$sclog' read -q -o '$work/s.json' '$work/socket' && cat '$work/s.json'"
check "an incomplete log is noted in the policy" 0 '' sh -c "
	'$sclog' read -q -o '$work/i.json' '$work/hole' 2>/dev/null
	grep -q '\"complete\": \"no\"\\|\"complete\": \"incomplete\"\\|\"complete\": false' '$work/i.json'"
{ raw 1 425; raw 2 101; raw 3 311; raw 4 59; raw 5 59; } >"$work/weak"
check "what makes the policy weaker is said, and no more" 0 \
	$'sclog: ptrace: can change[^\n]*\nsclog: process_vm_writev: can change[^\n]*\nsclog: io_uring_setup: what[^\n]*' \
	"$sclog" read -q -o "$work/w.json" "$work/weak"
check "  once" 0 '' "$sclog" read -q -o "$work/w.json" "$work/weak"
check "so is a convention that is not the machine's" 0 \
	$'sclog: x86: this convention [^\n]*\nsclog: x32: this convention [^\n]*' \
	"$sclog" read -q -o "$work/w.json" arches.log
check "  once" 0 '' "$sclog" read -q -o "$work/w.json" arches.log

# --- what is no log
other() {
	printf '%b' "$2" >"$work/other"
	check "$1 is not taken for a log without a record" 3 "sclog: [^ ]*/other: $3" \
		"$sclog" read --list "$work/other"
}
other "xz" '\375\067zXZ\000\n\n' 'compressed: xz -dc has the text'
other "bzip2" 'BZh91AY&SY\n' 'compressed: bzip2 -dc .*'
other "zstd" '\050\265\057\375\004\n' 'compressed: zstd -dc .*'
other "UTF-16" '\377\376t\000y\000' 'UTF-16: .*'
other "a journal's file" 'LPKSHHRH\000\000' 'a journal: .*'
other "a policy" '{\n  "defaultAction": 5\n}\n' 'JSON, but .*'
printf '{"log": "audit: type=1326 audit(1.001:1): arch=c000003e syscall=1 code=0x7ffc0000"}\n' >"$work/other"
check "JSON of another program has no form that is read" 3 '.*1 line has the fields of a record, but .*' \
	"$sclog" read "$work/other"
check "a closed standard input" 1 'sclog: standard input: Bad file descriptor' \
	sh -c '"$0" read --list <&-' "$sclog"
if root && unshare -m true; then
	cat >"$work/journalctl" <<'END'
#!/bin/sh
exit 0
END
	chmod 755 "$work" "$work/journalctl"
	cat >"$work/hidden" <<'END'
mkdir -p /run/log && mount -t tmpfs none /run/log && mkdir -p /run/log/journal/id || exit 99
install -m 640 /dev/null /run/log/journal/id/system.journal
PATH=$1:$PATH
exec setpriv --reuid=65534 --regid=65534 --clear-groups "$2" read --journal
END
	install -m 755 "$sclog" "$work/sclog"
	check "--journal: the system's journal may not be read" 1 \
		"sclog: journal: the system's may be read by root and .*" \
		unshare -m sh "$work/hidden" "$work" "$work/sclog"
fi

# --- a log that grows
raw 1 0 >"$work/grows"
coproc FOLLOW { exec "$sclog" read --follow "$work/grows" 2>"$work/err"; }
follow=$FOLLOW_PID
read -r -t 30 -u "${FOLLOW[0]}" first
raw 2 257 >>"$work/grows"
read -r -t 30 -u "${FOLLOW[0]}" second
mv "$work/grows" "$work/grows.1"
raw 3 1 >"$work/grows.new"
mv "$work/grows.new" "$work/grows"
read -r -t 30 -u "${FOLLOW[0]}" third
kill -INT "$follow"
wait "$follow"
status=$?
[[ $first = *"app[7] read log" && $second = *"app[7] openat log" && $third = *"app[7] write log" ]]
report "--follow: what is appended, and a log that is rotated" $? "$first
$second
$third"
[ $status = 0 ]
report "--follow ends by Ctrl-C" $? "status $status: $(cat "$work/err")"

done_testing
