//! A note cut into pieces: what was found, what decided on the chosen finding, and how far that reaches.

use protocol::FoundInNote;

/// A piece of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// The finding it belongs to, by its number.
    pub finding: Option<usize>,
    /// It decided on the chosen finding.
    pub is_trigger: bool,
    /// What decided on the chosen finding reaches it.
    pub in_scope: bool,
}

/// Cuts a note. Spans count Unicode code points; of findings that overlap, the first is marked.
#[must_use]
pub fn pieces(text: &str, findings: &[FoundInNote], chosen: Option<usize>) -> Vec<Piece> {
    let letters: Vec<char> = text.chars().collect();
    let n = letters.len();
    let mut owner: Vec<Option<usize>> = vec![None; n];
    for (number, finding) in findings.iter().enumerate() {
        let [from, to] = clipped(finding.span, n);
        if owner[from..to].iter().all(Option::is_none) {
            owner[from..to].fill(Some(number));
        }
    }
    let (mut trigger, mut scope) = (vec![false; n], vec![false; n]);
    for of in chosen.and_then(|at| findings.get(at)).map_or(&[][..], |f| &f.triggers) {
        let [from, to] = clipped(of.span, n);
        trigger[from..to].fill(true);
        let [from, to] = clipped(of.scope, n);
        scope[from..to].fill(true);
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, letter) in letters.into_iter().enumerate() {
        let (finding, is_trigger, in_scope) = (owner[at], trigger[at], scope[at]);
        match pieces.last_mut() {
            Some(last) if (last.finding, last.is_trigger, last.in_scope) == (finding, is_trigger, in_scope) => {
                last.text.push(letter);
            }
            _ => pieces.push(Piece { text: letter.to_string(), finding, is_trigger, in_scope }),
        }
    }
    pieces
}

fn clipped([from, to]: [usize; 2], n: usize) -> [usize; 2] {
    let from = from.min(n);
    [from, to.clamp(from, n)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::NoteTrigger;

    fn found(span: [usize; 2], triggers: Vec<NoteTrigger>) -> FoundInNote {
        FoundInNote {
            concept: "x".into(),
            display: "x".into(),
            domain: None,
            code: None,
            text: String::new(),
            span,
            polarity: "negated".into(),
            temporality: "recent".into(),
            experiencer: "patient".into(),
            trigger: triggers.first().cloned(),
            triggers,
            value: None,
            drug: None,
            section: None,
        }
    }

    fn shown(pieces: &[Piece]) -> Vec<(&str, Option<usize>, bool, bool)> {
        pieces.iter().map(|p| (p.text.as_str(), p.finding, p.is_trigger, p.in_scope)).collect()
    }

    #[test]
    fn pieces_make_the_text_again() {
        let text = "Kein Öl. No pain, no fever.";
        let findings = [found([12, 16], Vec::new()), found([13, 20], Vec::new()), found([21, 26], Vec::new())];
        let cut = pieces(text, &findings, None);
        assert_eq!(cut.iter().map(|p| p.text.as_str()).collect::<String>(), text);
        let marked: Vec<(&str, usize)> = cut.iter().filter_map(|p| Some((p.text.as_str(), p.finding?))).collect();
        assert_eq!(marked, [("pain", 0), ("fever", 2)]);
    }

    #[test]
    fn the_chosen_finding_shows_its_trigger_and_scope() {
        let trigger = NoteTrigger { text: "No".into(), span: [0, 2], rule: "r".into(), scope: [2, 7] };
        let findings = [found([3, 7], vec![trigger])];
        let cut = pieces("No pain. Ok", &findings, Some(0));
        assert_eq!(
            shown(&cut),
            [
                ("No", None, true, false),
                (" ", None, false, true),
                ("pain", Some(0), false, true),
                (". Ok", None, false, false)
            ]
        );
        // Spans beyond the text cut nothing off.
        let far = [found([90, 99], Vec::new())];
        assert_eq!(pieces("short", &far, Some(0)).len(), 1);
    }
}
