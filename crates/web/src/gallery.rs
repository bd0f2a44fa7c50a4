//! Every component in every state, for those who build pages: `/components`, and `/components/phone` for the phone's.
//! The samples' words stand here in both languages: they are no messages of the product.

use access::Masked;
use askama::Template;
use base::{Moment, Severity};
use texts::Language;

use crate::components::{
    Alert, Avatar, Badge, Band, Clock, Conflict, ConflictRow, EmptyState, Funnel, FunnelStep, Head, Measure,
    Pager, Remark, SampleMark, Scale, Sort, Sourced, Step, StepState, Steps, Tab, Tabs, Tile, TileGrid,
    Timeline, TimelineEntry, Tone, Waterfall, WaterfallFrame, WaterfallRow, WeightBar,
};
use crate::ctx::Visitor;
use crate::error::PageResult;
use crate::form::Typed;
use crate::page::page;
use crate::shell::{Crumb, KeyHint, MenuEntry, Shell, User};
use crate::{Choice, Texts};

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    shell: Shell,
    badges: Vec<Badge>,
    alerts: Vec<Alert>,
    empty: EmptyState,
    clocks: Vec<Clock>,
    steps: Steps,
    timelines: Vec<Timeline>,
    waterfall: Waterfall,
    scale: Scale,
    weights: Vec<(String, WeightBar)>,
    funnel: Funnel,
    tiles: TileGrid,
    measures: Vec<Measure>,
    heads: Vec<Head>,
    pager: Pager,
    tabs: Tabs,
    sourced: Vec<(String, Sourced)>,
    conflict: Conflict,
    avatars: Vec<Avatar>,
    sample: SampleMark,
    form: Typed,
    faulty: Typed,
    choices: Vec<Choice>,
    labels: Labels,
    hint: KeyHint,
}

#[derive(Template)]
#[template(path = "gallery_phone.html")]
struct PhoneGallery {
    shell: Shell,
    badges: Vec<Badge>,
    labels: Labels,
}

/// The words of the fields.
struct Labels {
    text: &'static str,
    reason: &'static str,
    day: &'static str,
    area: &'static str,
    choice: &'static str,
    ticks: &'static str,
    file: &'static str,
    help: &'static str,
    send: &'static str,
    refuse: &'static str,
}

pub(crate) async fn desk(visitor: Visitor) -> PageResult {
    let language = visitor.language;
    let say = |chinese: &str, english: &str| language.choose(chinese, english).to_owned();
    let mut faulty = Typed::filled(language, [("reason2", say("没见到", "not met"))]);
    faulty.add_fault("reason2", Texts(language).form_too_short(10, 3));
    faulty.add_fault("choice2", Texts(language).form_choose());
    page(&Gallery {
        shell: shell(&visitor),
        badges: badges(language),
        alerts: alerts(language),
        empty: EmptyState {
            icon: "inbox",
            title: say("没有待办", "Nothing to do"),
            detail: say("本区域当前没有到您手里的事项。", "No matter of your area is with you at present."),
            link: Some((say("看全部在办", "See all open matters"), "#".to_owned())),
        },
        clocks: clocks(visitor.now, language),
        steps: steps(language),
        timelines: timelines(language),
        waterfall: waterfall(language),
        scale: scale(language),
        weights: [(3.9, true), (2.2, false), (-3.7, false), (0.0, true)]
            .map(|(weight, agrees)| (WeightBar::text(weight), WeightBar::new(weight, -6.0, 8.0, agrees)))
            .to_vec(),
        funnel: funnel(language),
        tiles: tiles(language),
        measures: vec![measure(20.0, 66.0), measure(82.0, 66.0)],
        heads: vec![
            Head::new(say("剩余时限", "Time left")).sorts("#", Some(Sort::Up)),
            Head::new(say("事项", "Matter")).sorts("#", None),
            Head::new(say("得分", "Points")).number().sorts("#", Some(Sort::Down)),
        ],
        pager: Pager::new(15, 5312, Some("#".to_owned()), Some("#".to_owned()), language),
        tabs: tabs(language),
        sourced: sourced(language),
        conflict: conflict(language),
        avatars: Tone::ALL.map(|tone| Avatar { text: say("陈", "C"), tone }).to_vec(),
        sample: SampleMark::new(language),
        form: Typed::empty(language),
        faulty,
        choices: choices(language),
        labels: labels(language),
        hint: KeyHint { keys: vec!["J", "K"], label: say("上下", "down, up") },
    })
}

pub(crate) async fn phone(visitor: Visitor) -> PageResult {
    let title = Texts(visitor.language).gallery_title();
    page(&PhoneGallery {
        shell: Shell::plain(&visitor, title),
        badges: badges(visitor.language),
        labels: labels(visitor.language),
    })
}

