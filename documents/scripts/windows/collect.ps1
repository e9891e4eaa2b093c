$directory = "$state\collected\$env:SSM_intentId"
$null = New-Item -Force -ItemType Directory -Path $directory
foreach ($log in 'System', 'Application', 'Setup') {
  wevtutil.exe epl $log "$directory\$log.evtx" '/q:*[System[TimeCreated[timediff(@SystemTime) <= 7200000]]]' /ow:true
}
$servicing = "$env:SystemRoot\Logs\CBS\CBS.log"
if (Test-Path -LiteralPath $servicing) { Get-Content -LiteralPath $servicing -Tail 2000 | Set-Content -LiteralPath "$directory\CBS.log" }
Get-HotFix | ForEach-Object { $_.HotFixID } | Set-Content -LiteralPath "$directory\updates.txt"
Get-FailedService | Set-Content -LiteralPath "$directory\failed-services.txt"
if (Test-Path -LiteralPath $point) { Copy-Item -LiteralPath $point -Destination "$directory\restore-point.json" }
$files = @(Get-ChildItem -LiteralPath $directory).Count
Compress-Archive -Force -Path "$directory\*" -DestinationPath $archive
Remove-Item -Recurse -Force -LiteralPath $directory
$sum = (Get-FileHash -Algorithm SHA256 -LiteralPath $archive).Hash.ToLowerInvariant()
$bytes = (Get-Item -LiteralPath $archive).Length
Complete-Step $true 0 '' @{ archive = $archive; sha256 = $sum; bytes = $bytes; files = $files; attached = ($bytes -le $attachedMax) }
