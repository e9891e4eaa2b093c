# SSM Agent runs the document again after exit 194, with the node booted anew.
marker="$state_directory/reboot.${SSM_intentId:-none}"
mkdir -p "$state_directory"
if [ ! -e "$marker" ]; then
  boot_id >"$marker"
  exit 194
fi
before=$(cat "$marker")
[ "$before" != "$(boot_id)" ] || finish false 1 not-rebooted ",\"bootIdBefore\":$(json "$before")"
finish true 0 '' ",\"bootIdBefore\":$(json "$before")"
