# A package that is not on the host is not put on it; one that is there already is left alone.
wanted_items() {
  local item
  missing_items | while IFS= read -r item; do
    if [ -n "$(installed_version "$(name_of "$item")")" ]; then printf '%s\n' "$item"; fi
  done
}

begin
[ "$(manager)" != none ] || finish false 146 unsupported-platform ',"rebootRequired":false'
only_once
mapfile -t items < <(wanted_items)
code=0
if [ "${#items[@]}" -gt 0 ]; then
  case "$(manager)" in
    apt)
      run_manager apt-get -q -o DPkg::Lock::Timeout=60 update &&
        run_manager apt-get -q -y --only-upgrade -o DPkg::Lock::Timeout=60 -o APT::Cmd::Pattern-Only=true -o Dpkg::Options::=--force-confold install "${items[@]}" || code=$?
      ;;
    zypper) run_manager zypper --quiet --non-interactive install --no-recommends "${items[@]}" || code=$? ;;
    *) run_manager "$(manager)" -q -y install "${items[@]/=/-}" || code=$? ;;
  esac
fi
finish_change "$code"
