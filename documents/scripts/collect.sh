config_files() {
  case "$manager" in
    apt) dpkg-query -W -f='${Conffiles}\n' "$1" 2>/dev/null | sed -nE 's/^ (\/.*) [0-9a-f]{32}( obsolete)?$/\1/p' ;;
    none) ;;
    *) rpm -qc "$1" 2>/dev/null | grep '^/' ;;
  esac
}

package_state() {
  case "$manager" in
    apt) dpkg-query -W ;;
    none) ;;
    *) rpm -qa ;;
  esac
}

# Larger ones stay on the host: SSM Agent hands output on byte by byte.
attached_bytes_max=8000000

# The archive on standard output: SSM Agent puts all of it into the output bucket, and the host needs neither a program nor a
# right of its own for that. SSM shows the first 24,000 characters to whoever may read commands, so those are blanks: configuration
# files may hold secrets.
attach() {
  [ -r "$archive" ] && [ "$(wc -c <"$archive")" -le "$attached_bytes_max" ] || return 0
  printf '%24000s\n-----BEGIN DRYDOCK ARCHIVE-----\n' ''
  base64 "$archive"
  printf '%s\n' '-----END DRYDOCK ARCHIVE-----'
}

directory="$state_directory/collected/${SSM_changeId:-none}"
archive="$directory.tar.gz"
begin
mkdir -p "$directory"
package_state >"$directory/packages.txt" 2>&1
{ uname -a; boot_id; next_kernel; } >"$directory/kernel.txt" 2>&1
failed_units >"$directory/failed-units.txt" 2>&1
if command -v journalctl >/dev/null; then journalctl --since '-2 hours' --no-pager -n 20000 >"$directory/journal.txt" 2>&1; fi
for file in dpkg.log apt/history.log dnf.log yum.log zypp/history; do
  if [ -r "${DRYDOCK_LOG_DIRECTORY:-/var/log}/$file" ]; then tail -n 2000 "${DRYDOCK_LOG_DIRECTORY:-/var/log}/$file" >"$directory/${file//\//-}"; fi
done
for file in plan packages unkept units; do cp "$point/$file" "$directory/restore-point-$file.txt" 2>/dev/null; done
for item in "${packages[@]}"; do config_files "$(name_of "$item")"; done | sort -u | while IFS= read -r file; do
  if [ -f "$file" ]; then printf '%s\n' "${file#/}"; fi
done >"$directory/config-files.txt"
code=0
tar -czf "$archive" --ignore-failed-read -C "$directory" . -C / -T "$directory/config-files.txt" 1>&2 9>&- || code=$?
# 1: a file changed while it was read, as logs do.
[ "$code" -le 1 ] || finish false "$code" archive-failed
sum=$(sha256sum "$archive" | cut -d' ' -f1)
bytes=$(number "$(wc -c <"$archive" | tr -d ' ')")
files=$(number "$(tar -tzf "$archive" | grep -vc '/$')")
rm -rf "$directory"
attached=$(truth test "$bytes" -le "$attached_bytes_max")
finish true 0 '' ",\"archive\":$(json "$archive"),\"sha256\":$(json "$sum"),\"bytes\":$bytes,\"files\":$files,\"attached\":$attached"
