# Kernels are added beside the old one and boot by version: a downgrade does not bring the old one back.
is_kernel() { [[ "$1" =~ ^(kernel|linux-(image|aws|azure|gcp|virtual|generic|headers|modules)) ]]; }

# Whether the package manager can still fetch this very version.
can_be_had() {
  if is_kernel "$1"; then return 1; fi
  case "$(manager)" in
    apt) apt-cache madison "$1" 2>/dev/null | cut -d'|' -f2 | tr -d ' ' | grep -Fxq "$2" ;;
    dnf) dnf -q repoquery --showduplicates --qf '%{epoch}:%{version}-%{release}\n' "$1" 2>/dev/null | sed 's/^0://' | grep -Fxq "$2" ;;
    yum) repoquery -q --show-duplicates --qf '%{epoch}:%{version}-%{release}' "$1" 2>/dev/null | sed 's/^0://' | grep -Fxq "$2" ;;
    zypper) zypper -q search -s --match-exact -t package "$1" 2>/dev/null | awk -F'|' '$6 !~ /System Packages/ {gsub(/ /, "", $4); print $4}' | grep -Fxq "$2" ;;
    *) return 1 ;;
  esac
}

begin
available='' separator=''
for item in "${packages[@]}"; do
  name=$(name_of "$item")
  version=$(installed_version "$name")
  [ -n "$version" ] || continue
  available="$available$separator$(json "$name"):$(truth can_be_had "$name" "$version")"
  separator=,
done
point="$state_directory/restore-points/$SSM_changeId"
mkdir -p "$state_directory/restore-points"
# The first restore point of a change is the one to return to: a second try must not overwrite it with what the patch left.
if [ ! -e "$point.json" ]; then
  failed_units >"$point.units"
  installed_json >"$point.json.new"
  mv "$point.json.new" "$point.json"
fi
[ -s "$point.json" ] || finish false 1 restore-point-unwritable
finish true 0 '' ",\"kernel\":$(json "$(running_kernel)"),\"available\":{$available}"
