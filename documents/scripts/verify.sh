begin
# Units that failed before the patch are not the patch's doing; without a restore point every failed unit counts.
services='' separator='' healthy=true
if failed=$(failed_units); then
  while IFS= read -r unit; do
    if [ -z "$unit" ] || grep -Fxq "$unit" "$point/units" 2>/dev/null; then continue; fi
    healthy=false
    services="$services$separator$(json "$unit"):\"failed\""
    separator=,
  done < <(printf '%s\n' "$failed" | head -n 20)
else
  # Unknown counts as unhealthy.
  healthy=false
  say "systemd does not answer: the health of the services is unknown"
fi
faults=$(manager_faults)
stale=$(stale_units)
# What this change has proven here, so that no other change's rollback goes below it.
if [ -z "$faults" ] && [ -z "$(items_that_are older absent unknown)" ]; then
  for item in "${packages[@]}"; do printf '%s %s %s\n' "$SSM_changeId" "${item%%=*}" "${item#*=}"; done >>"$state_directory/proven"
  sort -u -o "$state_directory/proven" "$state_directory/proven"
fi
more=",\"serviceHealthy\":$healthy,\"staleServices\":$(printf '%s\n' "$stale" | json_list 300),\"faults\":$(printf '%s\n' "$faults" | json_list 200)"
brief=$(printf '%s' "$services" | cut -c1-400 | grep -Eo '^("[^"]*":"failed",?)*' | sed 's/,$//')
finish true 0 '' "$more,\"services\":{$services}" "$more,\"services\":{$brief}"
