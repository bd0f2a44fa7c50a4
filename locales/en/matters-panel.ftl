# The page on which a matter is worked: form, actions, referrals, papers, history.

level-city = city
level-district = district
level-subdistrict = sub-district
level-community = community

## Head
head-holder = held by { $holder }
head-ended = Closed: { $outcome }
climbed-to = Climbed to the { $level }
post-empty = { $seat } (vacant)
steps-of = Steps of the { $kind }
step-due = until { $when }
step-paused = clock stopped
step-passed = passed over
step-within = within { $period }
# $minutes (number)
period-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
# $hours (number)
period-hours = { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}
# $days (number)
period-working-days = { $days ->
    [one] { $days } working day
   *[other] { $days } working days
}
# $days (number)
period-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}

## Form
index-title = This step's form
work-known = What is known is filled in; check and complete it
work-save = Save draft
# $count (number)
work-missing = ({ $count } missing)
draft-saved = Draft saved { $when } by { $who }
draft-overtaken = Somebody else has saved this draft meanwhile. Nothing is lost: what they answered and you did not is in the form now
draft-overtaken-next = { $count ->
    [one] { $count } answer differs.
   *[other] { $count } answers differ.
 } Choose above the form which of each to keep, then save or submit.
# $count (number)
sheet-faults = { $count ->
    [one] One answer needs mending
   *[other] { $count } answers need mending
}
sheet-required = required
sheet-optional = optional
# $least (number)
sheet-least = at least { $least ->
    [one] { $least } character
   *[other] { $least } characters
 }
sheet-range = { $least } to { $most }
sheet-choose = Please choose
# $count (number)
sheet-photos = { $count ->
    [one] one picture
   *[other] { $count } pictures
}
# $most (number)
sheet-photos-most = at most { $most }; JPEG, PNG or WebP
sheet-person = a person
sheet-from = From:{ " " }
sheet-earlier = what was handed in before
sheet-only-when = Only when { $condition }
sheet-level-set = Level set to { $level }
when-is = "{ $question }" is "{ $answers }"
when-least = "{ $question }" is at least { $least }
when-not = it is not so that { $condition }
when-and = { " " }and{ " " }
when-or = { " " }or{ " " }
level-title = Level
# $points (number)
level-points = Points so far: { $points }
level-by-rule = by the rule
level-set = Level that holds
level-keep = By the rule
# $least (number)
level-reason = Reason for another level (at least { $least ->
    [one] { $least } character
   *[other] { $least } characters
 })
level-change = Set another level

## Actions
acts-title = Act
acts-next = Next: { $action }
acts-fill = Fill in the form: { $action }
acts-elsewhere = { $holder } has this step since { $since }, until { $due }. Nothing is yours to do now.
acts-elsewhere-late = { $holder } has this step since { $since }; it was due { $due } and is late. It climbs level by level; call them if it is pressing.
acts-elsewhere-paused = { $holder } has this step since { $since }; its clock is stopped. Nothing is yours to do now.
acts-none = Nothing here is yours to do now
# $least (number)
act-reason = Reason (at least { $least ->
    [one] { $least } character
   *[other] { $least } characters
 })
act-holder = Send to
act-holder-by-place = By place, automatically
act-resume = Resume the clock
act-assign = Hand over
act-assign-to = Hand over to
act-pause = Pause the clock
act-pause-reason = Reason for pausing
act-pause-until = Day on which it runs again
act-pause-note = Remark (optional)
act-pause-bounds = { $longest } at most at a time, { $all } in all in this step
# $load (number)
holder-choice = { $holder } ({ $load } in hand)

## Guidance
guidance-title = Guidance: { $stage }
guidance-law = Sources
guidance-abstract = The published text holds

