# Words of the shell and the components. A variable that is a number says (number), for grouping and plurals.

-product = Shouwang

## Shell
shell-name = { -product }
shell-program = Child protection cases
shell-skip = Skip to content
shell-menu = Main navigation
shell-area = Area
shell-search = Name, pinyin, part of an ID or phone
shell-search-label = Search
shell-clock = Office clock { $time }, { $span } ahead
shell-demo = Demo data
shell-demo-help = All people in this system are invented
shell-notices = { $count ->
    [one] 1 notice
   *[other] { $count } notices
}
shell-user = You
shell-account = My account
shell-log-out = Log out
shell-language = Switch to { $language }
shell-given-back = You are logged in again, and what you had typed is back in its place. Check it, then submit.
shell-given-back-files = You are logged in again, and what you had typed is back in its place. Choose photos and files again.
shell-back = Back
shell-more = More

## Foot
foot-as-of = As of { $time }
foot-rule-version = Rules { $version }
foot-on-record = Viewing is on record
foot-operation = Operation { $number }
foot-keys = Keys

## Errors
error-not-found = There is no such page or record
error-not-found-next = The address may be wrong, or the record lies outside what you may see. Go in by the menu, or filter the inbox by its number.
error-not-allowed = Your post does not include this
error-not-allowed-next = If your work needs it, ask your administrator for the right post.
error-password-first = Change your password first
error-password-first-next = The present one was issued by an administrator and is for one use. Choose your own on the page of your account, then go on.
error-log-in = You are logged out
error-log-in-next = Log in again. What you typed is kept and comes back in its place.
error-conflict = Somebody else has just changed this record
error-conflict-next = Go back, reload, and read the new version before you change it.
error-not-understood = This request cannot be understood
error-not-understood-next = The address or the form is not complete. Go back and try again.
error-foreign-form = This form does not belong to your present session
error-foreign-form-next = You may have logged in again elsewhere. Reload the page, then submit.
error-too-large = Too large: at most { $megabytes } MB
error-too-large-next = Make pictures smaller or split the file, then upload again.
error-busy = The system is busy and could not finish in time
error-busy-next = Nothing that you typed is lost. Try again in a moment.
error-done-before = This form was submitted before
error-done-before-next = Nothing was done twice. See the result by the menu.
error-internal = Something failed; nothing was changed
error-internal-next = Try again. If it fails again, tell your administrator the operation number.
error-home = To the front page
error-again = Try again
error-without-filters = Show it without filters

## Forms
form-required = Fill this in.
form-choose = Choose one.
form-choose-file = Choose a file.
form-unknown-choice = There is no such choice; choose again.
form-too-long = At most { $limit ->
    [one] { $limit } character
   *[other] { $limit } characters
 }; there are { $length }.
form-too-short = At least { $least ->
    [one] { $least } character
   *[other] { $least } characters
 }; there are { $length }.
form-not-a-number = Write a whole number.
form-out-of-range = From { $least } to { $most }.
form-not-a-day = Write a date, such as 2024-11-14.
form-day-out-of-reach = Write a day of the years 1800 to 2199; leave it empty for an open end.
form-optional = optional
form-please-choose = Choose
form-faults = { $count ->
    [one] One field to correct; everything you typed is still there
   *[other] { $count } fields to correct; everything you typed is still there
}
form-remove = Remove

## Components
severity-urgent = Urgent
severity-high = High
severity-medium = Medium
severity-low = Low
sample = sample
sample-help = No source states this figure; the shipped value is a sample and can be changed
clock-late = { $span } late
clock-due = due { $time }
clock-paused = Paused, { $span } left
# $span
clock-paused-late = Paused, { $span } late
clock-none = No deadline
masked-help = Masked for your post
withheld = There is a value; your post does not show it
sourced-others = { $count ->
    [one] 1 other
   *[other] { $count } others
}
sourced-agreed = All agree
pager-summary = { $shown } on this page, { $total } in all
pager-shown = { $shown } on this page
pager-first = First
pager-next = Next
pager-previous = Back
pager-last = Last
# $from (number), $until (number), $total (number)
pager-range = { $from }–{ $until } of { $total }
pager-label = Pages
steps-done = done
steps-now = in progress
steps-ahead = to come
steps-skipped = passed over
timeline-ahead = to come
conflict-title = { $who } saved first, at { $when }
conflict-help = Nothing you typed is lost. Marked fields differ; read both, then choose.
conflict-field = Field
conflict-theirs = Saved by the other person
conflict-mine = Typed by you
filter-apply = Filter
filter-clear = Clear
table-choose-all = Select all
table-choose-row = Select this row

## Time
show-yesterday = yesterday { $time }
show-today = today { $time }
show-tomorrow = tomorrow { $time }
show-days-and-time = { $days } d { $time }
show-minutes = { $minutes } min
show-hours = { $hours } h
show-hours-and-minutes = { $hours } h { $minutes } min
show-days = { $days ->
    [one] 1 day
   *[other] { $days } days
}
show-days-and-hours = { $days } d { $hours } h
show-monday = Monday
show-tuesday = Tuesday
show-wednesday = Wednesday
show-thursday = Thursday
show-friday = Friday
show-saturday = Saturday
show-sunday = Sunday

## Components page
gallery-title = Components
gallery-sub = For those who build pages

## Without signal
offline-title = No signal
offline-kept = This page cannot be opened now. What you wrote is still there: whatever was not delivered is kept on this phone and goes up by itself once there is signal.
offline-go = Go where there is signal and choose “Try again”: you come back to the page you were on and go on there.
offline-leave = Until it is delivered, do not log out and do not clear the browser's data.
offline-danger = If a child is in danger, call 110 first; do not wait for signal.
offline-again = Try again
