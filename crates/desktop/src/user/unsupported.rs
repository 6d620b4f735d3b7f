pub(super) fn id() -> String {
    String::new()
}

pub(super) fn name() -> Result<String, String> {
    Err("the user's name is unsupported on this system".into())
}
