#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Each long option of each verb is in its help, in the man page and in the
# completion, and these have no other; help fits a screen and has an example.
. "$(dirname "$0")/lib.sh"

verbs=$("$sclog" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
common='color help json quiet verbose version'

# The man page's section of a verb; allow, deny and drop share one
man_section() {
	awk -v verb="$1" '
		/^\.S[SH] / {
			in_it = 0
			gsub(",", "", $0)
			for (i = 2; i <= NF; i++)
				in_it = in_it || ($1 == ".SS" && $i == verb)
		}
		in_it' ../sclog.1
}

# Long options of a text, without the common ones
longs_of() {
	sed 's/\\-/-/g' | grep -oE -- '(^|[^-a-z])--[a-z][a-z-]*' | sed 's/.*--//' |
		grep -vxE "${common// /|}" | sort -u
}

# The options in the table of a verb's files
table_of() {
	local files=(../"$1".c ../"$1"_*.c)
	case $1 in
	allow | deny | drop)
		files=(../edit.c)
		;;
	esac
	# learn --pid is there to say why it cannot be
	sed -n 's/^\t{ "\([a-z-]*\)", [a-z]*_argument,.*/\1/p' "${files[@]}" 2>/dev/null |
		if [ "$1" = learn ]; then grep -vx pid; else cat; fi | sort -u
}

# Completion, in a shell that has the function
complete_words() {
	PATH=$(dirname "$sclog"):$PATH bash -c '
		. ../sclog.bash
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_sclog
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

[ "$(echo "$verbs" | wc -w)" = 14 ]
report "14 verbs are in the help" $? "$verbs"
complete_words sclog '' | sort >"$work/completed"
diff <(printf '%s\n' $verbs $(printf -- '--%s\n' $common) | sort) \
	<(grep -v '^--from\|^--to' "$work/completed") >"$work/diff"
report "completion has the verbs" $? "$(cat "$work/diff")"

for verb in $verbs; do
	help=$("$sclog" "$verb" --help)
	[ "$(wc -l <<<"$help")" -le 30 ] && [ "$(wc -L <<<"$help")" -le 80 ]
	report "$verb: help fits a screen" $?
	grep -q '^Example: ' <<<"$help"
	report "$verb: help has an example" $?

	accepted=$(table_of "$verb")
	# text that only mentions an option of another verb is in no line of options
	helped=$(sed -n 's/^ *\(-[a-z], \)\?\(--[a-z][a-z-]*\).*/\2/p; s/^Usage: //p; s/^       sclog/&/p' \
		<<<"$help" | longs_of)
	manned=$(man_section "$verb" | grep '^\.[BTI]' | longs_of)
	completed=$(complete_words sclog "$verb" -- | longs_of)
	[ "$helped" = "$accepted" ]
	report "$verb: options are in its help, and no others" $? \
		"$(diff <(echo "$accepted") <(echo "$helped"))"
	[ "$manned" = "$accepted" ]
	report "$verb: options are in the man page, and no others" $? \
		"$(diff <(echo "$accepted") <(echo "$manned"))"
	[ -z "$(comm -23 <(echo "$accepted") <(echo "$completed"))" ]
	report "$verb: options are completed" $? \
		"$(diff <(echo "$accepted") <(echo "$completed"))"
done

# --json is refused where it would change nothing
for verb in $verbs; do
	case $verb in
	allow | deny | drop | convert) expected='2 2 0 0' ;;
	*) expected='0 0 1 1' ;;
	esac
	"$sclog" "$verb" --json --help >/dev/null 2>&1
	got=$?
	"$sclog" --json "$verb" --help >/dev/null 2>&1
	got="$got $? $("$sclog" "$verb" --help | grep -c -- '--json')"
	got="$got $(complete_words sclog "$verb" -- | grep -cx -- --json)"
	[ "${got/ [1-9] 1/ 1 1}" = "$expected" ]
	report "$verb: --json is taken, helped and completed, or refused" $? "$got"
done

for option in $common; do
	grep -q -- "--$option" <<<"$("$sclog" --help)" &&
		grep -q -- "--$option" <(sed 's/\\-/-/g' ../sclog.1)
	report "--$option is in the help and the man page" $?
done

touch "$work/a.json" "$work/b.txt"
mkdir "$work/folder"
[ "$(cd "$work" && COMPLETION=$OLDPWD/../sclog.bash bash -c '. "$COMPLETION"
	COMP_WORDS=(sclog diff a.json "") COMP_CWORD=3; _sclog
	echo ${COMPREPLY[@]}')" = "a.json folder/" ]
report "policies are completed" $?
# file_words WORD...: what is completed behind them, in that folder
file_words() {
	(cd "$work" && COMPLETION=$OLDPWD/../sclog.bash PATH=$(dirname "$sclog"):$PATH bash -c '. "$COMPLETION"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _sclog
		echo ${COMPREPLY[@]}' bash "$@")
}
for words in 'learn --output' 'run --policy' 'check -p' 'merge --output='; do
	[ "$(file_words sclog ${words/=/ =} '')" = "a.json folder/" ]
	report "  behind $words" $?
done
for words in 'stat --html' 'review --answers=' 'doctor --root='; do
	[[ " $(file_words sclog ${words/=/ =} '') " == *" b.txt "* ]]
	report "files are completed behind $words" $?
done
[ "$(file_words sclog run --policy a.json ech)" = "$(file_words sclog run -p a.json ech)" ]
report "commands are completed behind a policy" $?
[ "$(complete_words sclog run --deny = t)" = trap ]
report "values are completed" $?

make -s -C .. install OUTPUT="$SCLOG_BUILD" DESTDIR="$work/image" PREFIX=/usr \
	>"$work/out" 2>&1
report "make install" $? "$(cat "$work/out")"
diff - <(cd "$work/image" && find . -type f | sort) >"$work/diff" <<'END'
./usr/bin/sclog
./usr/share/bash-completion/completions/sclog
./usr/share/man/man1/sclog.1
./usr/share/man/man5/sclog-policy.5
END
report "all of it is below DESTDIR and PREFIX" $? "$(cat "$work/diff")"
[ "$("$work/image/usr/bin/sclog" --version)" = "$("$sclog" --version)" ]
report "what is installed runs" $?

man --warnings -l ../sclog.1 2>&1 >/dev/null | grep . >"$work/warnings"
man --warnings -l ../sclog-policy.5 2>&1 >/dev/null | grep . >>"$work/warnings"
[ ! -s "$work/warnings" ]
report "the man pages have no mistake" $? "$(cat "$work/warnings")"
done_testing
