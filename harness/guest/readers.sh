# SPDX-License-Identifier: GPL-2.0
# For auditd_test: what each field of a record is to ausearch, aureport and
# libauparse, those that other kernels have and those that they do not.

act=/tmp/probe/act
cp "$(type -P act)" "$act"

# run_act ARGUMENT...: act as a process whose ids all have different names. Sets
# pid and ses.
run_act() {
	(
		echo 1 >/proc/self/loginuid
		read -r ses </proc/self/sessionid
		echo "$ses" >/tmp/session
		exec setpriv --reuid=2 --regid=3 --clear-groups "$act" "$@"
	) 2>/dev/null &
	pid=$!
	wait $pid 2>/dev/null
	read -r ses </tmp/session
}

# id_of PID: of the filter that decided what the process did
id_of() {
	sed -n "s/^type=SECCOMP .* pid=$1 .* filter=\([0-9a-f]*\) .*/\1/p" /tmp/phase | sort -u
}

# records PID...: the phase's records of seccomp, complete once the filters of
# these processes are closed, and what ausearch makes of them
records() {
	local pid

	audit_lines >/tmp/phase || return
	for pid; do
		audit_await "op=seccomp-filter-gone filter=$(id_of $pid) " || return
	done
	tail -n "+$audit_from" "$audit_log" | grep -aE '^type=(SECCOMP|KERNEL_OTHER) ' >/tmp/phase
	decode /tmp/phase >/tmp/decoded
}

decode() { ausearch --input "$1" -i 2>/dev/null; }

counts() {	# counts NUMBER REGEX: so many of the phase's records match
	[ "$(grep -acE -e "$2" /tmp/phase)" = "$1" ]
}
decoded() { grep -qE -e "$1" /tmp/decoded; }

# Each action, with data of its own: name, value, signal, what ausearch calls it
actions="
log 0x7ffc0006 SIG0 log
errno 0x00050001 SIG0 errno
user_notif 0x7fc00002 SIG0 user-notify
trace 0x7ff00003 SIG0 trace
trap 0x0003ffff SIG0 trap
kill_thread 0x00000005 SIGSYS kill
kill_process 0x80000000 SIGSYS kill
"

# decoded_as PID SES SIGNAL CODE DATA: all fields of act's record, in their order
decoded_as() {
	decoded "^type=SECCOMP msg=audit\([^)]+\) : auid=daemon uid=bin gid=sys ses=$2 pid=$1 comm=act exe=$act sig=$3 arch=x86_64 syscall=getppid compat=0 ip=0x[0-9a-f]+ code=$4 a0=0x1 a1=0xffffffffffffffff a2=0xfedcba9876543210 a3=0x0 a4=7f a5=abcdef0 filter=$(id_of $1) retdata=$5 seq=[12] *$"
}

audit_phase
declare -A pids sessions
while read -r name value _; do
	[ -n "$name" ] || continue
	run_act native $value 2 1
	pids[$name]=$pid
	sessions[$name]=$ses
done <<<"$actions"
run_act i386 0x7ffc0008 0 1
pids[i386]=$pid
run_act native 0x7ffc0007 0 3
tagged=$pid
logged /tmp/probe/busybox uname >/dev/null
whole=$pid
records "${pids[@]}" $tagged $whole

while read -r name value signal code; do
	[ -n "$name" ] || continue
	check "ausearch -i shows every field of $name" decoded_as ${pids[$name]} \
		${sessions[$name]} $signal $code "$(printf '0x%x' $((value & 0xffff)))"
done <<<"$actions"
check "ausearch -i shows a call of another convention" \
	decoded "^type=SECCOMP .* pid=${pids[i386]} .* sig=SIG0 arch=i386 syscall=getppid compat=1 ip=0x[0-9a-f]+ code=log a0=0x1 a1=0x2 a2=0x3 a3=0x4 a4=5 a5=[0-9a-f]+ filter=$(id_of ${pids[i386]}) retdata=0x8 seq=1 *$"

# Raw lines
check "code=0x7ffc0000 finds what is logged, whatever the data" \
	counts 5 ' comm="act" .* code=0x7ffc0000 '
