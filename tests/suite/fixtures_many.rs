//! Many rows in every list, made by rule: names that differ only in case and accents, days and moments shared by many
//! rows, and facts that are not known.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{
    AffiliationId, ConveningId, DelegationId, DistrictId, OrganizationId, PersonId, SessionId, SpeakerId,
    SponsorshipId, TeamId, TeamMemberId,
};
use entity::seat::Seat;
use entity::{
    affiliation, convening, county, delegation, district, organization, person, session, speaker, sponsorship, team,
    team_member,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _};

/// The keys of what was made, by number.
pub(crate) struct Many {
    pub(crate) organizations: Vec<OrganizationId>,
    pub(crate) districts: Vec<DistrictId>,
    pub(crate) people: Vec<PersonId>,
    pub(crate) convenings: Vec<ConveningId>,
}

/// Alike but for case and accents within each line.
const NAMES: [&str; 8] =
    ["Peña Example", "pena example", "PEÑA EXAMPLE", "Zöe Sample", "zoe sample", "Ábel", "Abel", "~"];
const SEATS: [Seat; 3] = [Seat::Superintendent, Seat::SchoolBoardMember, Seat::Other];
const ROLES: [sponsorship::Role; 3] =
    [sponsorship::Role::Host, sponsorship::Role::CoSponsor, sponsorship::Role::Partner];

/// The day of a row: three days for all of them.
pub(crate) fn day(i: usize) -> NaiveDate {
    NaiveDate::default() + chrono::Days::new(16_000 + u64::try_from(i % 3).unwrap_or_default())
}

/// The moment of a row: two moments, a microsecond apart.
fn moment(i: usize) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(1_400_000_000_000_000 + i64::from(i.is_multiple_of(2)))
}

/// A name and a slug for a row; the order of the names is not the order of the slugs.
fn named(kind: &str, i: usize) -> (String, String) {
    (NAMES[i * 5 % NAMES.len()].to_owned(), format!("{kind}-{i:02}"))
}

impl Many {
    /// `count` rows in every list: under organization, district, person and convening number 0, and of these themselves.
    pub(crate) async fn fill(db: &DatabaseConnection, count: usize) -> Self {
        let mut many = Self {
            organizations: (0..count).map(|_| OrganizationId::new()).collect(),
            districts: (0..count).map(|_| DistrictId::new()).collect(),
            people: (0..count).map(|_| PersonId::new()).collect(),
            convenings: (0..count).map(|_| ConveningId::new()).collect(),
        };
        // Keys that do not go with the numbers.
        for (i, j) in (0..count / 2).map(|i| (i, count - 1 - i)) {
            many.organizations.swap(i, j);
            many.districts.swap(i, j);
            many.people.swap(i, j);
            many.convenings.swap(i, j);
        }
        for i in 0..count {
            many.organization(db, i).await;
            many.district(db, i).await;
            many.person(db, i).await;
            many.convening(db, i).await;
        }
        for i in 0..count {
            many.under_organization(db, i).await;
            many.under_person(db, i).await;
            many.under_district(db, i).await;
            many.under_convening(db, i).await;
        }
        many
    }

    pub(crate) async fn organization(&self, db: &DatabaseConnection, i: usize) {
        let (name, slug) = named("organization", i);
        let row = organization::ActiveModel {
            id: Set(self.organizations[i]),
            slug: Set(slug),
            name: Set(name),
            kind: Set(organization::Kind::Other),
            created_at: Set(moment(i / 2)),
            updated_at: Set(moment(i)),
            ..Default::default()
        };
        insert(db, row).await;
    }

    async fn district(&self, db: &DatabaseConnection, i: usize) {
        let (name, slug) = named("district", i);
        let code = if i.is_multiple_of(3) { "19" } else { "01" };
        let county = county::Entity::find().filter(county::Column::CdsCountyCode.eq(code));
        let county = county.one(db).await.expect("an answer").expect("a county").id;
        let known = !i.is_multiple_of(4);
        let row = district::ActiveModel {
            id: Set(self.districts[i]),
            slug: Set(slug),
            name: Set(name),
            status: Set(if known { district::Status::Active } else { district::Status::Unresolved }),
            cds_code: Set(known.then(|| format!("{code}{i:05}0000000"))),
            kind: Set(known.then_some(district::Kind::Unified)),
            county_id: Set(known.then_some(county)),
            enrollment: Set(i32::try_from(i % 5).ok().filter(|&hundreds| hundreds > 1)),
            updated_at: Set(moment(i)),
            ..Default::default()
        };
        insert(db, row).await;
    }

    async fn person(&self, db: &DatabaseConnection, i: usize) {
        let (name, slug) = named("person", i);
        let row = person::ActiveModel {
            id: Set(self.people[i]),
            slug: Set(slug),
            name: Set(name),
            is_public: Set(true),
            entered_by: Set(None),
            updated_at: Set(moment(i)),
            ..Default::default()
        };
        insert(db, row).await;
    }

