# Shared by the documents that change packages, or ask what a change would do.
log=$(mktemp 2>/dev/null) || log="$state_directory/change.log"
: >"$log"
trap 'rm -f "$log" "$log.run"' EXIT
manager_wait=${DRYDOCK_MANAGER_SECONDS:-120}
apt_lock_seconds=$((manager_wait < 60 ? manager_wait : 60))
# A mirror that answers 503 or nothing: two tries at once, no growing pauses, 30 seconds of silence at most.
apt_bounds=(-o Acquire::Retries=1 -o Acquire::Retries::Delay=false -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30)

# A change that was cut off half-way is not begun again: the rollout reads the host's state back instead.
only_once() {
  if [ -e "$result_file.started" ]; then finish false 1 interrupted; fi
  printf '%s\n' "$(boot_id)" >"$result_file.started"
  [ -s "$result_file.started" ] || refuse state-directory-full
}

# Runs the package manager with its talk in $log, without our lock; waits, within bounds, while another program holds its.
run_manager() {
  local code
  while :; do
    code=0
    "$@" >"$log.run" 2>&1 9>&- </dev/null || code=$?
    cat "$log.run" >>"$log"
    cat "$log.run" >&2
    # zypper: 100 to 103 say that updates, a reboot or a restart are needed.
    if [ "$1" = zypper ] && [ "$code" -ge 100 ] && [ "$code" -le 103 ]; then code=0; fi
    [ "$code" -ne 0 ] && [ "$SECONDS" -lt "$manager_wait" ] && [ "$(explain_failure "$log.run" "$code")" = package-manager-locked ] || return "$code"
    sleep 2
  done
}

# The options under which apt asks nothing and keeps local configuration.
apt_change() {
  run_manager apt-get -q -y -o DPkg::Lock::Timeout="$apt_lock_seconds" "${apt_bounds[@]}" -o APT::Cmd::Pattern-Only=true -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# dnf looks at the lock only when told to, and an Amazon Linux host is pinned to one release.
dnf_change() {
  local options=(-y --setopt=exit_on_lock=True --setopt=clean_requirements_on_remove=False)
  if [ "$(os_release ID)" = amzn ] && [ "$(os_release VERSION_ID)" = 2023 ]; then options+=(--releasever=latest); fi
  if [ "$manager" = yum ]; then options=(-y); fi
  run_manager "$manager" "${options[@]}" "$@"
}

zypper_change() { run_manager zypper --quiet --non-interactive "$@"; }

# Fetches the lists. One dead source must not keep the others' packages from a host, so the code is noted and the work goes on.
refresh_code=0
refresh_lists() {
  refresh_code=0
  case "$manager" in
    apt) run_manager apt-get -q -o DPkg::Lock::Timeout="$apt_lock_seconds" "${apt_bounds[@]}" -o APT::Update::Error-Mode=any update || refresh_code=$? ;;
    zypper) zypper_change refresh || refresh_code=$? ;;
    dnf)
      dnf_change --setopt=skip_if_unavailable=True --refresh makecache || refresh_code=$?
      # It ends with 0 even where no repository answered.
      if grep -q '^Ignoring repositories' "$log.run"; then refresh_code=1; fi
      ;;
    yum) dnf_change makecache fast || refresh_code=$? ;;
  esac
  # What a source said is no word about the packages: the code alone counts.
  : >"$log"
}

# name-version for dnf and zypper.
as_rpm() { printf '%s' "${1/=/-}"; }

# What an install of these items would do, `action name arch old new` a line (`-` for none); fails with the manager's code.
simulate() {
  local code=0 file=$state_directory/simulation
  case "$manager" in
    apt)
      apt-get -s -q -y --only-upgrade -o Debug::NoLocking=true -o APT::Cmd::Pattern-Only=true install "$@" >"$file" 2>&1 9>&- </dev/null || code=$?
      sed -nE 's/^Inst ([^ :]+)(:[^ ]+)? (\[[^]]*\] )?\(([^ ]+) .*\[([a-z0-9-]+)\]\).*$/Inst \1 \5 \3\4/p; s/^Remv ([^ :]+)(:[^ ]+)? \[([^]]*)\].*$/Remv \1 - [\3]/p' "$file" | while read -r what name arch old new; do
        case "$what $old" in
          Remv\ *) printf 'remove %s %s %s -\n' "$name" "$(dpkg --print-architecture)" "$(printf '%s' "$old" | tr -d '[]')" ;;
          Inst\ \[*) printf 'upgrade %s %s %s %s\n' "$name" "$arch" "$(printf '%s' "$old" | tr -d '[]')" "$new" ;;
          *) printf 'add %s %s - %s\n' "$name" "$arch" "$old" ;;
        esac
      done
      ;;
    dnf | yum)
      simulate_dnf "$file" "$@" || code=$?
      ;;
    zypper)
      zypper --quiet --xmlout --non-interactive install --no-recommends --dry-run --details "$@" >"$file" 2>&1 9>&- </dev/null || code=$?
      if [ "$code" -ge 100 ] && [ "$code" -le 107 ]; then code=0; fi
      simulated_by_zypper "$file"
      ;;
  esac
  cat "$file" >>"$log"
  return "$code"
}

