// Sees every call of the app's pages before it leaves the webview. What the app does not offer goes no further, whatever
// got hold of a page.
const COMMANDS = new Set([
  'status', 'verify', 'check_face', 'set_up_totp', 'confirm_totp', 'make_recovery_codes', 'set_up_pass_phrase', 'confirm_pass_phrase', 'ask_key', 'check_key', 'set_up_key', 'add_key', 'remove_key', 'enroll', 'cancel_enrolment', 'enroll_face',
  'cancel_face', 'explain', 'decisions', 'today', 'verify_ledger', 'export_data', 'erase', 'withdraw_consent',
  'pause', 'resume', 'lock_now', 'start_agent', 'set_sensor', 'policy', 'stored', 'open_window', 'close_window', 'open_case', 'enter_document', 'scan_document', 'scan_request', 'enter_code', 'cases', 'show_case', 'close_case', 'break_glass', 'export_case',
  'export_counts', 'own_roles', 'read_request', 'read_grant', 'issue_grant', 'countersign_grant', 'read_case', 'review_case', 'report',
  'plugin:event|listen', 'plugin:event|unlisten',
]);

window.__TAURI_ISOLATION_HOOK__ = (call) => {
  if (!COMMANDS.has(call.cmd)) throw new Error(`StillYou has no command ${call.cmd}`);
  return call;
};
