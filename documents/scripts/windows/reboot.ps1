$marker = "$kept.boot-id"
if (-not (Test-Path -LiteralPath $marker)) {
  # F32: a reboot in the middle of another program's installation would leave half of it.
  if (Test-InstallerBusy) { Complete-Step $false 1 'package-manager-locked' }
  Write-File $marker (Get-BootId)
  # SSM Agent reboots the node on exit 3010 and runs this document again afterwards.
  exit 3010
}
$before = [IO.File]::ReadAllText($marker)
if ($before -eq (Get-BootId)) { Complete-Step $false 1 'not-rebooted' @{ bootIdBefore = $before } }
Complete-Step $true 0 '' @{ bootIdBefore = $before }
