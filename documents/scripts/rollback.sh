# Back to the restore point: its own set of packages, then its configuration.

# `name arch now old` of all that differs from the restore point and that this change touched; `-` where there is none.
differences() {
  { awk '{print $2, $3}' "$point/plan"
    if [ -e "$point/after-install" ]; then comm -3 "$point/before-install" "$point/after-install" | awk '{print $1, $2}'; fi
  } | sort -u >"$point/touched"
  package_list >"$point/now"
  awk -v touched="$point/touched" -v now="$point/now" '
    BEGIN {while ((getline line < touched) > 0) names[line] = 1
      while ((getline line < now) > 0) {split(line, p, " "); installed[p[1] " " p[2]] = installed[p[1] " " p[2]] (installed[p[1] " " p[2]] == "" ? "" : ",") p[3]}}
    {wanted[$1 " " $2] = wanted[$1 " " $2] (wanted[$1 " " $2] == "" ? "" : ",") $3}
    END {for (n in names) if (installed[n] != wanted[n]) print n, (installed[n] == "" ? "-" : installed[n]), (wanted[n] == "" ? "-" : wanted[n])}
  ' "$point/packages" | sort
}

# What another change has proven on this host is not taken back.
is_floor() {
  local name=$1 target=$2 version
  [ -s "$state_directory/proven" ] || return 1
  while read -r version; do
    if [ "$(printf '%s %s\n' "$target" "$version" | orders)" = older ]; then return 0; fi
  done < <(awk -v change="$SSM_changeId" -v name="$name" '$1 != change && $2 == name {print $3}' "$state_directory/proven")
  return 1
}

# Ends what an interrupted manager left half done.
repair_manager() {
  [ "$manager" = apt ] || return 0
  if [ -n "$(manager_faults)" ] || [ -n "$(find /var/lib/dpkg/updates -type f -name '[0-9]*' 2>/dev/null | head -n 1)" ]; then
    run_manager dpkg --force-confdef --force-confold --configure -a || true
    : >"$log"
  fi
}

# A kernel stays beside the old one, and the old one is chosen.
boot_previous_kernel() {
  local previous entry menu grub=${DRYDOCK_BOOT_DIRECTORY:-/boot}/grub/grub.cfg
  previous=$(cat "$point/kernel" 2>/dev/null)
  [ -n "$previous" ] && [ "$(next_kernel)" != "$previous" ] && [ -e "${DRYDOCK_BOOT_DIRECTORY:-/boot}/vmlinuz-$previous" ] || return 0
  if has grubby; then grubby --set-default "${DRYDOCK_BOOT_DIRECTORY:-/boot}/vmlinuz-$previous" >&2; return; fi
  [ -r "$grub" ] && has update-grub || return 1
  entry=$(grep -Eo "gnulinux-$previous-advanced-[^']+" "$grub" | head -n 1)
  menu=$(grep -Eo "gnulinux-advanced-[^']+" "$grub" | head -n 1)
  [ -n "$entry" ] && [ -n "$menu" ] || return 1
  mkdir -p "${DRYDOCK_CONFIGURATION_DIRECTORY:-/etc}/default/grub.d"
  printf 'GRUB_DEFAULT="%s>%s"\n' "$menu" "$entry" >"${DRYDOCK_CONFIGURATION_DIRECTORY:-/etc}/default/grub.d/zz-drydock.cfg"
  update-grub >&2 9>&- && printf '%s' "$previous" >"$state_directory/boot-kernel"
}

# Debian: old files first, then one transaction; what was added goes, what was removed returns.
return_debs() {
  local name arch now old file items=() gone=()
  while read -r name arch now old; do
    if [ "$old" = - ]; then gone+=("$name:$arch"); continue; fi
    file="$point/kept/${name}_${old//:/%3a}_$arch.deb"
    if [ -s "$file" ]; then items+=("$file"); else items+=("$name:$arch=$old"); fi
  done
  [ "$((${#items[@]} + ${#gone[@]}))" -gt 0 ] || return 0
  apt_change --allow-downgrades --allow-change-held-packages --no-remove install "${items[@]}" || one_by_one "${items[@]}" || return
  [ "${#gone[@]}" -eq 0 ] || apt_change --allow-change-held-packages purge "${gone[@]}"
}

# Where the whole set cannot return at once, each that can.
one_by_one() {
  local item code=0
  [ "$#" -gt 1 ] || return 1
  for item in "$@"; do apt_change --allow-downgrades --no-remove install "$item" || code=$?; done
  return "$code"
}

# From the repository: the whole set, else each that can.
lower_rpms() {
  local item code=0
  case "$manager" in
    zypper) zypper_change install --no-recommends --oldpackage "$@" || code=$? ;;
    *) dnf_change downgrade "$@" || code=$? ;;
  esac
  [ "$code" -ne 0 ] || return 0
  if [ "$#" -eq 1 ]; then
    # What is older than wanted, or gone, is no downgrade.
    [ "$manager" = zypper ] && return "$code"
    dnf_change install "$1"
    return
  fi
  code=0
  for item in "$@"; do lower_rpms "$item" || code=$?; done
  return "$code"
}

