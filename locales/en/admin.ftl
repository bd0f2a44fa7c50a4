# Words of administration and log-in.

## Log-in
log-in-title = Log in
log-in-login = Login name
log-in-password = Password
log-in-button = Log in
log-in-help = No account, or password forgotten? Ask your organisation's administrator.
log-in-left = You are logged out
log-in-left-detail = On a shared computer, close the browser too.
log-in-parked = Your session ended; what you typed is kept
log-in-parked-detail = Log in with the same account and it is filled in again for you to check and send.
log-in-wrong = Login name or password is wrong
# $left (number) $minutes (number)
log-in-wrong-detail = { $left } more { $left ->
    [one] attempt
   *[other] attempts
 }, then locked for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
 }. Check capitals and input method.
# $minutes (number)
log-in-wrong-last = Too many failures: locked for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
 }. Try again then, or ask the administrator to unlock.
# $minutes (number)
log-in-locked = This login name is locked for { $minutes } more { $minutes ->
    [one] minute
   *[other] minutes
 }
log-in-locked-detail = Too many failures. Try again then, or ask the administrator to unlock; trying meanwhile does not prolong it.

## My account
account-title = My account
account-first-title = Choose your password
account-first = First choose a password of your own
account-first-detail = You came in with a one-time password from an administrator. Everything else opens once you have your own.
account-choose = Choose the post to act in
account-choose-detail = You hold several posts. What you see and do goes by the one you choose; change it at any time.
account-no-post = You hold no post at present
account-no-post-detail = Without a post there is nothing to see. Ask your administrator to appoint you.
account-name = Name
account-phone = Phone at work
account-help = Name, login name and phone are kept by the administrator.
account-posts = My posts
account-posts-note = what you see and do goes by the present post
account-post-present = Present post
account-post-choose = Act in this post
account-password = Password
account-password-old = Present password
account-password-one-time = One-time password
account-password-new = New password
# $length (number)
account-password-rules = At least { $length ->
    [one] { $length } character
   *[other] { $length } characters
 } of three kinds (capitals, small letters, digits, signs), or a sentence of 16 and more.
account-password-again = New password once more
account-password-button = Change password
account-not-twice-the-same = The two new passwords differ. Type them again.
# $left (number) $minutes (number)
account-wrong-old = The present password is wrong. { $left } more { $left ->
    [one] attempt
   *[other] attempts
 }, then locked for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
 }.
# $minutes (number)
account-locked = The present password was wrong too often; locked for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
 }
account-changed = Password changed
account-changed-detail = Sessions on all other computers and phones have ended.
account-home = Go to the front page

## Faults of passwords and fields
# $length (number)
password-too-short = At least { $length ->
    [one] { $length } character
   *[other] { $length } characters
 }.
# $length (number)
password-too-long = At most { $length ->
    [one] { $length } character
   *[other] { $length } characters
 }.
# $length (number)
password-too-few-kinds = Use three of capitals, small letters, digits and signs, or a sentence of { $length ->
    [one] { $length } character
   *[other] { $length } characters
 } and more.
password-holds-login = It must not contain the login name.
password-guessable = It is guessed too easily. Choose another one.
password-unchanged = It must differ from the present one.
fault-empty = Please fill this in.
# $limit (number)
fault-too-long = At most { $limit ->
    [one] { $limit } character
   *[other] { $limit } characters
 }.
fault-not-a-login = 2 to 32 small letters, digits, dots, hyphens or underscores, beginning with a letter; no phone or identity number.
fault-not-a-phone = Not a phone number under which this person is reached: a mobile has 11 digits, a land line 7 or 8, with area code and extension if wanted, without letters. Hotlines such as 12345 are not taken.
fault-taken = There is one like this already. Choose another.
fault-unknown = What was chosen is no longer there or not in use. Choose again.
fault-wrong-level = Posts of this role are not at this level. Choose another area.
fault-ends-before = The end cannot lie before the beginning.
fault-overlaps = This person holds the post in part of that time already. Change the dates.
fault-still-in-use = Still in use: it cannot be closed.
post-not-closed = The post was not closed
post-held-by = Held, or to be held, by
post-held-next = End their tenure first, under "Holders".
# $count (number)
post-has-tasks = { $count } { $count ->
    [one] matter lies
   *[other] matters lie
 } with it
# $count (number)
post-has-watched = { $count } { $count ->
    [one] late matter is
   *[other] late matters are
 } watched from it
