//! The page of a report: one file of HTML without anything from outside, in Chinese and in English, for a screen and for
//! paper.

use std::fmt::Write as _;

use base::Label;

use super::{BlockingRule, LevelShare, Report, Shares, ZoneLine};
use crate::evaluate::{AtThreshold, Evaluation, Tenth};
use crate::markup::escaped;

const STYLE: &str = include_str!("page.css");

impl Report {
    /// The page. `chinese` is the language that it opens in; the other is one click away.
    pub fn to_html(&self, chinese: bool) -> String {
        let mut page = Page(String::new());
        let checked = |is_it: bool| if is_it { " checked" } else { "" };
        page.put(format_args!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <title>{}</title><style>{STYLE}</style></head><body>\n\
             <input class=\"tongue\" type=\"radio\" name=\"tongue\" id=\"zh\"{}>\
             <input class=\"tongue\" type=\"radio\" name=\"tongue\" id=\"en\"{}><main>\n",
            if chinese { "zh-CN" } else { "en" },
            if chinese { "比对报告" } else { "Linking report" },
            checked(chinese),
            checked(!chinese),
        ));
        self.head(&mut page);
        self.zones(&mut page);
        self.probabilities(&mut page);
        if let Some(evaluation) = &self.evaluation {
            truth(&mut page, evaluation);
        }
        self.blocks(&mut page);
        self.comparisons(&mut page);
        self.silent_rows(&mut page);
        page.raw("<footer>");
        page.say(
            "本页不含任何记录的内容：行只以其编号称呼。",
            "No value of any record stands on this page: rows are called by their ids.",
        );
        page.raw("</footer>\n</main></body></html>\n");
        page.0
    }

    fn head(&self, page: &mut Page) {
        page.raw("<header><div><h1>");
        page.say("比对报告", "Linking report");
        page.raw("</h1>");
        let (key, version, label) = &self.model;
        page.raw("<span style=\"color:var(--soft)\">");
        page.label(label);
        page.put(format_args!(" · {} {} · ", escaped(key), escaped(version)));
        if self.is_learnt {
            page.say("已据本次文件学习", "learnt from these files");
        } else {
            page.say("按模型原值", "taken as the model gives it");
        }
        page.raw(
            "</span></div><div class=\"choice\"><label for=\"zh\">中文</label><label for=\"en\">English</label></div></header>\n<div class=\"figures\">",
        );
        let (left, right) = self.rows;
        let (links, linked_rows) = self.linked;
        let reached = |number: u64| grouped(number);
        let mut figure = |value: String, chinese: &str, english: &str| {
            page.put(format_args!("<div><b>{value}</b><span>"));
            page.say(chinese, english);
            page.raw("</span></div>");
        };
        if self.is_one_file {
            figure(reached(left as u64), "行", "rows");
        } else {
            figure(reached(left as u64), "待查行（左）", "rows looked for (left)");
            figure(reached(right as u64), "在册行（右）", "rows on record (right)");
        }
        figure(
            reached(links),
            &format!("对，概率不低于 {}", self.threshold),
            &format!("pairs of a probability of {} and more", self.threshold),
        );
        figure(percent(linked_rows as f64, left as f64), "的待查行有对应", "of the left rows stand in one");
        figure(reached(self.unlinkable.rows), "行所含太少，无从比对", "rows say too little to be linked");
        page.raw("</div>\n");
    }

    fn zones(&self, page: &mut Page) {
        page.section(
            ("要多准，就要看多少", "How sure, and how much to review"),
            (
                "先定想要的准确率：概率高于界线的对自动采用，其余有希望的行由人工核对。各数由概率推算，未用真值。",
                "Choose the precision that you wish: pairs above the threshold are taken, rows with a hopeful pair below it are for a person. The figures are foretold from the probabilities, without the truth.",
            ),
        );
        page.table(&[
            ("想要的准确率", "Wished precision"),
            ("界线", "Threshold"),
            ("自动采用的对", "Pairs taken"),
            ("其中预计错的", "expected wrong"),
            ("送人工核对的行", "Rows to review"),
            ("其中预计有对应的", "expected right"),
        ]);
        for ZoneLine { precision, threshold, links, wrong, review_rows, review_right } in &self.zones {
            let threshold = threshold.map_or("–".to_owned(), |threshold| format!("{threshold:.4}"));
            page.put(format_args!(
                "<tr><td>{} %</td><td>{threshold}</td><td>{}</td><td>{wrong:.1}</td><td>{}</td><td>{review_right:.0}</td></tr>",
                trimmed(precision * 100.0),
                grouped(*links),
                grouped(*review_rows),
            ));
        }
        page.raw("</table></div></section>\n");
    }

    fn probabilities(&self, page: &mut Page) {
        page.section(
            ("概率分布", "Distribution of probabilities"),
            (
                "每柱为一段概率中的对数。纵轴取对数：两端高、中间低，说明多数对是或否都很明白。",
                "A bar for the pairs of each step of probability, on a logarithmic scale: high at both ends and low between means that most pairs are plainly one thing or the other.",
            ),
        );
        let most = self.distribution.iter().copied().max().unwrap_or(0);
        let scale = |count: u64| ((count + 1) as f64).log10() / ((most + 1) as f64).log10().max(1e-9);
        page.raw("<svg viewBox=\"0 0 720 230\" role=\"img\">");
        let width = 680.0 / self.distribution.len().max(1) as f64;
        for (place, count) in self.distribution.iter().enumerate() {
            let height = 180.0 * scale(*count);
            let left = 20.0 + width * place as f64;
            let from = place as f64 / self.distribution.len() as f64;
            let class = if from >= self.threshold { "one" } else { "two" };
            page.put(format_args!(
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\" rx=\"2\"><title>{from:.2}: {}</title></rect>",
                left + 1.0,
                200.0 - height,
                width - 2.0,
                grouped(*count),
            ));
            if *count > 0 {
                page.put(format_args!(
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"10\">{}</text>",
                    left + width / 2.0,
                    195.0 - height,
                    short(*count)
                ));
            }
        }
        for tick in 0..=10 {
            let at = f64::from(tick) / 10.0;
            page.put(format_args!(
                "<text x=\"{:.1}\" y=\"218\" text-anchor=\"middle\">{at:.1}</text>",
                20.0 + 680.0 * at
            ));
        }
        page.raw("<path class=\"axis\" d=\"M20 200H700\"/></svg>");
        page.keys(&[("one", "写出的对", "pairs that were written"), ("", "未达界线", "below the threshold")]);
        page.raw("</section>\n");
    }

    fn blocks(&self, page: &mut Page) {
        page.section(
            ("谁与谁比", "Whom the rules bring together"),
            (
                "只有同一键下的行才相比。“新增”是前面各规则都没有带来的对（据抽样推算）。某键下的行多于上限时，该键整个跳过。",
                "Only rows under one key are compared. New are pairs that no earlier rule brings, reckoned from a sample. A key with more rows than the rule takes is passed over as a whole.",
            ),
        );
        page.table(&[
            ("规则", "Rule"),
            ("有键的行", "Rows with a key"),
            ("对", "Pairs"),
            ("", ""),
            ("新增", "New"),
            ("最大的键", "Largest keys"),
            ("跳过的键", "Keys passed over"),
        ]);
        let most = self.blocking.iter().map(|rule| rule.pairs).max().unwrap_or(0).max(1);
        for BlockingRule { name, most: bound, rows, pairs, new_pairs, passed_over, largest } in &self.blocking
        {
            let sizes: Vec<String> = largest
                .iter()
                .map(|block| {
                    format!("<span title=\"{}\">{}</span>", escaped(&block.example), grouped(block.rows))
                })
                .collect();
            let new_share = *new_pairs as f64 / most as f64;
            page.put(format_args!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"bar\">{}</td><td>{}</td><td>{} <span style=\"color:var(--soft)\">≤ {bound}</span></td><td{}>{}</td></tr>",
                escaped(name),
                grouped(*rows),
                grouped(*pairs),
                bar(*pairs as f64 / most as f64, new_share),
                grouped(*new_pairs),
                sizes.join(" · "),
                if *passed_over > 0 { " class=\"warn\"" } else { "" },
                grouped(*passed_over),
            ));
        }
        page.raw("</table></div>");
        page.keys(&[("one", "新增", "new"), ("", "前面已有", "brought by an earlier rule")]);
        page.raw("</section>\n");
    }

    fn comparisons(&self, page: &mut Page) {
        page.section(
            ("各项值多少", "What each comparison is worth"),
            (
                "m 是同一人的两行出现该结果的比例，u 是两个生人出现的比例，h 是同户两人出现的比例；分量为 log₂(m/u)，正数指向同一人。带 * 的分量随取值的常见程度而变。",
                "m is how often two rows of one person show a level, u how often strangers do, h how often two members of one household do; the weight is log₂(m/u), positive for one person. Weights with * go by how common the value is.",
            ),
        );
        page.keys(&[
            ("one", "m 同一人", "m, one person"),
            ("", "u 生人", "u, strangers"),
            ("three", "h 同户", "h, household"),
        ]);
        page.raw("<div class=\"pair\">");
        for Shares { label, levels } in &self.shares {
            page.raw("<div><h3>");
            page.label(label);
            page.raw("</h3>");
            chart(page, levels);
            page.raw("</div>");
        }
        page.raw("</div></section>\n");
    }

    fn silent_rows(&self, page: &mut Page) {
        page.section(
            ("无从比对的行", "Rows that cannot be linked"),
            (
                "这些待查行所含太少，即便与内容完全相同的一行相比也达不到界线。补上证件号、出生日期或电话即可。",
                "These left rows say so little that not even a row with the same content would reach the threshold. A number, a birth date or a phone would mend that.",
            ),
        );
        let (left, _) = self.rows;
        page.put(format_args!(
            "<p><b style=\"color:var(--ink);font-size:20px\">{}</b> {}</p>",
            grouped(self.unlinkable.rows),
            percent(self.unlinkable.rows as f64, left as f64),
        ));
        if !self.unlinkable.examples.is_empty() {
            page.raw("<details><summary>");
            page.say("其中一些的编号", "The ids of some");
            page.raw("</summary><p>");
            for id in &self.unlinkable.examples {
                page.put(format_args!("<code>{}</code>", escaped(id)));
            }
            page.raw("</p></details>");
        }
        page.raw("</section>\n");
    }
}

