//! What a record holds beneath a convening: its sponsors and delegations, its agenda, its figures and its teams.

use super::format;
use super::load::{Loader, at};
use crate::delegation::NewDelegation;
use crate::error::{Error, Result};
use crate::metric::NewMetric;
use crate::session::NewSession;
use crate::slot::NewSlot;
use crate::speaker::NewSpeaker;
use crate::sponsorship::NewSponsorship;
use crate::team::{NewMember, NewTeam};
use crate::{delegation, metric, session, slot, speaker, sponsorship, team};
use entity::ids::{ConveningId, SessionId};
use std::collections::HashMap;
use std::hash::Hash;

/// Counts places from 1, apart for each role.
struct Places<R>(HashMap<R, i32>);

impl<R: Eq + Hash> Places<R> {
    fn next(&mut self, role: R) -> i32 {
        let place = self.0.entry(role).or_insert(0);
        *place += 1;
        *place
    }
}

impl Loader<'_> {
    pub(super) async fn sponsorships(
        &mut self,
        convening: ConveningId,
        entries: Vec<format::Sponsorship>,
    ) -> Result<()> {
        for entry in entries {
            let name = format!("sponsorship of `{}`", entry.organization);
            let new = NewSponsorship {
                convening,
                organization: self.organizations.get(&entry.organization)?,
                role: entry.role,
                position: None,
                sources: self.sources(entry.sources)?,
            };
            sponsorship::service::create(self.db, self.actor, new).await.map_err(at(name))?;
        }
        Ok(())
    }

    pub(super) async fn delegations(&mut self, convening: ConveningId, entries: Vec<format::Delegation>) -> Result<()> {
        for entry in entries {
            let name = format!("delegation of `{}`", entry.organization);
            let new = NewDelegation {
                convening,
                organization: self.organizations.get(&entry.organization)?,
                sources: self.sources(entry.sources)?,
            };
            delegation::service::create(self.db, self.actor, new).await.map_err(at(name))?;
        }
        Ok(())
    }

    pub(super) async fn agenda(
        &mut self,
        convening_slug: &str,
        convening: ConveningId,
        blocks: &HashMap<String, i32>,
        entries: Vec<format::Session>,
    ) -> Result<()> {
        let mut relations: Vec<(SessionId, String, String)> = Vec::new();
        for mut entry in entries {
            let path = format!("{convening_slug}/{}", entry.slug);
            let name = format!("session `{}`", entry.slug);
            let related = std::mem::take(&mut entry.related);
            let id = self.session(convening, blocks, entry).await.map_err(at(&name))?;
            self.sessions.insert(path, id);
            let related = related.into_iter().map(|slug| format!("{convening_slug}/{slug}"));
            relations.extend(related.map(|other| (id, name.clone(), other)));
        }
        for (one, name, other) in relations {
            let other = self.sessions.get(&other).map_err(at(&name))?;
            session::service::relate(self.db, self.actor, one, other).await.map_err(at(&name))?;
        }
        Ok(())
    }

    async fn session(
        &mut self,
        convening: ConveningId,
        blocks: &HashMap<String, i32>,
        entry: format::Session,
    ) -> Result<SessionId> {
        let block = |key: &String| {
            let block = blocks.get(key).copied();
            block.ok_or_else(|| Error::BadInput(format!("the convening has no block `{key}`")))
        };
        let new = NewSession {
            convening,
            slug: Some(entry.slug),
            number: entry.number,
            title: entry.title,
            format: entry.format,
            strand: entry.strand,
            block: entry.block.as_ref().map(block).transpose()?,
            r#abstract: entry.r#abstract,
            duration_minutes: entry.duration_minutes,
            date: entry.date,
            questions: entry.questions,
            speakers_complete: entry.speakers_complete,
            sources: self.sources(entry.sources)?,
        };
        let row = session::service::create(self.db, self.actor, new).await?;
        for entry in entry.slots {
            let new = NewSlot {
                session: row.id,
                round: entry.round,
                audience: entry.audience,
                room: None,
                starts_at: None,
                ends_at: None,
                capacity: None,
                force: None,
            };
            slot::service::schedule(self.db, self.actor, new).await.map_err(at("slot"))?;
        }
        self.speakers(row.id, entry.speakers).await?;
        self.loaded.sessions += 1;
        Ok(row.id)
    }

    async fn speakers(&mut self, session: SessionId, entries: Vec<format::Speaker>) -> Result<()> {
        let mut places = Places(HashMap::new());
        for entry in entries {
            let new = NewSpeaker {
                session,
                role: entry.role,
                position: Some(places.next(entry.role)),
                person: self.people.find(entry.person.as_deref())?,
                organization: self.organizations.find(entry.organization.as_deref())?,
                district: self.districts.find(entry.district.as_deref())?,
                as_team: entry.as_team,
                title_as_shown: entry.title_as_shown,
                sources: self.sources(entry.sources)?,
                force: None,
            };
            speaker::service::add(self.db, self.actor, new).await.map_err(at("speaker"))?;
        }
        Ok(())
    }

    pub(super) async fn metrics(&mut self, convening: ConveningId, entries: Vec<format::Metric>) -> Result<()> {
        for entry in entries {
            let name = format!("metric `{}`", entry.name);
            let new = NewMetric {
                convening,
                name: entry.name,
                unit: entry.unit,
                quantity: (entry.value, entry.qualifier),
                status: entry.status,
                as_of: entry.as_of,
                sources: self.sources(entry.sources)?,
            };
            metric::service::create(self.db, self.actor, new).await.map_err(at(name))?;
        }
        Ok(())
    }

    pub(super) async fn teams(&mut self, convening: ConveningId, entries: Vec<format::Team>) -> Result<()> {
        for entry in entries {
            let name = format!("team of `{}`", entry.district);
            let new = NewTeam {
                district: self.districts.get(&entry.district)?,
                convening,
                status: entry.status,
                attended_on: entry.attended_on,
                sources: self.sources(entry.sources)?,
            };
            let team = team::service::create(self.db, self.actor, new).await.map_err(at(&name))?;
            for member in entry.members {
                let member =
                    NewMember { person: self.people.get(&member.person)?, seat: member.seat, is_lead: member.is_lead };
                team::service::add_member(self.db, self.actor, &team, member).await.map_err(at(&name))?;
            }
            self.loaded.teams += 1;
        }
        Ok(())
    }
}