post-has-tasks-next = Have them assigned to another post first, by whoever dispatches in this area, or appoint somebody to this one.
post-has-tasks-move = Have them assigned to another post first, by whoever dispatches in this area.
post-not-moved = Role, organisation and area were not changed
post-move-label = The label alone can be changed at any time. For another role or another place, make a new post.
post-move-again = Nothing stands in the way any more: save it again.
# $names (text)
fault-held-already = { $names } holds this post regularly in that time, and would see and work the same matters. Should both hold it, tick the box; if one follows the other, end that tenure first.
field-beside = Beside the present holder
choice-beside = Yes, both hold this post at the same time
post-see-matters = See the matters
post-see-posts = The posts of this area
post-close-again = Nothing stands in the way any more: close it again.
fault-closed = Closed, or from the standard list: it cannot be changed.
refused-next = Go back, look at how things stand, and try again.
fault-no-area = There is no such area, or it is not yours to manage. Choose from the list, such as "南山区 西丽街道".
fault-no-organisation = No organisation of this name serves the area. Choose from the list, or add it under "Organisations" first.
fault-no-account = There is no such login name. Make the account first.
fault-no-department = A department must say which one of the responsibility list it is.
saved-by-somebody = Somebody else
save = Save
full-stop = .{ " " }
list-comma = ,{ " " }

## Sections and words in common
section-label = Administration
section-users = Accounts
section-posts = Posts
section-organisations = Organisations
section-areas = Areas
section-jobs = Jobs
section-journal = Journal
section-log-ins = Log-ins
section-clock = Office clock
filter-all-areas = All areas
filter-all-roles = All roles
filter-all-kinds = All kinds
filter-with-closed = With closed ones
field-name = Name
field-role = Role
field-area = Area
field-area-help = City, district, sub-district or community; type part of its name.
field-area-served = Area served
field-organisation = Organisation
field-organisation-help = One that serves the area; if there is none, add it under "Organisations" first.
field-organisation-kind = Kind
field-department = Department
field-department-help = For departments only: referrals find them by it.
field-department-none = Not a department
field-title = Title
field-title-help = Tells posts of one role, organisation and area apart, such as "second desk"; may be empty.
field-posts = Posts
field-holders = Holders
field-holding = Post
field-tenures = Tenures
field-kind = Held as
field-from = From
field-until = Until
field-until-help = That day included; empty for an open end.
field-state = State
field-time = Time
field-outcome = Outcome
field-from-where = From
field-code = Statistical code
field-origin = Origin
field-below = Below
field-job = Job
field-due = Due
field-attempts = Tries
field-enqueued = Enqueued
field-finished = Finished
field-operation = Operation
field-listener = Listener
field-heard = Heard up to
field-behind = Behind
field-number = Number
field-event = Event
field-who = Who
field-about = About
state-open = In use
state-closed = Closed

## Accounts
users-title = Accounts
users-new = New account
users-search = Find by name or login name
users-with-locked = With locked ones
users-order = by login name
users-no-post = no post
users-empty = No account fits
users-empty-detail = Widen the area or tick "With locked ones"; for somebody new, make an account.
users-person = Person
users-login-help = Begins with a small letter; digits, dots, hyphens and underscores may follow. No phone or identity number.
users-first-post = First post
users-first-post-note = may be left for later
users-create = Make the account
users-create-help = A one-time password is then shown, this once.
user-state-in-use = In use
user-state-shut = Locked for now: wrong passwords
user-state-locked = Locked
user-state-one-time = Password to be changed
user-state-no-password = No password yet
# $minutes (number)
user-locked-out = Locked out for { $minutes } more { $minutes ->
    [one] minute
   *[other] minutes
 }
user-reset = Reset password
user-lock = Lock account
user-unlock = Put back in use
user-lock-own = You cannot lock your own account
tenure-end-own = You cannot end your own tenure
user-lock-own-next = Ask another administrator, so that somebody can always log in.
user-log-ins = Latest log-ins
user-log-ins-all = All
user-log-ins-none = Never logged in yet.
password-title = One-time password
password-of = One-time password of { $name }
password-help = It is shown this once and kept nowhere. Tell it to the person face to face or by phone; at the first log-in they choose one of their own.
password-beside = The post of this role there is held; a second one, "{ $title }", was made
password-beside-next = For a successor, end the tenure of the one before first, then appoint this person on the page of the post; the second post can be closed.
password-done = Noted; to the account
appoint = Appoint
appoint-note = matters stay with the post when people change
appoint-account-help = The login name. Without an account, make one first.
tenures-note = now, before and ahead
tenures-none = No post yet
tenures-none-detail = Without a post there is nothing to see. Appoint them below.
holders-none = Nobody has held this post yet
holders-none-detail = What goes to a vacant post climbs a level. Appoint somebody below.
tenure-regular = Regular
tenure-cover = Leave cover
tenure-over = Over
tenure-present = Present
tenure-ahead = Ahead
tenure-open = open
tenure-end = End
tenure-end-day = Last day; today ends it at once
tenure-no-day = Say the last day of the tenure

