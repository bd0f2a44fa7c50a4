//! Who sees which matter, and who may work on it.

use base::{PersonId, Severity};
use matters::inbox::{Filter, Standing, Whose};
use matters::referrals::Referring;
use matters::{MatterError, MatterWords};
use store::testing::TestDatabase;
use uuid::Uuid;

use crate::office::{Office, hand_in, migrations, take};

store::on_both! { migrations() =>
    a_neighbour_finds_nothing,
    a_department_sees_its_referral_and_nothing_beside_it,
    an_auditor_reads_and_does_nothing,
    a_sealed_child_is_seen_by_the_city_only,
}

async fn a_neighbour_finds_nothing(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    assert!(matches!(office.see(&office.neighbour, lead.id).await, Err(MatterError::NotFound)));
    let acted = office.act(&office.neighbour, lead.id, take("dispatch")).await;
    assert!(matches!(acted, Err(MatterError::NotFound)));
    let read = office.database.read().await.unwrap();
    let now = office.now();
    for whose in Whose::ALL {
        // Asking for the other district by its id is of no use either.
        for within in [None, Some(office.place)] {
            let filter = Filter { whose, within, ..Filter::default() };
            let page = office.matters.inbox(&read, &office.neighbour, &filter, now, None, 10).await.unwrap();
            assert!(page.rows.is_empty());
            let counts = office.matters.counts(&read, &office.neighbour, &filter, now).await.unwrap();
            assert_eq!(counts.all().all, 0);
        }
    }
}

async fn a_department_sees_its_referral_and_nothing_beside_it(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = office.open(office.new_matter("case", Severity::High)).await;
    office.act(&office.supervisor, case.id, hand_in("submit", &[])).await.unwrap();
    office.act(&office.supervisor, case.id, hand_in("accept", &[("emergency", "no")])).await.unwrap();
    let write = office.write_as(&office.supervisor).await;
    let (case, token) =
        office.matters.look_up(write.connection(), write.keys(), &office.supervisor, case.id).await.unwrap();
    let referring = Referring {
        organisation: office.police,
        duty: None,
        words: MatterWords { title: "核实户籍".to_owned(), ..MatterWords::default() },
        told: workflow::Answers::default(),
        previous: None,
        version: case.version,
    };
    let referral = office.matters.refer(&write, &office.supervisor, &token, referring).await.unwrap();
    write.save().await.unwrap();

    assert!(matches!(office.see(&office.contact, case.id).await, Err(MatterError::NotFound)));
    let seen = office.see(&office.contact, referral.id).await.unwrap();
    assert_eq!(seen.words.title, "核实户籍");
    let read = office.database.read().await.unwrap();
    for whose in [Whose::Mine, Whose::Area, Whose::Referred] {
        let filter = Filter { whose, ..Filter::default() };
        let page =
            office.matters.inbox(&read, &office.contact, &filter, office.now(), None, 10).await.unwrap();
        let ids: Vec<_> = page.rows.iter().map(|row| row.matter.id).collect();
        assert_eq!(ids, [referral.id], "{whose:?}");
    }
    let offers = office.matters.offers(read.connection(), read.keys(), &office.contact, &seen).await.unwrap();
    let free = offers.iter().filter(|offer| offer.refusal.is_none()).map(|offer| offer.action.key.as_str());
    assert_eq!(free.collect::<Vec<_>>(), ["accept", "reject"]);
}

async fn an_auditor_reads_and_does_nothing(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    let seen = office.see(&office.auditor, lead.id).await.unwrap();
    let read = office.database.read().await.unwrap();
    let offers = office.matters.offers(read.connection(), read.keys(), &office.auditor, &seen).await.unwrap();
    assert!(offers.is_empty());
    drop(read);
    let acted = office.act(&office.auditor, lead.id, take("dispatch")).await;
    assert!(matches!(acted, Err(MatterError::NotAllowed)));
}

async fn a_sealed_child_is_seen_by_the_city_only(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    let write = office.database.begin("test.seal").await;
    access::scope::exception::seal_person(&write, PersonId(Uuid::from_u128(1))).await.unwrap();
    write.save().await.unwrap();
    assert!(matches!(office.see(&office.officer, lead.id).await, Err(MatterError::NotFound)));
    assert_eq!(office.see(&office.city, lead.id).await.unwrap().id, lead.id);
    let read = office.database.read().await.unwrap();
    let filter = Filter { standing: Standing::Open, ..Filter::default() };
    let page =
        office.matters.inbox(&read, &office.supervisor, &filter, office.now(), None, 10).await.unwrap();
    assert!(page.rows.is_empty());
}
