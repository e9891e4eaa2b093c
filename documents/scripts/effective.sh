# Processes that still run replaced files, `unit-or-command pid` a line: installed is not yet in effect.
stale_processes() {
  local root=${DRYDOCK_PROC_DIRECTORY:-/proc} maps pid unit
  for maps in $(set +f; printf '%s ' "$root"/[0-9]*/maps); do
    pid=${maps%/maps} pid=${pid##*/}
    # apt-listchanges and the like may be replaced under our own feet, which is no service of the host.
    [ "$pid" != "$$" ] || continue
    grep -Eq ' /(usr|lib|lib64|bin|sbin|opt)/.* \(deleted\)$' "$maps" 2>/dev/null || continue
    unit=$(sed -nE 's/.*\/([^\/]+\.service)(\/.*)?$/\1/p' "$root/$pid/cgroup" 2>/dev/null | tail -n 1)
    printf '%s %s\n' "${unit:-$(tr -cd 'a-zA-Z0-9._-' <"$root/$pid/comm" 2>/dev/null)}" "$pid"
  done
}

stale_units() { stale_processes | cut -d' ' -f1 | sort -u; }

# Units that a restart would break or end us with: a reboot brings the new files to them.
may_restart() { [[ "$1" =~ \.service$ ]] && ! [[ "$1" =~ ^(dbus|dbus-broker|systemd-[a-z0-9-]+|user@.*|getty@.*|serial-getty@.*|display-manager|gdm|amazon-ssm-agent|snap\.amazon-ssm-agent.*|docker|containerd|kubelet|auditd)\.service$ ]]; }

# Restarts the services that run replaced files, one by one, and lists them.
restart_stale() {
  local unit
  while IFS= read -r unit; do
    may_restart "$unit" || continue
    if systemctl try-restart "$unit" >&2 9>&- </dev/null; then printf '%s\n' "$unit"; else say "$unit did not restart"; fi
  done < <(stale_units)
}
