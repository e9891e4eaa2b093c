# Packages that people keep as they are, of those named and of those that would come along.
held_packages() {
  case "$manager" in
    apt) apt-mark showhold 2>/dev/null | sed 's/:.*//' ;;
    dnf | yum) { "$manager" -q versionlock list 2>/dev/null | sed -nE 's/^([0-9]+:)?([a-zA-Z0-9_+.-]+)-([0-9]+:)?[^-]+-[^-]+$/\2/p'; } 9>&- </dev/null ;;
    zypper) { zypper --quiet locks 2>/dev/null | awk -F'|' '$1 ~ /[0-9]/ {gsub(/ /, "", $2); print $2}'; } 9>&- </dev/null ;;
  esac
}

# Free megabytes where each package file, installed file and kernel goes, `megabytes place` a line.
free_space() {
  local place
  for place in "${DRYDOCK_DISK:-/var}" /usr /etc /tmp "$state_directory" "${DRYDOCK_BOOT_DIRECTORY:-/boot}"; do
    printf '%s %s\n' "$(number "$(df -Pm "$place" 2>/dev/null | awk 'NR==2 {print $4}')")" "$place"
  done
}

# Megabytes that the files of a plan take, packed and unpacked, by the manager's own figures.
needed_megabytes() {
  local items
  case "$manager" in
    apt)
      mapfile -t items < <(awk '$1 == "upgrade" || $1 == "add" {print $2 "=" $5}')
      [ "${#items[@]}" -eq 0 ] || apt-cache show "${items[@]}" 2>/dev/null
      ;;
    dnf) awk '$1 == "upgrade" || $1 == "add" {print $2 "-" $5}' | xargs -r dnf -q -C repoquery --qf 'Size: %{size}\nInstalled-Size: %{installsize}' 2>/dev/null | sed 's/^\(Installed-Size: [0-9]*\)[0-9]\{3\}$/\1/' ;;
  esac | awk '/^Installed-Size: / {total += $2 * 1000} /^Size: / {total += $2} END {printf "%d\n", total / 1000000 + 0.999}'
}

begin
[ "$manager" != none ] || finish false 146 unsupported-platform
load=$(number "$(cut -d' ' -f1 "${DRYDOCK_LOAD_FILE:-/proc/loadavg}" 2>/dev/null)")
space=$(free_space)
free=$(printf '%s\n' "$space" | awk 'NR==1 {print $1}')
more=",\"diskFreeMegabytes\":$free,\"packageManagerLocked\":$(truth manager_locked),\"load1\":$load"
mapfile -t items < <(items_that_are older unknown)
needed=0 plan='' refused=''
if [ "${#items[@]}" -gt 0 ] && ! manager_locked; then
  plan=$(simulate "${items[@]}") || refused=$(explain_failure "$log" "$?")
  needed=$(number "$(printf '%s\n' "$plan" | needed_megabytes)")
fi
more="$more,\"neededMegabytes\":$needed"
[ "${free%.*}" -ge 1024 ] || finish false 1 disk-full "$more"
# Each place has room for what comes and some reserve; a new kernel and its initial ramdisk need 200 MB in /boot.
while read -r left place; do
  reserve=64
  [ "$place" != "${DRYDOCK_BOOT_DIRECTORY:-/boot}" ] || { reserve=0; while IFS= read -r item; do ! is_kernel "${item%%=*}" || reserve=200; done < <(printf '%s\n' "${items[@]}"); }
  [ "$place" != /usr ] || reserve=$((64 + needed))
  [ "${left%.*}" -ge "$reserve" ] || finish false 1 "disk-full: $place has ${left%.*} MB, needs $reserve" "$more"
done < <(printf '%s\n' "$space")
[ "${load%.*}" -lt "$((8 * $(nproc)))" ] || finish false 1 overloaded "$more"
if manager_locked; then finish false 1 package-manager-locked "$more"; fi
if [ -n "$(manager_faults)" ]; then finish false 1 "manager-interrupted: $(manager_faults | head -n 5 | tr '\n' ' ')" "$more"; fi
pending=$(reboot_pending)
case "$pending" in
  no) ;;
  yes) finish false 1 reboot-pending "$more" ;;
  *) finish false 1 "reboot-${pending}" "$more" ;;
esac
unclear=$(items_that_are unknown | head -n 3 | tr '\n' ' ')
[ -z "$unclear" ] || finish false 1 "version-unknown: $unclear" "$more"
touched=$({ printf '%s\n' "${items[@]%%=*}"; printf '%s\n' "$plan" | awk 'NF {print $2}'; } | sort -u)
# Where the manager finds no way, the holds that it names are the reason.
if [ -n "$refused" ]; then touched="$touched
$(tr -cs 'a-zA-Z0-9.+_-' '\n' <"$log" | sort -u)"; fi
held=$(held_packages | grep -Fx -f <(printf '%s\n' "$touched" | grep .) | head -n 1)
[ -z "$held" ] || finish false 1 "package-held: $held" "$more"
removed=$(printf '%s\n' "$plan" | awk '$1 == "remove" {print $2}' | head -n 5 | tr '\n' ' ')
[ -z "$removed" ] || finish false 1 "would-remove: $removed" "$more"
# Lists may be old before the restore point refreshes them, so a version that they lack is not judged here.
case "$refused" in '' | version-not-found | mirror-error | package-manager-failed) ;; *) finish false 1 "$refused" "$more" ;; esac
finish true 0 '' "$more"
