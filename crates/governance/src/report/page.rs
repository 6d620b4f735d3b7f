use super::{Groups, Report};
use crate::export::Page;

/// The report as a page that a manager can read and print: one file, no scripts, nothing fetched.
pub fn to_html(report: &Report) -> String {
    let mut page = Page::new("When verification failed");
    page.note(&match &report.all {
        Some(all) => format!("{} failures of {} people.", all.failures, all.people),
        None => format!("Fewer than {} people: no figures are shown.", report.smallest_group),
    });
    for (title, groups) in report.tables() {
        page.heading(&format!("By {title}"));
        figures(&mut page, groups);
    }
    page.list("What to change", report.advice.iter().map(super::Advice::in_words));
    page.list("Signs of abuse, for the security team", report.patterns.iter().map(super::Pattern::in_words));
    page.note(&format!(
        "Failures only, never activity; no figure is about fewer than {} people.",
        report.smallest_group
    ));
    page.end()
}

fn figures(page: &mut Page, groups: &Groups) {
    let rows: Vec<(&str, String)> = groups
        .shown
        .iter()
        .map(|group| (group.name.as_str(), format!("{} failures of {} people", group.failures, group.people)))
        .collect();
    page.table(&rows);
    if groups.withheld > 0 {
        page.note(&format!("{} not shown: too few people.", groups.withheld));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Failed, Kind};
    use stillyou_trust::Modality;

    #[test]
    fn a_page_shows_groups_that_are_large_enough_and_says_what_it_holds_back() {
        let failed = |person: usize, sensor: &str| Failed {
            person: format!("p{person}"),
            device: format!("d{person}"),
            sensor: sensor.into(),
            modality: Some(Modality::Face),
            cause: crate::Cause::Sensor,
            kind: Kind::Unsettled,
            near_lockout: false,
        };
        let all: Vec<Failed> = (0..6).map(|n| failed(n, "<cam>")).collect();
        let page = to_html(&Report::of(&all, &[], 3, 6, 5));
        assert!(page.contains("&lt;cam&gt;") && page.contains("6 failures of 6 people"), "{page}");
        assert!(page.contains("face: change or repair the sensor"), "{page}");
        assert!(!page.contains("<cam>") && !page.contains("p0") && !page.contains("d0"), "{page}");
        let mut mixed = all.clone();
        mixed.push(failed(0, "rare"));
        let page = to_html(&Report::of(&mixed, &[], 3, 6, 5));
        assert!(!page.contains("rare") && page.contains("2 not shown: too few people"), "{page}");
        let small = to_html(&Report::of(&all[..3], &[], 3, 3, 5));
        assert!(small.contains("no figures are shown") && !small.contains("3 failures"), "{small}");
    }
}
