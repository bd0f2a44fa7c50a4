//! Filling in whatever form a page shows: where little hangs on it, the answers that matter are named and the rest is
//! answered as it comes; where much does, every answer is named.

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::browser::Browser;

/// Answers the question that says `arguments[0]`: picks the answer that says `arguments[1]`, or writes it; returns what was
/// missing.
const ANSWER: &str = r"
const [question, answer] = arguments;
const words = (e) => e.innerText.replace(/\s+/g, ' ').trim();
const set = [...document.querySelectorAll('form[data-sheet] .pn-q')].find((q) => q.querySelector('legend, .pn-label')?.innerText.includes(question));
if (!set) return 'no question says ' + question;
if (!set.getClientRects().length) return question + ' is not asked';
const field = set.querySelector('textarea, input:not([type=radio]):not([type=checkbox]):not([type=file])');
if (field) {
  field.value = answer;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  return null;
}
const labels = [...set.querySelectorAll('label')];
const label = labels.find((l) => words(l) === answer) || labels.find((l) => words(l).startsWith(answer));
if (!label) return question + ' has no ' + answer + ' among ' + labels.map(words).join(' / ');
const input = label.querySelector('input');
if (!input.checked) input.click();
return null;
";

/// What stands answered on the form: the number and words of each question with its answers.
const STANDS: &str = r"
const words = (e) => e.innerText.replace(/\s+/g, ' ').trim();
const shown = [...document.querySelectorAll('form[data-sheet] .pn-q')].filter((q) => q.getClientRects().length);
return shown.map((question) => {
  const chosen = [...question.querySelectorAll('input:checked')].map((input) => words(input.closest('label')));
  const written = [...question.querySelectorAll('textarea, input:not([type=radio]):not([type=checkbox]):not([type=file])')];
  const said = chosen.concat(written.map((field) => field.value)).filter(Boolean);
  return [words(question.querySelector('legend, .pn-label')), said.join('、')];
});
";

/// Answers everything that is still open on the form: the first of several, a sentence, the last day allowed.
const REST: &str = r"
const [sentence, day] = arguments;
const form = document.querySelector('form[data-sheet]');
if (!form) return false;
const seen = (e) => e.getClientRects().length > 0;
const told = (e) => { e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); };
// Twice: an answer may bring up another question.
for (let round = 0; round < 2; round++) {
  for (const question of form.querySelectorAll('.pn-q')) {
    if (!seen(question) || !question.innerText.includes('必填')) continue;
    const picks = [...question.querySelectorAll('input[type=radio], input[type=checkbox]')];
    if (picks.length && !picks.some((pick) => pick.checked)) picks[0].click();
    for (const field of question.querySelectorAll('textarea, input:not([type=radio]):not([type=checkbox]):not([type=file]), select')) {
      if (field.value) continue;
      if (field.type === 'date') field.value = field.max || day;
      else if (field.tagName === 'SELECT') field.value = [...field.options].find((o) => o.value)?.value || '';
      else if (field.inputMode === 'numeric') field.value = '1';
      else field.value = sentence;
      told(field);
    }
  }
}
return true;
";

impl Browser {
    /// Fills in the form that the page shows: `answers` are questions and what is answered there, every other required
    /// question gets an answer that fits; then presses `action`, and waits until the page says `then`.
    ///
    /// # Errors
    /// When the page shows no form, a question is not there, or the page does not come to say `then`.
    pub async fn fill_in(&self, day: &str, action: &str, answers: &[(&str, &str)], then: &str) -> Result<()> {
        self.wait_for("form[data-sheet]").await?;
        self.answer(answers).await?;
        self.run(REST, vec![json!("已上门核实，孩子由姑姑照看，情况写在记录里。"), json!(day)]).await?;
        self.hand_in(action, then).await
    }

    /// Fills in the form that the page shows as somebody does who knows the case: what is `known` has to stand there
    /// already and is left as it is, `answers` are the rest, and nothing else may be asked.
    ///
    /// # Errors
    /// As [`Browser::fill_in`]; when something known is not filled in, or a required question is left without an answer.
    pub async fn complete(
        &self,
        known: &[(&str, &str)],
        answers: &[(&str, &str)],
        action: &str,
        then: &str,
    ) -> Result<()> {
        self.wait_for("form[data-sheet]").await?;
        let before = self.stands().await?;
        for (question, answer) in known {
            let found = before.iter().find(|(asked, _)| asked.contains(question));
            let (_, stands) = found.with_context(|| format!("no question says {question}"))?;
            ensure!(
                stands.starts_with(answer),
                "{question} is not filled in with {answer}, but with “{stands}”"
            );
        }
        for (asked, stands) in &before {
            let is_named = |(question, _): &(&str, &str)| asked.contains(question);
            let is_told = stands.is_empty() || known.iter().any(is_named);
            ensure!(is_told, "{asked} is filled in with “{stands}”, which nobody expects");
        }
        self.answer(answers).await?;
        let open: Vec<String> = self
            .stands()
            .await?
            .into_iter()
            .filter(|(asked, stands)| stands.is_empty() && asked.contains("必填"))
            .map(|(asked, _)| asked)
            .collect();
        ensure!(open.is_empty(), "nobody answers {}", open.join(", "));
        self.hand_in(action, then).await
    }

    /// Every question that is asked, with what stands as its answer.
    async fn stands(&self) -> Result<Vec<(String, String)>> {
        let stands = self.run(STANDS, vec![]).await?;
        serde_json::from_value(stands).context("the form cannot be read")
    }

    async fn answer(&self, answers: &[(&str, &str)]) -> Result<()> {
        for (question, answer) in answers {
            let missing = self.run(ANSWER, vec![json!(question), json!(answer)]).await?;
            if let Some(missing) = missing.as_str() {
                bail!("{}: {missing}", self.path().await?);
            }
        }
        Ok(())
    }

    async fn hand_in(&self, action: &str, then: &str) -> Result<()> {
        let button = self.find("form[data-sheet] button", action).await?;
        self.click(&button).await.with_context(|| format!("“{action}” cannot be pressed"))?;
        self.until_it_says(then).await
    }
}
