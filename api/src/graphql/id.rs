//! Global ids: opaque to clients, and each carries its type, so that one of the wrong type is refused.

use crate::error::{Error, Result};
use async_graphql::ID;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use uuid::Uuid;

/// The types that have an id. A number, once given, is never given to another type: clients keep ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum NodeType {
    Organization = 1,
    District = 2,
    County = 3,
    Region = 4,
    Partnership = 5,
    Person = 6,
    Affiliation = 7,
    Convening = 8,
    Delegation = 9,
    Sponsorship = 10,
    Metric = 11,
    Offering = 12,
    Session = 13,
    Slot = 14,
    Room = 15,
    Speaker = 16,
    Resource = 17,
    Team = 18,
    TeamMember = 19,
    Account = 20,
    RoleGrant = 21,
    ApiKey = 22,
    LinkedIdentity = 23,
    Merge = 24,
    Change = 25,
    AgendaRelease = 26,
    WebhookEndpoint = 27,
    WebhookDelivery = 28,
    SeatAssignment = 30,
    Survey = 34,
    SurveyItem = 35,
    PublishedResult = 36,
    WrittenAnswer = 37,
    ExperienceLevel = 40,
    FocusQuestion = 41,
    TeamNote = 42,
    Interest = 43,
}

impl NodeType {
    const ALL: [Self; 37] = [
        Self::Organization,
        Self::District,
        Self::County,
        Self::Region,
        Self::Partnership,
        Self::Person,
        Self::Affiliation,
        Self::Convening,
        Self::Delegation,
        Self::Sponsorship,
        Self::Metric,
        Self::Offering,
        Self::Session,
        Self::Slot,
        Self::Room,
        Self::Speaker,
        Self::Resource,
        Self::Team,
        Self::TeamMember,
        Self::Account,
        Self::RoleGrant,
        Self::ApiKey,
        Self::LinkedIdentity,
        Self::Merge,
        Self::Change,
        Self::AgendaRelease,
        Self::WebhookEndpoint,
        Self::WebhookDelivery,
        Self::SeatAssignment,
        Self::Survey,
        Self::SurveyItem,
        Self::PublishedResult,
        Self::WrittenAnswer,
        Self::ExperienceLevel,
        Self::FocusQuestion,
        Self::TeamNote,
        Self::Interest,
    ];

    /// Its name in the schema.
    pub(crate) fn name(self) -> String {
        format!("{self:?}")
    }

    /// The type of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|node_type| node_type.name() == name)
    }

    fn from_tag(tag: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|&node_type| node_type as u8 == tag)
    }
}

/// A decoded id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GlobalId {
    pub(crate) node_type: NodeType,
    pub(crate) key: Uuid,
}

impl GlobalId {
    /// The id of a row.
    pub(crate) fn encode(node_type: NodeType, key: impl Into<Uuid>) -> ID {
        let mut bytes = [0; 17];
        bytes[0] = node_type as u8;
        bytes[1..].copy_from_slice(key.into().as_bytes());
        ID(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What an id names; whether there is such a row is another question.
    pub(crate) fn decode(id: &ID) -> Result<Self> {
        let malformed = || Error::bad_input("This is not an id of this service. Ids come from its `id` fields.");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(id.as_str()).map_err(|_| malformed())?;
        let (&tag, key) = bytes.split_first().ok_or_else(malformed)?;
        let node_type = NodeType::from_tag(tag).ok_or_else(malformed)?;
        let key = Uuid::from_slice(key).map_err(|_| malformed())?;
        Ok(Self { node_type, key })
    }

    /// The key in an id that must be of one type.
    pub(crate) fn key_of<K: From<Uuid>>(id: &ID, expected: NodeType) -> Result<K> {
        let Self { node_type, key } = Self::decode(id)?;
        if node_type == expected {
            Ok(key.into())
        } else {
            Err(Error::BadInput(format!("This is the id of a {node_type:?}; a {expected:?}'s is needed here.")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_back_from_its_id() {
        for node_type in NodeType::ALL {
            let key = Uuid::now_v7();
            assert_eq!(GlobalId::decode(&GlobalId::encode(node_type, key)).ok(), Some(GlobalId { node_type, key }));
        }
    }

    #[test]
    fn an_id_of_another_type_is_refused() {
        let id = GlobalId::encode(NodeType::Session, Uuid::now_v7());
        assert!(GlobalId::key_of::<Uuid>(&id, NodeType::Convening).is_err());
        assert!(GlobalId::key_of::<Uuid>(&id, NodeType::Session).is_ok());
    }
}
