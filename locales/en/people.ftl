# Words of feeds, deliveries, source rows, persons and review. A variable that is a number is marked (number).

## Feeds
feeds-title = Data sources
# $count (number)
feeds-sub = { $count ->
    [one] one source
   *[other] { $count } sources
}
feeds-feed = Source
feeds-department = Delivered by
feeds-manner = Manner
feeds-rows = Rows held
feeds-last = Last delivery
feeds-fresh = Freshness
feeds-waiting = To be dealt with
feeds-nothing-waits = nothing
feeds-hand-in = Upload
feeds-never = nothing yet
feeds-full = full lists
feeds-changes = changes only
feeds-today = today
# $days (number)
feeds-days-ago = { $days ->
    [one] yesterday
   *[other] { $days } days ago
}
feeds-by-command = imported by the system
# $rows (number) $accepted (number) $updated (number) $rejected (number)
feeds-last-figures = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
 }: { $accepted } new, { $updated } updated, { $rejected } set aside
feeds-foot = Every row is kept as it came; one click leads from any value on any page to its row. A source is marked when 31 days have passed without a delivery.
feed-hand-in = Upload a delivery
feed-hand-in-note = you see it first; nothing is written before you apply it
feed-file = File
# $megabytes (number)
feed-file-help = CSV (UTF-8 or GB18030) or .xlsx, at most { $megabytes } MB. Titles, two-line headers and totals may stay.
feed-next = Next you see the header and columns that were found, the first rows (masked), how many are new or updated, and which need a correction.
feed-send = Upload and preview
feed-refused = This file cannot be taken.
feed-columns = Columns that are known
feed-columns-note = in any order, under any usual name
feed-column = Column
feed-headings = Usual names
feed-required = required
feed-key = key
feed-full-note = Full lists: a row that a delivery does not name is marked as gone, never deleted; above 5% that waits for a person.
feed-changes-note = Changes only: a row that a delivery does not name stays as it is.
feed-deliveries = Deliveries so far
feed-state = State
feed-no-deliveries = Nothing has been delivered yet
feed-no-deliveries-wait = It is listed here once its department or the city has handed one in.
feeds-city = whole city
feed-city-only = No delivery here is yours to see
feed-city-only-next = This feed comes as one delivery for the whole city, which the city's desk looks after. The rows of your own area are reached from the source mark beside any value of a lead or a file.
feed-city-only-link = Back to my work
feed-no-deliveries-next = Choose a file above, look at the preview, then decide whether to apply it.

## Deliveries
delivery-title = Import: { $feed }
delivery-sub = { $department }, { $when }, by { $who }
delivery-state-reading = Being read
delivery-state-checked = Ready to apply
delivery-state-waiting = Waiting to be applied
delivery-state-applying = Being applied
delivery-state-done = Applied
delivery-state-held = Applied; gone rows to confirm
delivery-state-dropped = Put away
delivery-drop = Put away
delivery-go-on = Go on
delivery-left = The command that handed it in was broken off
delivery-left-checked = The file is checked and nothing is applied. Apply it, or put it away: then nothing is written, and the file is kept.
delivery-left-reading = It stopped before the file was read. Go on, and look at what was found before anything is applied; or put it away.
delivery-left-applying = A part is written, and nobody sees it yet. Go on: it is finished from where it stopped, nothing lost or doubled.
# $rows (number)
delivery-apply = { $rows ->
    [one] Apply one row
   *[other] Apply { $rows } rows
}
delivery-version = description of { $version }
delivery-foot-kept = The file is kept, sealed
delivery-foot-again = Importing the same file again changes nothing
steps-label = Steps of the import
step-hand-in = Upload
step-read = Read
step-check = Check
step-apply = Apply
step-done = Published
progress-reading = Finding header and columns, reading every row.
progress-reading-note = 100,000 rows take some seconds
progress-waiting = In the queue; it begins in a moment.
progress-applying = Being applied.
# $done (number) $all (number)
progress-rows = { $done } of { $all ->
    [one] { $all } row
   *[other] { $all } rows
 }
progress-safe = You may leave or reload this page. If it is interrupted it goes on where it stopped, nothing lost or doubled.
progress-refresh = Reload
progress-long = This takes longer than usual. Another delivery may be before it; an administrator sees it under background jobs.
flow-label = Rows of this delivery by kind; together they are the rows of data
flow-rows = Rows of data
# $lines (number)
flow-rows-note = { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
 } in the file
