# The phone pages that a child director uses at the door. Short sentences, spoken words. Those with {n} are filled in by the script.

## Sync
phone-synced = In sync
phone-waiting = { $n } waiting
phone-delivered = Delivered { $time }
phone-sending = Sending
phone-offline = No signal
phone-kept-here = On this phone
phone-log-in-again = Log in again
phone-stuck = Needs you: { $n }
phone-strip-offline = No signal; carry on as usual
phone-strip-log-in = Your log-in has ended. Log in again and it is sent by itself
phone-strip-kept = { $n } kept on this phone, sent when there is signal. Deadlines run on.
phone-state-waiting = Not delivered
phone-state-done = Delivered { $time }
phone-state-conflict = Needs you
phone-state-refused = Not taken
phone-look = Look
phone-discard = Discard
phone-discard-sure = Once discarded, what you wrote is gone. Discard it?
phone-queue-empty = Nothing is waiting to be sent
phone-kept-title = Kept on this phone, not delivered yet
phone-kept-text = It is sent by itself when there is signal; no need to write it again. Deadlines run on. If the child is in danger, call 110 first.
phone-to-today = Back to today
phone-to-log-in = Log in again
phone-conflict-look = See how it stands now
phone-conflict-mine = Hand in mine all the same
phone-conflict-theirs = How it stands
phone-conflict-own = What you wrote
phone-conflict-nothing = (nothing)
phone-comma = {", "}

## Bars
tab-today = Today
tab-notices = Notices
tab-me = Me
back = Back

## Today
today-title = Today
today-sub = { $weekday } { $day }, { $area }
today-accept = To accept
today-do = Due today
today-later = Later
today-later-note = No hurry; they come back in time
today-count = { $count ->
    [one] 1 matter
   *[other] { $count } matters
}
today-none = Nothing is due today
today-none-detail = New leads and visits that fall due appear here.
today-go = Go and check
today-visit = Go and visit
today-see = Look at it
today-call = Call
today-map = Map
today-more = There are more; they appear as you finish these
kind-lead = Lead check
kind-visit = Regular visit
lead-of = { $severity } check
late = { $span } late
left = { $span } left
until = by { $when }
paused = Paused
ended = Done
unsent = Not delivered
age-years = { $years }
age-unknown = age unknown
sex-male = boy
sex-female = girl

## One lead
lead-title = Lead check
visit-title = Regular visit
lead-escalates = After { $when } it goes to { $level }
lead-why = Why you are to go
lead-all-reasons = { $count ->
    [one] The one ground and its points
   *[other] All { $count } grounds and points
}
lead-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
 }
lead-stale = The source was corrected; for information only
lead-gone-since = Its source no longer gives it since { $day }; look into it at the door all the same
lead-no-reasons = No grounds are written down; ask whoever sent it
lead-source = { $source }, { $day }
lead-full-name = Full name
lead-full-name-help = Show the full name; this is recorded
lead-address = Address
lead-no-address = Address unknown; call first
lead-with = At home: { $people }
lead-with-nobody = At home: unknown
lead-guardians = Guardians: { $people }
lead-guardian-unnamed = one, name not known
lead-school = School: { $school }
lead-safety-title = Your safety
lead-safety = Talk at the door first. Never say who reported. If you feel unsafe, leave and call 110.
lead-accept = Accept, I will go
lead-return = I cannot go
lead-start = Start check
lead-continue = Continue
visit-start = Write the visit
visit-last = Last visit
visit-plan = Every { $every }
visit-first = Not visited yet
lead-paused = Paused until { $when }: { $reason }
lead-not-yours = This is not yours to do at present
lead-harm-call = The sign may come from home: do not call the family before the visit unless the supervisor says so.
lead-map = Map
lead-call = Call { $who }
lead-no-phone = No phone
kin-father = father
kin-mother = mother
kin-guardian = guardian
kin-grandparent = grandparent
kin-sibling = sibling
kin-relative = relative
kin-other = other person

## Calls and maps
call-title = Call
call-recorded = That you looked is on record
call-dial = Dial { $number }
map-title = Go here
map-open = Open the map
map-copy = If no map opens, go by this address
map-place = Address

## Returning
return-title = I cannot go
return-ask = Why can you not go?
return-more = A line more
return-help = With the reason the supervisor sends somebody else
return-missing = Choose a reason, or write one.
return-send = Return to the supervisor