# dnf's table: `name arch version repository size unit` under a heading; long names wrap.
simulate_dnf() {
  local file=$1 code=0
  shift
  dnf_simulated=("${@/=/-}")
  "$manager" -y --setopt=exit_on_lock=True --assumeno install "${dnf_simulated[@]}" >"$file" 2>&1 9>&- </dev/null || code=$?
  # --assumeno ends with 1 once the table was shown.
  if grep -q 'Transaction Summary' "$file"; then code=0; fi
  awk '
    /^(Installing|Upgrading|Downgrading|Removing|Reinstalling).*:$/ {action = $1; kept = ""; next}
    /^Transaction Summary/ {action = ""}
    action == "" || /^=/ {next}
    / replacing  / {n = $2; v = $3; arch = n; sub(/^.*\./, "", arch); sub(/\.[^.]*$/, "", n); sub(/^0:/, "", v); print "remove", n, arch, v, "-"; next}
    /^ / {
      $0 = kept $0
      if (NF < 4) {kept = $0 " "; next}
      kept = ""
      sub(/^0:/, "", $3)
      if (action ~ /^Removing/) print "remove", $1, $2, $3, "-"
      else if (action ~ /^Downgrading/) print "downgrade", $1, $2, "?", $3
      else if (action ~ /^Upgrading/) print "upgrade", $1, $2, "?", $3
      else print "add", $1, $2, "-", $3
    }' "$file" | with_old_versions
  return "$code"
}

simulated_by_zypper() {
  awk '
    /<to-upgrade|<to-upgrade-change/ {action = "upgrade"} /<to-downgrade/ {action = "downgrade"} /<to-install/ {action = "add"} /<to-remove/ {action = "remove"}
    /<solvable / {
      split("", field)
      text = $0
      while (match(text, /[a-z-]+="[^"]*"/)) {
        pair = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
        at = index(pair, "="); field[substr(pair, 1, at - 1)] = substr(pair, at + 2, length(pair) - at - 2)
      }
      new = field["edition"]; old = field["edition-old"]; sub(/^0:/, "", new); sub(/^0:/, "", old)
      if (action == "remove") print "remove", field["name"], field["arch"], new, "-"
      else if (action != "") print action, field["name"], field["arch"], (old == "" ? (action == "add" ? "-" : "?") : old), new
    }' "$1" | with_old_versions
}

# Fills in the installed version where the manager does not tell it.
with_old_versions() {
  local action name arch old new
  while read -r action name arch old new; do
    if [ "$old" = '?' ]; then old=$(rpm -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$name.$arch" 2>/dev/null | grep -v 'not installed' | sed 's/^0://' | tail -n 1); fi
    # A kernel is added, whatever the table calls it.
    if is_kernel "$name" && [ "$action" = upgrade ]; then action=add old=-; fi
    printf '%s %s %s %s %s\n' "$action" "$name" "$arch" "${old:--}" "$new"
  done
}

# Regular files and links of /etc with their digests; caches that programs rebuild are left out.
configuration_list() {
  local root=${DRYDOCK_CONFIGURATION_DIRECTORY:-/etc}
  { find "$root" -xdev -type f ! -name ld.so.cache ! -path "$root/mtab" ! -path "$root/.*" -exec sha256sum {} + 2>/dev/null | sed 's/^\([0-9a-f]*\)  /\1 /'
    find "$root" -xdev -type l -printf '%l %p\n' 2>/dev/null; } | LC_ALL=C sort -k 2
}

# Ends an install or a rollback by what is on the disk, not by what the package manager said.
finish_change() {
  local code=$1 left=$2 more=${3:-} reason
  more=",\"rebootRequired\":$(if [ "$(reboot_pending)" = yes ]; then echo true; else echo false; fi)$more"
  reason=$(explain_failure "$log" "$code")
  if [ -n "$(manager_faults)" ]; then
    if [ "$reason" = package-manager-failed ]; then reason=half-installed; fi
    finish false "$([ "$code" -ne 0 ] && echo "$code" || echo 1)" "$reason" "$more,\"faults\":$(manager_faults | json_list 300)"
  fi
  if [ -n "$left" ]; then
    if [ "$code" -eq 0 ]; then finish false 1 version-not-reached "$more"; fi
    if [ "$reason" = version-not-found ] && [ "$refresh_code" -ne 0 ]; then reason=mirror-error; fi
    finish false "$code" "$reason" "$more"
  fi
  if [ "$code" -ne 0 ]; then more="$more,\"managerExitCode\":$code"; fi
  finish true 0 '' "$more"
}
