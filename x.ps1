# The one entry on Windows: says what is missing, then hands over to npm and cargo.
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot
$missing = "cargo", "npm" | Where-Object { -not (Get-Command $_ -ErrorAction SilentlyContinue) }
if ($missing) {
    Write-Host "x: there is no $($missing -join ' and no '). Install these, then run this again:"
    Write-Host "x:   Visual Studio Build Tools with 'Desktop development with C++':"
    Write-Host "x:     winget install Microsoft.VisualStudio.2022.BuildTools --override `"--add Microsoft.VisualStudio.Workload.VCTools --passive`""
    Write-Host "x:   Rust 1.95 or later: winget install Rustlang.Rustup"
    Write-Host "x:   Node.js 22 or later: winget install OpenJS.NodeJS.LTS"
    exit 1
}
# The pages are part of the app: it doesn't build without them.
function Build-Pages {
    npm.cmd --prefix ui ci --no-audit --no-fund --loglevel=error
    if ($LASTEXITCODE -eq 0) { npm.cmd --prefix ui run build --silent }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
# The stage and the demo need Linux, so xtask isn't built here.
$product = @("--workspace", "--exclude", "stillyou-stage", "--exclude", "xtask")
switch ($args[0]) {
    "test" { Build-Pages; cargo test @product }
    "run" {
        Build-Pages
        cargo build --package stillyou --package stillyou-desktop
        if ($LASTEXITCODE -eq 0) { & target\debug\stillyou-desktop.exe --once --open now }
    }
    "stillyou" { cargo run --package stillyou -- @($args | Select-Object -Skip 1) }
    default {
        Write-Host "x: ./x.ps1 test | run | stillyou COMMAND (on Linux ./x has more)"
        exit 1
    }
}
exit $LASTEXITCODE
