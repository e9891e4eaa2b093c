#!/usr/bin/env bash
# Shared by every Drydock document: one result document on stdout, talk on stderr, one run at a time, nothing run twice.
set -f
umask 077
export LC_ALL=C LANGUAGE=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l PATH="$PATH:/usr/sbin:/sbin"
state_directory=${DRYDOCK_STATE_DIRECTORY:-/var/lib/drydock}
boot_id_file=${DRYDOCK_BOOT_ID_FILE:-/proc/sys/kernel/random/boot_id}
run_directory=${DRYDOCK_RUN_DIRECTORY:-/run}
locks_file=${DRYDOCK_LOCKS_FILE:-/proc/locks}
result_file="$state_directory/results/${SSM_intentId:-none}.$step.json"
point="$state_directory/restore-points/${SSM_changeId:-none}"
packages=()

say() { printf '%s\n' "$*" >&2; }

# A text as a JSON string: quotes and backslashes escaped, line breaks made blanks, all else but printable ASCII dropped.
json() {
  quote "$1"
  printf '%s' "$REPLY"
}
# The same into REPLY, without a process of its own.
quote() {
  REPLY=$1
  if [ "${#REPLY}" -gt 500 ] || [[ "$REPLY" == *[!a-zA-Z0-9.+~:^_=/@\ -]* ]]; then REPLY=$(printf '%s' "$REPLY" | tr '\n\t' '  ' | tr -cd '\040-\176' | cut -c1-500 | sed 's/\\/\\\\/g; s/"/\\"/g'); fi
  REPLY="\"$REPLY\""
}
truth() { if "$@"; then echo true; else echo false; fi; }
number() { printf '%s' "$1" | grep -Eo '^[0-9]+(\.[0-9]+)?' || echo 0; }

