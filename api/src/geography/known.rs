//! Which counties and regions there are: a filter by one that is not is a mistake, not an empty list.

use crate::error::{Error, Result};

/// The names of counties as they are stored for comparison; "Los Angeles County" is Los Angeles.
pub(crate) fn counties(names: &[String]) -> Result<Vec<String>> {
    let known = |name: &String| {
        let folded = name.trim().to_lowercase();
        let plain = folded.strip_suffix(" county").unwrap_or(&folded);
        let found = migration::names_and_regions().find(|(county, _)| county.to_lowercase() == plain);
        found.map(|(county, _)| county.to_lowercase()).ok_or_else(|| {
            let shown: String = name.chars().take(40).collect();
            Error::BadInput(format!("California has no county `{shown}`. The field `counties` lists all 58 by name."))
        })
    };
    names.iter().map(known).collect()
}

/// The numbers of regions.
pub(crate) fn regions(numbers: &[i32]) -> Result<()> {
    let known = |number: &i32| migration::names_and_regions().any(|(_, region)| region == number.to_string());
    match numbers.iter().find(|number| !known(number)) {
        Some(number) => Err(Error::BadInput(format!("There is no region {number}. The field `regions` lists all 11."))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_county_is_known_by_its_name_with_or_without_the_word() {
        let folded = |name: &str| counties(&[name.to_owned()]).ok();
        assert_eq!(folded("Los Angeles"), Some(vec!["los angeles".to_owned()]));
        assert_eq!(folded(" los angeles County "), Some(vec!["los angeles".to_owned()]));
        assert_eq!(folded("Nowhere"), None);
    }

    #[test]
    fn there_are_eleven_regions() {
        assert!(regions(&(1..=11).collect::<Vec<_>>()).is_ok());
        assert!(regions(&[0]).is_err() && regions(&[12]).is_err());
    }
}
