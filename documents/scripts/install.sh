repeat_result
only_one
log=$(mktemp)
trap 'rm -f "$log"' EXIT
items=()
for item in ${SSM_packages:-}; do
  name=$(name_of "$item")
  current=$(installed_version "$name")
  [ -n "$current" ] || continue
  [ "$current" != "$(version_of "$item")" ] || continue
  case "$(manager)" in
    apt | zypper) items+=("$item") ;;
    *) items+=("$name-$(version_of "$item")") ;;
  esac
done
code=0
if [ "${#items[@]}" -gt 0 ]; then
  case "$(manager)" in
    apt) { apt-get -q update && apt-get -q -y --only-upgrade --allow-change-held-packages -o Dpkg::Options::=--force-confold install "${items[@]}"; } >"$log" 2>&1 || code=$? ;;
    dnf | yum) "$(manager)" -q -y install "${items[@]}" >"$log" 2>&1 || code=$? ;;
    zypper) zypper --quiet --non-interactive install --force-resolution "${items[@]}" >"$log" 2>&1 || code=$? ;;
    *) finish false 146 unsupported-platform ;;
  esac
fi
cat "$log" >&2
[ "$code" -eq 0 ] || finish false "$code" "$(explain_failure "$log")" ",\"rebootRequired\":$(truth reboot_pending)"
finish true 0 '' ",\"rebootRequired\":$(truth reboot_pending)"