## Posts
posts-title = Posts
posts-new = New post
posts-create = Make the post
posts-order = in the order of their making
posts-role-help = The role decides the level: child directors sit in communities, supervisors in sub-districts.
posts-empty = No post fits
posts-empty-detail = Widen role or area; a new post is a role, an organisation and an area.
post-vacant = Vacant
post-held = Held
post-panel = Post
post-close = Close post

## Organisations
organisations-title = Organisations
organisations-new = New organisation
organisations-empty = No organisation fits
organisations-empty-detail = Widen kind or area; posts and referrals need an organisation first.
organisation-bureau = Civil-affairs bureau
organisation-subdistrict-office = Sub-district office
organisation-community-station = Community station
organisation-department = Department
organisation-agency = Agency
organisation-close = Close organisation

## Areas
areas-title = Areas
areas-sub = City, district, sub-district, community
# $count (number)
areas-below = { $count } below, each a { $level }
areas-new-name = Full name of the new { $level }
areas-add = Add a { $level }
areas-rename = Rename
areas-no-code = no code
areas-shipped = Standard list
areas-added = Added here
areas-empty = Nothing below
areas-empty-detail = Communities are the last level; to any other, add areas above.
areas-note = The standard list comes with each version and is not changed here. Areas that are added serve for posts and organisations at once; imports know them from the next start on.
level-city = city
level-district = district
level-subdistrict = sub-district
level-community = community

## Jobs
jobs-title = Jobs
jobs-sub = Imports, renewals, reminders and escalation run behind the pages
# $count (number)
jobs-dead = { $count } { $count ->
    [one] job has
   *[other] jobs have
 } failed too often and stopped
jobs-dead-detail = Read why, mend it, and put them back; until then what follows from them waits.
jobs-dead-show = Show only these
jobs-empty = No such job
jobs-empty-detail = Done jobs are kept for a week. Jobs follow from what people do; none is made here.
job-all = All
job-waiting = Waiting
job-running = Running
job-done = Done
job-dead = Stopped
job-error = Why it failed
job-revive = Put back
listeners = Listeners
listeners-note = how modules hear of each other's events
# $count (number)
listeners-stuck = { $count } { $count ->
    [one] entry of the journal cannot be taken, and holds up those behind it
   *[other] entries of the journal cannot be taken, and hold up those behind them
 }
listeners-stuck-detail = Read why, mend it, and offer them again; what cannot be mended is set aside, so that those behind go on, and stays listed below.
listeners-stuck-show = Show them
refused = Entries that could not be taken
refused-note = tried again and again; what is set aside can be offered again
refused-entry = Entry
refused-since = For
refused-stuck = Stuck
refused-failing = Tried again
refused-aside = Set aside
refused-again = To be offered
refused-retry = Offer again
refused-skip = Set aside
calendar-ends = The work calendar ends on { $day }
calendar-ended = The work calendar is used up
calendar-detail = Beyond it only weekends are free, and deadlines over holidays come too early. Install the version with the next year's holidays (announced in November, as a rule).

## Journal
journal-title = Journal
journal-sub = Append-only, each entry tied to the one before; the list does not show whom it is about
journal-verify = Verify the journal
journal-kind = Event, such as access.account_created
journal-system = System
journal-unnumbered = waiting
journal-about-person = a person's file
journal-about-matter = a matter
journal-about-both = a person's matter
# $count (number)
journal-bad-day = The day cannot be read; the list is not narrowed by it
journal-bad-day-next = Write it like 2026-12-01.
journal-looked = the latest { $count } were looked through
journal-empty = No entry fits
journal-empty-detail = Widen the dates, or leave out event and operation.
# $count (number)
journal-sound = The journal is sound: { $count ->
    [one] { $count } entry
   *[other] { $count } entries
 }
