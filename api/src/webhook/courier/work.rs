//! Works on one endpoint: what is due there, one after another, until nothing is left or something fails.

use super::super::secret::SigningSecret;
use super::super::{event, letters};
use super::claim::{Claim, Since, Standing, statement};
use super::post::{Letter, Outcome};
use super::record::Next;
use super::{Courier, asked, owner, record, schedule};
use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::feed::{self, Entry, Place};
use crate::graphql::NodeType;
use crate::observe::metrics::metrics;
use crate::observe::traces;
use entity::ids::ChangeId;
use entity::webhook_delivery::{self, Event};
use entity::webhook_endpoint::{Reason, Status};
use sea_orm::ConnectionTrait as _;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// Events that an endpoint is told before others have their turn.
const TURN: usize = 100;
/// How long its turn goes on at most, but for what is under way: one that answers slowly takes no place from others.
const TURN_TIME: Duration = Duration::from_secs(10);
/// Changes that are looked for at once.
const PAGE: usize = 20;
/// How long the owner's rights count as they were found.
const LOOK: Duration = Duration::from_secs(1);
/// How long an endpoint is left alone after something went wrong on our side.
const COOL: Duration = Duration::from_secs(5);

/// Changes that were found in the feed, with the rights that the owner had at that moment.
struct Page {
    entries: VecDeque<Entry>,
    upto: Place,
    looked: Instant,
}

impl Page {
    /// Whether it is to be looked anew: everything was told, or the owner's rights were asked for too long ago.
    fn is_over(&self) -> bool {
        self.entries.is_empty() || self.looked.elapsed() > LOOK
    }
}

