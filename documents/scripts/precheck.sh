repeat_result
only_one
[ "$(manager)" != none ] || finish false 146 unsupported-platform
free=$(df -Pm /var | awk 'NR==2 {print $4}')
load=$(cut -d' ' -f1 /proc/loadavg)
more=$(printf ',"diskFreeMegabytes":%s,"packageManagerLocked":%s,"load1":%s' "${free:-0}" "$(truth manager_locked)" "${load:-0}")
[ "${free:-0}" -ge 1024 ] || finish false 1 disk-full "$more"
if manager_locked; then finish false 1 package-manager-locked "$more"; fi
if reboot_pending; then finish false 1 reboot-pending "$more"; fi
finish true 0 '' "$more"