/// The levels of one comparison: three bars on a logarithmic scale, and the weight.
fn chart(page: &mut Page, levels: &[LevelShare]) {
    const LEAST: f64 = 1e-8;
    let width = |share: f64| (1.0 - share.max(LEAST).log10() / LEAST.log10()).clamp(0.0, 1.0);
    page.raw("<table style=\"min-width:300px\">");
    for LevelShare { label, matched, chance, household, by_frequency } in levels {
        page.raw("<tr><td>");
        page.label(label);
        let weight = (matched / chance.max(f64::MIN_POSITIVE)).log2();
        page.put(format_args!(
            "</td><td class=\"bar\"><svg viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\"><title>m {matched:.2e}, u {chance:.2e}, h {household:.2e}</title>\
             <rect class=\"one\" width=\"{:.1}\" y=\"0\" height=\"4\"/><rect class=\"two\" width=\"{:.1}\" y=\"5\" height=\"4\"/><rect class=\"three\" width=\"{:.1}\" y=\"10\" height=\"4\"/></svg></td>\
             <td>{weight:+.1}{}</td></tr>",
            100.0 * width(*matched),
            100.0 * width(*chance),
            100.0 * width(*household),
            if *by_frequency { "*" } else { "&nbsp;" },
        ));
    }
    page.raw("</table>");
}

