#!/usr/bin/env bash
# Shared by every Drydock document: one result document on stdout, talk on stderr, one run at a time, nothing run twice.
set -f
umask 077
export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l PATH="$PATH:/usr/sbin:/sbin"
state_directory=${DRYDOCK_STATE_DIRECTORY:-/var/lib/drydock}
boot_id_file=${DRYDOCK_BOOT_ID_FILE:-/proc/sys/kernel/random/boot_id}
run_directory=${DRYDOCK_RUN_DIRECTORY:-/run}
locks_file=${DRYDOCK_LOCKS_FILE:-/proc/locks}
result_file="$state_directory/results/${SSM_intentId:-none}.$step.json"
packages=()

say() { printf '%s\n' "$*" >&2; }

# A text as a JSON string: quotes and backslashes escaped, line breaks made blanks, all else but printable ASCII dropped.
json() { printf '"%s"' "$(printf '%s' "$1" | tr '\n\t' '  ' | tr -cd '\040-\176' | cut -c1-500 | sed 's/\\/\\\\/g; s/"/\\"/g')"; }
truth() { if "$@"; then echo true; else echo false; fi; }
number() { printf '%s' "$1" | grep -Eo '^[0-9]+(\.[0-9]+)?' || echo 0; }

manager() {
  if command -v apt-get >/dev/null; then echo apt
  elif command -v dnf >/dev/null; then echo dnf
  elif command -v yum >/dev/null; then echo yum
  elif command -v zypper >/dev/null; then echo zypper
  else echo none
  fi
}

installed_version() {
  case "$(manager)" in
    apt) dpkg-query -W -f='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p' | head -n 1 ;;
    none) ;;
    *) rpm -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$1" 2>/dev/null | grep -v 'not installed' | sed 's/^0://' | sort -V | tail -n 1 ;;
  esac
}

name_of() { printf '%s' "${1%%=*}"; }
version_of() { printf '%s' "${1#*=}"; }

# {"name":"version",...} of the packages asked about.
installed_json() {
  local item version separator=''
  printf '{'
  for item in "${packages[@]}"; do
    version=$(installed_version "$(name_of "$item")")
    [ -n "$version" ] || continue
    printf '%s%s:%s' "$separator" "$(json "$(name_of "$item")")" "$(json "$version")"
    separator=,
  done
  printf '}'
}

boot_id() { cat "$boot_id_file" 2>/dev/null || echo unknown; }
running_kernel() { uname -r; }

# The newest kernel that the package manager has put on the disk.
installed_kernel() {
  local newest
  newest=$(find "${DRYDOCK_BOOT_DIRECTORY:-/boot}" -maxdepth 1 -name 'vmlinuz-*' 2>/dev/null | sed 's/.*vmlinuz-//' | sort -V | tail -n 1)
  printf '%s' "${newest:-$(running_kernel)}"
}

reboot_pending() {
  local code=0
  if [ -e "$run_directory/reboot-required" ] || [ -e "$run_directory/reboot-needed" ]; then return 0; fi
  if command -v needs-restarting >/dev/null; then needs-restarting -r >/dev/null 2>&1 || return 0; fi
  if [ "$(manager)" = zypper ]; then
    zypper --quiet needs-rebooting >/dev/null 2>&1 || code=$?
    [ "$code" -ne 102 ] || return 0
  fi
  [ "$(running_kernel)" != "$(installed_kernel)" ]
}

agent_version() { (amazon-ssm-agent -version 2>/dev/null || snap list amazon-ssm-agent 2>/dev/null) | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

# Units that failed, one a line; fails itself when systemd does not answer.
failed_units() {
  local units
  units=$(systemctl list-units --state=failed --no-legend --plain 2>/dev/null) || return 1
  printf '%s\n' "$units" | awk '$1 ~ /\./ {print $1}' | sort
}

# The result document: what every step tells, and what this one adds.
result() {
  local ok=$1 code=$2 reason=$3 more=$4
  printf '{"schemaVersion":1,"step":%s,"changeId":%s,"ok":%s,"exitCode":%s' "$(json "$step")" "$(json "${SSM_changeId:-}")" "$ok" "$code"
  [ -z "$reason" ] || printf ',"reason":%s' "$(json "$reason")"
  printf ',"installed":%s,"bootId":%s,"runningKernel":%s,"installedKernel":%s,"rebootPending":%s,"agentVersion":%s%s}\n' \
    "$(installed_json)" "$(json "$(boot_id)")" "$(json "$(running_kernel)")" "$(json "$(installed_kernel)")" "$(truth reboot_pending)" "$(json "$(agent_version)")" "$more"
}

# What a step hands over beside its result, on the lines after it: with it, it reaches the output bucket.
attach() { :; }

# Keeps the result for a second delivery, prints it, and ends with the exit code.
finish() {
  local code=$2
  result "$1" "$code" "$3" "${4:-}" >"$result_file.new"
  printf '%s\n' "$code" >"$result_file.code"
  mv "$result_file.new" "$result_file"
  cat "$result_file"
  attach
  exit "$code"
}

# Ends without a trace, so that the same intent may try again.
refuse() {
  result false 1 "$1" ''
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
  mkdir -p "$state_directory/results" || refuse state-directory-unwritable
  exec 9>"$state_directory/lock" || refuse state-directory-unwritable
  flock -w "${DRYDOCK_LOCK_SECONDS:-120}" 9 || refuse busy
}

# I1: a command that was delivered twice prints the first result and does nothing.
repeat_result() {
  [ -e "$result_file" ] || return 0
  say "this intent ran already"
  cat "$result_file"
  attach
  exit "$(cat "$result_file.code")"
}

begin() {
  accept_parameters
  only_one
  repeat_result
}

# True while some program holds a lock on one of these files; what cannot be read counts as locked.
is_file_locked() {
  local file inode
  [ -r "$locks_file" ] || return 0
  for file in "$@"; do
    inode=$(stat -c %i "$file" 2>/dev/null) || continue
    ! grep -Eq ":$inode " "$locks_file" || return 0
  done
  return 1
}

is_process_alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# True while another program holds the package manager.
manager_locked() {
  local root=${DRYDOCK_PACKAGE_DIRECTORY:-/var/lib}
  case "$(manager)" in
    apt) is_file_locked "$root/dpkg/lock-frontend" "$root/dpkg/lock" "$root/apt/lists/lock" ;;
    none) return 1 ;;
    *) is_file_locked "$root/rpm/.rpm.lock" /usr/lib/sysimage/rpm/.rpm.lock || is_process_alive "$run_directory/yum.pid" || is_process_alive "$run_directory/zypp.pid" ;;
  esac
}