impl Courier {
    /// Works on an endpoint and gives it back.
    pub(super) async fn serve(self, mut claim: Claim) {
        let lease = claim.standing.lease;
        self.under_way.leases().insert(lease);
        let after = match self.work(&mut claim).await {
            Ok(()) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(%error, endpoint = %claim.endpoint.id.0, "a webhook cannot be delivered at present");
                COOL
            }
        };
        if claim.give_back(self.db(), after).await.is_err() {
            tracing::debug!("an endpoint is not given back, and free once its lease ends");
        }
        self.under_way.leases().remove(&lease);
    }

    async fn work(&self, claim: &mut Claim) -> Result<()> {
        let (mut page, began) = (None, Instant::now());
        for _ in 0..TURN {
            let is_over = began.elapsed() > TURN_TIME || self.under_way.is_ending.load(Ordering::SeqCst);
            if is_over || self.step(claim, &mut page).await? == Next::Stop {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Sends one thing: what was asked for before what follows in the feed.
    async fn step(&self, claim: &mut Claim, page: &mut Option<Page>) -> Result<Next> {
        match claim.learn(self.db()).await? {
            Since::Gone => return Ok(Next::Stop),
            // What was found for it may not be for it any more.
            Since::Changed => *page = None,
            Since::Unchanged => {}
        }
        if let Some(delivery) = asked::next(self.db(), &claim.endpoint).await? {
            let Some(owner) = self.owner(claim).await? else { return Ok(Next::Stop) };
            return self.send_asked(claim, &owner, delivery).await;
        }
        let waits = claim.standing.next_attempt_at.is_some_and(|next| next > self.now());
        if waits || claim.endpoint.status != Status::Active {
            return Ok(Next::Stop);
        }
        if page.as_ref().is_none_or(Page::is_over) {
            let Some(owner) = self.owner(claim).await? else { return Ok(Next::Stop) };
            *page = self.look(claim, &owner).await?;
        }
        match page {
            Some(page) => self.tell(claim, page).await,
            None => Ok(Next::Stop),
        }
    }

    /// The owner as it stands now; where that is nobody, nothing is sent any more.
    async fn owner(&self, claim: &Claim) -> Result<Option<Viewer>> {
        let owner = owner::viewer(&self.accounts, &claim.endpoint).await?;
        if owner.is_none() {
            asked::give_up(self.db(), &claim.endpoint).await?;
            self.disable(claim, Reason::Owner).await?;
        }
        Ok(owner)
    }

    /// Looks what there is to tell; nothing where that is nothing.
    async fn look(&self, claim: &mut Claim, owner: &Viewer) -> Result<Option<Page>> {
        if claim.standing.restart_id.is_some() {
            let (entries, upto) = (VecDeque::new(), claim.standing.place());
            return Ok(Some(Page { entries, upto, looked: Instant::now() }));
        }
        let snapshot = self.snapshot().await?;
        let looked = Instant::now();
        let types: Vec<NodeType> = claim.endpoint.types.iter().filter_map(|name| NodeType::named(name)).collect();
        let found = match feed::after(&self.feeds, owner, claim.standing.place(), (types, PAGE)).await {
            Err(Error::OutOfStep(_)) => return self.begin_anew(claim, owner).await,
            found => found?,
        };
        let (upto, mut entries) = (found.upto, VecDeque::from(found.entries));
        let actions = &claim.endpoint.actions;
        entries.retain(|entry| entry.node_type != event::NEVER);
        entries.retain(|entry| actions.is_empty() || actions.iter().any(|action| action == event::word(entry.action)));
        if claim.standing.failures > 0 {
            record::skip(self.db(), claim, entries.front().map(|entry| entry.id)).await?;
        }
        if entries.is_empty() && !self.is_more_behind(claim, upto, snapshot).await? {
            return Ok(None);
        }
        Ok(Some(Page { entries, upto, looked }))
    }

    /// Moves on over what there is nothing to tell of; whether there may be more behind it.
    async fn is_more_behind(&self, claim: &mut Claim, upto: Place, snapshot: String) -> Result<bool> {
        let is_over = upto == claim.standing.place();
        // What failed is not there any more, and is not waited for.
        let after = Standing { next_attempt_at: None, ..record::moved(&claim.standing, upto) };
        let stands = record::stand(self.db(), claim, after, is_over.then_some(snapshot)).await?;
        Ok(stands == Some(Next::GoOn) && !is_over)
    }

    /// What the database sees at this moment.
    async fn snapshot(&self) -> Result<String> {
        let row = self.db().query_one_raw(statement("SELECT pg_current_snapshot()::text AS now", [])).await?;
        Ok(row.ok_or_else(|| Error::internal("no snapshot"))?.try_get("", "now")?)
    }

    /// The owner sees other rows than before, or was away for too long: it goes on from now, and the receiver is told so.
    async fn begin_anew(&self, claim: &mut Claim, owner: &Viewer) -> Result<Option<Page>> {
        let upto = feed::now(&self.feeds, owner).await?;
        let after = Standing { restart_id: Some(ChangeId::new().0), ..record::moved(&claim.standing, upto) };
        record::skip(self.db(), claim, None).await?;
        let stands = record::stand(self.db(), claim, after, None).await?;
        let page = Page { entries: VecDeque::new(), upto, looked: Instant::now() };
        Ok((stands == Some(Next::GoOn)).then_some(page))
    }

    /// Tells the next thing, and where that leads.
    async fn tell(&self, claim: &mut Claim, page: &mut Page) -> Result<Next> {
        let now = self.now();
        let new = |event| event::delivery(claim.endpoint.id, event, now);
        let (delivery, place) = match (claim.standing.restart_id, page.entries.pop_front()) {
            (Some(event_id), _) => (webhook_delivery::Model { event_id, ..new(Event::Restart) }, page.upto),
            (None, Some(entry)) => {
                let place = Place { number: entry.number, ..page.upto };
                let place = if page.entries.is_empty() { page.upto } else { place };
                (of_entry(&new(Event::Change), &entry, page.upto), place)
            }
            (None, None) => return Ok(Next::GoOn),
        };
        if !claim.holds(self.db()).await? {
            return Ok(Next::Stop);
        }
        let Some(outcome) = self.send(claim, &delivery).await? else {
            self.disable(claim, Reason::Secret).await?;
            return Ok(Next::Stop);
        };
        self.note(claim, delivery, outcome, place).await
    }

    /// Writes down what came of telling something: on success the endpoint stands behind it.
    async fn note(
        &self,
        claim: &mut Claim,
        delivery: webhook_delivery::Model,
        outcome: Outcome,
        place: Place,
    ) -> Result<Next> {
        let now = self.now();
        let delivery = record::tried(delivery, outcome, now);
        if outcome.fault.is_none() {
            let told = Standing { restart_id: None, failures: 0, failing_since: None, ..claim.standing.clone() };
            let told = Standing { next_attempt_at: None, ..record::moved(&told, place) };
            return record::attempt(self.db(), claim, delivery, told).await;
        }
        let failures = claim.standing.failures.saturating_add(1);
        let wished = outcome.again.map(|again| again.after(now));
        let pause = schedule::pause(failures.try_into().unwrap_or(usize::MAX), wished)?;
        let pause = pause.filter(|_| !outcome.is_gone());
        let failing = Standing {
            failures,
            failing_since: claim.standing.failing_since.or(Some(now)),
            next_attempt_at: pause.map(|pause| now + pause),
            ..claim.standing.clone()
        };
        record::attempt(self.db(), claim, delivery, failing).await?;
        if pause.is_none() {
            self.disable(claim, if outcome.is_gone() { Reason::Gone } else { Reason::Failing }).await?;
        }
        Ok(Next::Stop)
    }

    /// Sends a message, signed; none where the secret cannot be read.
    pub(super) async fn send(&self, claim: &Claim, delivery: &webhook_delivery::Model) -> Result<Option<Outcome>> {
        let message = event::message(delivery, self.seal().await?)?;
        let timestamp = self.now().timestamp();
        let mut signatures = Vec::new();
        for secret in self.secrets(claim)? {
            signatures.push(secret.sign(&message.id, timestamp, &message.body)?);
        }
        if signatures.is_empty() {
            return Ok(None);
        }
        let signature = signatures.join(" ");
        let (url, id, body) = (claim.endpoint.url.as_str(), message.id.as_str(), message.body);
        let letter = Letter { url, id, timestamp, signature: &signature, body };
        let (_under_way, began) = (metrics().delivery(), Instant::now());
        let is_taken = |outcome: &Outcome| outcome.fault.is_none();
        let outcome = traces::of_our_own("webhook deliver", self.post.send(letter), is_taken).await;
        metrics().delivered(is_taken(&outcome), began.elapsed());
        Ok(Some(outcome))
    }

    /// The secrets that sign: the present one first, and the one before while that is good.
    fn secrets(&self, claim: &Claim) -> Result<Vec<SigningSecret>> {
        let endpoint = &claim.endpoint;
        let previous = endpoint.previous_secret.as_ref();
        let previous = previous.filter(|_| endpoint.previous_until.is_some_and(|until| until > self.now()));
        let mut secrets = Vec::new();
        for sealed in std::iter::once(&endpoint.secret).chain(previous) {
            let kept = SigningSecret::open(self.accounts.authority.seals(), endpoint.id, sealed)?;
            secrets.extend(kept.map(|kept| kept.secret));
        }
        Ok(secrets)
    }

    /// Disables an endpoint, and tells the people of it.
    async fn disable(&self, claim: &Claim, why: Reason) -> Result<()> {
        if record::disable(self.db(), claim, why, self.now()).await? {
            tracing::warn!(endpoint = %claim.endpoint.id.0, reason = ?why, "a webhook endpoint was disabled");
            letters::disabled(&self.accounts, &claim.endpoint, why).await?;
        }
        Ok(())
    }
}

/// A delivery of a change of the feed.
fn of_entry(delivery: &webhook_delivery::Model, entry: &Entry, place: Place) -> webhook_delivery::Model {
    webhook_delivery::Model {
        event_id: entry.id,
        audience: Some(place.audience),
        number: Some(entry.number),
        action: Some(event::word(entry.action).to_owned()),
        node_type: Some(entry.node_type.name()),
        node_key: Some(entry.key),
        occurred_at: entry.recorded_at,
        ..delivery.clone()
    }
}
