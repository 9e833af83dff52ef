//! How links are made, opened and answered.

use super::inputs::AnswerInput;
use super::object::Survey;
use crate::error::Result;
use crate::graphql::tree::{self, Field};
use crate::graphql::{ContextExt as _, GlobalId, NodeType, Nullable, Url, UserError, act_whole};
use crate::survey::allowance::Allowance;
use crate::survey::ballot::{self, GivenAnswer};
use crate::survey::{links, outcome};
use async_graphql::{Context, ID, InputObject, Object, OneofObject, SimpleObject};
use entity::ids::{SurveyId, TeamId};
use entity::survey;
use std::sync::Arc;

/// What a ballot is opened by.
#[derive(OneofObject)]
pub(crate) enum OpenBallotInput {
    /// The token that stands in a link behind the number sign.
    Token(String),
    /// A survey that anybody may answer.
    SurveyId(ID),
}

/// What is answered.
#[derive(InputObject)]
pub(crate) struct CastBallotInput {
    /// The ballot, as it was opened.
    ballot: String,
    /// The answers; a question that is left out is not answered.
    answers: Vec<AnswerInput>,
}

/// What came of opening a ballot.
#[derive(SimpleObject)]
pub(crate) struct OpenBallotPayload {
    /// What is given back to cast it; null where none was opened. A link opens the same ballot until that is cast.
    ballot: Option<String>,
    /// The survey that it is of; null where none was opened.
    survey: Option<Survey>,
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

/// What came of casting a ballot.
#[derive(SimpleObject)]
pub(crate) struct CastBallotPayload {
    /// Whether the answers count.
    cast: bool,
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

/// What came of making links.
#[derive(SimpleObject)]
pub(crate) struct CreateSurveyLinksPayload {
    /// The new links, by team; null where none were made. Whoever has answered gets none.
    links: Option<Vec<SurveyLink>>,
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

/// What came of making the link of a team.
#[derive(SimpleObject)]
pub(crate) struct CreateTeamSurveyLinkPayload {
    /// The new link; null where none was made.
    link: Option<SurveyLink>,
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

/// A link that is good for one answer.
#[derive(SimpleObject)]
pub(crate) struct SurveyLink {
    /// The team.
    team_id: ID,
    /// The participant's name, or that of the team's district.
    name: String,
    /// Where it leads. It is shown now and never again; null where it was sent by e-mail.
    url: Option<Url>,
}

/// How surveys are answered. Neither step is done under an `Idempotency-Key`: what is kept of a request must not tell that it
/// was made. Each can be sent again without one.
#[derive(Debug, Default)]
pub(crate) struct BallotMutation;

#[Object]
impl BallotMutation {
    /// Makes links for all who may answer an open survey and have not: new ones in place of those that were not used. With a
    /// mail server they are sent to whoever's address is known; the others are shown once, to be handed over.
    async fn create_survey_links(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which survey.")] id: ID,
        #[graphql(desc = "Only for these teams; for all that take part where absent.")] team_ids: Option<Vec<ID>>,
    ) -> Nullable<CreateSurveyLinksPayload> {
        let payload = async {
            let key = GlobalId::key_of::<SurveyId>(&id, NodeType::Survey)?;
            let team = |id: &ID| GlobalId::key_of::<TeamId>(id, NodeType::Team);
            let teams = team_ids.map(|ids| ids.iter().map(team).collect::<Result<Vec<_>>>()).transpose()?;
            let made = act_whole(ctx, async |db, actor| links::create(ctx.accounts(), db, actor, key, teams).await);
            Ok(match made.await? {
                Ok(links) => {
                    let links = Some(links.into_iter().map(|link| hand_over(ctx, link)).collect());
                    CreateSurveyLinksPayload { links, user_errors: Vec::new() }
                }
                Err(user_errors) => CreateSurveyLinksPayload { links: None, user_errors },
            })
        };
        Some(payload.await)
    }

