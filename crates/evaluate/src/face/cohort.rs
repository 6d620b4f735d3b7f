use super::embedded::Embedded;
use std::{fmt, str::FromStr};
use stillyou_models::face::{Embedding, Model, ModelError, Template};

/// How similarities are normalised by those of a cohort of other people: in deviations from their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Normalisation {
    /// Not at all.
    #[default]
    None,
    /// By the cohort against the template (z-norm).
    Template,
    /// By the probe against the cohort (t-norm; Auckenthaler, Carey and Lloyd-Thomas 2000).
    Probe,
    /// The mean of both (s-norm; Kenny 2010).
    Both,
    /// The mean of both, each by the people of the cohort most like it, so many (adaptive s-norm; Cumani et al. 2011).
    Nearest(usize),
}

impl Normalisation {
    /// Of a probe without a face: less than any other.
    pub(super) fn no_face(self) -> f64 {
        if self == Normalisation::None { -1.0 } else { -1000.0 }
    }
}

impl fmt::Display for Normalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Normalisation::None => f.write_str("none"),
            Normalisation::Template => f.write_str("z"),
            Normalisation::Probe => f.write_str("t"),
            Normalisation::Both => f.write_str("s"),
            Normalisation::Nearest(people) => write!(f, "as{people}"),
        }
    }
}

impl FromStr for Normalisation {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let nearest = || word.strip_prefix("as")?.parse().ok().filter(|people| *people >= 2);
        match word {
            "none" => Ok(Normalisation::None),
            "z" => Ok(Normalisation::Template),
            "t" => Ok(Normalisation::Probe),
            "s" => Ok(Normalisation::Both),
            _ => nearest()
                .map(Normalisation::Nearest)
                .ok_or_else(|| "it must be none, z, t, s, or as and the number of nearest people, as in as40".into()),
        }
    }
}

/// People that similarities are normalised by, each the mean of all their pictures.
pub struct Cohort {
    people: Vec<(String, Embedding)>,
}

/// Similarities of one side of a comparison to the people of a cohort, in its order.
pub struct Beside(Vec<f64>);

impl Cohort {
    pub fn of(people: &[Embedded], model: &Model) -> Result<Self, ModelError> {
        let mut all = Vec::new();
        for person in people {
            let faces: Vec<Embedding> = person.enrol.iter().chain(person.probe.iter().flatten()).cloned().collect();
            if !faces.is_empty() {
                all.push((person.name.clone(), model.joined(&faces)?));
            }
        }
        Ok(Self { people: all })
    }

    pub fn beside_template(&self, template: &Template, model: &Model) -> Result<Beside, ModelError> {
        let similarity = |(_, one): &(String, Embedding)| model.similarity(template, one).map_err(ModelError::from);
        self.people.iter().map(similarity).collect::<Result<_, _>>().map(Beside)
    }

    pub fn beside_probe(&self, probe: &Embedding) -> Beside {
        let dot = |one: &Embedding| one.values().iter().zip(probe.values()).map(|(a, b)| f64::from(a * b)).sum();
        Beside(self.people.iter().map(|(_, one)| dot(one)).collect())
    }

    /// A similarity normalised by everybody in the cohort but the two people compared.
    pub fn normalised(
        &self,
        how: Normalisation,
        similarity: f64,
        template: &Beside,
        probe: &Beside,
        compared: [&str; 2],
    ) -> f64 {
        let side = |beside: &Beside, nearest: Option<usize>| {
            let others = self.people.iter().zip(&beside.0).filter(|((name, _), _)| !compared.contains(&name.as_str()));
            let mut others: Vec<f64> = others.map(|(_, similarity)| *similarity).collect();
            if let Some(most) = nearest {
                others.sort_by(|a, b| b.total_cmp(a));
                others.truncate(most);
            }
            deviations(similarity, &others)
        };
        match how {
            Normalisation::None => similarity,
            Normalisation::Template => side(template, None),
            Normalisation::Probe => side(probe, None),
            Normalisation::Both => (side(template, None) + side(probe, None)) / 2.0,
            Normalisation::Nearest(most) => (side(template, Some(most)) + side(probe, Some(most))) / 2.0,
        }
    }

    pub fn len(&self) -> usize {
        self.people.len()
    }
}

fn deviations(similarity: f64, others: &[f64]) -> f64 {
    let n = others.len().max(1) as f64;
    let mean = others.iter().sum::<f64>() / n;
    let deviation = (others.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / n).sqrt();
    (similarity - mean) / deviation.max(1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for how in ["none", "z", "t", "s", "as40"] {
            assert_eq!(how.parse::<Normalisation>().unwrap().to_string(), how);
        }
        for wrong in ["", "as", "as1", "asx", "Z", "znorm"] {
            assert!(wrong.parse::<Normalisation>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_similarity_is_told_in_deviations_of_others() {
        // Mean 0.5, deviation 0.1.
        assert!((deviations(0.8, &[0.4, 0.6]) - 3.0).abs() < 1e-9);
        assert!(deviations(0.8, &[0.5, 0.5]).is_finite());
    }
}