/// A shell with something in every place, since nobody need be logged in here.
fn shell(visitor: &Visitor) -> Shell {
    let language = visitor.language;
    let say = |chinese: &str, english: &str| language.choose(chinese, english).to_owned();
    let entry = |icon, label, href, figure| MenuEntry {
        icon,
        label,
        href,
        is_active: href == "/components",
        is_low: href == "/components/phone",
        figure,
    };
    let mut shell = Shell::plain(visitor, Texts(language).gallery_title())
        .as_of(visitor.now)
        .rule_version("minors 2024.11-7")
        .on_record();
    shell.menu = vec![
        entry("layout-dashboard", say("指挥", "Command"), "#command", None),
        entry("inbox", say("待办", "To do"), "#inbox", Some(23)),
        entry("components", say("部件", "Kit"), "/components", None),
        entry("device-mobile", say("手机", "Phone"), "/components/phone", None),
    ];
    let crumb = |name: String, is_current| Crumb { name, href: Some("#".to_owned()), is_current };
    shell.crumbs = vec![
        crumb(say("深圳市", "Shenzhen"), false),
        crumb(say("南山区", "Nanshan"), false),
        crumb(say("西丽街道", "Xili"), true),
    ];
    shell.search = Some("#search".to_owned());
    shell.user = User {
        name: say("谭志强", "Tan Zhiqiang"),
        initial: say("谭", "T"),
        post: say("西丽街道 儿童督导员", "Xili, child supervisor"),
        account_href: Some("#account".to_owned()),
        log_out: None,
    };
    shell
}

fn badges(language: Language) -> Vec<Badge> {
    let say = |chinese: &str, english: &str| language.choose(chinese, english).to_owned();
    let mut badges: Vec<Badge> =
        Severity::ALL.into_iter().map(|severity| Badge::severity(severity, language)).collect();
    badges.push(Badge::new(Tone::Ok, "circle-check", say("已接受", "Accepted")));
    badges.push(Badge::new(Tone::Info, "player-play", say("办理中", "Under way")));
    badges
}

fn alerts(language: Language) -> Vec<Alert> {
    let title = language.choose(
        "证件号被当作数字保存，后几位已丢失。",
        "The ID was kept as a number; its last digits are lost.",
    );
    let detail = language.choose("请把该列设为文本后重新导出。", "Set the column to text and export again.");
    Tone::ALL.map(|tone| Alert::new(tone, title, detail)).to_vec()
}

fn clocks(now: Moment, language: Language) -> Vec<Clock> {
    let from = now.plus_hours(-5);
    vec![
        Clock::new(from, now.plus_hours(24 * 5), now, language),
        Clock::new(from, now.plus_minutes(38), now, language).with_due(now.plus_minutes(38), now, language),
        Clock::new(from, now.plus_minutes(-21), now, language),
        Clock::paused(5 * 3_600_000, language.choose("等待鉴定", "waiting for an expert"), language),
        Clock::none(language),
    ]
}

fn steps(language: Language) -> Steps {
    let step = |chinese: &str, english: &str, note: &str, state| Step {
        label: language.choose(chinese, english).to_owned(),
        note: note.to_owned(),
        state,
        href: None,
    };
    Steps {
        label: language.choose("个案阶段", "Stages of the case").to_owned(),
        steps: vec![
            step("发现报告", "Discovery", "11-14 07:02", StepState::Done),
            step("应急处置", "Emergency", "", StepState::Skipped),
            step("评估定级", "Assessment", "11-21 18:00", StepState::NowSoon),
            step("帮扶计划", "Help plan", "11-28", StepState::Ahead),
        ],
    }
}

fn timelines(language: Language) -> Vec<Timeline> {
    let entry = |when: &str, icon, tone, chinese: &str, english: &str, is_ahead| TimelineEntry {
        when: when.to_owned(),
        icon,
        tone,
        title: language.choose(chinese, english).to_owned(),
        detail: language.choose("陈晓岚", "Chen Xiaolan").to_owned(),
        href: None,
        is_ahead,
    };
    let entries = |with_icons: bool| {
        let icon = |name| with_icons.then_some(name);
        vec![
            entry("11:02", icon("clock"), Tone::High, "未到场则升级", "Climbs if nobody came", true),
            entry("09:31", icon("check"), Tone::Info, "签收", "Accepted", false),
            entry("07:16", icon("alert-octagon"), Tone::Urgent, "程度改为紧急", "Now urgent", false),
        ]
    };
    vec![Timeline { entries: entries(false) }, Timeline { entries: entries(true) }]
}

fn waterfall(language: Language) -> Waterfall {
    let say = |chinese: &str, english: &str| language.choose(chinese, english).to_owned();
    let row = |title, points, line: u32| WaterfallRow {
        title,
        note: String::new(),
        source: say("学校缺勤", "School absence"),
        source_row: language.choose(format!("第 {line} 行"), format!("row {line}")),
        source_href: "#".to_owned(),
        rule: "R2-09".to_owned(),
        points,
    };
    let frame = WaterfallFrame {
        heads: [
            say("指标", "Indicator"),
            say("来源与行号", "Source"),
            say("规则", "Rule"),
            say("分值", "Points"),
        ],
        total_label: say("合计", "Total"),
        total_note: say("80 分以上为紧急", "urgent from 80"),
        threshold: 80,
        tone: Tone::Urgent,
    };
    let rows = vec![
        row(say("两次外伤就诊", "Two injuries treated"), 56, 1904),
        row(say("本学期缺勤 9 天", "Absent 9 days"), 36, 407),
        row(say("走访记为正常", "A visit found all well"), -5, 51),
    ];
    Waterfall::new(frame, rows)
}