flow-accepted = New
flow-accepted-note = not held before
flow-updated = Updated
flow-updated-note = content changed
flow-unchanged = Unchanged
flow-unchanged-note = as held
flow-duplicates = Copies
flow-duplicates-note = of an earlier row
flow-rejected = Set aside
flow-rejected-note = { $share }, to be mended
flow-none = none
flow-warnings = With a warning
flow-warnings-note = that value is not used
flow-skipped = Skipped
flow-skipped-note = titles, totals, blanks
flow-gone = Gone
flow-gone-note = marked, never deleted
linking-label = Whom the rows are about
linking-linked = Known people
linking-linked-note = linked
linking-new = New people
linking-new-note = made
linking-review = To be reviewed
linking-review-note = the same person?
# $gone (number)
held-waiting = { $gone ->
    [one] { $gone } row is gone
   *[other] { $gone } rows are gone
 }, more than 5% of the source: this waits for you
# $gone (number)
held-consequence = If you confirm, { $gone ->
    [one] { $gone } row is marked
   *[other] { $gone } rows are marked
 } as gone, and what they said no longer counts in screening; rows and links stay, and a row that comes back finds its person again. If you keep them, everything stays as it is until the next delivery.
# $gone (number)
held-retire = Confirm { $gone ->
    [one] { $gone } row
   *[other] { $gone } rows
 } as gone
held-ask = What { $gone ->
    [one] { $gone } row
   *[other] { $gone } rows
 } said stops counting in screening at once, and no page takes that back. Do you confirm?
held-retire-now = Yes, { $gone ->
    [one] { $gone } row is gone
   *[other] { $gone } rows are gone
 }
held-keep = Keep them until the next delivery
held-see = See these rows first
# $gone (number)
held-retired = { $gone ->
    [one] { $gone } row was confirmed
   *[other] { $gone } rows were confirmed
 } as gone
# $gone (number)
held-kept = { $gone ->
    [one] { $gone } row was not named and was kept
   *[other] { $gone } rows were not named and were kept
 } by decision
# $gone (number)
held-overtaken = { $gone ->
    [one] { $gone } row waited
   *[other] { $gone } rows waited
 }; a later delivery has said itself what is gone
preview-file = The file
preview-line = Row
preview-fate = What becomes of it
preview-masked = Names, numbers and phones are masked; once applied each row has its page, as far as your post goes.
# $count (number)
preview-more-columns = { $count ->
    [one] { $count } more column is not shown
   *[other] { $count } more columns are not shown
 }.
# $line (number)
preview-header-line = Header in row { $line }
# $first (number) $last (number)
preview-header-lines = Header in rows { $first }–{ $last }
preview-skipped = { $header }; skipped: { $kinds }
preview-mapping = Columns
# $columns (number) $used (number)
preview-mapping-note = { $columns ->
    [one] { $columns } column
   *[other] { $columns } columns
 }, { $used } of them known
preview-heading = In the file
preview-target = Taken for
preview-filled = Filled
preview-usable = Usable
preview-second = { $column } (second column: used where the first is empty; of phones both are)
preview-not-used = not used, kept as it came
fate-skipped = skipped
fate-header = header
fate-added = new
fate-added-warned = new, with a warning
fate-updated = updated
fate-updated-warned = updated, with a warning
fate-unchanged = unchanged
fate-duplicate = copy
# $row (number)
fate-duplicate-of = of row { $row }
fate-rejected = set aside
skipped-title = title
skipped-header = header
skipped-blank = blank
skipped-subtotal = total
skipped-note = note
skipped-end-mark = end mark
group-whole-row = the whole row
group-empty-cell = { $column }: empty
# $count (number)
rejections-title = { $count ->
    [one] One row set aside
   *[other] { $count } rows set aside
}
rejections-all = Row by row
# $count (number)
rejections-download = { $count ->
    [one] Download one row
   *[other] Download { $count } rows
}
rejections-none = No row was set aside
rejections-place = Row
rejections-reason = Reason, value
rejections-mend = Mend
rejections-alike = Alike
# $count (number)
rejections-rows = { $count ->
    [one] one row
   *[other] { $count } rows
}
rejections-foot = A row that is set aside is not applied, and does not make the row that is held disappear; mend it and send it with the next delivery.
# $row
rejections-see-row = { $reason }, see row { $row }
rejections-as-it-came = The row (masked)
rejections-file = set-aside-{ $day }.csv
warnings-title = Taken with a warning
warnings-note = such a value is kept as it came and not used
# $count (number)
warnings-all = See all { $kinds ->
    [one] { $kinds } kind
   *[other] { $kinds } kinds
 }