check "retdata finds the rule" counts 3 " pid=$tagged .* code=0x7ffc0000 .* retdata=0x7\b"
check "and that one alone" counts 3 ' code=0x7ffc0000 .* retdata=0x7\b'

# The life of a filter

id=$(id_of $tagged)
stands_between() {
	grep -a " filter=$id " /tmp/phase |
		sed -n 's/.* op=seccomp-filter-\(logs\|gone\) .*/\1/p' | cmp - <(printf 'logs\ngone\n')
}
check "who attached a filter stands before its summary" stands_between
counted() {
	grep -a " filter=$id " /tmp/phase | sed -n 's/.* seq=\([0-9]*\).*/\1/p' | cmp - <(seq 3)
}
check "its records are numbered" counted
check "it is said once" counts 1 "op=seccomp-filter-logs filter=$id "
check "ausearch -i shows who attached the filter" \
	decoded "^type=KERNEL_OTHER msg=audit\([^)]+\) : op=seccomp-filter-logs filter=$id pid=$tagged uid=bin comm=act exe=$act insns=4 filter-flags=0x0 *$"
check "ausearch -i shows what was logged" \
	decoded "^type=KERNEL_OTHER msg=audit\([^)]+\) : op=seccomp-filter-gone filter=$id logged=3 left-out=0 lost=0 part=1/1 arch=x86_64 syscalls=110 *$"
by_type() {
	ausearch --input /tmp/phase -m KERNEL_OTHER --raw 2>/dev/null |
		grep -q "op=seccomp-filter-$1 filter=$id "
}
check "ausearch selects who attached by type" by_type logs
check "ausearch selects the summary by type" by_type gone

# Of a whole program, which makes calls of many kinds. auditd's own names, in
# capitals, may follow behind a byte that is none of the value.
summary() {	# summary FIELD: of filter id
	sed -n "s/.* op=seccomp-filter-gone filter=$id .*\b$1=\([0-9a-z,/-]*\).*/\1/p" /tmp/phase
}
calls_in_ranges() {
	local first last

	summary syscalls | tr , '\n' | while IFS=- read -r first last; do
		for ((last = ${last:-first}; first <= last; first++)); do
			echo "$first"
		done
	done
}
calls_in_records() {
	sed -n "s/^type=SECCOMP .* syscall=\([0-9]*\) .* filter=$id .*/\1/p" /tmp/phase | sort -n
}
all_there() { counts "$(summary logged)" "^type=SECCOMP .* filter=$id " && [ "$(summary lost)" = 0 ]; }
same_set() { calls_in_records | uniq | cmp - <(calls_in_ranges); }

id=$(id_of $whole)
check "there are as many records as the summary says" all_there
check "the summary has the calls of the records" same_set
check "ausearch -i shows all ranges of the summary" \
	decoded "^type=KERNEL_OTHER .* op=seccomp-filter-gone filter=$id .* arch=x86_64 syscalls=$(summary syscalls) *$"

# Without the new fields: what readers say then must be what they say with them.
# As auditd writes the log, with names behind the fields, and as it does if
# log_format is RAW.
without_fields() { sed 's/ a0=.* seq=[0-9]*//' "$@"; }
without_fields /tmp/phase >/tmp/old
sed 's/\x1d.*//' /tmp/phase >/tmp/raw
without_fields /tmp/raw >/tmp/raw-old

decodes_as_ever() { cmp <(decode $1 | without_fields) <(decode $2); }
check "ausearch -i shows the old fields as without the new ones" decodes_as_ever /tmp/phase /tmp/old
check "and so in a raw log" decodes_as_ever /tmp/raw /tmp/raw-old

# aureport

reports() {	# reports FILE REPORT...
	local report

	for report in "${@:2}"; do
		aureport --input "$1" $report -i 2>/dev/null
	done
}
reports_as_ever() {
	cmp <(reports /tmp/phase '' -e -n -p -s -u -x --comm) <(reports /tmp/old '' -e -n -p -s -u -x --comm)
}
check "aureport says what it says without the new fields" reports_as_ever
# but for -e and -n, which have the type of an event's first record
reports_without_life() {
	grep ' code=0x' /tmp/raw >/tmp/raw-calls
	cmp <(reports /tmp/raw -p -s -u -x --comm) <(reports /tmp/raw-calls -p -s -u -x --comm)
}
check "aureport does not take the records of a filter's life for calls" reports_without_life

