begin
marker="$result_file.boot-id"
if [ ! -s "$marker" ]; then
  # F32: a reboot in the middle of another program's install would leave half a package.
  if manager_locked; then finish false 1 package-manager-locked; fi
  boot_id >"$marker"
  [ -s "$marker" ] || refuse state-directory-full
  # SSM Agent reboots the node on exit 194 and runs this document again afterwards.
  exit 194
fi
before=$(cat "$marker")
[ "$before" != "$(boot_id)" ] || finish false 1 not-rebooted ",\"bootIdBefore\":$(json "$before")"
finish true 0 '' ",\"bootIdBefore\":$(json "$before")"
