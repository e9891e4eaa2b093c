# A package that is not on the host is not put on it; one that is there in this version or a newer one is left alone.
begin
[ "$manager" != none ] || finish false 146 unsupported-platform ',"rebootRequired":false'
only_once
mapfile -t items < <(items_that_are older unknown)
code=0
if [ "${#items[@]}" -gt 0 ]; then
  refresh_lists
  package_list >"$point/before-install"
  plan=$(simulate "${items[@]}") || code=$?
  removed=$(printf '%s\n' "$plan" | awk '$1 == "remove" {print $2}' | head -n 5 | tr '\n' ' ')
  lowered=$(printf '%s\n' "$plan" | awk '$1 == "downgrade" {print $2}' | head -n 5 | tr '\n' ' ')
  # apt's simulation is exact; that of the others is a table for people, so only what it shows counts.
  if [ -n "$removed" ]; then read_versions; finish false 1 "would-remove: $removed" ',"rebootRequired":false'; fi
  if [ -n "$lowered" ]; then read_versions; finish false 1 "would-downgrade: $lowered" ',"rebootRequired":false'; fi
  : >"$log"
  code=0
  case "$manager" in
    apt) apt_change --no-remove --only-upgrade install "${items[@]}" || code=$? ;;
    zypper) zypper_change install --no-recommends "${items[@]}" || code=$? ;;
    *) dnf_change install "${items[@]/=/-}" || code=$? ;;
  esac
  package_list >"$point/after-install"
  configuration_list >"$point/after-configuration"
fi
restarted=''
if [ "${#items[@]}" -gt 0 ]; then restarted=$(restart_stale); fi
read_versions
left=$(items_that_are older unknown)
finish_change "$code" "$left" ",\"restarted\":$(printf '%s\n' "$restarted" | json_list 300)"
