# Shared by the two documents that change packages.
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A change that was cut off half-way is not begun again: the rollout reads the host's state back instead.
only_once() {
  if [ -e "$result_file.started" ]; then finish false 1 interrupted; fi
  : >"$result_file.started"
}

# Runs the package manager with its talk on stderr and in $log, without our lock.
run_manager() {
  local code=0
  "$@" >>"$log" 2>&1 9>&- || code=$?
  # zypper: 100 to 103 say that updates, a reboot or a restart are needed.
  if [ "$1" = zypper ] && [ "$code" -ge 100 ] && [ "$code" -le 103 ]; then code=0; fi
  return "$code"
}

# A word for a failed run of the package manager, from its output.
explain_failure() {
  if grep -Eqi 'no space left' "$1"; then echo disk-full
  elif grep -Eqi 'could not get lock|lock-frontend|another app is currently holding|waiting for cache lock|system management is locked' "$1"; then echo package-manager-locked
  elif grep -Eqi 'version .* was not found|unable to locate package|no match for argument|no package .* available|no provider of|not found in package names' "$1"; then echo version-not-found
  elif grep -Eqi 'curl error|temporary failure resolving|could not resolve|failed to fetch|cannot download|failed to download|timed out|connection (refused|reset|failed)' "$1"; then echo mirror-error
  elif grep -Eqi 'unmet dependencies|conflicts with|nothing provides|has missing dependencies|dpkg was interrupted' "$1"; then echo dependency-check
  else echo package-manager-failed
  fi
}

# What is wanted and not there yet, one name=version a line.
missing_items() {
  local item
  for item in "${packages[@]}"; do
    [ "$(installed_version "$(name_of "$item")")" = "$(version_of "$item")" ] || printf '%s\n' "$item"
  done
}

# Ends an install or a rollback by what is on the disk, not by what the package manager said.
finish_change() {
  local code=$1 more left
  cat "$log" >&2
  more=",\"rebootRequired\":$(truth reboot_pending)"
  [ "$code" -eq 0 ] || finish false "$code" "$(explain_failure "$log")" "$more"
  left=$(wanted_items)
  [ -z "$left" ] || finish false 1 version-not-reached "$more"
  finish true 0 '' "$more"
}
