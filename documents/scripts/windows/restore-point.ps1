# What was there before, for people: nothing here can bring it back.
# The first note of a change stays: a second try must not overwrite it with what the patch left.
if (-not (Test-Path -LiteralPath $point)) {
  $note = [ordered]@{
    build = Get-Build
    updates = @(Get-HotFix | ForEach-Object { $_.HotFixID })
    failedServices = @(Get-FailedService)
  }
  Write-File "$point.new" (ConvertTo-Json -InputObject $note -Compress -Depth 4)
  Move-Item -LiteralPath "$point.new" -Destination $point
}
$available = @{}
foreach ($update in $updates) { $available[$update] = $false }
Complete-Step $true 0 '' @{ kernel = Get-Build; available = $available }