warnings-more = Only the { $shown } most frequent kinds of { $kinds } are listed here.
warnings-rows = { $count ->
    [one] One row taken with a warning
   *[other] { $count } rows taken with a warning
}
warnings-none = No warnings
warnings-what = Warning, value
warnings-places = In these rows
warnings-foot = Rows with a warning are applied all the same; a corrected row of the next delivery takes their place.
gone-title = Not named any more
# $count (number)
gone-see = { $count ->
    [one] See one row
   *[other] See { $count } rows
}
gone-before = Held before
gone-again = Named again (updated, unchanged)
gone-kept = Set aside, untouched
gone-gone = Gone
gone-marked = marked at once
gone-held = waits for a person
gone-is-held = More than 5%: applying stops there, and a person confirms before they are marked.
gone-is-marked = Within 5%: they are marked when it is applied, never deleted; a row that comes back is there again.
gone-foot = Above 5% a person confirms first
# $count (number)
gone-rows = { $count ->
    [one] One row is gone
   *[other] { $count } rows are gone
}
gone-name = Name
gone-number = Number
gone-row = Source row
# $place
gone-row-at = row { $place } of its delivery
# $count (number)
gone-unseen = { $count ->
    [one] { $count } more is of somebody outside your area.
   *[other] { $count } more are of people outside your area.
 }
list-back = Back to the overview

## Source rows
# $place
row-title = { $feed }, row { $place }
row-sub = { $department }, delivered { $day }
row-delivery = Its delivery
row-present = held
row-superseded = replaced by newer content
row-gone = gone
row-cells = The row
row-cells-note = every cell as it came
row-as-it-came = As it came
row-used = Use
row-empty = empty
row-person = Whom it is about
row-person-unseen = The person of this row is outside what your post sees.
row-links = History of links
row-values = What is used
row-values-note = in one notation
row-indicators = Facts that follow
row-indicators-note = for screening
row-withheld = Your post reads what was done, not about whom.
row-withheld-detail = Names, numbers, phones, addresses, school and class are masked or not shown; this look is on record. To check the content, ask an officer of the district to show it.
row-indicators-withheld =
    { $count ->
        [one] One fact follows from this row; which one is not shown to your post. The lead tells what was decided on it.
       *[other] { $count } facts follow from this row; which ones is not shown to your post. The lead tells what was decided on them.
    }
row-no-indicators = No fact follows from this row.
row-indicator = Fact
row-day = Day
row-amount = Number
row-versions = Versions
row-this = this one
value-name = Name
value-number = ID number
value-unusable-number = Number that cannot be used
value-birth = Birth date
value-sex = Sex
value-phone = Phone
value-phone-of = { $who }, phone
value-place-present = Address
value-place-school = Place of the school
value-place-registration = Registered at
value-school = School
value-class = Class
value-household-role = Relation to the head
sex-male = male
sex-female = female
# $years (number)
person-about = { $sex } { $years }
kinship-father = Father
kinship-mother = Mother
kinship-guardian = Guardian
ground-number = same ID number
ground-weights = linked by agreement
ground-former = as the version before
ground-first = made by this row
ground-decision = decided by a person

## Review
review-title = Review of links
# $count (number)
review-sub = { $count ->
    [one] one waits
   *[other] { $count } wait
}
review-waiting = Waiting
# $from (number) $until (number) $all (number)
review-range = { $from } to { $until } of { $all }; see all
review-empty = Nothing to review
review-empty-next = When a delivery is applied, those of whom the system cannot tell whether they are known stand here.
review-row-person = New row
review-may-be = May be
review-weight = Weight
review-cause-between = agreement between the two thresholds
review-cause-number = same ID number, other name
review-cause-number-and-birth = same ID number, other name and birth date
review-cause-gone = one of the two is no longer on record
review-cause-two-numbers = all agrees, but two valid ID numbers
review-state-open = to be decided
review-state-unsure = unsure, at the end
review-state-same = same person
review-state-different = two people
review-state-settled = settled
review-undo = Undo
review-undo-last = Undo the last one
review-foot = Of ID numbers only the digits that differ are shown
review-same = Same person
review-different = Two people
review-unsure = Unsure, put it at the end
# $place $count (number)
review-source = { $feed }, row { $place }; { $count ->
    [one] one row
   *[other] { $count } rows
}
review-no-rows = no row is held at present
review-compared = Two records compared field by field
review-field = Field
review-agreement = Agreement
review-bar = against ← weight → for
review-bits = bits
review-missing = not given
review-of-guardian = Guardian’s
review-start = Start
review-total = Total { $total }
review-odds-for = { $odds } : 1 for the same person
review-odds-against = 1 : { $odds }, rather two people
review-model = model { $model }
review-band-new = new person
review-band-ask = by hand
review-band-link = linked by itself
review-note = Note (optional)
review-note-help = such as: called the teacher
review-your-note = Your note:
review-changed = This was changed a moment ago
review-changed-next = Below is how it stands now. Your note is still there; look again, then decide.
review-decided = { $who } decided at { $when }: "{ $what }"
review-decided-kept = Your decision did not count; your note is still there. If you disagree, talk to them, undo, and decide again.
review-decided-next = To change it, undo it first.
follow-same = If they are the same person
# $moved (number) $all (number)
follow-rows = { $moved ->
    [one] One row of the left goes
   *[other] { $moved } rows of the left go
} to the right, { $all } in all
follow-no-indicators = No new facts; screening stays as it is
follow-indicators = New facts: { $kinds }; screening is done again
follow-name = The name is { $name }
follow-names = The name is { $name }; { $others } is kept as another spelling
follow-number = The ID number is { $number }
follow-undo = Can be undone at any time, item by item
follow-different = If they are not
follow-different-keep = Two people: both stay as they are, and nobody is asked again
follow-unsure = Unsure: nothing changes, it waits at the end for more data
around-title = Beside it
around-cause = Why it is asked
around-candidates = Other candidates
# $count (number)
around-others = { $count }, the next with { $weight }
around-no-others = none
around-household = Household
around-no-household = none on record
around-area = Place
around-since = Since

