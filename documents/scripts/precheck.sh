# Packages that an administrator has put on hold: someone wants them to stay.
held_package() {
  local item
  [ "$(manager)" = apt ] || return 0
  for item in "${packages[@]}"; do
    apt-mark showhold 2>/dev/null | grep -Fx "$(name_of "$item")"
  done | head -n 1
}

begin
[ "$(manager)" != none ] || finish false 146 unsupported-platform
free=$(number "$(df -Pm "${DRYDOCK_DISK:-/var}" 2>/dev/null | awk 'NR==2 {print $4}')")
load=$(number "$(cut -d' ' -f1 "${DRYDOCK_LOAD_FILE:-/proc/loadavg}" 2>/dev/null)")
more=",\"diskFreeMegabytes\":$free,\"packageManagerLocked\":$(truth manager_locked),\"load1\":$load"
[ "${free%.*}" -ge 1024 ] || finish false 1 disk-full "$more"
[ "${load%.*}" -lt "$((8 * $(nproc)))" ] || finish false 1 overloaded "$more"
if manager_locked; then finish false 1 package-manager-locked "$more"; fi
if reboot_pending; then finish false 1 reboot-pending "$more"; fi
held=$(held_package)
[ -z "$held" ] || finish false 1 "package-held: $held" "$more"
finish true 0 '' "$more"
