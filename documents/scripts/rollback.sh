repeat_result
only_one
log=$(mktemp)
trap 'rm -f "$log"' EXIT
items=()
for item in ${SSM_packages:-}; do
  name=$(name_of "$item")
  [ "$(installed_version "$name")" != "$(version_of "$item")" ] || continue
  case "$(manager)" in
    apt | zypper) items+=("$item") ;;
    *) items+=("$name-$(version_of "$item")") ;;
  esac
done
code=0
if [ "${#items[@]}" -gt 0 ]; then
  case "$(manager)" in
    apt) apt-get -q -y --allow-downgrades --allow-change-held-packages -o Dpkg::Options::=--force-confold install "${items[@]}" >"$log" 2>&1 || code=$? ;;
    dnf | yum) "$(manager)" -q -y downgrade "${items[@]}" >"$log" 2>&1 || code=$? ;;
    zypper) zypper --quiet --non-interactive install --oldpackage "${items[@]}" >"$log" 2>&1 || code=$? ;;
    *) finish false 146 unsupported-platform ;;
  esac
fi
cat "$log" >&2
[ "$code" -eq 0 ] || finish false "$code" "$(explain_failure "$log")" ",\"rebootRequired\":$(truth reboot_pending)"
finish true 0 '' ",\"rebootRequired\":$(truth reboot_pending)"
