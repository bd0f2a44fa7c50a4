# The child's file: list, one child one file, changes. Number variables are marked (number).

menu = Files

## The list
list-title = Children's files
# $count (number)
list-sub = { $count } in all
list-filter = Filter files
list-state = File
list-state-open = Open
list-state-closed = Closed
list-level = Level
list-category = Category
list-area = Area
list-visit = Visit
list-any = All
visit-late = Late
# $days (number)
visit-soon = Due within { $days ->
    [one] { $days } day
   *[other] { $days } days
 }
list-col-due = Next visit
list-col-child = Child
list-col-level = Level
list-col-categories = Categories
list-col-area = Community
list-col-holder = Visited by
list-col-last = Last visit
list-col-opened = Opened
list-never = Never
list-empty = No file fits these filters
list-empty-next = A file is opened when a check finds a child in difficulty. Widen the filters to see more.
list-foot = In the order of the next visit

## The child
# $years (number)
about = { $sex }, { $years ->
    [one] { $years } year
   *[other] { $years } years
 }
about-sex = { $sex }
sex-male = Boy
sex-female = Girl
about-unknown = Sex and age not registered

## One child, one file
file-plan = Plan of visits: { $colour }, { $every }
# $days (number)
every-days = every { $days ->
    [one] { $days } day
   *[other] { $days } days
 }
# $days (number)
every-working-days = every { $days ->
    [one] { $days } working day
   *[other] { $days } working days
 }
# $hours (number)
every-hours = every { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
 }
file-next = Next
file-closed-on = Closed on { $day }: { $reason }
file-go = Go and visit
file-case = Work on the case
file-numbers = Opened on { $day }
# $count (number)
file-made-of = Made of { $count ->
    [one] { $count } source row
   *[other] { $count } source rows
 }

identity-title = Identity
identity-note = Each value with its source
identity-none = No source row gives a usable identity
line-name = Name
line-other-name = Other name
line-identity-number = Identity number
line-unusable-number = Identity number (unusable)
line-birth = Born
line-sex = Sex
line-phone = Phone
line-present = Address
line-school-place = Place of school
line-registration = Registered at
line-school = School
line-class = Class
# $place
line-source = { $feed }, row { $place }
line-by-hand = Entered by hand
# $count (number)
masked-note = { $count ->
    [one] { $count } value is masked for your post
   *[other] { $count } values are masked for your post
  }
masked-ask = If you need it whole, ask the sub-district child supervisor or the district bureau to look; every reading is on record.

household-title = Household and guardians
kin-father = Father
kin-mother = Mother
kin-guardian = Guardian
# $years (number)
member-age = { $years ->
    [one] { $years } year
   *[other] { $years } years
 }
col-source = Source

categories-title = Categories of difficulty
categories-note = From, until and found by
categories-none = No category found yet
col-category = Category
col-from = From
col-until = Until
col-found = Found by
until-now = Present
category-by-rule = Check at the door

indicators-title = Indicators
indicators-note = From the departments' rows
indicators-none = No indicator at present
col-indicator = Indicator
col-day = Day
col-amount = Amount

visits-title = Visits
visits-none = No visit yet
matters-title = Leads and matters
matters-none = No matter that you may see
col-number = Number
col-kind = Matter
col-when = When
photos-title = Attachments
photos-none = None, or none that your post may see
photo-of = Photograph of { $number }

history-title = Timeline
history-system = System
history-opened = { $kind } { $number } opened
history-acted = { $kind } { $number }: { $action }, on to { $stage }
history-ended = { $kind } { $number }: { $action }, { $outcome }
history-late = { $kind } { $number }: a report arrived late
history-climbed = { $kind } { $number } late, climbed
history-file-opened = File opened
history-file-reopened = File opened again
history-file-closed = File closed: { $reason }
history-regraded = Level set to { $level }
history-category-added = Category added: { $category }
history-category-ended = Category ended: { $category }

readers-title = Read lately
readers-note = In a chain that shows tampering
readers-none = Nobody has read it yet
purpose-file = Read the file
purpose-work = Worked on a matter
purpose-card = Looked at the person
purpose-source = Looked at a source row
purpose-phone = Looked at a phone
purpose-name = Looked at the full name

## Changes
change-title = Change the file
change-level = Set the level
change-level-to = New level
change-reason = Reason
change-reason-help = At least 5 letters; it goes into the timeline
change-add = Add a category
change-add-ground = Grounds
change-end = End a category
change-close = Close the file
change-close-reason = Reason
change-close-help = Not while a lead or case is open. No visit is planned afterwards.
change-reopen = Open again

## Family, of age, merged, a file elsewhere
kin-parent = Parent
kin-self = The child
kin-grandparent = Grandparent
kin-sibling = Brother or sister
kin-relative = { $role } (related)
kin-unrelated = { $role } (not related)
kin-unknown = { $role } (kinship not told)
family-note = By registers of households and records of guardians
family-elders = Grandparents
family-parents = Parents
family-own = The child, brothers and sisters
family-others = Others
family-guardian = Guardian
family-here = Lives here
family-away = Lives elsewhere
family-unnamed = Named by no source: ask at the next visit
# $count (number)
identity-others = { $count } other
file-merged = joined to another file
file-moved = Now lives in { $area }
file-moved-next = The file stays here with its visits and matters until it is handed over; who the child is and with whom it lives is shown where it lives now. Ask the district to arrange the hand-over.
file-adult = Turned eighteen on { $day }
file-adult-open = No new visits are planned. When nothing is open any more, close the file for having turned eighteen.
file-adult-closed = The file can be read only.
# $level
level-then = { $level } then
# $case, $level
file-regrade = Case { $case } is closed; the file still has the level of then: { $level }
file-regrade-next = Visits still follow this level. Nothing lowers it by itself: set it to how things are now, under “Change the file”.
list-adult = Of age, to be closed
elsewhere-title = A file elsewhere
elsewhere-says = This child has a file, in another area.
elsewhere-next = Your post may know that it exists, not read it. Where your work needs it, tell the district civil-affairs office why; it will ask the sub-district that has the file.
change-still-there = What you wrote is still in the form at the right; compare, then send again.
change-choose-again = This can no longer be chosen; choose another
change-mine-add = Add { $category }
change-mine-end = End { $category }
# $count (number)
visits-earlier = { $count ->
    [one] { $count } earlier visit
   *[other] { $count } earlier visits
 }

## After an act
said-level = The level is changed; your reason stands in the timeline.
said-add = The category is added; its ground stands in the timeline.
said-end = The category has ended; your reason stands in the timeline.
said-close = The file is closed and no more visits are planned. It can be opened again.
said-reopen = The file is open again; visits are planned by its level.
