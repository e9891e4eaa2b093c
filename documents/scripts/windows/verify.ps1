# Services that had failed before the patch are not the patch's doing; without a restore point every failed one counts.
$known = @()
if (Test-Path -LiteralPath $point) { $known = @((ConvertFrom-Json ([IO.File]::ReadAllText($point))).failedServices) }
$services = @{}
foreach ($name in Get-FailedService) {
  if ($known -notcontains $name) { $services[$name] = 'failed' }
}
Complete-Step $true 0 '' @{ serviceHealthy = ($services.Count -eq 0); services = $services }
