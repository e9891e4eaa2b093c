#!/usr/bin/env bash
# Shared by every Drydock document: one result document on stdout, talk on stderr, one run at a time, nothing run twice.
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
state_directory=${DRYDOCK_STATE_DIRECTORY:-/var/lib/drydock}
boot_id_file=${DRYDOCK_BOOT_ID_FILE:-/proc/sys/kernel/random/boot_id}
reboot_required_file=${DRYDOCK_REBOOT_REQUIRED_FILE:-/var/run/reboot-required}
result_file="$state_directory/results/${SSM_intentId:-none}.$step.json"

say() { printf '%s\n' "$*" >&2; }

# A text as a JSON string: quotes and backslashes escaped, control characters dropped.
json() { printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

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
    *) rpm -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$1" 2>/dev/null | grep -v 'not installed' | sed 's/^0://' | tail -n 1 ;;
  esac
}

name_of() { printf '%s' "${1%%=*}"; }
version_of() { printf '%s' "${1#*=}"; }

# {"name":"version",...} of the packages asked about.
installed_json() {
  local item version first=1
  printf '{'
  for item in ${SSM_packages:-}; do
    version=$(installed_version "$(name_of "$item")")
    [ -n "$version" ] || continue
    [ "$first" -eq 1 ] || printf ','
    first=0
    printf '%s:%s' "$(json "$(name_of "$item")")" "$(json "$version")"
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
  if [ -e "$reboot_required_file" ]; then return 0; fi
  if command -v needs-restarting >/dev/null; then needs-restarting -r >/dev/null 2>&1 || return 0; fi
  [ "$(running_kernel)" != "$(installed_kernel)" ]
}

agent_version() { (amazon-ssm-agent -version 2>/dev/null || snap list amazon-ssm-agent 2>/dev/null) | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }
truth() { if "$@"; then echo true; else echo false; fi; }

# Prints the result, keeps it for a second delivery, and ends with the exit code.
finish() {
  local ok=$1 code=$2 reason=$3 more=${4:-}
  mkdir -p "$state_directory/results"
  {
    printf '{"schemaVersion":1,"step":%s,"changeId":%s,"ok":%s,"exitCode":%s' "$(json "$step")" "$(json "${SSM_changeId:-}")" "$ok" "$code"
    [ -z "$reason" ] || printf ',"reason":%s' "$(json "$reason")"
    printf ',"installed":%s,"bootId":%s,"runningKernel":%s,"installedKernel":%s,"rebootPending":%s,"agentVersion":%s%s}\n' \
      "$(installed_json)" "$(json "$(boot_id)")" "$(json "$(running_kernel)")" "$(json "$(installed_kernel)")" "$(truth reboot_pending)" "$(json "$(agent_version)")" "$more"
  } | tee "$result_file.new"
  mv "$result_file.new" "$result_file"
  exit "$code"
}

# A command that was delivered twice prints the first result and does nothing.
repeat_result() {
  [ -e "$result_file" ] || return 0
  say "this intent ran already"
  cat "$result_file"
  exit 0
}

only_one() {
  mkdir -p "$state_directory"
  exec 9>"$state_directory/lock"
  flock -n 9 || finish false 1 busy
}

# True while another program holds the package manager.
manager_locked() {
  case "$(manager)" in
    apt) command -v fuser >/dev/null && fuser /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock >/dev/null 2>&1 ;;
    dnf | yum) [ -e /var/run/yum.pid ] && kill -0 "$(cat /var/run/yum.pid)" 2>/dev/null ;;
    zypper) [ -e /var/run/zypp.pid ] && kill -0 "$(cat /var/run/zypp.pid)" 2>/dev/null ;;
    *) return 1 ;;
  esac
}

# Reason and exit code for a failed package manager run, from its output.
explain_failure() {
  if grep -Eqi 'lock-frontend|another app is currently holding|waiting for cache lock' "$1"; then echo package-manager-locked
  elif grep -Eqi 'temporary failure resolving|could not resolve|failed to fetch|cannot download|timed out|connection' "$1"; then echo mirror-error
  elif grep -Eqi 'unmet dependencies|conflicts|nothing provides|requires' "$1"; then echo dependency-check
  elif grep -Eqi 'no space left' "$1"; then echo disk-full
  else echo package-manager-failed
  fi
}
