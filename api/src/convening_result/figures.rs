//! What the results of a survey say, as figures. They are made of the tables that everybody is shown and of nothing else,
//! so that what is withheld there is withheld here.

use crate::survey::ItemTable;
use entity::quantity::Qualifier;
use uuid::Uuid;

/// A figure that was counted here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    /// What was counted or measured.
    pub(super) name: String,
    /// What it is counted in.
    pub(super) unit: &'static str,
    /// The number, and how exactly it is meant.
    pub(super) quantity: (i32, Qualifier),
    /// The question; of how many answered the survey, none.
    pub(super) item: Option<Uuid>,
}

/// How many answered a survey.
pub(super) fn responses(survey: &str, many: i32) -> Figure {
    Figure { name: format!("{survey}: responses"), unit: "responses", quantity: (many, Qualifier::Exact), item: None }
}

/// What the table of a question says.
pub(super) fn of(table: &ItemTable) -> Vec<Figure> {
    let figure = |what: &str, unit, quantity| Figure {
        name: format!("{}: {what}", table.prompt),
        unit,
        quantity,
        item: Some(table.item),
    };
    let share = share(table).map(|share| figure("agreed or strongly agreed", "percent of those who answered", share));
    let mean = table.mean.and_then(whole).map(|mean| figure("mean", "mean of the numbers given", about(mean)));
    let exactly = |many| (many, Qualifier::Exact);
    let median = table.median.map(|median| figure("median", "median of the numbers given", exactly(median)));
    let answered = table.answered.and_then(|many| i32::try_from(many).ok());
    let answered = answered.map(|many| figure("answers", "answers", exactly(many)));
    [share, mean, median, answered].into_iter().flatten().collect()
}

/// The share that agrees in whole percent. It is exact only where the counts that are shown make it so.
fn share(table: &ItemTable) -> Option<(i32, Qualifier)> {
    let percent = whole(table.agree?)?;
    let counts = table.agreed().zip(table.answered);
    let is_exact =
        counts.is_some_and(|(agreed, answered)| i64::from(agreed) * 100 == i64::from(percent) * i64::from(answered));
    Some(if is_exact { (percent, Qualifier::Exact) } else { about(percent) })
}

fn about(value: i32) -> (i32, Qualifier) {
    (value, Qualifier::About)
}

/// The nearest whole number. Through its digits, because no conversion of the language refuses what does not fit.
fn whole(number: f64) -> Option<i32> {
    format!("{:.0}", number.round()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::Cell;
    use entity::survey_item::Kind;

    /// What was answered on a scale of agreement.
    fn agreement(cells: [Option<u32>; 5], answered: Option<u32>, agree: Option<f64>) -> ItemTable {
        let cell = |count| Cell { label: String::new(), count };
        ItemTable {
            item: Uuid::nil(),
            prompt: "Useful".to_owned(),
            kind: Kind::Likert,
            answered,
            cells: cells.map(cell).to_vec(),
            agree,
            mean: None,
            median: None,
            words: Vec::new(),
        }
    }

    fn told(table: &ItemTable) -> Vec<(String, (i32, Qualifier))> {
        of(table).into_iter().map(|figure| (figure.name, figure.quantity)).collect()
    }

    #[test]
    fn a_share_is_exact_only_where_the_counts_that_are_shown_say_so() {
        let (share, answers) = ("Useful: agreed or strongly agreed".to_owned(), "Useful: answers".to_owned());
        let few = [Some(0), Some(0), Some(10), Some(90), Some(100)];
        for (cells, answered, agree, expected) in [
            (few, 200_i32, 95.0, (95, Qualifier::Exact)),
            // 94.96 percent, which is shown as 95.0.
            ([Some(0), Some(0), Some(14), Some(100), Some(164)], 278, 95.0, (95, Qualifier::About)),
            ([None, None, Some(10), None, None], 200, 95.0, (95, Qualifier::About)),
            ([Some(0), Some(0), Some(11), Some(89), Some(100)], 200, 94.5, (95, Qualifier::About)),
        ] {
            let table = agreement(cells, Some(answered.cast_unsigned()), Some(agree));
            let many = (answered, Qualifier::Exact);
            assert_eq!(told(&table), [(share.clone(), expected), (answers.clone(), many)]);
        }
    }

    #[test]
    fn what_is_withheld_is_not_told() {
        let cells = [None, None, Some(10), Some(90), Some(100)];
        assert_eq!(told(&agreement(cells, None, None)), []);
        let counts = agreement(cells, Some(200), None);
        assert_eq!(told(&counts), [("Useful: answers".to_owned(), (200, Qualifier::Exact))]);
    }

    #[test]
    fn means_are_near_what_they_say_and_medians_are_it() {
        let numbers = ItemTable {
            kind: Kind::Number,
            cells: Vec::new(),
            mean: Some(-2.5),
            median: Some(-2),
            ..agreement([None; 5], None, None)
        };
        let expected = [("Useful: mean", (-3, Qualifier::About)), ("Useful: median", (-2, Qualifier::Exact))];
        assert_eq!(told(&numbers), expected.map(|(name, quantity)| (name.to_owned(), quantity)));
    }
}
