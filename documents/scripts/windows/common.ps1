# Shared by every Drydock document for Windows: one result document on stdout, talk on stderr, one run at a time, nothing run twice.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
# Under Program Files only administrators write; what others put under ProgramData they keep the right to change.
$state = 'C:\Program Files\Drydock'
$ulid = '^[0-9A-HJKMNP-TV-Z]{26}\z'
$item = 'KB[0-9]{6,8}=installed'
$kept = "$state\results\$env:SSM_intentId.$step.json"
$point = "$state\restore-points\$env:SSM_changeId.json"
$archive = "$state\collected\$env:SSM_intentId.zip"
# Larger ones stay on the host: SSM Agent hands output on byte by byte.
$attachedMax = 8000000

function Write-Talk($text) { [Console]::Error.WriteLine("$text") }
function Write-Result($result) { [Console]::Out.WriteLine((ConvertTo-Json -InputObject $result -Compress -Depth 4)) }
function Write-File($path, $text) { [IO.File]::WriteAllText($path, "$text") }

# Ends without a trace, so that the same intent may try again.
function Stop-Untried($reason) {
  Write-Result ([ordered]@{ schemaVersion = 1; step = $step; changeId = "$env:SSM_changeId"; ok = $false; exitCode = 1; reason = $reason })
  exit 1
}

function Test-RebootPending {
  (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') -or
    (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending')
}

# Another program's installation is at work.
function Test-InstallerBusy {
  $mutex = $null
  $isBusy = [Threading.Mutex]::TryOpenExisting('Global\_MSIExecute', [ref]$mutex)
  if ($mutex) { $mutex.Dispose() }
  $isBusy
}

# Edition's branch and update revision: 10.0.17763.5329.
function Get-Build {
  $now = Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
  '{0}.{1}.{2}.{3}' -f $now.CurrentMajorVersionNumber, $now.CurrentMinorVersionNumber, $now.CurrentBuildNumber, $now.UBR
}

# When Windows started, as it logged it itself: LastBootUpTime moves when the clock is set.
function Get-BootId {
  $started = Get-WinEvent -MaxEvents 1 -ErrorAction SilentlyContinue -FilterHashtable @{
    LogName = 'System'; ProviderName = 'Microsoft-Windows-Kernel-General'; Id = 12
  }
  $time = if ($started) { $started.TimeCreated } else { (Get-CimInstance -ClassName Win32_OperatingSystem).LastBootUpTime }
  $time.ToUniversalTime().ToString('o')
}

# The updates asked about that Windows lists as installed; one that waits for its reboot is not among them.
function Get-InstalledUpdate {
  $installed = @{}
  foreach ($fix in Get-HotFix) {
    if ($updates -contains $fix.HotFixID) { $installed[$fix.HotFixID] = 'installed' }
  }
  $installed
}

# Services that should run and stopped with an error; 1077: never asked to start since the boot.
function Get-FailedService {
  Get-CimInstance -ClassName Win32_Service -Filter "StartMode='Auto' AND State='Stopped' AND ExitCode<>0 AND ExitCode<>1077" |
    ForEach-Object { $_.Name } | Sort-Object
}

# The archive of a collection on standard output, all of which SSM Agent puts into the output bucket. What SSM itself shows to
# whoever may read commands are the blanks.
function Write-Archive {
  if ($step -ne 'collect' -or -not (Test-Path -LiteralPath $archive) -or (Get-Item -LiteralPath $archive).Length -gt $attachedMax) { return }
  [Console]::Out.WriteLine(' ' * 24000)
  [Console]::Out.WriteLine('-----BEGIN DRYDOCK ARCHIVE-----')
  [Console]::Out.WriteLine([Convert]::ToBase64String([IO.File]::ReadAllBytes($archive), 'InsertLineBreaks'))
  [Console]::Out.WriteLine('-----END DRYDOCK ARCHIVE-----')
}

# Keeps the result for a second delivery, prints it, and ends with the exit code.
function Complete-Step($ok, $code, $reason, $more = @{}) {
  $build = Get-Build
  $result = [ordered]@{ schemaVersion = 1; step = $step; changeId = "$env:SSM_changeId"; ok = $ok; exitCode = $code }
  if ($reason) { $result['reason'] = $reason }
  $result['installed'] = Get-InstalledUpdate
  $result['bootId'] = Get-BootId
  # Windows starts what is installed: where they could differ, a reboot is pending.
  $result['runningKernel'] = $build
  $result['installedKernel'] = $build
  $result['rebootPending'] = Test-RebootPending
  $result['agentVersion'] = "$((Get-Item -LiteralPath 'C:\Program Files\Amazon\SSM\amazon-ssm-agent.exe').VersionInfo.FileVersion)"
  foreach ($name in $more.Keys) { $result[$name] = $more[$name] }
  Write-File "$kept.new" (ConvertTo-Json -InputObject $result -Compress -Depth 4)
  Write-File "$kept.code" $code
  Move-Item -Force -LiteralPath "$kept.new" -Destination $kept
  [Console]::Out.WriteLine([IO.File]::ReadAllText($kept))
  Write-Archive
  exit $code
}

# An agent older than 3.3.2746.0 sets no SSM_ variable: then nothing runs. The patterns are those of the document.
if ("$env:SSM_changeId" -cnotmatch $ulid -or "$env:SSM_intentId" -cnotmatch $ulid) { Stop-Untried 'parameters-missing' }
if ("$env:SSM_packages" -cnotmatch "^($item( $item)*)?\z") { Stop-Untried 'bad-packages' }
$updates = @("$env:SSM_packages" -split ' ' | Where-Object { $_ } | ForEach-Object { ($_ -split '=')[0] })
if ($updates.Count -gt 200) { Stop-Untried 'bad-packages' }

# F32: two scripts of ours never work on one host at once.
$lock = New-Object -TypeName Threading.Mutex -ArgumentList $false, 'Global\Drydock'
try {
  if (-not $lock.WaitOne(120000)) { Stop-Untried 'busy' }
} catch {
  # Whoever held it is dead, and it is ours now.
  if ($_.Exception.GetBaseException() -isnot [Threading.AbandonedMutexException]) { throw }
}
foreach ($directory in 'results', 'restore-points', 'collected') { $null = New-Item -Force -ItemType Directory -Path "$state\$directory" }

# I1: a command that was delivered twice prints the first result and does nothing.
if (Test-Path -LiteralPath $kept) {
  Write-Talk 'this intent ran already'
  [Console]::Out.WriteLine([IO.File]::ReadAllText($kept))
  Write-Archive
  exit [int][IO.File]::ReadAllText("$kept.code")
}