## The form
form-question = Question { $n } of { $all }
form-question-first = Question { $n }
form-answered = { $n } of { $all } answered
form-next = Next
form-skip = Skip
form-many = Choose any number
form-optional = Optional
form-known = The register says: { $what }. Answer by what you saw.
form-take = It is so, take it over
form-check-all = Look it over, then hand in
form-change = Change
form-missing = Not answered yet
form-none = Nothing
form-submit-check = Hand in the check
form-submit-visit = Hand in the visit
form-danger = Immediate danger
form-camera = Camera
form-album = Album
form-photo = Photograph
form-photo-waiting = Not delivered
form-photo-done = Delivered
form-photo-remove = Remove this one
form-photo-count = { $n } taken
form-draft-saved = Saved { $time }
form-draft-here = On this phone { $time }
form-draft-restored = Restored from { $time }
form-draft-both = What was typed on this phone differs from what was saved elsewhere. Both are kept: which one goes on?
form-draft-title = This form was written elsewhere too
form-draft-theirs = Use the other
form-draft-mine = Use mine
form-faults = { $count ->
    [one] One answer needs mending; the rest is still there
   *[other] { $count } answers need mending; the rest is still there
}
form-sample = The questions are samples

## Immediate danger
danger-title = Is the child in danger now?
danger-what = When you report: a case is opened at once and { $levels } are told. Without signal call 110 first; the report stays on this phone and is sent by itself.
danger-send = Report at once
danger-call = Call { $number }
danger-back = Back to the form

## What came of it
done-title = Handed in
done-not-found = On record: not found
done-not-found-next = The supervisor sees it and may send somebody again. If you know a new address, tell the supervisor.
done-no-risk = On record: no risk
done-no-risk-next = This is finished. If anything new comes up, it comes back to you.
done-in-difficulty = Found: a child in difficulty
done-file-opened = A file is opened; regular visits follow
done-category = Category: { $category }
done-case-opened = Case { $number } is opened
done-case-joined = Case { $number } was open already and takes this in
done-danger = Immediate danger: a case is opened
done-danger-next = Stay with the child until somebody comes. If you can bring the child to safety, do so first.
done-alerted = { $who } has been alerted
done-alerted-at = sent { $time }
done-call = Call now
done-call-sample = A sample number that cannot be dialled; call 110 first
done-fine = On record: stable
done-concern = On record: needs attention; the supervisor has it
done-not-met = On record: not seen; the supervisor has it
done-cancelled = This visit was cancelled
done-dismissed = This lead was dismissed
done-returned = Returned to the supervisor
done-next-visit = Next visit: { $when }
done-receipt = Receipt { $time }, { $number }
done-answers = What you handed in
done-handed-by = by { $who }

## Answers to commands
command-moved = Somebody has dealt with this already
command-moved-next = At the left how it stands now, at the right what you wrote. Nothing of yours is lost; look, then decide.
command-gone = This was given to somebody else
command-gone-next = What you wrote is still on this phone. If whoever has it now needs it, tell the supervisor.
lead-said = { $action }: { $reason }
lead-said-by = { $who }, { $when }
late-title = Arrived late
late-note = { $form } by { $who }, written { $written } by the phone’s clock, arrived { $arrived }
late-known = This has arrived already
late-handed-on = Delivered late: handed on to whoever has it now, with your answers and pictures
late-ended = Delivered late: this was closed already. Your answers and pictures are attached, and the supervisor has been told.
late-danger-opened = Immediate danger delivered: a case was opened, the supervisor and the district have been told
late-danger-joined = Immediate danger delivered: it joined the child’s open case; whoever has it, the supervisor and the district have been told
command-stage = Stage
command-holder = Holder
command-changed = Changed
command-faulty = Some answers need mending
command-draft-moved = This form was written elsewhere too
photo-unreadable = No photograph arrived

## Notices
notices-title = Notices
notices-none = No notices
notices-none-detail = New matters, deadlines that come near and questions to you are said here.
notices-read-all = Mark all as read
notices-unread = { $n } unread
notice-assigned = Given to you
notice-reminder = Due soon
notice-late = Late
notice-climbed = Late; it came up to you
notice-still-late = Still not done
notice-alert = Immediate danger
notice-since = reported { $when }
notice-late-report = A report arrived late
notice-joined = Something new came to it
notice-referral-moved = A referral has moved
notice-sent-back = What you asked for was sent back
notice-approved = What you asked for was approved
notice-other = Something changed

## Me
me-title = Me
me-post = Post
me-area = Area
me-open = In hand
me-late = Late
me-queue = Sent from this phone
me-queue-note = Handed in only when delivered
me-log-out = Log out
me-log-out-note = What is not delivered stays on this phone and goes out after the next log-in
me-language = Language
me-synthetic = Demonstration data; all people are invented