    /// Makes the link by which a team answers, for whoever leads it: a new one in place of one that was not used. It is shown
    /// once.
    async fn create_team_survey_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which survey.")] survey_id: ID,
        #[graphql(desc = "Which team.")] team_id: ID,
    ) -> Nullable<CreateTeamSurveyLinkPayload> {
        let payload = async {
            let survey = GlobalId::key_of::<SurveyId>(&survey_id, NodeType::Survey)?;
            let team = GlobalId::key_of::<TeamId>(&team_id, NodeType::Team)?;
            let of = (survey, team);
            let made = act_whole(ctx, async |db, actor| links::create_for_team(ctx.accounts(), db, actor, of).await);
            Ok(match made.await? {
                Ok(link) => {
                    let link = Some(shown(links::SurveyLink { letter: None, ..link }));
                    CreateTeamSurveyLinkPayload { link, user_errors: Vec::new() }
                }
                Err(user_errors) => CreateTeamSurveyLinkPayload { link: None, user_errors },
            })
        };
        Some(payload.await)
    }

    /// Opens a ballot: the right to answer once. That a link was used is noted, and nothing leads from it to the ballot.
    async fn open_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By a link, or of a survey that anybody may answer.")] input: OpenBallotInput,
    ) -> Nullable<OpenBallotPayload> {
        let payload = async {
            let opened = match input {
                OpenBallotInput::Token(token) => {
                    act_whole(ctx, async |db, actor| ballot::open(db, &token, actor.now).await).await?
                }
                OpenBallotInput::SurveyId(id) => {
                    let key = GlobalId::key_of::<SurveyId>(&id, NodeType::Survey)?;
                    let allowance = ctx.data_unchecked::<Arc<Allowance>>();
                    let open = async |db: &_, now| {
                        let opened = ballot::open_public(db, key, now).await?;
                        // Only of surveys that are there: others are no reason to remember anything.
                        allowance.take(key, ctx.client().address, now)?;
                        Ok(opened)
                    };
                    act_whole(ctx, async |db, actor| open(db, actor.now).await).await?
                }
            };
            Ok(match opened {
                Ok(opened) => OpenBallotPayload {
                    survey: survey_of(ctx, opened.survey).await?,
                    ballot: Some(opened.secret),
                    user_errors: Vec::new(),
                },
                Err(user_errors) => OpenBallotPayload { ballot: None, survey: None, user_errors },
            })
        };
        Some(payload.await)
    }

    /// Casts a ballot: the answers count, and the ballot is gone. Nothing is kept of who sends it, or when.
    async fn cast_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ballot, and what is answered.")] input: CastBallotInput,
    ) -> Nullable<CastBallotPayload> {
        let payload = async {
            let answers = input.answers.into_iter().map(GivenAnswer::try_from).collect::<Result<Vec<_>>>()?;
            let now = ctx.actor().now;
            let cast = act_whole(ctx, async |db, _| ballot::cast(db, &input.ballot, answers, now).await).await?;
            Ok(match cast {
                Ok(survey) => {
                    outcome::refresh_apart(ctx.accounts().db.clone(), survey, now).await;
                    CastBallotPayload { cast: true, user_errors: Vec::new() }
                }
                Err(user_errors) => CastBallotPayload { cast: false, user_errors },
            })
        };
        Some(payload.await)
    }
}

/// The survey of the payload, as far as it is selected.
async fn survey_of(ctx: &Context<'_>, key: SurveyId) -> Result<Option<Survey>> {
    let Some(field) = Field::of(ctx).child("OpenBallotPayload", "survey") else { return Ok(None) };
    Ok(tree::by_keys::<survey::Entity>(ctx, &field, vec![key.into()]).await?.remove(&key.0))
}

/// Sends a link, or shows it.
fn hand_over(ctx: &Context<'_>, mut link: links::SurveyLink) -> SurveyLink {
    let Some(letter) = link.letter.take() else { return shown(link) };
    let mailer = ctx.accounts().mailer.clone();
    ctx.link().afterwards(move || mailer.send(letter));
    SurveyLink { url: None, ..shown(link) }
}

fn shown(link: links::SurveyLink) -> SurveyLink {
    SurveyLink { team_id: GlobalId::encode(NodeType::Team, link.team), name: link.name, url: Some(Url(link.url)) }
}