fn scale(language: Language) -> Scale {
    let band = |chinese: &str, english: &str, until, tone| Band {
        label: language.choose(chinese, english).to_owned(),
        until,
        tone,
    };
    let bands = vec![
        band("另立新人", "New person", 4.0, Tone::Low),
        band("人工复核", "Review", 12.0, Tone::Medium),
        band("自动合并", "Linked", 18.0, Tone::Ok),
    ];
    Scale::new(-2.0, bands, 8.7, "8.7")
}

fn funnel(language: Language) -> Funnel {
    let step = |chinese: &str, english: &str, figure, joint| FunnelStep {
        label: language.choose(chinese, english).to_owned(),
        base: crate::show::share(figure, 41_286),
        figure,
        href: Some("#".to_owned()),
        tone: None,
        remarks: vec![Remark {
            text: language.choose("超期", "late").to_owned(),
            figure: Some(9),
            tone: Some(Tone::Urgent),
            href: Some("#".to_owned()),
        }],
        joint,
    };
    Funnel {
        label: language.choose("从来源到结案", "From rows to closed cases").to_owned(),
        steps: vec![
            step("来源记录", "Rows", 41_286, None),
            step("匹配到人", "Persons", 39_904, Some("chevron-right")),
            step("生成线索", "Leads", 1_127, Some("chevron-right")),
        ],
    }
}

fn tiles(language: Language) -> TileGrid {
    let tile = |shade: u8| Tile {
        label: language.choose("西丽", "Xili").to_owned(),
        figure: crate::show::share(u64::from(shade) * 2, 81),
        part: format!("{} {}", language.choose("超期", "Late"), shade * 2),
        whole: language.choose("在办 81", "In hand 81").to_owned(),
        shade,
        warning: (shade == 4).then(|| language.choose("过警戒", "too many").to_owned()),
        href: "#".to_owned(),
        whole_href: "#".to_owned(),
    };
    TileGrid {
        label: language.choose("各街道超期率", "Late by sub-district").to_owned(),
        tiles: (0..5).map(tile).collect(),
    }
}

fn measure(used_percent: f64, limit_percent: f64) -> Measure {
    Measure {
        used_percent,
        limit_percent,
        is_over: used_percent > limit_percent,
        label: format!("{used_percent}%"),
    }
}

fn tabs(language: Language) -> Tabs {
    let tab = |chinese: &str, english: &str, count, is_active| Tab {
        label: language.choose(chinese, english).to_owned(),
        href: "#".to_owned(),
        count,
        is_active,
    };
    Tabs {
        label: language.choose("档案", "File").to_owned(),
        tabs: vec![tab("走访", "Visits", Some(4), true), tab("附件", "Attachments", Some(6), false)],
    }
}

fn sourced(language: Language) -> Vec<(String, Sourced)> {
    let say = |chinese: &str, english: &str| language.choose(chinese, english).to_owned();
    let row = || Some("#".to_owned());
    vec![
        (
            say("姓名", "Name"),
            Sourced::new(Masked::Masked("张*涵".to_owned()), language)
                .from_source("网格", row())
                .others(1, "#"),
        ),
        (
            say("出生", "Born"),
            Sourced::new(Masked::Full("2013-03".to_owned()), language).from_source("学校", row()).agreed(),
        ),
        (say("经过", "Account"), Sourced::new(Masked::Withheld, language)),
    ]
}

fn conflict(language: Language) -> Conflict {
    let row = |label: &str, theirs: &str, mine: &str| ConflictRow {
        label: label.to_owned(),
        theirs: theirs.to_owned(),
        mine: mine.to_owned(),
    };
    let rows = vec![
        row(language.choose("级别", "Level"), "2", "1"),
        row(language.choose("下次走访", "Next visit"), "2024-11-21", "2024-11-21"),
    ];
    Conflict::new(language.choose("谭志强", "Tan Zhiqiang"), "09:12", rows, language)
}

fn choices(language: Language) -> Vec<Choice> {
    let choice = |value: &str, chinese: &str, english: &str, note: &str| Choice {
        note: note.to_owned(),
        ..Choice::new(value, language.choose(chinese, english))
    };
    vec![
        choice("none", "无", "none", "0"),
        choice("some", "可能", "possible", "4"),
        choice("yes", "有", "yes", "8"),
    ]
}

fn labels(language: Language) -> Labels {
    Labels {
        text: language.choose("姓名", "Name"),
        reason: language.choose("说明", "Reason"),
        day: language.choose("日期", "Day"),
        area: language.choose("社区", "Community"),
        choice: language.choose("是否有伤", "Is there an injury"),
        ticks: language.choose("谁在家", "Who is at home"),
        file: language.choose("文件", "File"),
        help: language.choose("写看到的，不写猜的", "What you saw, not what you guess"),
        send: language.choose("提交核查", "Submit the check"),
        refuse: language.choose("不成立", "Not founded"),
    }
}
