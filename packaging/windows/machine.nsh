; What the bundler's template leaves out: the app starts with every session, and no agent runs whose file is replaced.
; (The template ends the app itself.)
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"

!macro EndAgent
  nsExec::Exec '"$SYSDIR\taskkill.exe" /F /IM stillyou.exe'
  Pop $0
!macroend

!macro NSIS_HOOK_PREINSTALL
  !insertmacro EndAgent
!macroend

!macro NSIS_HOOK_POSTINSTALL
  WriteRegStr HKLM "${RUN}" "StillYou" '"$INSTDIR\stillyou-desktop.exe"'
!macroend

!macro NSIS_HOOK_PREUNINSTALL
  !insertmacro EndAgent
!macroend

!macro NSIS_HOOK_POSTUNINSTALL
  DeleteRegValue HKLM "${RUN}" "StillYou"
!macroend
