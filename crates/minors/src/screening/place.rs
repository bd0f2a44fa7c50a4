//! In which community a child lives whose own address names none: what the household and other rows of the same house say.
//! Pure. Without it a lead whose newest address ends at the street would go to the street's supervisor, although the
//! register knows the door.

use base::{AreaPath, SourceRowId};
use people::persons::{HomeOf, HomeSaid, Whereabouts};
use serde::{Deserialize, Serialize};

/// The community of a child as another row told it, with that row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The community, with what lies above it.
    pub area: AreaPath,
    /// The row that says so.
    pub row: SourceRowId,
    /// Whose row it is.
    pub by: PlacedBy,
}

/// Whose row told the community.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacedBy {
    /// An older row of the child.
    Own,
    /// That of somebody of the household.
    Household,
    /// That of a guardian at the same house.
    House,
}

/// The community of a child who belongs to `known`, which names none; `None` where no row tells it, or where those that
/// weigh the same disagree: then nobody is sent to a door by a guess.
///
/// A row counts if it lies within what the child's own address says, and is not of another house. Rows of the same house
/// go before rows that say too little of the house, the child's own before the household's; a guardian need not live with
/// the child, so only the same house counts.
pub fn place(known: &AreaPath, whereabouts: &Whereabouts) -> Option<Placed> {
    if known.community.is_some() {
        return None;
    }
    // What is known may be the school's place: it bounds nothing of where the child lives.
    let bound = whereabouts.stated;
    let fits = |said: &&HomeSaid| {
        said.area.community.is_some()
            && bound.is_none_or(|bound| said.area.is_within(&bound))
            && said.is_same_house != Some(false)
    };
    let fitting: Vec<&HomeSaid> = whereabouts.said.iter().filter(fits).collect();
    let ranks = [
        (HomeOf::Own, Some(true), PlacedBy::Own),
        (HomeOf::Household, Some(true), PlacedBy::Household),
        (HomeOf::Guardian, Some(true), PlacedBy::House),
        (HomeOf::Own, None, PlacedBy::Own),
        (HomeOf::Household, None, PlacedBy::Household),
    ];
    ranks.into_iter().find_map(|(of, is_same_house, by)| {
        let mut all = fitting.iter().filter(|said| said.of == of && said.is_same_house == is_same_house);
        let first = all.next()?;
        Some(all.all(|other| other.area == first.area).then_some(Placed {
            area: first.area,
            row: first.row,
            by,
        }))
    })?
}

#[cfg(test)]
mod tests {
    use base::AreaId;
    use uuid::Uuid;

    use super::*;

    const STREET: AreaPath = AreaPath {
        city: AreaId(1),
        district: Some(AreaId(2)),
        subdistrict: Some(AreaId(3)),
        community: None,
    };

    fn community(id: i32) -> AreaPath {
        AreaPath { community: Some(AreaId(id)), ..STREET }
    }

    fn said(row: u128, of: HomeOf, area: AreaPath, is_same_house: Option<bool>) -> HomeSaid {
        HomeSaid { row: SourceRowId(Uuid::from_u128(row)), of, area, is_same_house }
    }

    fn placed(stated: Option<AreaPath>, said: Vec<HomeSaid>) -> Option<(i32, u128, PlacedBy)> {
        let found = place(&STREET, &Whereabouts { stated, said })?;
        Some((found.area.area().0, found.row.0.as_u128(), found.by))
    }

    #[test]
    fn the_household_tells_the_community_that_the_newest_address_does_not_name() {
        let home =
            vec![said(1, HomeOf::Own, STREET, Some(true)), said(2, HomeOf::Household, community(7), None)];
        assert_eq!(placed(Some(STREET), home), Some((7, 2, PlacedBy::Household)));
    }

    #[test]
    fn the_same_house_goes_before_what_says_too_little_and_the_own_row_before_others() {
        let all = vec![
            said(1, HomeOf::Household, community(9), None),
            said(2, HomeOf::Guardian, community(8), Some(true)),
            said(3, HomeOf::Own, community(7), Some(true)),
        ];
        assert_eq!(placed(Some(STREET), all.clone()), Some((7, 3, PlacedBy::Own)));
        assert_eq!(placed(Some(STREET), all[..2].to_vec()), Some((8, 2, PlacedBy::House)));
    }

    #[test]
    fn nobody_is_sent_by_a_guess() {
        let elsewhere = AreaPath { subdistrict: Some(AreaId(4)), ..community(7) };
        let never = [
            vec![],
            vec![said(1, HomeOf::Household, elsewhere, None)],
            vec![said(1, HomeOf::Own, community(7), Some(false))],
            vec![said(1, HomeOf::Guardian, community(7), None)],
            vec![
                said(1, HomeOf::Household, community(7), None),
                said(2, HomeOf::Household, community(8), None),
            ],
        ];
        for said in never {
            assert_eq!(placed(Some(STREET), said.clone()), None, "{said:?}");
        }
        // Of a child with no address at all the household alone tells.
        let home = vec![said(1, HomeOf::Household, elsewhere, None)];
        assert_eq!(placed(None, home), Some((7, 1, PlacedBy::Household)));
        let known = place(&community(5), &Whereabouts { stated: None, said: Vec::new() });
        assert_eq!(known, None, "what is known stays");
    }
}
