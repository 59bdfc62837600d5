# SPDX-License-Identifier: GPL-2.0
# Completion of sclog for bash. Options are those of `sclog VERB --help`.

# _sclog_options VERB: the long options that its help and the common one name;
# --json only if the verb's own has it
_sclog_options() {
	{
		sclog ${1:+"$1"} --help
		[ -z "$1" ] || sclog --help | grep -v -- ' --json '
	} 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u
}

# _sclog_values VERB OPTION: its values; nothing if it takes a file or a text
_sclog_values() {
	case $2 in
	--color) echo auto always never ;;
	--source) echo auto trace log notify ;;
	--deny) echo errno kill trap log ;;
	--action) echo log denied all ;;
	--until) [ "$1" = learn ] && echo all main ;;
	--from) echo oci docker spo systemd minijail firejail list ;;
	--to) echo oci spo systemd libseccomp bpf minijail firejail list ;;
	--for) [ "$1" = convert ] && echo runc crun docker firejail ;;
	-u | --user | --uid) compgen -u ;;
	esac
}

# _sclog_files [SUFFIX]: files and folders
_sclog_files() {
	local file
	while IFS= read -r file; do
		if [ -d "$file" ]; then
			COMPREPLY+=("$file/")
		elif [[ $file == *"${1-}" ]]; then
			COMPREPLY+=("$file")
		fi
	done < <(compgen -f -- "$cur")
	type compopt >/dev/null 2>&1 && compopt -o filenames -o nospace 2>/dev/null
}

_sclog() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local verbs='learn read run check review allow deny drop convert diff
		merge explain stat doctor'
	local verb= operands=0 takes_value= i word values

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [ -z "$verb" ]; then
			[[ $word == -* ]] || verb=$word
		elif [ -n "$takes_value" ]; then
			takes_value=
		elif [[ $word == -[opu] || ($word == --@(output|policy|user|html|answers|record|root) &&
			${COMP_WORDS[i + 1]} != =) ]]; then
			takes_value=1
		elif [[ $word != -* && $word != = && ${COMP_WORDS[i - 1]} != = ]]; then
			operands=$((operands + 1))
		fi
	done
	if [ -z "$verb" ]; then
		COMPREPLY=($(compgen -W "$verbs $(_sclog_options '')" -- "$cur"))
		return
	fi
	# bash splits --option=value in three words
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	values=$(_sclog_values "$verb" "$prev")
	if [ -n "$values" ]; then
		COMPREPLY=($(compgen -W "$values" -- "$cur"))
	elif [[ $prev == @(-[op]|--output|--policy) ]]; then
		_sclog_files .json
	elif [[ $prev == @(--html|--answers|--record|--root) ]]; then
		_sclog_files
	elif [ $operands = 0 ] && [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_sclog_options "$verb")" -- "$cur"))
	else
		case $verb:$operands in
		learn:0 | run:0 | check:0)
			COMPREPLY=($(compgen -c -- "$cur"))
			;;
		allow:0 | deny:0 | drop:0 | review:* | diff:* | merge:* | explain:0 | \
		stat:0 | convert:0)
			_sclog_files .json
			;;
		allow:* | deny:* | drop:* | explain:*) ;;
		*)
			_sclog_files
			;;
		esac
	fi
}
complete -F _sclog sclog
