//! How people are added, changed and taken away.

use super::object::Person;
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, SourceInput, payload, take_away, write};
use crate::person::contact::ContactPatch;
use crate::person::service::{self, NewPerson, PersonPatch};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::PersonId;
use entity::person;

/// How to reach a person: absent leaves a field as it is, null empties it. It is kept apart, and shown to nearly nobody.
#[derive(InputObject)]
pub(crate) struct ContactInput {
    /// The e-mail address, as in `name@example.org`, at most 254 letters.
    email: MaybeUndefined<String>,
    /// The telephone number, as it is to be dialed, at most 60 letters and digits.
    phone: MaybeUndefined<String>,
}

/// A person to add.
#[derive(InputObject)]
pub(crate) struct CreatePersonInput {
    /// The short name in addresses, unique among people; made from the name where absent. It never changes. Only for
    /// those who see everybody.
    slug: Option<String>,
    /// The name, at most 300 letters. Where somebody of this name is here already whom you see, the answer is `TAKEN`,
    /// so that nobody is entered twice: see `isNamesake`.
    name: String,
    /// What the name is introduced by, for example `Professor`, at most 60 letters.
    honorific: Option<String>,
    /// A few sentences about the person.
    biography: Option<String>,
    /// Whether everybody may see the person even without having spoken anywhere.
    #[graphql(default)]
    is_public: bool,
    /// How to reach the person.
    contact: Option<ContactInput>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
    /// Whether another person is meant than the one of the same name who is here already.
    #[graphql(default)]
    is_namesake: bool,
}

/// What is to change of a person: absent leaves a field as it is, null empties it.
#[derive(InputObject)]
pub(crate) struct UpdatePersonInput {
    /// The name; it cannot be emptied.
    name: MaybeUndefined<String>,
    /// What the name is introduced by.
    honorific: MaybeUndefined<String>,
    /// A few sentences about the person.
    biography: MaybeUndefined<String>,
    /// Whether everybody may see the person even without having spoken anywhere; it cannot be emptied.
    is_public: MaybeUndefined<bool>,
    /// How to reach the person; null empties all of it. Refused with FORBIDDEN for whoever may not change that, whatever
    /// else the input names.
    contact: MaybeUndefined<ContactInput>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl From<ContactInput> for ContactPatch {
    fn from(input: ContactInput) -> Self {
        Self { email: input.email.into(), phone: input.phone.into() }
    }
}

impl From<CreatePersonInput> for NewPerson {
    fn from(input: CreatePersonInput) -> Self {
        Self {
            slug: input.slug,
            name: input.name,
            honorific: input.honorific,
            biography: input.biography,
            is_public: input.is_public,
            contact: input.contact.map(ContactPatch::from).unwrap_or_default(),
            sources: SourceInput::all(input.sources.unwrap_or_default()),
            is_namesake: input.is_namesake,
        }
    }
}

impl From<UpdatePersonInput> for PersonPatch {
    fn from(input: UpdatePersonInput) -> Self {
        Self {
            name: input.name.into(),
            honorific: input.honorific.into(),
            biography: input.biography.into(),
            is_public: input.is_public.into(),
            contact: match input.contact {
                MaybeUndefined::Undefined => ContactPatch::default(),
                MaybeUndefined::Null => ContactPatch { email: Patch::Clear, phone: Patch::Clear },
                MaybeUndefined::Value(contact) => contact.into(),
            },
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

fn key(id: &ID) -> Result<PersonId> {
    GlobalId::key_of(id, NodeType::Person)
}

payload!(
    /// What came of adding a person.
    CreatePersonPayload {
        /// The new person; null where nobody was added.
        person: Person = person::Entity
    }
);

payload!(
    /// What came of changing a person.
    UpdatePersonPayload {
        /// The person as it is now; null where nothing was changed.
        person: Person = person::Entity
    }
);

payload!(
    /// What came of taking a person away.
    DeletePersonPayload {
        /// The person as it was; null where nobody was taken away.
        person: Person = person::Entity
    }
);

/// Changes of people.
#[derive(Debug, Default)]
pub(crate) struct PersonMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl PersonMutation {
    /// Adds a person. Team leads and organizers add people of their own, whom they then see and may change.
    async fn create_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of the person.")] input: CreatePersonInput,
    ) -> Nullable<CreatePersonPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.into()).await?.id)).await
    }

    /// Changes what the input names of a person.
    async fn update_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] id: ID,
        #[graphql(desc = "The version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdatePersonInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdatePersonPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes away a person who speaks nowhere and sits in no team. Affiliations and contact data go with the person.
    async fn delete_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] id: ID,
        #[graphql(desc = "The version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeletePersonPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