## People
search-title = Find people
search-problem = Nothing was searched for.
# $least (number)
search-short = Type at least { $least ->
    [one] { $least } character
   *[other] { $least } characters
 } of a number or phone.
# $count (number)
search-found = { $count ->
    [one] one person
   *[other] { $count } people
}
search-hint = name, pinyin, initials, part of an ID number or phone
search-do = Search
search-about = Sex, age
search-open = Open
search-nobody = Nobody like that in your area
search-nobody-next = Try another way: pinyin in full or by initials, or four and more digits of the number in a row.
search-how = Type a name, pinyin, or part of an ID number or phone
search-how-next = Only people of your area are found; what you search for is on record.
search-too-many = Too many people of the city are called like that; type more
search-cut = Only the likeliest are listed; type more.
search-foot = Lists are always masked; this search is on record.
history-title = History of links
history-rows = Rows of this person
history-rows-note = tick those that are somebody else's
history-choose = Choose
history-ground = Ground
# $place
history-source = { $feed }, row { $place }
history-note = Reason for parting them
history-split-help = The rows become a new person, with their names, numbers and facts; this can be undone at any time.
history-split-do = Part the chosen rows
history-not-all = Choose some of the rows: nobody would be left, or they are no longer this person's.
history-decisions = Decided by people
history-no-decisions = Nobody has decided anything yet.
# $count (number)
history-merged = Same person; { $count ->
    [one] { $count } row
   *[other] { $count } rows
 } joined
# $count (number)
history-split = { $count ->
    [one] { $count } row
   *[other] { $count } rows
 } parted
# $count (number)
history-split-from = Made of { $count ->
    [one] { $count } row that was parted
   *[other] { $count } rows that were parted
 }
history-apart = Two people
history-undone = undone { $when }
history-foot = Undoing moves only rows that were moved then and that nobody has moved since.

## After an act
said-same = Decided: the same person. What was known of both now stands together.
said-different = Decided: two different people. Each stays as they were.
said-unsure = Moved to the end of the queue, to be looked at again.
said-next-review = { " " }Here is the next one.
said-no-review = { " " }Nothing is left to review.
said-undone = The decision is taken back; the rows that it moved have gone back.
said-split = The rows that you chose now belong to a person of their own.
said-handed-in = The file is here and is being read. Nothing is written before you apply it.
overtaken-state = To be checked anew
overtaken-stale = A newer delivery was published since this one was checked
overtaken-stale-detail = The figures below were made against the data of that time and hold no more, so it cannot be applied by them. Check it anew, then decide.
overtaken-check = Check anew
overtaken-back = Applying this goes back to older data
# $when (text)
overtaken-same-file = This very file was delivered on { $when }; newer deliveries came since.
# $when (text)
overtaken-older = This file was uploaded before the published one, which came on { $when }.
# $gone (text), $updated (text)
overtaken-figures = Rows that would be gone: { $gone }. Rows that would change to what this file says: { $updated }.
overtaken-tick = I have looked: the feed is to go back to this file
said-check = It is checked anew; this page says when that is done.
said-apply = The delivery waits to be applied; this page says when it is.
said-go-on = It goes on; this page says how far it is.
said-dropped = The delivery is put away. Nothing of it was written.
said-retired = Confirmed: rows that this delivery does not name are marked as gone.
said-kept = Kept: rows that this delivery does not name stay as they are.
