# What this host is: its package manager, its versions in the manager's own order, its kernels, its locks.
manager=none
declare -A have=() state=()

os_release() { sed -n "s/^$1=//p" "${DRYDOCK_OS_RELEASE:-/etc/os-release}" 2>/dev/null | tr -d "\"'" | head -n 1; }
has() { command -v "$1" >/dev/null; }

# Asked of the distribution's own description, else of who owns that file; never of PATH alone, where any host may have them all.
find_manager() {
  local family=none
  case " $(os_release ID) $(os_release ID_LIKE) " in
    *' debian '* | *' ubuntu '*) family=apt ;;
    *' sles '* | *suse*) family=zypper ;;
    *' rhel '* | *' fedora '* | *' centos '* | *' amzn '*) family=rpm ;;
    *)
      if rpm -qf /etc/os-release >/dev/null 2>&1; then family=rpm
      elif dpkg-query -S /etc/os-release /usr/lib/os-release >/dev/null 2>&1; then family=apt
      fi
      ;;
  esac
  case "$family" in
    apt) ! has apt-get || manager=apt ;;
    zypper) ! has zypper || manager=zypper ;;
    rpm) if has dnf; then manager=dnf; elif has yum; then manager=yum; elif has zypper; then manager=zypper; fi ;;
  esac
}

# Every installed package, `name arch version` a line.
package_list() {
  case "$manager" in
    apt) dpkg-query -W -f='${db:Status-Status} ${Package} ${Architecture} ${Version}\n' 2>/dev/null | sed -n 's/^installed //p' ;;
    none) ;;
    *) rpm -qa --qf '%{NAME} %{ARCH} %{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' 2>/dev/null | sed 's/ 0:/ /' | grep -v '^gpg-pubkey ' ;;
  esac | sort -u
}

# `version name` of each installed instance of the packages named.
versions_now() {
  case "$manager" in
    apt) dpkg-query -W -f='${db:Status-Status} ${Version} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' ;;
    none) ;;
    *) rpm -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE} %{NAME}\n' "$@" 2>/dev/null | grep -v 'not installed' | sed 's/^0://' ;;
  esac
}

# Kernels are added beside the old one: one that is new enough is enough.
is_kernel() { [[ "$1" =~ ^(kernel[0-9.]*(-(core|modules|devel|default|default-base|azure|rt|64k|uek|debug)[a-z0-9-]*)?|linux-(image|modules|headers|aws|azure|gcp|virtual|generic|kvm|oracle).*)$ ]]; }

# For lines `installed wanted`: equal, newer, older or unknown, each by the order of the host's own package manager.
orders() {
  if [ "$manager" = apt ]; then
    local installed wanted code
    while read -r installed wanted; do
      if [ "$installed" = "$wanted" ]; then echo equal
      else
        code=0
        dpkg --compare-versions "$installed" lt "$wanted" 2>/dev/null || code=$?
        case "$code" in 0) echo older ;; 1) echo newer ;; *) echo unknown ;; esac
      fi
    done
    return
  fi
  local lines
  # Beside our own state: /tmp may be full.
  lines=$(mktemp "$state_directory/orders.XXXXXX")
  awk '{
    for (i = 1; i <= 2; i++) {
      epoch = 0; rest = $i; release = "-"
      if ((at = index(rest, ":")) > 0) { epoch = substr(rest, 1, at - 1); rest = substr(rest, at + 1) }
      if (match(rest, /-[^-]*$/)) { release = substr(rest, RSTART + 1); rest = substr(rest, 1, RSTART - 1) }
      printf "%s %s %s ", epoch, rest, release
    }
    print ""
  }' >"$lines"
  # Within a macro RPM's print adds no line break.
  rpm --eval "%{lua:
    for line in io.lines('$lines') do
      local part = {}
      for word in string.gmatch(line, '[^ ]+') do part[#part + 1] = word end
      local order = rpm.vercmp(part[1], part[4])
      if order == 0 then order = rpm.vercmp(part[2], part[5]) end
      if order == 0 and (part[3] == '-') ~= (part[6] == '-') then order = 9 end
      if order == 0 and part[3] ~= '-' then order = rpm.vercmp(part[3], part[6]) end
      local word = ({ [0] = 'equal', [1] = 'newer', [-1] = 'older' })[order] or 'unknown'
      print(word .. string.char(10))
    end}" 2>/dev/null | grep -E '^(equal|newer|older|unknown)$'
  rm -f "$lines"
}

