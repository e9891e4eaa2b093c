# The list that was fetched must be the one that was approved. B42
$ErrorActionPreference = 'Stop'
$file = "C:\Program Files\Drydock\overrides\$env:SSM_overrideSha256.yaml"
if ("$env:SSM_overrideSha256" -cnotmatch '^[0-9a-f]{64}\z' -or -not (Test-Path -LiteralPath $file)) {
  [Console]::Error.WriteLine('the override list is missing')
  exit 153
}
if ((Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash.ToLowerInvariant() -cne "$env:SSM_overrideSha256") {
  [Console]::Error.WriteLine('the override list is not the approved one')
  exit 161
}
