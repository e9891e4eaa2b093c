# Packages of the restore point that the patch took away come back too.
wanted_items() { missing_items; }

begin
[ "$(manager)" != none ] || finish false 146 unsupported-platform ',"rebootRequired":false'
only_once
back=() gone=()
while IFS= read -r item; do
  if [ -n "$(installed_version "$(name_of "$item")")" ]; then back+=("$item"); else gone+=("$item"); fi
done < <(wanted_items)
code=0
if [ "$((${#back[@]} + ${#gone[@]}))" -gt 0 ]; then
  case "$(manager)" in
    apt) run_manager apt-get -q -y --allow-downgrades -o DPkg::Lock::Timeout=60 -o APT::Cmd::Pattern-Only=true -o Dpkg::Options::=--force-confold install "${back[@]}" "${gone[@]}" || code=$? ;;
    zypper) run_manager zypper --quiet --non-interactive install --no-recommends --oldpackage "${back[@]}" "${gone[@]}" || code=$? ;;
    *)
      if [ "${#back[@]}" -gt 0 ]; then run_manager "$(manager)" -q -y downgrade "${back[@]/=/-}" || code=$?; fi
      if [ "$code" -eq 0 ] && [ "${#gone[@]}" -gt 0 ]; then run_manager "$(manager)" -q -y install "${gone[@]/=/-}" || code=$?; fi
      ;;
  esac
fi
finish_change "$code"
