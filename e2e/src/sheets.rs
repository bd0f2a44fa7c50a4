//! Filling in whatever form a page shows: the answers that matter are named, the rest is answered as it comes.

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::browser::Browser;

/// Picks, in the question that says `arguments[0]`, the answer that says `arguments[1]`; returns what was missing.
const ANSWER: &str = r"
const [question, answer] = arguments;
const words = (e) => e.innerText.replace(/\s+/g, ' ').trim();
const set = [...document.querySelectorAll('form[data-sheet] fieldset')].find((f) => f.querySelector('legend')?.innerText.includes(question));
if (!set) return 'no question says ' + question;
const labels = [...set.querySelectorAll('label')];
const label = labels.find((l) => words(l) === answer) || labels.find((l) => words(l).startsWith(answer));
if (!label) return question + ' has no ' + answer + ' among ' + labels.map(words).join(' / ');
const input = label.querySelector('input');
if (!input.checked) input.click();
return null;
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
        for (question, answer) in answers {
            let missing = self.run(ANSWER, vec![json!(question), json!(answer)]).await?;
            if let Some(missing) = missing.as_str() {
                bail!("{}: {missing}", self.path().await?);
            }
        }
        self.run(REST, vec![json!("已上门核实，孩子由姑姑照看，情况写在记录里。"), json!(day)]).await?;
        let button = self.find("form[data-sheet] button", action).await?;
        self.click(&button).await.with_context(|| format!("“{action}” cannot be pressed"))?;
        self.until_it_says(then).await
    }
}