# Fills `have` (versions installed, by name) and `state` (what they are to the wanted one) for every package asked about.
read_versions() {
  local version name item wanted order pairs='' names=() at=() index=0
  have=() state=()
  [ "${#packages[@]}" -gt 0 ] || return 0
  for item in "${packages[@]}"; do names+=("${item%%=*}"); done
  while read -r version name; do
    name=${name:-${names[0]}}
    have[$name]="${have[$name]:-}${have[$name]:+ }$version"
  done < <(versions_now "${names[@]}")
  for item in "${packages[@]}"; do
    name=${item%%=*} wanted=${item#*=} wanted=${wanted#0:}
    state[$name]=absent
    for version in ${have[$name]:-}; do
      at+=("$name")
      # A feed that leaves the epoch out: the same build is known by its version, another one is not comparable.
      if [[ "$version" == *:* && "$wanted" != *:* ]]; then
        if [ "${version#*:}" = "$wanted" ]; then pairs+="1 1"$'\n'; else pairs+="$version ${version%%:*}:$wanted"$'\n'; fi
      else pairs+="$version $wanted"$'\n'
      fi
    done
  done
  while read -r order; do
    name=${at[$index]} index=$((index + 1))
    combine "$name" "${state[$name]}" "$order"
    state[$name]=$REPLY
  done < <(printf '%s' "$pairs" | orders)
  [ "$index" -eq "${#at[@]}" ] || for name in "${at[@]}"; do state[$name]=unknown; done
}

# Two instances of one package: of kernels the best counts, of any other the worst.
combine() {
  local name=$1 first=$2 second=$3
  REPLY=$second
  [ "$first" != absent ] || return 0
  if is_kernel "$name"; then set -- equal newer unknown older; else set -- unknown older equal newer; fi
  for REPLY in "$@"; do
    if [ "$first" = "$REPLY" ] || [ "$second" = "$REPLY" ]; then return; fi
  done
}

# The version that stands for a package: of kernels the wanted one where it is there, else the last listed.
show_version() {
  for REPLY in ${have[$1]:-}; do
    if [ "$REPLY" = "$2" ]; then return; fi
  done
}

# {"name":"version",...} of the packages asked about.
installed_json() {
  local item name separator=''
  printf '{'
  for item in "${packages[@]}"; do
    name=${item%%=*}
    [ -n "${have[$name]:-}" ] || continue
    quote "$name"
    printf '%s%s:' "$separator" "$REPLY"
    show_version "$name" "${item#*=}"
    quote "$REPLY"
    printf '%s' "$REPLY"
    separator=,
  done
  printf '}'
}

items_that_are() {
  local item wanted
  for item in "${packages[@]}"; do
    for wanted in "$@"; do
      if [ "${state[${item%%=*}]:-absent}" = "$wanted" ]; then printf '%s\n' "$item"; fi
    done
  done
}

# How the host stands to what was asked: counts, and the first of those that differ.
versions_json() {
  local room=400 one separator=''
  printf '{"asked":%s' "${#packages[@]}"
  for one in equal newer older absent unknown; do printf ',"%s":%s' "$one" "$(items_that_are "$one" | grep -c .)"; done
  if [ "$1" = brief ]; then
    printf ',"first":{'
    for one in older absent unknown newer; do
      [ -n "$(items_that_are "$one")" ] || continue
      printf '%s"%s":%s' "$separator" "$one" "$(items_that_are "$one" | json_list "$room")"
      separator=,
      room=150
    done
    printf '}'
  fi
  printf '}'
}

running_kernel() { uname -r; }

# Kernels of one line, between which the newest boots: the flavour, and where a distribution carries several, the series.
kernel_line() {
  local owner='' series=''
  case "$manager" in
    apt | none) ;;
    *) owner=$(rpm -qf --qf '%{NAME}\n' "${DRYDOCK_BOOT_DIRECTORY:-/boot}/vmlinuz-$1" 2>/dev/null | grep -E '^kernel[a-z0-9.-]*$' | head -n 1) ;;
  esac
  case "$1" in *amzn*) series=$(printf '%s' "$1" | grep -Eo '^[0-9]+\.[0-9]+') ;; esac
  printf '%s %s %s' "$owner" "$series" "$(printf '%s' "$1" | sed -E 's/^[0-9.]+(-[0-9.]+)?(\+deb[0-9.]+|~bpo[0-9.+]+)*-?//; s/^.*\.(el|fc|amzn|al)[0-9_.]*//; s/^[^+]*\.(x86_64|aarch64)/\1/')"
}