# Lines of standard input as a JSON list, as many as fit into so many characters.
json_list() {
  local room=$1 line separator=''
  printf '['
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    quote "$line"
    room=$((room - ${#REPLY} - 1))
    [ "$room" -gt 0 ] || break
    printf '%s%s' "$separator" "$REPLY"
    separator=,
  done
  printf ']'
}

name_of() { printf '%s' "${1%%=*}"; }

boot_id() { cat "$boot_id_file" 2>/dev/null || echo unknown; }
agent_version() { (amazon-ssm-agent -version 2>/dev/null || snap list amazon-ssm-agent 2>/dev/null) | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

# Units that failed, one a line; fails itself when systemd does not answer.
failed_units() {
  local units
  units=$(systemctl list-units --state=failed --no-legend --plain 2>/dev/null) || return 1
  printf '%s\n' "$units" | awk '$1 ~ /\./ {print $1}' | sort
}

# What every step tells. SSM shows 2,500 characters of it to whoever lists commands: where it is longer, `brief` leaves out what
# grows with the number of packages, and the whole follows on the next line, into the output bucket.
result_text() {
  local form=$1 ok=$2 code=$3 reason=$4 more=$5 pending running next
  pending=$(reboot_pending) || pending=unknown
  running=$(running_kernel)
  next=$(next_kernel)
  printf '{"schemaVersion":1,"step":%s,"changeId":%s,"ok":%s,"exitCode":%s' "$(json "$step")" "$(json "${SSM_changeId:-}")" "$ok" "$code"
  [ -z "$reason" ] || printf ',"reason":%s' "$(json "$reason")"
  if [ "$form" = whole ]; then printf ',"installed":%s' "$(installed_json)"; fi
  printf ',"bootId":%s,"runningKernel":%s,"installedKernel":%s,"agentVersion":%s' \
    "$(json "$(boot_id)")" "$(json "$running")" "$(json "$next")" "$(json "$(agent_version)")"
  case "$pending" in
    yes) printf ',"rebootPending":true' ;;
    no) printf ',"rebootPending":false' ;;
    *) printf ',"rebootUnknown":%s' "$(json "${pending#unknown: }")" ;;
  esac
  printf ',"versions":%s%s' "$(versions_json "$form")" "$more"
}

# What a step hands over beside its result, on the lines after it: with it, it reaches the output bucket.
attach() { :; }

# The result on standard output: `more` with every package, `brief_more` where that is too long to be shown.
result() {
  local ok=$1 code=$2 reason=$3 more=$4 brief_more=${5:-$4} whole sum
  whole="$(result_text whole "$ok" "$code" "$reason" "$more")}"
  if [ "${#whole}" -le 2400 ]; then
    printf '%s\n' "$whole"
    return
  fi
  sum=$(printf '%s\n' "$whole" | sha256sum | cut -d' ' -f1)
  printf '%s,"wholeSha256":"%s","wholeBytes":%s}\n%s\n' "$(result_text brief "$ok" "$code" "$reason" "$brief_more")" "$sum" "$((${#whole} + 1))" "$whole"
}

# Keeps the result for a second delivery, prints it, and ends with the exit code.
finish() {
  local code=$2
  result "$1" "$code" "$3" "${4:-}" "${5:-${4:-}}" >"$result_file.new"
  printf '%s\n' "$code" >"$result_file.code"
  if ! mv "$result_file.new" "$result_file" || ! [ -s "$result_file" ]; then
    # The disk may be full by now: the result is told all the same.
    result "$1" "$code" "$3" "${4:-}" "${5:-${4:-}}"
    exit "$code"
  fi
  cat "$result_file"
  attach
  exit "$code"
}

# Ends without a trace, so that the same intent may try again.
refuse() {
  printf '{"schemaVersion":1,"step":%s,"changeId":%s,"ok":false,"exitCode":1,"reason":%s,"bootId":%s}\n' "$(json "$step")" "$(json "${SSM_changeId:-}")" "$(json "$1")" "$(json "$(boot_id)")"
  exit 1
}

# An agent older than 3.3.2746.0 sets no SSM_ variable: then nothing runs. The patterns are those of the document.
accept_parameters() {
  local ulid='^[0-9A-HJKMNP-TV-Z]{26}$' item='[a-zA-Z0-9][a-zA-Z0-9.+_-]*=[a-zA-Z0-9]([a-zA-Z0-9.+~:^_-]*[a-zA-Z0-9~])?'
  [[ "${SSM_changeId:-}" =~ $ulid && "${SSM_intentId:-}" =~ $ulid ]] || refuse parameters-missing
  [[ -z "${SSM_packages:-}" || "${SSM_packages:-}" =~ ^$item(\ $item)*$ ]] || refuse bad-packages
  read -r -a packages <<<"${SSM_packages:-}"
  [ "${#packages[@]}" -le 200 ] || refuse bad-packages
}

# F32: two runs never work on one host at once. Programs that a package starts must not inherit the lock: see run_manager.
only_one() {
  mkdir -p "$state_directory/results" "$point" || refuse state-directory-unwritable
  exec 9>"$state_directory/lock" || refuse state-directory-unwritable
  flock -w "${DRYDOCK_LOCK_SECONDS:-120}" 9 || refuse busy
  # What cannot be noted must not be done: a full disk would let a second delivery run again.
  if ! printf '%4096s' '' >"$result_file.room" || ! [ "$(wc -c <"$result_file.room")" -eq 4096 ]; then refuse state-directory-full; fi
  rm -f "$result_file.room"
}

# I1: a command that was delivered twice prints the first result and does nothing.
repeat_result() {
  [ -s "$result_file" ] || return 0
  say "this intent ran already"
  cat "$result_file"
  attach
  exit "$(cat "$result_file.code")"
}

# Results, archives and restore points of a quarter ago.
forget_old() {
  find "$state_directory/results" "$state_directory/collected" -mindepth 1 -maxdepth 1 -mtime +90 -exec rm -rf {} + 2>/dev/null
  find "$state_directory/restore-points" -mindepth 1 -maxdepth 1 -mtime +90 -exec rm -rf {} + 2>/dev/null
}

begin() {
  accept_parameters
  only_one
  repeat_result
  forget_old
  find_manager
  read_versions
}
