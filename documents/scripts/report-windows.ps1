# What is installed now, as the one result document.
$ErrorActionPreference = 'Stop'
$installed = @{}
Get-HotFix | ForEach-Object { $installed[$_.HotFixID] = 'installed' }
$pending = (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') -or
  (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending')
$boot = (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime().ToString('o')
@{
  schemaVersion = 1; step = 'install'; changeId = "$env:SSM_changeId"; ok = $true; exitCode = 0
  installed = $installed; rebootRequired = $pending; rebootPending = $pending; bootId = $boot
} | ConvertTo-Json -Compress -Depth 3