# The kernel that boots next: as the boot loader says, else the newest of the running one's line.
next_kernel() {
  local running line version best=''
  running=$(running_kernel)
  if has grubby; then best=$(grubby --default-kernel 2>/dev/null | sed -n 's/.*vmlinuz-//p'); fi
  if [ -n "$best" ]; then printf '%s' "$best"; return; fi
  if [ -s "$state_directory/boot-kernel" ]; then cat "$state_directory/boot-kernel"; return; fi
  line=$(kernel_line "$running")
  while IFS= read -r version; do
    [ "$(kernel_line "$version")" = "$line" ] || continue
    if [ -z "$best" ] || [ "$(printf '%s %s\n' "$version" "$best" | orders)" = newer ]; then best=$version; fi
  done < <(find "${DRYDOCK_BOOT_DIRECTORY:-/boot}" -maxdepth 1 -name 'vmlinuz-*' 2>/dev/null | sed 's/.*vmlinuz-//' | grep -v rescue)
  printf '%s' "${best:-$running}"
}

# yes, no, or `unknown: ` and its cause: a program that fails is no sign of a pending reboot.
reboot_pending() {
  local code=0 text=''
  if [ -e "$run_directory/reboot-required" ] || [ -e "$run_directory/reboot-needed" ]; then echo yes; return; fi
  if [ "$manager" = zypper ]; then
    zypper --quiet needs-rebooting >/dev/null 2>&1 || code=$?
    case "$code" in
      0) ;;
      102) echo yes; return ;;
      *) text="zypper needs-rebooting ended with $code" ;;
    esac
  elif has needs-restarting && [ "$manager" != apt ]; then
    text=$(needs-restarting -r 2>&1) || code=$?
    case "$code $text" in
      0\ *) text='' ;;
      1\ *Traceback* | 1\ *rror:*) text="needs-restarting: $(printf '%s' "$text" | tail -n 1)" ;;
      1\ *) echo yes; return ;;
      *) text="needs-restarting ended with $code" ;;
    esac
  fi
  if [ "$(running_kernel)" != "$(next_kernel)" ]; then echo yes
  elif [ -n "$text" ]; then echo "unknown: $text"
  else echo no
  fi
}

# True while some program holds a lock on one of these files; what cannot be read counts as locked.
is_file_locked() {
  local file device inode place
  [ -r "$locks_file" ] || return 0
  for file in "$@"; do
    read -r device inode < <(stat -c '%D %i' "$file" 2>/dev/null) || continue
    device=$((16#$device))
    place=$(printf '%02x:%02x' "$((device >> 8 & 0xfff))" "$((device & 0xff | device >> 12 & 0xfff00))")
    # Overlays and btrfs list a file under another device than stat tells: then the inode alone must do.
    grep -q " $place:" "$locks_file" || place='[0-9a-f]+:[0-9a-f]+'
    if grep -Eq " $place:$inode " "$locks_file"; then return 0; fi
  done
  return 1
}

is_process_alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# True while another program holds the package manager.
manager_locked() {
  local root=${DRYDOCK_PACKAGE_DIRECTORY:-/var/lib}
  case "$manager" in
    apt) is_file_locked "$root/dpkg/lock-frontend" "$root/dpkg/lock" "$root/apt/lists/lock" "${DRYDOCK_CACHE_DIRECTORY:-/var/cache}/apt/archives/lock" ;;
    none) return 1 ;;
    *) is_file_locked "$root/rpm/.rpm.lock" /usr/lib/sysimage/rpm/.rpm.lock || is_process_alive "$run_directory/yum.pid" || is_process_alive "$run_directory/zypp.pid" ||
      is_process_alive "${DRYDOCK_CACHE_DIRECTORY:-/var/cache}/dnf/metadata_lock.pid" || is_process_alive "$root/dnf/rpmdb_lock.pid" ;;
  esac
}

# What the package manager itself finds broken, one a line.
manager_faults() {
  case "$manager" in
    apt) dpkg --audit 2>/dev/null | sed -n 's/^ \([a-z0-9][^ ]*\).*/\1/p' ;;
    none) ;;
    # A name and architecture twice, of a package that is not kept beside its old version.
    *) package_list | awk '$1 !~ /^(kernel|gpg-pubkey)/ {print $1 "." $2}' | uniq -d ;;
  esac
}