journal-sound-detail = Its head is { $head }. Keep it elsewhere, number and hash, and give it at the next check: it shows whether the end was cut off.
# $number (number)
journal-sound-since = Entry { $number } is the one that was kept. The head is now { $head }; keep it.
# $number (number)
journal-broken = Entry { $number } was altered, or the one before it was
# $number (number)
journal-missing = Entry { $number } is missing
# $number (number)
journal-altered = The content of entry { $number } was altered
# $number (number)
journal-cut = Entry { $number } is not the one that was kept: the end was cut off or written anew
# $number (number)
journal-cut-off = Entry { $number } was heard and is not there any more: the end was cut off
journal-emptied = The journal is empty while there are accounts or data: it was emptied
journal-no-head = Write NUMBER:HASH, the hash with its 64 digits, as the check shows it.
journal-whole = Check and keep
journal-whole-note = a chain cannot show that its end was cut off; compare it with a head that was kept elsewhere
journal-head = Head at present
journal-kept = Head that was kept
journal-kept-help = NUMBER:HASH; may be empty.
# $count (number)
journal-waiting = { $count ->
    [one] { $count } entry has had
   *[other] { $count } entries have had
 } no number for over a minute
journal-fault-detail = Keep everything as it is, stop writing, tell whoever is responsible for security; check again with audit verify.

## Who has read of somebody
readings-ask = Who has read of
readings-hint = Matter, ID or file address
readings-find = See who has read
readings-note = Lists readings only, the identity masked; this look-up is on record too, what is typed is not kept.
readings-nobody = Nobody found: give the whole number of a matter, all 18 digits of an identity number, or the address of a file.
readings-title = Readings
readings-sub = Who has read, when, in which post and why; opening this page is on record
readings-empty = Nobody has read yet
readings-empty-detail = Whoever opens the file, a matter, a source row or a picture of this person stands here.
readings-who = Reader
readings-post = Post
readings-purpose = Why
readings-part = What
readings-matter = Matter
reading-for-file = Reading the file
reading-for-links = Checking links
reading-for-origin = Checking the source
reading-for-review = Review
reading-for-check = Checking a lead
reading-for-assess = Working a case
reading-for-referral = Working a referral
reading-for-visit = Visit
reading-for-call = Call
reading-for-name = Seeing the full name
reading-for-audit = Audit
reading-for-work = Working a matter
reading-of-file = The file
reading-of-card = Personal data
reading-of-row = Source row
reading-of-form = Form
reading-of-answers = Findings
reading-of-phone = Phone
reading-of-address = Address
reading-of-name = Name
reading-of-picture = Picture or attachment
reading-of-matter = The matter

## Log-ins
log-ins-title = Log-ins
log-ins-sub = Kept for six months at least, as the law asks
log-ins-of = Only { $name }
log-ins-unknown = no such login name
log-ins-empty = No log-in yet
log-ins-empty-detail = Every log-in, failure and log-out is written down here.
outcome-logged-in = In
outcome-logged-out = Out
outcome-refused = Wrong name or password
outcome-locked = Tried while locked

## Office clock
clock-title = Office clock
clock-sub = Deadlines, ages and entries go by it
clock-office = Office clock
clock-machine = Server's time
clock-ahead = Apart by
clock-ahead-by = { $span } ahead
clock-same = The same
clock-how-far = Move forward by
clock-help = Forward only, never back. What falls due, reminders and escalation follow at once.
clock-move = Move the clock
clock-not-here = Only the administrator of a demo can move the clock.
clock-real = The clock of a real office cannot be moved
clock-real-next = Deadlines go by real time. To watch one pass, use a demo.

## After an act
said-user-saved = The account is saved.
said-appointed = The appointment is on record.
said-appointed-beside = The appointment is on record. The post of this role there is held, so a second one, "{ $title }", was made; for a successor, appoint them to the post itself.
said-user-locked = The account is disabled; its person can no longer log in.
said-user-unlocked = The account is in use again.
said-tenure-ended = The last day of the tenure is { $day }.
said-tenure-ended-now = The tenure has ended just now; the person holds the post no more.
said-post-created = The post is set up. Appoint somebody to it on this page.
said-post-saved = The post is saved.
said-post-closed = The post is closed.
said-organisation-created = The organisation is set up. Posts can be made for it now.
said-organisation-saved = The organisation is saved.
said-organisation-closed = The organisation is closed.
said-area-added = { $name } is added.
said-area-renamed = The area is called { $name } now.
said-job-revived = The job is queued again and will be tried shortly.
said-clock-moved = The office's clock has moved forward by { $span }.
said-post-chosen = You now work as { $post }.
said-entry-retried = It is offered again in a moment.
said-entry-skipped = It is set aside; those behind it go on. It stays listed here and can be offered again.
