begin
# Units that failed before the patch are not the patch's doing; without a restore point every failed unit counts.
known="$state_directory/restore-points/$SSM_changeId.units"
services='' separator='' healthy=true
if failed=$(failed_units); then
  while IFS= read -r unit; do
    if [ -z "$unit" ] || grep -Fxq "$unit" "$known" 2>/dev/null; then continue; fi
    healthy=false
    services="$services$separator$(json "$unit"):\"failed\""
    separator=,
  done < <(printf '%s\n' "$failed" | head -n 20)
else
  # Unknown counts as unhealthy.
  healthy=false
  say "systemd does not answer: the health of the services is unknown"
fi
finish true 0 '' ",\"serviceHealthy\":$healthy,\"services\":{$services}"