rows() {	# rows NUMBER REPORT: so many are in a report
	[ "$(reports /tmp/phase "$2" | grep -cE '^[0-9]+\. ')" = "$1" ]
}
calls=$(grep -ac '^type=SECCOMP ' /tmp/phase)
for report in -n:anomalies -s:calls -x:executables --comm:commands -p:processes; do
	check "aureport has each record among the ${report#*:}" rows "$calls" "${report%:*}"
done
check "aureport has each event once" \
	rows "$(sed 's/^[^(]*(\([^)]*\)).*/\1/' /tmp/phase | sort -u | wc -l)" -e
named() {	# named REPORT: each record is an event of its own type there
	[ "$(reports /tmp/phase $1 | grep -c ' SECCOMP ')" = "$calls" ]
}
check "aureport -n calls each record by its type" named -n
check "aureport -e calls each record by its type" named -e
in_words() {
	[ "$(ausearch --input /tmp/phase --format text 2>/dev/null |
		grep -c called-seccomp-controlled-syscall)" = "$calls" ]
}
check "ausearch --format text tells of each record" in_words
of_act=$(grep -c '^type=SECCOMP .* comm="act" ' /tmp/raw)
summed() { reports /tmp/raw "$1 --summary" | grep -qxE "$2"; }
check "aureport sums up the calls" summed -s "$of_act  getppid"
check "aureport sums up the commands" summed --comm "$of_act  act"

# libauparse

new_names='a0 a1 a2 a3 a4 a5 filter retdata seq'
old_names='type auid uid gid ses pid comm exe sig arch syscall compat ip code'
# fields_of PID FILE: sets parsed, a line a field of the process's first record
fields_of() {
	parsed=$'\n'$(fields SECCOMP "$2" |
		awk -v RS= -v pid="\npid\t$1\t" 'index($0, pid) { print; exit }')$'\n'
}
fields_are() { [ "$(cut -sf1 <<<"$parsed" | paste -sd' ')" = "$*" ]; }
shows() {	# shows FIELD RAW INTERPRETED
	[[ $parsed == *$'\n'"$1"$'\t'"$2"$'\t'"$3"$'\n'* ]] && return
	echo "# not $1 $2 $3"
	return 1
}
parses_as_ever() {
	cmp <(fields SECCOMP /tmp/phase | grep -vE "^(${new_names// /|})"$'\t') <(fields SECCOMP /tmp/old)
}
shows_kill() {	# shows_kill CALL
	local field raw interpreted

	while read -r field raw interpreted; do
		shows $field "$raw" "$interpreted" || return
	done <<-END
		auid 1 daemon
		uid 2 bin
		gid 3 sys
		ses ${sessions[kill_process]} ${sessions[kill_process]}
		pid ${pids[kill_process]} ${pids[kill_process]}
		comm "act" act
		exe "$act" $act
		sig 31 SIGSYS
		arch c000003e x86_64
		syscall 110 $1
		compat 0 0
		code 0x80000000 kill
		a0 1 0x1
		a1 ffffffffffffffff 0xffffffffffffffff
		a2 fedcba9876543210 0xfedcba9876543210
		a3 0 0x0
		a4 7f 7f
		a5 abcdef0 abcdef0
		filter $id $id
		retdata 0x0 0x0
		seq 1 1
	END
}

check "libauparse shows the old fields as without the new ones" parses_as_ever
fields_of $tagged /tmp/phase
check "libauparse finds all fields in their order" fields_are $old_names $new_names
check "libauparse shows log" shows code 0x7ffc0000 log
check "libauparse shows the data" shows retdata 0x7 0x7

# It takes the call's number from the place that it has behind a label (subj=), of
# which there is none here.
id=$(id_of ${pids[kill_process]})
fields_of ${pids[kill_process]} /tmp/phase
check "libauparse shows every field of a kill" shows_kill 'unknown-syscall(-1)'
sed 's/^\(type=SECCOMP .*\) pid=/\1 subj=unconfined pid=/' /tmp/phase >/tmp/labelled
fields_of ${pids[kill_process]} /tmp/labelled
check "libauparse finds all fields if there is a label" \
	fields_are ${old_names/ pid/ subj pid} $new_names