    async fn convening(&self, db: &DatabaseConnection, i: usize) {
        let (title, slug) = named("convening", i);
        let row = convening::ActiveModel {
            id: Set(self.convenings[i]),
            slug: Set(slug),
            title: Set(title),
            kind: Set(convening::Kind::Meeting),
            status: Set(convening::Status::Completed),
            announced: Set(true),
            agenda_published: Set(true),
            decisions_published: Set(true),
            starts_on: Set(day(i)),
            ends_on: Set(day(2)),
            updated_at: Set(moment(i)),
            ..Default::default()
        };
        insert(db, row).await;
    }

    async fn under_organization(&self, db: &DatabaseConnection, i: usize) {
        let role = ROLES[i % ROLES.len()];
        let row = sponsorship::ActiveModel {
            id: Set(SponsorshipId::new()),
            convening_id: Set(self.convenings[i]),
            organization_id: Set(self.organizations[0]),
            role: Set(role),
            position: Set(1),
            ..Default::default()
        };
        insert(db, row).await;
        self.affiliation(db, ("organization", i), self.people[i], Some(self.organizations[0]), None).await;
    }

    async fn under_district(&self, db: &DatabaseConnection, i: usize) {
        self.affiliation(db, ("district", i), self.people[i], None, Some(self.districts[0])).await;
        if i > 0 {
            self.team(db, self.districts[0], self.convenings[i]).await;
        }
    }

    async fn under_person(&self, db: &DatabaseConnection, i: usize) {
        // Number 0 is affiliated to the organization and the district of that number too.
        if i > 1 {
            self.affiliation(db, ("person", i), self.people[0], Some(self.organizations[i]), None).await;
        }
    }

    async fn under_convening(&self, db: &DatabaseConnection, i: usize) {
        let row = delegation::ActiveModel {
            id: Set(DelegationId::new()),
            convening_id: Set(self.convenings[0]),
            organization_id: Set(self.organizations[i]),
            ..Default::default()
        };
        insert(db, row).await;
        self.session(db, self.convenings[0], i).await;
        let team = self.team(db, self.districts[i], self.convenings[0]).await;
        if i == 0 {
            self.roster(db, team).await;
        }
    }

    async fn affiliation(
        &self,
        db: &DatabaseConnection,
        (of, i): (&str, usize),
        person: PersonId,
        organization: Option<OrganizationId>,
        district: Option<DistrictId>,
    ) {
        let row = affiliation::ActiveModel {
            id: Set(AffiliationId::new()),
            person_id: Set(person),
            organization_id: Set(organization),
            district_id: Set(district),
            title: Set(Some(format!("Number {i} of the {of}"))),
            starts_on: Set((i % 4 == 1).then(|| day(i))),
            stated_on: Set((i % 3 != 1).then(|| day(i + 1))),
            ..Default::default()
        };
        insert(db, row).await;
    }

    /// A session of a convening, with person number 0 as its speaker.
    pub(crate) async fn session(&self, db: &DatabaseConnection, convening: ConveningId, i: usize) {
        let (title, slug) = named("session", i);
        let row = session::ActiveModel {
            id: Set(SessionId::new()),
            convening_id: Set(convening),
            slug: Set(slug),
            title: Set(title),
            format: Set(session::Format::Panel),
            date: Set((!i.is_multiple_of(4)).then(|| day(i))),
            number: Set(i32::try_from(i % 5).ok().filter(|&number| number > 2)),
            ..Default::default()
        };
        let session = insert(db, row).await.id;
        let row = speaker::ActiveModel {
            id: Set(SpeakerId::new()),
            session_id: Set(session),
            role: Set(speaker::Role::Speaker),
            position: Set(1),
            person_id: Set(Some(self.people[0])),
            name_as_shown: Set(format!("Speaker {i}")),
            ..Default::default()
        };
        insert(db, row).await;
    }

    async fn team(&self, db: &DatabaseConnection, district: DistrictId, convening: ConveningId) -> TeamId {
        let row = team::ActiveModel {
            id: Set(TeamId::new()),
            district_id: Set(district),
            convening_id: Set(convening),
            status: Set(team::Status::Attended),
            attended_on: Set(Some(day(2))),
            ..Default::default()
        };
        insert(db, row).await.id
    }

    async fn roster(&self, db: &DatabaseConnection, team: TeamId) {
        for (i, &person) in self.people.iter().enumerate() {
            let row = team_member::ActiveModel {
                id: Set(TeamMemberId::new()),
                team_id: Set(team),
                convening_id: Set(self.convenings[0]),
                person_id: Set(person),
                seat: Set(SEATS[i % SEATS.len()]),
                ..Default::default()
            };
            insert(db, row).await;
        }
    }
}

async fn insert<A>(db: &DatabaseConnection, row: A) -> <A::Entity as sea_orm::EntityTrait>::Model
where
    A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
    <A::Entity as sea_orm::EntityTrait>::Model: sea_orm::IntoActiveModel<A>,
{
    row.insert(db).await.expect("a row that the database takes")
}
