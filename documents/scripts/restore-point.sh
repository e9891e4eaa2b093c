# Whether the package manager can still install this very version.
can_be_had() {
  case "$(manager)" in
    apt) apt-cache madison "$1" 2>/dev/null | cut -d'|' -f2 | tr -d ' ' | grep -Fxq "$2" ;;
    dnf | yum) "$(manager)" -q --showduplicates list "$1" 2>/dev/null | grep -Fq "${2#*:}" ;;
    *) zypper -q search -s "$1" 2>/dev/null | grep -Fq "${2#*:}" ;;
  esac
}

repeat_result
only_one
available='' separator=''
for item in ${SSM_packages:-}; do
  name=$(name_of "$item")
  version=$(installed_version "$name")
  [ -n "$version" ] || continue
  there=$(truth can_be_had "$name" "$version")
  available="$available$separator$(json "$name"):$there"
  separator=,
done
mkdir -p "$state_directory/restore-points"
printf '%s\n' "$(installed_json)" >"$state_directory/restore-points/${SSM_changeId:-none}.json"
finish true 0 '' ",\"available\":{$available}"
