# The list that was fetched must be the one that was approved.
$ErrorActionPreference = 'Stop'
$file = Join-Path 'C:\ProgramData\Drydock\overrides' "$env:SSM_overrideSha256.yaml"
if ("$env:SSM_overrideSha256" -eq '' -or -not (Test-Path -LiteralPath $file)) {
  [Console]::Error.WriteLine('the override list is missing')
  exit 153
}
if ((Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash.ToLowerInvariant() -ne "$env:SSM_overrideSha256") {
  [Console]::Error.WriteLine('the override list is not the approved one')
  exit 161
}
