# Runs after the patch baseline and judges by the host, not by the baseline's exit code.
$installed = Get-InstalledUpdate
$missing = @($updates | Where-Object { -not $installed.ContainsKey($_) })
$isPending = Test-RebootPending
$more = @{ rebootRequired = $isPending }
# An update that waits for its reboot is listed after it only: verify proves it then.
if ($missing.Count -gt 0 -and -not $isPending) { Complete-Step $false 1 'version-not-reached' $more }
Complete-Step $true 0 '' $more
