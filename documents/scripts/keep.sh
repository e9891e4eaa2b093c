# Keeps the old files of what an install will replace: a repository may lose them, and a rollback needs them.
kept="$point/kept"

# Keeps `name arch version` lines of standard input; prints those that could not be kept.
keep_files() {
  mkdir -p "$kept"
  case "$manager" in
    apt) keep_debs ;;
    dnf | yum | zypper) keep_rpms ;;
  esac
}

deb_file() { printf '%s/%s_%s_%s.deb' "$kept" "$1" "${3//:/%3a}" "$2"; }

keep_debs() {
  local name arch version file cache=${DRYDOCK_CACHE_DIRECTORY:-/var/cache}/apt/archives wanted=()
  local list
  list=$(cat)
  while read -r name arch version; do
    [ -n "$name" ] || continue
    file=$(deb_file "$name" "$arch" "$version")
    [ ! -s "$file" ] || continue
    if [ -s "$cache/${file##*/}" ]; then cp "$cache/${file##*/}" "$file"; else wanted+=("$name:$arch=$version"); fi
  done <<<"$list"
  if [ "${#wanted[@]}" -gt 0 ]; then
    (cd "$kept" && apt-get -q download "${wanted[@]}" >&2 2>&1 9>&- </dev/null) || while IFS= read -r item; do
      (cd "$kept" && apt-get -q download "$item" >&2 2>&1 9>&- </dev/null) || say "the repository no longer has $item"
    done < <([ "${#wanted[@]}" -gt 20 ] || printf '%s\n' "${wanted[@]}")
  fi
  while read -r name arch version; do
    [ -n "$name" ] || continue
    file=$(deb_file "$name" "$arch" "$version")
    [ -s "$file" ] || rebuild_deb "$name" "$arch" "$version" "$file"
    [ "$(dpkg-deb -f "$file" Version 2>/dev/null)" = "$version" ] || printf '%s %s %s\n' "$name" "$arch" "$version"
  done <<<"$list"
}

# A package made again of what is installed, for versions that no repository has: control fields, scripts and files as they are.
rebuild_deb() {
  local name=$1 arch=$2 version=$3 file=$4 build one part
  build=$(mktemp -d "$point/build.XXXXXX") || return 1
  mkdir -m 755 "$build/DEBIAN"
  # The control fields without those that only dpkg's database has.
  dpkg-query -s "$name:$arch" | awk '/^(Status|Conffiles|Config-Version):/ {skip = 1; next} /^[^ ]/ {skip = 0} !skip' >"$build/DEBIAN/control"
  for part in preinst postinst prerm postrm config templates triggers shlibs symbols conffiles md5sums; do
    for one in "/var/lib/dpkg/info/$name:$arch.$part" "/var/lib/dpkg/info/$name.$part"; do
      if [ -e "$one" ]; then cp -p "$one" "$build/DEBIAN/$part"; break; fi
    done
  done
  chmod -R go=rX "$build/DEBIAN" && chmod 755 "$build"
  dpkg-query -L "$name:$arch" | grep '^/.' | while IFS= read -r one; do
    if [ -e "$one" ] || [ -L "$one" ]; then printf '%s\n' "${one#/}"; fi
  done >"$build.list"
  if ! tar -C / --no-recursion -cf - -T "$build.list" 2>/dev/null | tar -C "$build" -xpf - || ! dpkg-deb -Zgzip -z1 -b "$build" "$file" >&2; then rm -f "$file"; fi
  rm -rf "$build" "$build.list"
}

# What the kept files are, `name arch version path` a line: one look at each, however many packages ask.
index_rpms() {
  local one text
  (set +f; printf '%s\n' "$kept"/*.rpm) | while IFS= read -r one; do
    text=$(rpm -qp --qf '%{NAME} %{ARCH} %{EPOCHNUM}:%{VERSION}-%{RELEASE}' "$one" 2>/dev/null </dev/null) && printf '%s %s\n' "$text" "$one"
  done | sed 's/ 0:/ /' >"$point/kept-index"
}
rpm_file() { awk -v wanted="$1 $2 $3" '$1 " " $2 " " $3 == wanted {print $4; exit}' "$point/kept-index" 2>/dev/null; }

keep_rpms() {
  local name arch version items=() list
  list=$(cat)
  index_rpms
  while read -r name arch version; do
    if [ -n "$name" ] && [ -z "$(rpm_file "$name" "$arch" "$version")" ]; then items+=("$name-$version.$arch"); fi
  done <<<"$list"
  [ "${#items[@]}" -eq 0 ] || case "$manager" in
    dnf) dnf_change --downloadonly --downloaddir="$kept" reinstall "${items[@]}" ;;
    yum) yum -q -y reinstall --downloadonly --downloaddir="$kept" "${items[@]}" >&2 </dev/null 9>&- ;;
    zypper)
      zypper_change --pkg-cache-dir "$kept/cache" install --no-recommends --force --download-only --oldpackage "${items[@]}"
      find "$kept/cache" -name '*.rpm' -exec mv {} "$kept/" \; 2>/dev/null
      rm -rf "$kept/cache"
      ;;
  esac
  index_rpms
  find_cached_rpms "$list"
  index_rpms
  while read -r name arch version; do
    [ -z "$name" ] || [ -n "$(rpm_file "$name" "$arch" "$version")" ] || printf '%s %s %s\n' "$name" "$arch" "$version"
  done <<<"$list"
}

# Files that the manager's own cache still has.
find_cached_rpms() {
  local name arch version
  while read -r name arch version; do
    [ -n "$name" ] || continue
    [ -n "$(rpm_file "$name" "$arch" "$version")" ] ||
      find "${DRYDOCK_CACHE_DIRECTORY:-/var/cache}" -name "$name-${version#*:}.$arch.rpm" -exec cp {} "$kept/" \; 2>/dev/null
  done <<<"$1"
}

# True when every `name arch now old` line of a file has its old file here: then a rollback asks no repository.
all_kept() {
  local name arch old
  [ "$manager" = apt ] || index_rpms
  while read -r name arch _ old; do
    [ "$old" != - ] || continue
    case "$manager" in
      apt) [ -s "$(deb_file "$name" "$arch" "$old")" ] || return 1 ;;
      *) [ -n "$(rpm_file "$name" "$arch" "$old")" ] || return 1 ;;
    esac
  done <"$1"
}
