# The one entry on Windows: says what is missing, then hands over to `cargo xtask`.
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot
if (-not (Get-Command cargo -ErrorAction SilentlyContinue)) {
    Write-Host "x: there is no cargo. Install these, then run this again:"
    Write-Host "x:   Visual Studio Build Tools with 'Desktop development with C++':"
    Write-Host "x:     winget install Microsoft.VisualStudio.2022.BuildTools --override `"--add Microsoft.VisualStudio.Workload.VCTools --passive`""
    Write-Host "x:   Rust 1.95 or later: winget install Rustlang.Rustup"
    exit 1
}
Write-Host "x: StillYou runs on Linux so far; on Windows only what does not touch the desktop builds (./x.ps1 help)."
cargo xtask @args
exit $LASTEXITCODE
