//! Lists and the numbers that lead to them.

use std::collections::BTreeSet;

use access::Actor;
use base::{AreaLevel, MatterId, Severity};
use matters::inbox::{Filter, Standing, Whose};
use matters::{NewMatter, TaskKind};
use store::testing::TestDatabase;

use crate::office::{HOUR, Office, because, migrations, take};

store::on_both! { migrations() =>
    numbers_equal_the_lists_behind_them,
    a_list_is_read_page_by_page_whole_and_in_order,
    a_matter_is_found_by_a_part_of_its_number,
    a_late_matter_stands_with_who_supervises_it,
}

/// Leads and visits in several stages, some late, some soon late, one paused, some ended.
async fn busy(database: TestDatabase) -> Office {
    let office = Office::new(database).await;
    let severities = [Severity::Urgent, Severity::High, Severity::Medium, Severity::Low];
    for (place, severity) in severities.into_iter().cycle().take(12).enumerate() {
        let lead = office.open(office.new_matter("lead", severity)).await;
        if place % 3 == 0 {
            office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
        } else if place % 5 == 1 {
            let dismiss = because("dismiss", "经核实与系统内其他线索重复");
            office.act(&office.supervisor, lead.id, dismiss).await.unwrap();
        }
        office.database.clock().advance_milliseconds(1);
    }
    for days in 1..6 {
        let due = Some(office.now().plus_milliseconds(days * 24 * HOUR));
        office.open(NewMatter { due, ..office.new_matter("visit", Severity::Low) }).await;
    }
    office.wait(4 * HOUR).await;
    office
}

async fn ids(office: &Office, actor: &Actor, filter: &Filter, limit: u64) -> Vec<MatterId> {
    let read = office.database.read().await.unwrap();
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = office.matters.inbox(&read, actor, filter, office.now(), after, limit).await.unwrap();
        assert!(page.rows.len() <= usize::try_from(limit).unwrap());
        ids.extend(page.rows.iter().map(|row| row.matter.id));
        // As it comes back in an address.
        after = page.next.map(|next| next.to_string().parse().unwrap());
        if after.is_none() {
            return ids;
        }
    }
}

async fn numbers_equal_the_lists_behind_them(database: TestDatabase) {
    let office = busy(database).await;
    let mut sums = 0;
    for actor in [&office.director, &office.supervisor, &office.officer, &office.auditor] {
        for whose in Whose::ALL {
            for standing in Standing::ALL {
                let filter = Filter { whose, standing, ..Filter::default() };
                let read = office.database.read().await.unwrap();
                let counts = office.matters.counts(&read, actor, &filter, office.now()).await.unwrap();
                let list = ids(&office, actor, &filter, 50).await;
                assert_eq!(counts.all().of(standing), list.len() as u64, "{} {filter:?}", actor.role);
                sums += list.len();
                let kinds = ["lead", "visit"].map(|kind| counts.of_kind(kind).of(standing));
                for (kind, number) in ["lead", "visit"].into_iter().zip(kinds) {
                    let filter = Filter { kinds: vec![kind.to_owned()], ..filter.clone() };
                    assert_eq!(number, ids(&office, actor, &filter, 50).await.len() as u64);
                }
                let urgent = Filter { severities: vec![Severity::Urgent], ..filter.clone() };
                let number = counts.of_severity(Severity::Urgent).of(standing);
                assert_eq!(number, ids(&office, actor, &urgent, 50).await.len() as u64);
                let stage = Filter { stages: vec!["accept".to_owned()], ..filter.clone() };
                let number = counts.of_stage("lead", "accept").of(standing);
                assert_eq!(number, ids(&office, actor, &stage, 50).await.len() as u64);
                let areas = office
                    .matters
                    .counts_by_area(&read, actor, &filter, AreaLevel::Community, office.now())
                    .await;
                let sum: u64 = areas.unwrap().iter().map(|area| area.count.of(standing)).sum();
                assert_eq!(sum, list.len() as u64);
            }
        }
    }
    assert!(sums > 100, "the lists were nearly empty: {sums}");
}

async fn a_list_is_read_page_by_page_whole_and_in_order(database: TestDatabase) {
    let office = busy(database).await;
    for standing in [Standing::Open, Standing::Late, Standing::Closed] {
        let filter = Filter { whose: Whose::Area, standing, ..Filter::default() };
        let whole = ids(&office, &office.officer, &filter, 200).await;
        assert!(whole.len() > 1);
        assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), whole.len());
        for limit in [1, 2, 7] {
            assert_eq!(ids(&office, &office.officer, &filter, limit).await, whole);
            // By the number of the page it is the same list.
            let read = office.database.read().await.unwrap();
            for (place, page) in whole.chunks(usize::try_from(limit).unwrap()).enumerate() {
                let skipped = limit * place as u64;
                let rows = office
                    .matters
                    .inbox_from(&read, &office.officer, &filter, office.now(), skipped, limit)
                    .await
                    .unwrap();
                let shown: Vec<MatterId> = rows.iter().map(|row| row.matter.id).collect();
                assert_eq!(shown, page);
            }
        }
        let mut order = Vec::new();
        for id in whole {
            let matter = office.see(&office.officer, id).await.unwrap();
            order.push(match standing {
                Standing::Closed => -matter.closed_at.unwrap().0,
                _ => matter.clock.due.0,
            });
        }
        assert!(order.is_sorted());
    }
}

async fn a_matter_is_found_by_a_part_of_its_number(database: TestDatabase) {
    let office = busy(database).await;
    for (part, found) in
        [("xs-260302-0003", 1), ("0003", 2), (" ZF-", 5), ("%", 0), ("_", 0), ("张", 0), ("", 0)]
    {
        let filter = Filter { whose: Whose::Area, number: Some(part.to_owned()), ..Filter::default() };
        assert_eq!(ids(&office, &office.officer, &filter, 50).await.len(), found, "{part}");
    }
}

async fn a_late_matter_stands_with_who_supervises_it(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::Urgent, 1).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    office.wait(HOUR).await;
    let read = office.database.read().await.unwrap();
    let filter = Filter { standing: Standing::Late, ..Filter::default() };
    for (actor, task) in [(&office.director, TaskKind::Handle), (&office.supervisor, TaskKind::Supervise)] {
        let page = office.matters.inbox(&read, actor, &filter, office.now(), None, 10).await.unwrap();
        let rows: Vec<_> = page.rows.iter().map(|row| (row.matter.id, row.task)).collect();
        assert_eq!(rows, [(lead.id, Some(task))]);
    }
    let page = office.matters.inbox(&read, &office.officer, &filter, office.now(), None, 10).await.unwrap();
    assert!(page.rows.is_empty());
}
