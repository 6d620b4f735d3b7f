use zeroize::Zeroizing;

/// NIST SP 800-63B-4, section 3.1.1.2: a password that is used alone has 15 characters at least.
const FEWEST_CHARACTERS: usize = 15;
/// The most that fit whatever they are: a typed secret has 511 bytes at most.
pub const MOST_CHARACTERS: usize = 127;
/// The fewest different characters, spaces aside.
const FEWEST_DIFFERENT: usize = 6;
/// Characters that must be left when names are taken out.
const FEWEST_OF_ONES_OWN: usize = 8;
/// Words that everybody tries first here.
const EXPECTED: [&str; 4] = ["stillyou", "password", "passphrase", "pass-phrase"];

/// Why a pass-phrase would be guessed. Each says what would be right, none what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooEasy {
    /// Too few characters.
    #[error("the pass-phrase has {0} characters; it must have {FEWEST_CHARACTERS} or more, such as five words")]
    Short(usize),
    /// Too many characters.
    #[error("the pass-phrase has {0} characters; it may have {MOST_CHARACTERS}")]
    Long(usize),
    /// Few characters again and again.
    #[error("the pass-phrase has {0} different characters; it must have {FEWEST_DIFFERENT}")]
    FewDifferent(usize),
    /// One piece again and again.
    #[error("the pass-phrase is one piece repeated; it must not be")]
    Repeated,
    /// As the alphabet, or numbers, go on.
    #[error("the pass-phrase goes on as the alphabet or numbers do; it must not")]
    Run,
    /// A name, and little else.
    #[error(
        "the pass-phrase lives on your name or a word that is expected here; {FEWEST_OF_ONES_OWN} characters beside them are needed"
    )]
    Expected,
}

/// Refuses what is too short, and what anybody would try: a small rule that no list stands behind.
pub fn check(text: &str, names: &[&str]) -> Result<(), TooEasy> {
    let characters = text.chars().count();
    if characters < FEWEST_CHARACTERS {
        return Err(TooEasy::Short(characters));
    }
    if characters > MOST_CHARACTERS {
        return Err(TooEasy::Long(characters));
    }
    // The room is made once: a small letter is three characters at most.
    let mut small = Zeroizing::new(Vec::with_capacity(3 * characters));
    small.extend(plain(text));
    let different = different(&small);
    if different < FEWEST_DIFFERENT {
        return Err(TooEasy::FewDifferent(different));
    }
    if is_one_piece_repeated(&small) {
        return Err(TooEasy::Repeated);
    }
    if is_run(&small) {
        return Err(TooEasy::Run);
    }
    let words = names.iter().copied().chain(EXPECTED);
    if without(&small, words) < FEWEST_OF_ONES_OWN { Err(TooEasy::Expected) } else { Ok(()) }
}

/// In small letters, without spaces.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase)
}

fn different(text: &[char]) -> usize {
    let mut sorted = Zeroizing::new(text.to_vec());
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).count()
}

fn is_one_piece_repeated(text: &[char]) -> bool {
    (1..=text.len() / 2).any(|piece| text.iter().skip(piece).eq(text.iter().take(text.len() - piece)))
}

/// Whether three steps of four go to the next character, or to the one before.
fn is_run(text: &[char]) -> bool {
    let goes = |by: i64| {
        let steps = text.windows(2).filter(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == by);
        4 * steps.count() >= 3 * text.len().saturating_sub(1)
    };
    goes(1) || goes(-1)
}

/// How many characters are left when these words are taken out, wherever they stand.
fn without<'a>(text: &[char], words: impl Iterator<Item = &'a str>) -> usize {
    let mut taken = vec![false; text.len()];
    for word in words {
        let word: Vec<char> = plain(word).collect();
        // Names of one or two letters stand in any sentence.
        if word.len() < 3 {
            continue;
        }
        for (at, here) in text.windows(word.len()).enumerate() {
            if here == word {
                taken[at..at + word.len()].fill(true);
            }
        }
    }
    taken.iter().filter(|taken| !**taken).count()
}