/// A bar of which a part is told apart.
fn bar(whole: f64, part: f64) -> String {
    format!(
        "<svg viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\"><rect class=\"two\" width=\"{:.1}\" height=\"14\" rx=\"2\"/><rect class=\"one\" width=\"{:.1}\" height=\"14\" rx=\"2\"/></svg>",
        100.0 * whole.clamp(0.0, 1.0),
        100.0 * part.clamp(0.0, whole.clamp(0.0, 1.0)),
    )
}

/// How right it was.
fn truth(page: &mut Page, evaluation: &Evaluation) {
    page.section(
        ("与真值相比", "Against the truth"),
        (
            "左图：界线由高到低，准确率与查全率如何此消彼长。右图：所说的概率与实际是否一致，点落在虚线上即名副其实。",
            "Left: what precision costs in recall as the threshold goes down. Right: whether probabilities mean what they say; on the dashed line they do.",
        ),
    );
    page.raw("<div class=\"pair\"><div>");
    precision_and_recall(page, &evaluation.curve);
    page.raw("</div><div>");
    calibration(page, &evaluation.tenths);
    page.raw("</div></div>");
    page.table(&[
        ("界线", "Threshold"),
        ("对", "Pairs"),
        ("准确率", "Precision"),
        ("查全率", "Recall"),
        ("F1", "F1"),
    ]);
    for (is_best, at) in
        evaluation.best.iter().map(|at| (true, at)).chain(evaluation.at.iter().map(|at| (false, at)))
    {
        page.put(format_args!("<tr><td>{}", trimmed(at.threshold)));
        if is_best {
            page.raw(" <b>");
            page.say("F1 最高", "best F1");
            page.raw("</b>");
        }
        page.put(format_args!(
            "</td><td>{}</td><td>{:.5}</td><td>{:.5}</td><td>{:.5}</td></tr>",
            grouped(at.pairs),
            at.precision,
            at.recall,
            at.f1
        ));
    }
    page.raw("</table></div></section>\n");
}

/// Where a share from `least` to 1 stands on an axis of 300.
fn place(share: f64, least: f64) -> f64 {
    300.0 * ((share - least) / (1.0 - least).max(1e-9)).clamp(0.0, 1.0)
}

