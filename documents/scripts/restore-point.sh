# What an install will change is asked of the manager, noted with versions, configuration and old files, and judged.
begin
[ "$manager" != none ] || finish false 146 unsupported-platform ',"available":{}'
# The first restore point of a change is the one to return to: a second try must not overwrite it with what the patch left.
if [ ! -e "$point/complete" ]; then
  refresh_lists
  mapfile -t items < <(items_that_are older unknown)
  code=0
  : >"$point/plan"
  if [ "${#items[@]}" -gt 0 ]; then simulate "${items[@]}" >"$point/plan" || code=$?; fi
  removed=$(awk '$1 == "remove" {print $2}' "$point/plan" | head -n 5 | tr '\n' ' ')
  [ -z "$removed" ] || finish false 1 "would-remove: $removed"
  if [ "$code" -ne 0 ]; then
    reason=$(explain_failure "$log" "$code")
    if [ "$reason" = version-not-found ] && [ "$refresh_code" -ne 0 ]; then reason=mirror-error; fi
    finish false "$code" "$reason"
  fi
  package_list >"$point/packages"
  configuration_list >"$point/configuration"
  tar -C "${DRYDOCK_CONFIGURATION_DIRECTORY:-/etc}" -czf "$point/configuration.tar.gz" . 2>/dev/null 9>&-
  failed_units >"$point/units"
  running_kernel >"$point/kernel"
  awk '$1 != "add" && $4 != "-" {print $2, $3, $4}' "$point/plan" | keep_files >"$point/unkept"
  # What the manager did not promise to change cannot be promised to come back.
  printf '%s\n' "${items[@]%%=*}" | grep . | while IFS= read -r name; do
    if [ -n "${have[$name]:-}" ]; then printf '%s\n' "$name"; fi
  done | awk -v plan="$point/plan" 'FILENAME == plan {planned[$2] = 1; next} !($1 in planned) {print $1, "-", "-"}' "$point/plan" - >>"$point/unkept"
  for file in packages configuration kernel; do [ -s "$point/$file" ] || finish false 1 restore-point-unwritable; done
  printf '%s\n' "$(boot_id)" >"$point/complete"
  [ -s "$point/complete" ] || finish false 1 restore-point-unwritable
fi

# A package returns when every old file of the set is here; a kernel returns by booting the one that runs now.
can_return() {
  if is_kernel "$1"; then [ -e "${DRYDOCK_BOOT_DIRECTORY:-/boot}/vmlinuz-$(cat "$point/kernel")" ] || return 1; fi
  [ ! -s "$point/unkept" ]
}

available='' gone='' separator='' separator_gone=''
for item in "${packages[@]}"; do
  name=${item%%=*}
  [ -n "${have[$name]:-}" ] || continue
  answer=false
  if can_return "$name"; then answer=true; fi
  quote "$name"
  available="$available$separator$REPLY:$answer" separator=,
  if [ "$answer" = false ] && [ "${#gone}" -lt 300 ]; then gone="$gone$separator_gone$REPLY:false" separator_gone=,; fi
done
rung=package-downgrade
if grep -Eq '^add ' "$point/plan" && printf '%s\n' "${packages[@]%%=*}" | { found=1; while IFS= read -r name; do ! is_kernel "$name" || found=0; done; [ "$found" -eq 0 ]; }; then rung=previous-kernel; fi
if [ -s "$point/unkept" ]; then rung=none; fi
more=",\"kernel\":$(json "$(cat "$point/kernel")"),\"rung\":\"$rung\",\"changes\":$(grep -c . "$point/plan"),\"unkept\":$(cut -d' ' -f1 "$point/unkept" | json_list 300)"
finish true 0 '' "$more,\"available\":{$available}" "$more,\"available\":{$gone}"
