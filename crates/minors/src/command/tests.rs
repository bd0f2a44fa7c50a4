//! The list of persons: filtered, found, and read to and fro.

use std::fmt::Write as _;

use axum::http::StatusCode;
use store::testing::TestDatabase;

use crate::office::{self, Office, migrations, number, text};

store::on_both! { migrations() =>
    persons_are_found_and_their_list_goes_both_ways,
}

/// A hundred and twenty people of one community: every third is called 欧阳, those of even order are women.
fn many() -> String {
    let mut file = office::grid(&[]);
    for order in 1..=120_u16 {
        let name = if order % 3 == 0 { "欧阳" } else { "司马" };
        let given: String = [char::from_u32(0x4e00 + u32::from(order) * 7).unwrap_or('一')].iter().collect();
        let (sex, year) =
            (if order % 2 == 0 { "女" } else { "男" }, 1960 + i16::try_from(order % 50).unwrap());
        let number = number((year, 3, 6), order);
        let _ = writeln!(
            file,
            "南山区,西丽街道,{},M{order},{name}{given},户主,{sex},{number},{year}-03-06,,王京坑村{order}栋301,2025-09-01,",
            office::COMMUNITY
        );
    }
    file
}

fn rows(page: &str) -> Vec<String> {
    let Some(table) = page.split("<tbody>").nth(1) else { return Vec::new() };
    let table = table.split("</tbody>").next().unwrap();
    table.split("<tr>").skip(1).map(|row| row.trim().to_owned()).collect()
}

/// Where the link of the pager with this relation leads.
fn way(page: &str, rel: &str) -> Option<String> {
    let pager = page.split("sw-pager").nth(1)?;
    let link = pager.split("<a ").find(|link| link.contains(&format!("rel=\"{rel}\"")))?;
    Some(link.split("href=\"").nth(1)?.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&"))
}

async fn persons_are_found_and_their_list_goes_both_ways(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &many()).await;
    let get = async |path: &str| text(office.get("supervisor", path, "zh").await).await;
    let street = office.street().area().0;

    let mut pages = vec![get(&format!("/command/people?within={street}")).await];
    assert!(way(&pages[0], "prev").is_none(), "nothing is before the first page");
    while let Some(next) = way(pages.last().unwrap(), "next") {
        pages.push(get(&next).await);
    }
    let there: Vec<Vec<String>> = pages.iter().map(|page| rows(page)).collect();
    assert_eq!(there.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    let mut back = vec![rows(pages.last().unwrap())];
    let mut page = pages.last().unwrap().clone();
    while let Some(previous) = way(&page, "prev") {
        page = get(&previous).await;
        back.insert(0, rows(&page));
    }
    assert_eq!(back, there, "the way back shows the same pages");

    // The number of a filter is that of its list; an address says nothing of anybody.
    let women = get(&format!("/command/people?within={street}&sex=female&year=1962")).await;
    assert!(
        !rows(&women).is_empty() && rows(&women).iter().all(|row| row.contains("<td>女</td><td>1962</td>"))
    );
    assert!(women.contains(&format!("本页 {0} 条，共 {0} 条", rows(&women).len())), "{women}");
    let nobody = get(&format!("/command/people?within={street}&year=1930")).await;
    assert!(rows(&nobody).is_empty() && nobody.contains("没有符合条件的人"), "{nobody}");

    let list = format!("/command/people?within={street}");
    let find = async |fields: &str| office.post("supervisor", &list, "/command/people/find", fields).await;
    let found = text(find(&format!("text=ouyang&within={street}&sex=male")).await).await;
    assert_eq!(rows(&found).len(), 20, "every sixth: {found}");
    assert!(found.contains("找到 20 人") && found.contains("value=\"ouyang\""), "{found}");
    assert!(!found.contains("text=ouyang"), "what was typed stands in no address: {found}");
    let short = find(&format!("text=12&within={street}")).await;
    assert_eq!(short.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(short).await.contains("号码至少写 4 位"));
    let nothing = find(&format!("text=&within={street}")).await;
    assert_eq!(nothing.status(), StatusCode::SEE_OTHER);
    // Who sits next door sees nobody of this street, by name no more than in the list.
    let next_door = office.post("neighbour", "/command/people", "/command/people/find", "text=ouyang");
    let next_door = text(next_door.await).await;
    assert!(rows(&next_door).is_empty() && next_door.contains("没有找到符合的人"), "{next_door}");
    let read = office.app.database.read().await.unwrap();
    let kinds = store::journal::Filter { kinds: vec!["people.searched".to_owned()], ..Default::default() };
    let searched = store::journal::list(&read, &kinds, None, 10).await.unwrap();
    assert_eq!(searched.len(), 2, "both searches are on record");
}
