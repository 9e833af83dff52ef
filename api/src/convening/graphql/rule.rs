//! Composition rules.

use crate::convening::input::{NewRule, NewSeat};
use crate::convening::{loader, rules};
use crate::graphql::tree::{self, Node};
use crate::graphql::{FieldResult, Nullable, Walk, payload, write};
use crate::team::Seat;
use async_graphql::{Context, InputObject, Object};
use entity::{composition_rule, required_seat};

/// Which seats a district's team is made of.
#[derive(Debug)]
pub(crate) struct CompositionRule(pub(in crate::convening) Node<composition_rule::Entity>);

/// Which seats a district's team is made of. A rule is never changed: a new version follows it.
#[Object]
impl CompositionRule {
    /// Which rule it is: rules are numbered from 1, the rule of the first symposium.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// The seats, in the rule's own order.
    async fn seats(&self, ctx: &Context<'_>) -> FieldResult<Walk<&RequiredSeat>> {
        self.0.list(ctx)
    }
}

/// A seat that a composition rule asks for.
#[derive(Debug)]
pub(crate) struct RequiredSeat(pub(in crate::convening) Node<required_seat::Entity>);

/// A seat that a composition rule asks for.
#[Object]
impl RequiredSeat {
    /// Which seat.
    async fn seat(&self) -> Seat {
        self.0.row.seat.into()
    }

    /// How many members must hold it.
    async fn minimum(&self) -> i32 {
        self.0.row.minimum
    }

    /// How many members may hold it.
    async fn maximum(&self) -> i32 {
        self.0.row.maximum
    }

    /// What the rule calls it, word for word.
    async fn label(&self) -> &str {
        &self.0.row.label
    }
}

/// A rule to add behind the last.
#[derive(Debug, InputObject)]
pub(crate) struct CreateCompositionRuleInput {
    /// The seats that it asks for, in order, each once.
    seats: Vec<RequiredSeatInput>,
}

/// A seat that a rule is to ask for.
#[derive(Debug, InputObject)]
pub(crate) struct RequiredSeatInput {
    /// Which seat.
    seat: Seat,
    /// How many members must hold it, from 0; one where absent.
    minimum: Option<i32>,
    /// How many members may hold it, as many at least as must, and from 1; one where absent.
    maximum: Option<i32>,
    /// What the rule calls it, at most 300 letters.
    label: String,
}

impl From<CreateCompositionRuleInput> for NewRule {
    fn from(input: CreateCompositionRuleInput) -> Self {
        let seat = |seat: RequiredSeatInput| NewSeat {
            seat: seat.seat.into(),
            minimum: seat.minimum.unwrap_or(1),
            maximum: seat.maximum.unwrap_or(1),
            label: seat.label,
        };
        Self { version: None, seats: input.seats.into_iter().map(seat).collect() }
    }
}

payload!(
    /// What came of adding a composition rule.
    CreateCompositionRulePayload {
        /// The new rule, with its number; null where it was not added.
        composition_rule: CompositionRule = composition_rule::Entity
    }
);

/// The root field on composition rules.
#[derive(Debug, Default)]
pub(crate) struct CompositionRuleQuery;

#[Object]
impl CompositionRuleQuery {
    /// All composition rules, by their numbers. A convening names the one that its teams are made up by.
    async fn composition_rules(&self, ctx: &Context<'_>) -> FieldResult<Vec<CompositionRule>> {
        Ok(tree::list::<composition_rule::Entity>(ctx, loader::by_version()).await?)
    }
}

/// Changes of composition rules: there is only the next one.
#[derive(Debug, Default)]
pub(crate) struct CompositionRuleMutation;

#[Object]
impl CompositionRuleMutation {
    /// Adds a composition rule, numbered behind the last. Convenings go on with the rule that they name; another is
    /// given to them by `updateConvening`.
    async fn create_composition_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it asks for.")] input: CreateCompositionRuleInput,
    ) -> Nullable<CreateCompositionRulePayload> {
        write(ctx, async |db, actor| Ok(rules::create(db, actor, input.into()).await?.id)).await
    }
}
