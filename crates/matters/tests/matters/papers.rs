//! Drafts, attachments and receipts.

use std::collections::BTreeMap;
use std::io::Cursor;

use access::Actor;
use base::{AttachmentId, Severity};
use image::{ImageFormat, RgbImage};
use matters::answers::{Saved, Saving};
use matters::attachments::{MATTER_ATTACHMENTS_AT_MOST, Picture};
use matters::forms::Origin;
use matters::{Acting, Matter, MatterError, receipts};
use store::testing::TestDatabase;
use uuid::Uuid;
use workflow::{Answer, Answers, Refusal};

use crate::office::{Office, migrations, take};

store::on_both! { migrations() =>
    a_draft_is_kept_and_a_second_writer_is_shown_it,
    of_two_first_drafts_at_once_one_is_kept,
    a_form_is_laid_with_what_is_known,
    a_picture_goes_with_its_matter_only,
    a_command_sent_twice_is_done_once,
}

/// A lead that is being checked.
async fn checked(office: &Office, person: u128) -> Matter {
    let lead = office.lead(Severity::High, person).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    office.act(&office.director, lead.id, take("accept")).await.unwrap().matter
}

fn answers(values: &[(&str, Answer)]) -> Answers {
    let values = values.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())).collect();
    Answers { values, level: None }
}

async fn draft(
    office: &Office,
    actor: &Actor,
    lead: &Matter,
    saving: Saving<'_>,
) -> Result<Saved, MatterError> {
    let write = office.write_as(actor).await;
    let (_, token) = office.matters.look_up(write.connection(), write.keys(), actor, lead.id).await?;
    let saved = office.matters.save_draft(&write, actor, &token, &saving).await?;
    write.save().await.unwrap();
    Ok(saved)
}

async fn a_draft_is_kept_and_a_second_writer_is_shown_it(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = checked(&office, 1).await;
    let (first, second) = (
        answers(&[("note", Answer::Text("敲门无人".to_owned()))]),
        answers(&[("note", Answer::Text("电话打不通".to_owned()))]),
    );
    let saving = |answers, version| Saving { form: "check", answers, version };
    assert_eq!(draft(&office, &office.director, &lead, saving(&first, 0)).await.unwrap(), Saved::Kept(1));
    match draft(&office, &office.supervisor, &lead, saving(&second, 0)).await.unwrap() {
        Saved::Overtaken(theirs) => assert_eq!((theirs.version, &theirs.answers), (1, &first)),
        kept @ Saved::Kept(_) => panic!("{kept:?}"),
    }
    assert_eq!(draft(&office, &office.supervisor, &lead, saving(&second, 1)).await.unwrap(), Saved::Kept(2));
    let faulty = answers(&[("result", Answer::Choice("nonsense".to_owned()))]);
    let refused = draft(&office, &office.director, &lead, saving(&faulty, 2)).await;
    assert!(matches!(refused, Err(MatterError::Refused(Refusal::FaultyAnswers(_)))));
    let other = Saving { form: "closure", answers: &first, version: 0 };
    let refused = draft(&office, &office.director, &lead, other).await;
    assert!(matches!(refused, Err(MatterError::Refused(Refusal::NoSuchAction))));
}

async fn of_two_first_drafts_at_once_one_is_kept(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = checked(&office, 1).await;
    let (first, second) = (
        answers(&[("note", Answer::Text("敲门无人".to_owned()))]),
        answers(&[("note", Answer::Text("电话打不通".to_owned()))]),
    );
    let saving = |answers| Saving { form: "check", answers, version: 0 };
    let (one, two) = tokio::join!(
        draft(&office, &office.director, &lead, saving(&first)),
        draft(&office, &office.director, &lead, saving(&second)),
    );
    let kept = |saved: &Saved| matches!(saved, Saved::Kept(1));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(kept(&one) != kept(&two), "the other writer is shown it: {one:?} {two:?}");
}

async fn a_form_is_laid_with_what_is_known(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = checked(&office, 1).await;
    let known = BTreeMap::from([
        ("school.attendance".to_owned(), Answer::Choice("often_absent".to_owned())),
        ("household.members".to_owned(), Answer::Text("母亲".to_owned())),
    ]);
    let today = office.now().day();
    let read = office.database.read().await.unwrap();
    let (lead, token) =
        office.matters.look_up(read.connection(), read.keys(), &office.director, lead.id).await.unwrap();
    let laid = office.matters.lay_form(&read, &token, &lead, "check", &known, today).await.unwrap();
    assert_eq!(laid.answers.choice("school"), Some("often_absent"));
    assert_eq!(laid.origins, BTreeMap::from([("school".to_owned(), Origin::Known)]));
    assert!(laid.missing > 0 && laid.draft.is_none() && laid.score.is_none());
    drop(read);
    let written = answers(&[("seen", Answer::Choice("no".to_owned()))]);
    let saving = Saving { form: "check", answers: &written, version: 0 };
    draft(&office, &office.director, &lead, saving).await.unwrap();
    let read = office.database.read().await.unwrap();
    let laid = office.matters.lay_form(&read, &token, &lead, "check", &known, today).await.unwrap();
    assert_eq!((laid.answers, laid.draft.map(|draft| draft.version)), (written, Some(1)));
}