fn precision_and_recall(page: &mut Page, curve: &[AtThreshold]) {
    // As near as the curve lets one look.
    let floor = |worst: f64| {
        [0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.5].into_iter().find(|floor| *floor < worst).unwrap_or(0.0)
    };
    let worst = |share: fn(&AtThreshold) -> f64| curve.iter().map(share).fold(1.0, f64::min);
    let (least_precision, least_recall) = (floor(worst(|at| at.precision)), floor(worst(|at| at.recall)));
    page.raw(
        "<svg viewBox=\"0 0 380 370\" role=\"img\"><path class=\"axis\" d=\"M50 20V320H350M50 20H350V320\"/>",
    );
    let mut path = String::new();
    for (place_of, at) in curve.iter().enumerate() {
        let letter = if place_of == 0 { 'M' } else { 'L' };
        let (across, down) =
            (50.0 + place(at.recall, least_recall), 320.0 - place(at.precision, least_precision));
        // Writing into a text cannot fail.
        let _written = write!(path, "{letter}{across:.1} {down:.1}");
    }
    page.put(format_args!("<path class=\"curve\" d=\"{path}\"/>"));
    page.put(format_args!(
        "<text x=\"50\" y=\"338\">{}</text><text x=\"350\" y=\"338\" text-anchor=\"end\">1</text><text x=\"44\" y=\"324\" text-anchor=\"end\">{}</text><text x=\"44\" y=\"28\" text-anchor=\"end\">1</text>",
        trimmed(least_recall),
        trimmed(least_precision),
    ));
    page.svg_say(200.0, 358.0, "查全率", "Recall");
    page.svg_say(200.0, 14.0, "准确率", "Precision");
    page.raw("</svg>");
}

fn calibration(page: &mut Page, tenths: &[Tenth]) {
    page.raw("<svg viewBox=\"0 0 380 370\" role=\"img\"><path class=\"axis\" d=\"M50 20V320H350M50 20H350V320\"/><path class=\"even\" d=\"M50 320L350 20\"/>");
    for Tenth { pairs, said, found } in tenths.iter().filter(|tenth| tenth.pairs > 0) {
        let radius = (*pairs as f64).log10().mul_add(1.8, 3.0);
        page.put(format_args!(
            "<circle class=\"one\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\"><title>{said:.3} → {found:.3} ({})</title></circle>",
            50.0 + place(*said, 0.0),
            320.0 - place(*found, 0.0),
            grouped(*pairs),
        ));
    }
    page.raw("<text x=\"50\" y=\"338\">0</text><text x=\"350\" y=\"338\" text-anchor=\"end\">1</text><text x=\"44\" y=\"28\" text-anchor=\"end\">1</text>");
    page.svg_say(200.0, 358.0, "所说的概率", "Probability that was said");
    page.svg_say(200.0, 14.0, "实际为真的比例", "Share that was true");
    page.raw("</svg>");
}

/// The page as it grows.
struct Page(String);

impl Page {
    fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into a text cannot fail.
        let _written = self.0.write_fmt(text);
    }

    /// Words in both languages; the style shows one of them.
    fn say(&mut self, chinese: &str, english: &str) {
        self.put(format_args!(
            "<span class=\"zh\" lang=\"zh-CN\">{}</span><span class=\"en\" lang=\"en\">{}</span>",
            escaped(chinese),
            escaped(english)
        ));
    }

    fn svg_say(&mut self, across: f64, down: f64, chinese: &str, english: &str) {
        for (class, words) in [("zh", chinese), ("en", english)] {
            self.put(format_args!(
                "<text class=\"{class}\" x=\"{across}\" y=\"{down}\" text-anchor=\"middle\">{}</text>",
                escaped(words)
            ));
        }
    }

    fn label(&mut self, label: &Label) {
        self.say(&label.zh, &label.en);
    }

    /// Begins a section with its heading and what it tells.
    fn section(&mut self, heading: (&str, &str), lead: (&str, &str)) {
        self.raw("<section><h2>");
        self.say(heading.0, heading.1);
        self.raw("</h2><p>");
        self.say(lead.0, lead.1);
        self.raw("</p>");
    }

    /// Begins a table with its headings.
    fn table(&mut self, headings: &[(&str, &str)]) {
        self.raw("<div class=\"wide\"><table><tr>");
        for (chinese, english) in headings {
            self.raw("<th>");
            self.say(chinese, english);
            self.raw("</th>");
        }
        self.raw("</tr>");
    }

    fn keys(&mut self, keys: &[(&str, &str, &str)]) {
        self.raw("<ul class=\"key\">");
        for (class, chinese, english) in keys {
            self.put(format_args!("<li><i class=\"{class}\"></i>"));
            self.say(chinese, english);
            self.raw("</li>");
        }
        self.raw("</ul>");
    }
}

/// A count with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// A count that fits above a bar.
fn short(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{:.0}k", number as f64 / 1e3),
        _ => format!("{:.1}M", number as f64 / 1e6),
    }
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.2} %", 100.0 * part / whole.max(1.0))
}

/// A figure without zeros at its end.
fn trimmed(figure: f64) -> String {
    let text = format!("{figure:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