## Referrals
refer-title = Referrals
# $count (number)
refer-open = { $count } open
refer-waiting = { $count } not done, to be settled
refer-unmet = The need is still there. Send it again, meet it another way, or say why it is dropped; only then can the case be closed.
refer-new = New referral
refer-none = Nothing has been referred yet
refer-to = To whom, and what for
refer-others = Other organisations (not by the responsibility list)
refer-what = What is to be done, in a line
refer-summary = Facts and request
refer-help = They see what is written here and nothing of the case. Write only what this takes.
refer-send = Send referral
refer-cancel = Cancel
refer-again = Send again
refer-again-help = It came back, failed or was withdrawn; change it and send it again. The earlier one is then settled.
refer-note = Sent { $when }. { $duty }
refer-terms = answer within { $answer }, done within { $done }
refer-duty = { $organisation }: { $duty } ({ $terms })
refer-nobody = { $duty } (no organisation set up)
refer-vacant = { $label } (nobody holds its contact post)
refer-no-contact = { $label } (no contact post)
refer-told-help = Filled in from the file. Empty what this does not take; what is empty is not told.
# $classes (number) $duties (number)
refer-list = Responsibility list: { $classes ->
    [one] { $classes } class
   *[other] { $classes } classes
 }, { $duties ->
    [one] { $duties } duty
   *[other] { $duties } duties
 }

## Papers
papers-title = Papers
request-title = What you are asked to decide
# $forms (number) $photos (number)
papers-note = forms: { $forms }, pictures: { $photos }
papers-none = No papers yet
papers-attach = Attach a picture
papers-choose = Choose pictures
papers-caption = Caption (optional)
# $number (number)
photo = Picture { $number }
# $points (number)
paper-late = { $form } (arrived late)
paper-late-note = written { $written }, arrived { $arrived }, { $who }
paper-score = { $points ->
    [one] { $points } point
   *[other] { $points } points
 }, { $level }
# $points (number), $rule, $level, $who
paper-score-set = { $points ->
    [one] { $points } point
   *[other] { $points } points
 }, by the points { $rule }; set to { $level } by { $who }
paper-withheld = { $count ->
    [one] { $count } answer lies outside
   *[other] { $count } answers lie outside
 } what your post may see
settle-title = { $count ->
    [one] { $count } answer
   *[other] { $count } answers
 } on which you two differ
settle-help = Choose which of each to keep; if neither is right, keep yours and change it below.
settle-each = One by one
settle-all = Theirs in all
settle-mine = Mine
settle-theirs = Theirs
work-kept = What you had typed and not saved is back. Check it, then save or submit

## History
history-title = History
history-system = System
history-ahead = If not done by then, it climbs to the { $level }
history-graded = severity now { $severity }
history-opened = { $kind } { $number } opened
history-acted = { $action }; now { $stage }
history-ended = { $action }; { $outcome }
history-assigned = Handed over to { $holder }
history-paused = Clock paused: { $reason }, until { $until }
history-resumed = Clock resumed
history-regraded = Severity changed
history-taken-back = the act before was taken back
history-late = A report arrived late: { $form }
history-written = written { $when } by the phone’s clock
history-joined = News joined from { $number }
history-referred = Referred to { $organisation } { $number }
history-referral-moved = { $organisation }: referral { $state }
history-attached = Picture attached
history-reminded = Reminder: due soon
history-climbed = Late; climbed to the { $level }
history-still-late = Still late

## Conflict
conflict-stage = Stage
conflict-holder = Holder
conflict-reason = Reason

## After an act
said-moved = Done: { $action }. { $what } is now at { $stage }, with { $holder }.
said-stays = On record: { $action }. { $what } stays at { $stage }, and its deadline stays: { $due }. Told: { $told }.
note-late = A report arrived late: { $form }
note-late-by = { $who }; written { $written } by the phone’s clock, arrived { $arrived }. Read it among the papers.
note-joined = News has come from { $number }
note-joined-by = { $who }, { $when }. Read it before the next step
note-joined-read = Read it
note-sent-back = { $action }: { $reason }
note-sent-back-by = { $who }, { $when }
note-waiting = { $count ->
    [one] { $count } referral came back or failed
   *[other] { $count } referrals came back or failed
 }: nobody does what was asked for
note-waiting-next = Settle each under “Referrals”: send it again, meet the need another way, or say why it is dropped. The case cannot be closed before.
said-ended = Done: { $action }. { $what } has ended as { $outcome }.
said-you = you
said-gone = { " " }It has left your list.
said-assigned = { $what } has been handed to { $holder }.
said-paused = The clock of { $what } stands until { $until }.
said-resumed = The clock of { $what } runs again; it is due { $due }.
said-draft = The draft is saved. It has not been submitted yet.
said-referred = Referral { $number } has been sent to { $organisation }. You will be told when it is rejected or done.
# $count (number)
said-attached = { $count ->
    [one] One picture is attached.
   *[other] { $count } pictures are attached.
}