async fn picture() -> Picture {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::new(8, 8).write_to(&mut bytes, ImageFormat::Png).unwrap();
    Picture::read(bytes.into_inner()).await.unwrap()
}

async fn attach(office: &Office, lead: &Matter) -> Result<AttachmentId, MatterError> {
    let write = office.write_as(&office.director).await;
    let (_, token) =
        office.matters.look_up(write.connection(), write.keys(), &office.director, lead.id).await?;
    let attached = office.matters.attach(&write, &office.director, &token, &picture().await, "门牌").await?;
    write.save().await.unwrap();
    Ok(attached.id)
}

async fn a_picture_goes_with_its_matter_only(database: TestDatabase) {
    let office = Office::new(database).await;
    let (lead, other) = (checked(&office, 1).await, checked(&office, 2).await);
    let photo = attach(&office, &lead).await.unwrap();
    let read = office.database.read().await.unwrap();
    let (connection, keys) = (read.connection(), read.keys());
    let (_, token) = office.matters.look_up(connection, keys, &office.director, lead.id).await.unwrap();
    let (found, bytes) =
        office.matters.attachment(connection, keys, &office.director, &token, photo).await.unwrap();
    assert_eq!((found.caption.as_str(), bytes.as_slice()), ("门牌", picture().await.bytes()));
    let (_, elsewhere) = office.matters.look_up(connection, keys, &office.director, other.id).await.unwrap();
    let wrong = office.matters.attachment(connection, keys, &office.director, &elsewhere, photo).await;
    assert!(matches!(wrong, Err(MatterError::NotFound)));
    // Who sees no pictures is told of none.
    let (_, audit) = office.matters.look_up(connection, keys, &office.auditor, lead.id).await.unwrap();
    assert!(office.matters.attachments(connection, keys, &office.auditor, &audit).await.unwrap().is_empty());
    drop(read);

    let shown = answers(&[("photos", Answer::Photos(vec![photo]))]);
    let saving = Saving { form: "check", answers: &shown, version: 0 };
    let foreign = draft(&office, &office.director, &other, saving).await;
    assert!(matches!(foreign, Err(MatterError::ForeignAttachment)));
    draft(&office, &office.director, &lead, saving).await.unwrap();
    for _ in 1..MATTER_ATTACHMENTS_AT_MOST {
        attach(&office, &lead).await.unwrap();
    }
    assert!(matches!(attach(&office, &lead).await, Err(MatterError::TooManyAttachments { .. })));
}

/// What a phone's command does: once, whatever is sent how often.
async fn accept_by_command(
    office: &Office,
    actor: &Actor,
    lead: &Matter,
    id: Uuid,
) -> Result<i32, MatterError> {
    let write = office.write_as(actor).await;
    if let Some(receipt) = receipts::find(&write, actor, id).await? {
        return receipt.answer();
    }
    let (_, token) = office.matters.look_up(write.connection(), write.keys(), actor, lead.id).await?;
    let acting =
        Acting { action: "accept", answers: None, reason: None, holder: None, version: lead.version };
    let acted = office.matters.act(&write, actor, &token, &acting).await?;
    receipts::keep(&write, actor, id, "act", Some(lead.id), &acted.matter.version).await?;
    write.save().await.unwrap();
    Ok(acted.matter.version)
}

async fn a_command_sent_twice_is_done_once(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    let lead = office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap().matter;
    let id = Uuid::from_u128(77);
    assert_eq!(accept_by_command(&office, &office.director, &lead, id).await.unwrap(), 3);
    office.database.clock().advance_milliseconds(60_000);
    assert_eq!(accept_by_command(&office, &office.director, &lead, id).await.unwrap(), 3);
    assert_eq!(office.see(&office.director, lead.id).await.unwrap().version, 3);
    let foreign = accept_by_command(&office, &office.supervisor, &lead, id).await;
    assert!(matches!(foreign, Err(MatterError::NotFound)));
    // Another command for the same step meets the present state.
    let late = accept_by_command(&office, &office.director, &lead, Uuid::from_u128(78)).await;
    assert!(matches!(late, Err(MatterError::Conflict(now)) if now.stage == "check"));
}
