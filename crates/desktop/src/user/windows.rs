use crate::windows::sid::TokenUser;

pub(super) fn id() -> String {
    TokenUser::own().and_then(|user| user.text()).unwrap_or_default()
}

pub(super) fn name() -> Result<String, String> {
    crate::password::platform::own_account().map(|(_, name)| name)
}
