//! The house rule: a crate may use only crates on lower floors.

/// Every crate of the workspace and its floor.
#[cfg(test)]
const FLOORS: [(&str, u8); 18] = [
    ("stillyou-trust", 1),
    ("stillyou-sense", 1),
    ("stillyou-desktop-os", 1),
    ("stillyou-vault", 1),
    ("stillyou-ledger", 1),
    ("stillyou-recordings", 2),
    ("stillyou-models", 2),
    ("stillyou-stepup", 2),
    ("stillyou-governance", 2),
    ("stillyou-agent", 3),
    ("stillyou-evaluate", 3),
    ("stillyou-fido", 3),
    ("stillyou", 4),
    ("stillyou-desktop", 4),
    ("stillyou-train", 4),
    ("stillyou-stage", 4),
    ("stillyou-fuzz-targets", 4),
    ("xtask", 5),
];

#[cfg(test)]
mod tests {
    use super::FLOORS;
    use crate::cargo::cargo;
    use serde_json::Value;

    #[test]
    fn crates_use_only_crates_on_lower_floors() {
        let output = cargo().args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let floor = |name: &str| FLOORS.iter().find(|(crate_, _)| *crate_ == name).map(|(_, floor)| *floor);
        let packages = metadata["packages"].as_array().unwrap();
        let mut looked_at = 0;
        for package in packages {
            let name = package["name"].as_str().unwrap();
            let own = floor(name)
                .unwrap_or_else(|| panic!("{name} has no floor; give it one here and in docs/architecture.md"));
            for dependency in package["dependencies"].as_array().unwrap() {
                let (used, kind) = (dependency["name"].as_str().unwrap(), dependency["kind"].as_str());
                let Some(other) = floor(used) else { continue };
                // Tests may stand on the stage.
                if kind == Some("dev") && used == "stillyou-stage" {
                    continue;
                }
                // Neighbours on floor 2 share what a recording is.
                let neighbour = own == other && used == "stillyou-recordings";
                assert!(other < own || neighbour, "{name} (floor {own}) uses {used} (floor {other})");
                looked_at += 1;
            }
        }
        assert_eq!(packages.len(), FLOORS.len());
        assert!(looked_at > 20);
    }
}
