# The one entry on Windows: says what is missing, then hands over to cargo.
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot
if (-not (Get-Command cargo -ErrorAction SilentlyContinue)) {
    Write-Host "x: there is no cargo. Install these, then run this again:"
    Write-Host "x:   Visual Studio Build Tools with 'Desktop development with C++':"
    Write-Host "x:     winget install Microsoft.VisualStudio.2022.BuildTools --override `"--add Microsoft.VisualStudio.Workload.VCTools --passive`""
    Write-Host "x:   Rust 1.95 or later: winget install Rustlang.Rustup"
    exit 1
}
# The stage and the demo need Linux, so xtask isn't built here.
$product = @("--workspace", "--exclude", "stillyou-stage", "--exclude", "xtask")
switch ($args[0]) {
    "test" { cargo test @product }
    "run" { cargo run --package stillyou -- agent }
    "stillyou" { cargo run --package stillyou -- @($args | Select-Object -Skip 1) }
    default {
        Write-Host "x: ./x.ps1 test | run | stillyou COMMAND (on Linux ./x has more)"
        exit 1
    }
}
exit $LASTEXITCODE
