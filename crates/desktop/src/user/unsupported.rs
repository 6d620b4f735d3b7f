pub(super) fn id() -> String {
    String::new()
}
