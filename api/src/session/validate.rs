//! What a session must be.

use crate::validation::Violations;
use entity::convening;
use entity::session::Model;

pub(super) fn session(row: &Model, convening: &convening::Model, violations: &mut Violations) {
    violations.slug("slug", &row.slug);
    violations.check(row.number.is_none_or(|number| number > 0), "number", "Sessions are numbered from 1.");
    violations.title("title", &row.title);
    violations.text("abstract", row.r#abstract.as_deref());
    let day = row.duration_minutes.is_none_or(|minutes| (1..=1440).contains(&minutes));
    violations.check(day, "durationMinutes", "Give minutes from 1 to 1440.");
    let days = convening.starts_on..=convening.ends_on;
    violations.check(
        row.date.is_none_or(|date| days.contains(&date)),
        "date",
        &format!("Give a day of the convening: from {} to {}.", convening.starts_on, convening.ends_on),
    );
    violations.texts("questions", &row.questions);
    violations.sources("sources", &row.sources);
}
