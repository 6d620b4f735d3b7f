use std::time::Duration;

/// After this time a look counts in full; what it says sooner is partly what the last one said. Not measured: no recording
/// at hand has one person before one camera for hours.
const INDEPENDENT_AFTER: Duration = Duration::from_secs(600);

/// The least that a look counts.
const LEAST: f64 = 0.2;

/// The independence discount of a look through the camera, `since` the last one that brought evidence: how much of what it
/// says is new, 0.2 to 1.
pub fn independence_of_looks(since: Option<Duration>) -> f64 {
    since.map_or(1.0, |since| (since.as_secs_f64() / INDEPENDENT_AFTER.as_secs_f64()).clamp(LEAST, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_close_to_one_another_are_hardly_news() {
        assert_eq!(independence_of_looks(None), 1.0);
        assert_eq!(independence_of_looks(Some(Duration::ZERO)), 0.2);
        assert_eq!(independence_of_looks(Some(Duration::from_secs(15))), 0.2);
        assert_eq!(independence_of_looks(Some(Duration::from_secs(300))), 0.5);
        assert_eq!(independence_of_looks(Some(Duration::from_secs(7200))), 1.0);
    }
}
