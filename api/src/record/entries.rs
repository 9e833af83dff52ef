//! The entries of a record outside its agendas, each handed to the service of its concept.

use super::format::{self, About};
use super::load::{Loader, at};
use crate::convening::{NewBlock, NewConvening, NewRule, NewSeat, NewVenue};
use crate::district::{NewCandidate, NewDistrict, Profile, Registration};
use crate::error::{Error, Result};
use crate::offering::NewOffering;
use crate::organization::NewOrganization;
use crate::partnership::NewPartnership;
use crate::person::{ContactPatch, NewAffiliation, NewPerson};
use crate::resource::{NewResource, Subject};
use crate::{agenda, convening, district, offering, organization, partnership, person, resource};

impl Loader<'_> {
    pub(super) async fn organization(&mut self, entry: format::Organization) -> Result<()> {
        let new = NewOrganization {
            slug: Some(entry.slug.clone()),
            name: entry.name,
            acronym: entry.acronym,
            alternate_names: entry.alternate_names,
            kind: entry.kind,
            website: entry.website,
            description: entry.description,
            parent: self.organizations.find(entry.parent.as_deref())?,
            sources: self.sources(entry.sources)?,
        };
        let row = organization::service::create(self.db, self.actor, new).await?;
        self.organizations.insert(entry.slug, row.id);
        self.loaded.organizations += 1;
        Ok(())
    }

    pub(super) async fn district(&mut self, entry: format::District) -> Result<()> {
        let registration = match (entry.unresolved, entry.cds_code, entry.kind) {
            (true, None, None) => Registration::default(),
            (false, Some(cds_code), Some(kind)) => {
                Registration { cds_code: Some(cds_code), kind: Some(kind), ..Registration::default() }
            }
            _ => return Err(Error::bad_input("give `cds_code` and `kind`, or `unresolved = true` and neither")),
        };
        let candidate =
            |candidate: format::Candidate| NewCandidate { cds_code: candidate.cds_code, name: candidate.name };
        let new = NewDistrict {
            slug: Some(entry.slug.clone()),
            name: entry.name,
            alternate_names: entry.alternate_names,
            registration,
            candidates: entry.candidates.into_iter().map(candidate).collect(),
            profile: Profile::default(),
            sources: self.sources(entry.sources)?,
        };
        let row = district::service::create(self.db, self.actor, new).await?;
        self.districts.insert(entry.slug, row.id);
        self.loaded.districts += 1;
        Ok(())
    }

    pub(super) async fn person(&mut self, entry: format::Person) -> Result<()> {
        let new = NewPerson {
            slug: Some(entry.slug.clone()),
            name: entry.name,
            honorific: entry.honorific,
            biography: entry.biography,
            is_public: entry.is_public,
            contact: ContactPatch::default(),
            sources: self.sources(entry.sources)?,
            // A record tells people of one name apart by their slugs.
            is_namesake: true,
        };
        let row = person::service::create(self.db, self.actor, new).await?;
        for affiliation in entry.affiliations {
            let new = NewAffiliation {
                person: row.id,
                organization: self.organizations.find(affiliation.organization.as_deref())?,
                district: self.districts.find(affiliation.district.as_deref())?,
                title: affiliation.title,
                starts_on: affiliation.starts_on,
                ends_on: affiliation.ends_on,
                stated_on: affiliation.stated_on,
                sources: self.sources(affiliation.sources)?,
            };
            person::affiliate(self.db, self.actor, new).await.map_err(at("affiliation"))?;
        }
        self.people.insert(entry.slug, row.id);
        self.loaded.people += 1;
        Ok(())
    }

    pub(super) async fn partnership(&mut self, entry: format::Partnership) -> Result<()> {
        let new = NewPartnership {
            district: self.districts.get(&entry.district)?,
            organization: self.organizations.get(&entry.organization)?,
            since_year: entry.since_year,
            codified_in: entry.codified_in,
            description: entry.description,
            sources: self.sources(entry.sources)?,
        };
        partnership::service::create(self.db, self.actor, new).await.map(drop)
    }

    pub(super) async fn rule(&mut self, entry: format::Rule) -> Result<()> {
        let seat = |seat: format::RuleSeat| NewSeat {
            seat: seat.seat,
            minimum: seat.minimum,
            maximum: seat.maximum,
            label: seat.label,
        };
        let new = NewRule { version: Some(entry.version), seats: entry.seats.into_iter().map(seat).collect() };
        convening::rules::create(self.db, self.actor, new).await.map(drop)
    }

    pub(super) async fn offering(&mut self, entry: format::Offering) -> Result<()> {
        let new = NewOffering {
            name: entry.name,
            kind: entry.kind,
            status: entry.status,
            high_interest: entry.high_interest,
            sources: self.sources(entry.sources)?,
        };
        offering::service::create(self.db, self.actor, new).await.map(drop)
    }

    pub(super) async fn convening(&mut self, mut entry: format::Convening) -> Result<()> {
        let agenda = std::mem::take(&mut entry.sessions);
        let (metrics, teams) = (std::mem::take(&mut entry.metrics), std::mem::take(&mut entry.teams));
        let (sponsorships, delegations) =
            (std::mem::take(&mut entry.sponsorships), std::mem::take(&mut entry.delegations));
        let block_keys: Vec<String> = entry.blocks.iter().map(|block| block.key.clone()).collect();
        let slug = entry.slug.clone();
        let new = self.new_convening(entry)?;
        let created = convening::service::create(self.db, self.actor, new).await?;
        self.convenings.insert(slug.clone(), created.id);
        self.loaded.convenings += 1;
        self.sponsorships(created.id, sponsorships).await?;
        self.delegations(created.id, delegations).await?;
        let blocks = block_keys.into_iter().zip(1..).collect();
        self.agenda(&slug, created.id, &blocks, agenda).await?;
        if created.agenda_published {
            agenda::service::make(self.db, self.actor, created.id, None).await?;
        }
        self.metrics(created.id, metrics).await?;
        self.teams(created.id, teams).await
    }

    fn new_convening(&self, entry: format::Convening) -> Result<NewConvening> {
        let block = |block: format::Block| NewBlock {
            title: block.title,
            rounds: block.rounds,
            sessions_per_participant: block.sessions_per_participant,
            sessions_per_team: block.sessions_per_team,
        };
        let venue = |venue: format::Venue| NewVenue {
            name: venue.name,
            city: venue.city,
            address: venue.address,
            county: None,
        };
        Ok(NewConvening {
            slug: Some(entry.slug),
            title: entry.title,
            kind: entry.kind,
            status: entry.status,
            description: entry.description,
            starts_on: entry.starts_on,
            ends_on: entry.ends_on,
            time_zone: entry.time_zone,
            venue: entry.venue.map_or_else(NewVenue::default, venue),
            website: entry.website,
            hosted_by_initiative: entry.hosted_by_initiative,
            organizer: self.organizations.find(entry.organizer.as_deref())?,
            region: None,
            offering: None,
            applications_open_at: None,
            applications_close_at: None,
            roster_freezes_at: None,
            composition_rule: entry.composition_rule,
            team_capacity: entry.team_capacity,
            capacity_reasons: entry.capacity_reasons,
            statements_of_interest: entry.statements_of_interest.map(|quantity| (quantity.value, quantity.qualifier)),
            objectives: entry.objectives,
            strands: entry.strands,
            blocks: entry.blocks.into_iter().map(block).collect(),
            sources: self.sources(entry.sources)?,
        })
    }

    pub(super) async fn resource(&mut self, entry: format::Resource) -> Result<()> {
        let subject = |about: &About| {
            Ok(match about {
                About::Convening(slug) => Subject::Convening(self.convenings.get(slug)?),
                About::Session(path) => Subject::Session(self.sessions.get(path)?),
                About::District(slug) => Subject::District(self.districts.get(slug)?),
                About::Organization(slug) => Subject::Organization(self.organizations.get(slug)?),
            })
        };
        let new = NewResource {
            title: entry.title,
            kind: entry.kind,
            url: entry.url,
            availability: entry.availability,
            credit: entry.credit,
            about: entry.about.iter().map(subject).collect::<Result<_>>()?,
            sources: self.sources(entry.sources)?,
        };
        resource::service::create(self.db, self.actor, new).await?;
        self.loaded.resources += 1;
        Ok(())
    }
}
