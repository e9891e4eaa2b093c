$free = [int][math]::Floor((Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$env:SystemDrive'").FreeSpace / 1048576)
$isBusy = Test-InstallerBusy
$more = @{ diskFreeMegabytes = $free; packageManagerLocked = $isBusy }
# A cumulative update needs several gigabytes while it unpacks.
if ($free -lt 4096) { Complete-Step $false 1 'disk-full' $more }
if ((Get-CimInstance -ClassName Win32_Service -Filter "Name='wuauserv'").StartMode -eq 'Disabled') { Complete-Step $false 1 'update-service-disabled' $more }
if ($isBusy) { Complete-Step $false 1 'package-manager-locked' $more }
if (Test-RebootPending) { Complete-Step $false 1 'reboot-pending' $more }
Complete-Step $true 0 '' $more
