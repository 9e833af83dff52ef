//! How long and how deep the text of a document is, found out before it is parsed: the parser goes down into every
//! bracket, and a thread's stack ends before a long enough row of them does.

/// What a text amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Names, numbers, strings and signs.
    pub(super) tokens: usize,
    /// Brackets within brackets.
    pub(super) nesting: usize,
}

/// Measures a text, well-formed or not, without recursion.
pub(super) fn measure(text: &str) -> Extent {
    let (mut extent, mut open) = (Extent::default(), 0_usize);
    let mut rest = text.as_bytes();
    while let Some(&byte) = rest.first() {
        let length = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => 1,
            b'#' => rest.iter().take_while(|byte| !b"\r\n".contains(byte)).count(),
            _ => {
                extent.tokens += 1;
                token(rest)
            }
        };
        match byte {
            b'{' | b'[' | b'(' => open += 1,
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            _ => {}
        }
        extent.nesting = extent.nesting.max(open);
        rest = &rest[length.min(rest.len())..];
    }
    extent
}

/// How many bytes the token at the start of a text has.
fn token(text: &[u8]) -> usize {
    let word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    match text[0] {
        b'"' if text.starts_with(b"\"\"\"") => 6 + until(&text[3..], b"\"\"\""),
        b'"' => 2 + until(&text[1..], b"\""),
        b'.' if text.starts_with(b"...") => 3,
        byte if word(&&byte) => text.iter().take_while(word).count(),
        _ => 1,
    }
}

/// How many bytes stand before an end that no backslash escapes.
fn until(text: &[u8], end: &[u8]) -> usize {
    let mut at = 0;
    while at < text.len() && !text[at..].starts_with(end) {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(text: &str) -> (usize, usize) {
        let Extent { tokens, nesting } = measure(text);
        (tokens, nesting)
    }

    #[test]
    fn tokens_are_counted_as_the_language_has_them() {
        assert_eq!(extent(""), (0, 0));
        assert_eq!(extent("{ a, b }"), (4, 1));
        assert_eq!(extent("{a(x:[{y:$z}])...F}"), (17, 4));
        assert_eq!(extent("{ a # ((((( \n b }"), (4, 1));
        assert_eq!(extent("query Q($id: ID! = \"x\") { a }"), (14, 1));
    }

    #[test]
    fn what_stands_in_a_text_is_one_token() {
        assert_eq!(extent(r#"{ a(x: "[[[ \" [[[ ") }"#), (8, 2));
        assert_eq!(extent("{ a(x: \"\"\" [[[ \\\"\"\" \" [[[ \"\"\") }"), (8, 2));
        assert_eq!(extent("{ a(x: \"Peña [[[ ñ\") }"), (8, 2));
    }

    #[test]
    fn a_text_without_an_end_ends() {
        for text in ["\"", "\"\"\"", "\"\\", "\"\"\" \\", "#", "\"ñ", "...", "..", "}}}}"] {
            assert!(measure(text).tokens <= text.len(), "{text}");
        }
    }
}
