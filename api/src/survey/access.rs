//! Which surveys are shown to everybody, and whose they are. Items and results go with their survey; what was answered
//! is nobody's own.

use crate::database::{Alias, always, never, one_of};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::survey::Status;
use entity::written_answer::Moderation;
use entity::{answer, convening, metric, published_result, response, survey, survey_item, written_answer};
use sea_orm::ActiveEnum as _;
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for survey::Entity {
    const KIND: Kind = Kind::Survey;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        let of_convening = || {
            rows.refers_to::<convening::Entity>(survey::Column::ConveningId, |convening| {
                convening::Entity::reached(reach, scopes, convening)
            })
        };
        match reach {
            Reach::Any => always(),
            Reach::Published => {
                let of_none = rows.col(survey::Column::ConveningId).is_null();
                rows.col(survey::Column::Status).ne(Status::Draft.to_value()).and(of_none.or(of_convening()))
            }
            Reach::OwnConvening => of_convening(),
            // A team is shown what everybody is: it answers, and learns nothing before the others.
            Reach::OwnDistrict | Reach::OwnOrganization | Reach::Entered | Reach::OwnAccount | Reach::OwnCredential => {
                never()
            }
        }
    }
}

impl Resource for survey_item::Entity {
    const KIND: Kind = Kind::Survey;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<survey::Entity>(survey_item::Column::SurveyId, |survey| {
            survey::Entity::reached(reach, scopes, survey)
        })
    }
}

impl Resource for published_result::Entity {
    const KIND: Kind = Kind::Survey;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<survey::Entity>(published_result::Column::SurveyId, |survey| {
            let reached = survey::Entity::reached(reach, scopes, survey);
            if reach != Reach::Published {
                return reached;
            }
            // What comes in while it is open, and the rest once it is published.
            let is = |status: metric::Status| rows.col(published_result::Column::Status).eq(status.to_value());
            let published = survey.col(survey::Column::Status).eq(Status::Published.to_value());
            reached.and(is(metric::Status::Preliminary).or(published))
        })
    }
}

impl Resource for response::Entity {
    const KIND: Kind = Kind::Response;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        never()
    }
}

impl Resource for answer::Entity {
    const KIND: Kind = Kind::Response;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        never()
    }
}

impl Resource for written_answer::Entity {
    const KIND: Kind = Kind::Moderation;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        let of_item = rows.refers_to::<survey_item::Entity>(written_answer::Column::ItemId, |item| {
            survey_item::Entity::reached(reach, scopes, item)
        });
        // Nobody reads what no result has counted.
        let of_item = of_item.and(rows.col(written_answer::Column::Counted));
        let approved = one_of(rows.col(written_answer::Column::Moderation), vec![Moderation::Approved.to_value()]);
        match reach {
            Reach::Published => of_item.and(approved),
            _ => of_item,
        }
    }
}
