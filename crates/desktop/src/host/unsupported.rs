pub(super) fn host_name() -> std::io::Result<String> {
    Err(std::io::Error::other("the machine's name is unsupported on this system"))
}