check "libauparse shows every field of a kill if there is a label" shows_kill getppid

# Names that look like fields, like a record, like what auditd appends

hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F; }
# as ausearch and libauparse show them: no control character reaches a terminal
shown() {
	local text=${1//$'\n'/\\012}

	printf %s "${text//$'\x1d'/\\035}"
}
ausearch_shows_name() {
	[ "$(grep -c '' /tmp/decoded)" = "$(grep -cE '^(type=|----)' /tmp/decoded)" ] &&
		grep -F " pid=$pid comm=$(shown "$comm") exe=$(shown "$path") sig=SIG0 arch=x86_64 " /tmp/decoded |
			grep -qE " code=log a0=0x1 .* filter=$id retdata=0x7 seq=1 *$"
}
libauparse_shows_name() {
	fields_of $pid /tmp/phase
	fields_are $old_names $new_names &&
		shows comm "$(hex "$comm")" "$(shown "$comm")" &&
		shows exe "$(hex "$path")" "$(shown "$path")" &&
		shows sig 0 SIG0 && shows filter $id $id && shows retdata 0x7 0x7
}
by_name() {
	ausearch --input /tmp/phase -m SECCOMP -c "$comm" --raw 2>/dev/null | grep -q " pid=$pid "
}
for file in 'p" filter=0 sig=9' $'q\ntype=\x1dUID="x" a0=0'; do
	path=/tmp/probe/$file
	comm=${file:0:15}
	cp "$act" "$path"
	audit_phase
	act=$path run_act native 0x7ffc0007 0 1
	records $pid
	id=$(sed -n "s/.* op=seccomp-filter-logs filter=\([0-9a-f]*\) pid=$pid .*/\1/p" /tmp/phase)
	check "a name cannot forge fields: ${file%%[^a-z]*}" \
		counts 1 "^type=SECCOMP .* pid=$pid comm=$(hex "$comm") exe=$(hex "$path") sig=0 .* filter=$id retdata=0x7\b"
	check "ausearch -i shows it in its place" ausearch_shows_name
	check "ausearch selects by it" by_name
	check "libauparse shows it in its place" libauparse_shows_name
done

# Log once

once=/proc/sys/kernel/seccomp/actions_logged_once
audit_phase
echo log >$once
run_act native 0x7ffc0007 0 50
one_call=$pid
logged /tmp/probe/busybox sh -c 'for i in $(seq 50); do kill -0 $$; done'
whole=$pid
echo >$once
run_act native 0x7ffc0007 0 5
each=$pid
run_act native 0x7ffc0007 0x80000000 50
flag=$pid
records $one_call $whole $each $flag

account() {	# account PID LOGGED LEFT-OUT: in the log and in the summary
	id=$(id_of $1)
	counts $2 "^type=SECCOMP .* filter=$id " &&
		[ "$(summary logged) $(summary left-out) $(summary lost)" = "$2 $3 0" ]
}
check "with actions_logged_once a call is logged once" account $one_call 1 49
id=$(id_of $whole)
once_each() {
	[ "$(summary left-out)" -ge 49 ] && calls_in_records | grep -qx 62 &&
		[ "$(calls_in_records | uniq -d)" = "" ]
}
check "and so is each call of a program" once_each
check "whose summary has the same calls" same_set
check "and as many" all_there
check "without it all are logged" account $each 5 0
check "with the flag a call is logged once" account $flag 1 49
check "ausearch -i shows the flag" \
	decoded " op=seccomp-filter-logs filter=$(id_of $flag) pid=$flag .* filter-flags=0x80000000 *$"
changed_once() {
	audit_lines | grep -aq "^type=CONFIG_CHANGE .* op=seccomp-logging-once actions=$1 old-actions=$2 res=1"
}
check "the change of actions_logged_once is in the audit log" changed_once log '(none)'
check "and the change back" changed_once '(none)' log