return_rpms() {
  local name arch now old file code=0 files=() items=() gone=() one
  while read -r name arch now old; do
    if [ "$old" = - ]; then gone+=("$name.$arch"); continue; fi
    # Duplicates that a cut-off transaction left.
    for one in ${now//,/ }; do case "$now" in *,*) is_kernel "$name" || run_manager rpm -e --justdb --nodeps "$name-${one#*:}.$arch" || true ;; esac; done
    file=$(rpm_file "$name" "$arch" "$old")
    if [ -n "$file" ]; then files+=("$file"); else items+=("$name-$old.$arch"); fi
  done
  if [ "${#files[@]}" -gt 0 ]; then run_manager rpm -U --oldpackage --replacepkgs --replacefiles "${files[@]}" || code=$?; fi
  [ "${#items[@]}" -eq 0 ] || lower_rpms "${items[@]}" || code=$?
  for one in "${gone[@]}"; do run_manager rpm -e "$one" || code=$?; done
  return "$code"
}

# Configuration that the change wrote or took away, as it was; what somebody has changed since stays.
restore_configuration() {
  local root=${DRYDOCK_CONFIGURATION_DIRECTORY:-/etc} path was is after
  # Without a whole restore point everything under /etc would look like the change's own.
  [ -e "$point/complete" ] && [ -s "$point/configuration" ] && [ -s "$point/after-configuration" ] || return 0
  configuration_list >"$point/configuration-now"
  comm -3 <(sort "$point/configuration") <(sort "$point/after-configuration") | sed 's/^\t//' | cut -d' ' -f2- | sort -u | while IFS= read -r path; do
    was=$(line_of "$point/configuration" "$path") is=$(line_of "$point/configuration-now" "$path") after=$(line_of "$point/after-configuration" "$path")
    [ "$was" != "$is" ] || continue
    # What a package manager lays beside kept configuration is nobody's work.
    if [ -z "$was" ] && [[ "$path" =~ \.(dpkg-(dist|new|old)|rpm(new|save|orig))$ ]]; then rm -f "$path"; continue; fi
    [ "$is" = "$after" ] || [ -z "$is" ] || { say "$path was changed since: it stays"; continue; }
    if [ -z "$was" ]; then rm -f "$path"; else tar -C "$root" -xzpf "$point/configuration.tar.gz" "./${path#"$root"/}" >&2; fi
  done
}
line_of() { awk -v path="$2" 'substr($0, index($0, " ") + 1) == path {print $1; exit}' "$1"; }

begin
[ "$manager" != none ] || finish false 146 unsupported-platform ',"rebootRequired":false'
only_once
code=0 floors=''
repair_manager
# A change that was cut off has noted nothing of what it wrote.
if [ -e "$point/configuration" ] && [ ! -s "$point/after-configuration" ]; then configuration_list >"$point/after-configuration"; fi
if [ ! -e "$point/complete" ]; then
  # Without a restore point of ours: what the plan knew.
  mkdir -p "$point"
  package_list >"$point/packages"
  for item in "${packages[@]}"; do
    name=${item%%=*}
    awk -v name="$name" -v version="${item#*=}" '$1 == name {print $1, $2, version; found = 1} END {if (!found) print name, "", version}' "$point/packages"
  done | awk 'NF == 3' >"$point/wanted"
  awk '{print "upgrade", $1, $2, "-", $3}' "$point/wanted" >"$point/plan"
  { awk -v wanted="$point/wanted" 'FILENAME == wanted {seen[$1 " " $2] = 1; next} !(($1 " " $2) in seen)' "$point/wanted" "$point/packages"; cat "$point/wanted"; } | sort >"$point/target"
  mv "$point/target" "$point/packages"
  running_kernel >"$point/kernel"
fi
differences | while read -r name arch now old; do
  if is_kernel "$name"; then continue; fi
  if [ "$old" != - ] && is_floor "$name" "$old"; then printf '%s\n' "$name" >>"$point/floors"; continue; fi
  printf '%s %s %s %s\n' "$name" "$arch" "$now" "$old"
done >"$point/back"
if [ -s "$point/back" ]; then
  all_kept "$point/back" || refresh_lists
  case "$manager" in
    apt) return_debs <"$point/back" || code=$? ;;
    *) return_rpms <"$point/back" || code=$? ;;
  esac
fi
restore_configuration
boot_previous_kernel || code=$?
restart_stale >/dev/null
read_versions
left=$(differences | while read -r name arch now old; do is_kernel "$name" || grep -Fxq "$name" "$point/floors" 2>/dev/null || printf '%s\n' "$name"; done)
floors=$(cat "$point/floors" 2>/dev/null | sort -u)
finish_change "$code" "$left" ",\"restored\":$(truth test -z "$left"),\"notRestored\":$(printf '%s\n' "$left" | json_list 300),\"floors\":$(printf '%s\n' "$floors" | json_list 200)"
