//! How long and how deep the text of a document is, found out before it is parsed: the parser goes down into every
//! bracket, and a thread's stack ends before a long enough row of them does.

use apollo_parser::{Lexer, TokenKind};

/// What a text amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Names, numbers, strings and signs. The parser would count the blanks between them, too.
    pub(super) tokens: usize,
    /// Brackets within brackets.
    pub(super) nesting: usize,
}

/// Measures a text, well-formed or not, without recursion and not further than to one token too many.
pub(super) fn measure(text: &str, most: usize) -> Extent {
    let (mut extent, mut open) = (Extent::default(), 0_usize);
    for token in Lexer::new(text) {
        match token.as_ref().map(apollo_parser::Token::kind) {
            Ok(TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof) => continue,
            Ok(TokenKind::LCurly | TokenKind::LBracket | TokenKind::LParen) => open += 1,
            Ok(TokenKind::RCurly | TokenKind::RBracket | TokenKind::RParen) => open = open.saturating_sub(1),
            _ => {}
        }
        extent.tokens += 1;
        extent.nesting = extent.nesting.max(open);
        if extent.tokens > most {
            break;
        }
    }
    extent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(text: &str) -> (usize, usize) {
        let Extent { tokens, nesting } = measure(text, 5_000);
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
            assert!(measure(text, 5_000).tokens <= text.len(), "{text}");
        }
        assert_eq!(extent(&"[".repeat(100_000)).0, 5_001);
    }
}
