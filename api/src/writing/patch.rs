//! A change of one field: absent leaves it, null clears it, a value sets it.

use crate::error::ViolationCode;
use crate::validation::Violations;

/// What is to become of one field of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Patch<T> {
    /// Stays as it is.
    #[default]
    Keep,
    /// Is emptied.
    Clear,
    /// Becomes this.
    Set(T),
}

impl<T> Patch<T> {
    /// The same of what `map` makes of the value.
    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(map(value)),
        }
    }

    /// The same where making the other may fail.
    pub(crate) fn try_map<U, E>(self, map: impl FnOnce(T) -> Result<U, E>) -> Result<Patch<U>, E> {
        Ok(match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(map(value)?),
        })
    }

    /// The value that it sets, if it does.
    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// The value that it sets, if it does, and nothing else.
    pub(crate) fn into_value(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// The value that it sets, to be mended.
    pub(crate) fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Whether the field is named at all.
    pub(crate) fn is_given(&self) -> bool {
        !matches!(self, Self::Keep)
    }

    /// Changes a field that may be empty.
    pub(crate) fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// Changes a field that always holds something; clearing it is a fault.
    pub(crate) fn apply_required(self, name: &str, field: &mut T, violations: &mut Violations) {
        match self {
            Self::Keep => {}
            Self::Clear => violations.add(name, ViolationCode::Required, "This cannot be left empty."),
            Self::Set(value) => *field = value,
        }
    }

    /// Changes a field that is emptied to its default: a list to no items.
    pub(crate) fn apply_or_default(self, field: &mut T)
    where
        T: Default,
    {
        match self {
            Self::Keep => {}
            Self::Clear => *field = T::default(),
            Self::Set(value) => *field = value,
        }
    }
}
