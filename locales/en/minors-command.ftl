# Words of the command page.
title = { $area } today
funnel = From source rows to closed cases
rows = Source rows
rows-base = Whole city
persons = Persons
persons-base = This area
leads = Leads
checked = Checked
found = In difficulty
cases = Cases
closed = Closed
undispatched = Not sent out
late = Late
open = In hand
of-step = { $share } of prior
urgent = Urgent matters
# $count (number)
urgent-note = { $count } in hand, least time left first
# $count (number)
urgent-all = All { $count }
nothing-urgent = Nothing urgent
nothing-urgent-next = New urgent leads and cases appear here, least time left first.
left = Time left
matter = Matter
place = Community
holder = Holder
state = Stage
late-by-area = Late by area
late-by-area-note = Late ÷ in hand, visits and referrals included
# $late (number) $all (number)
late-of = { $late } / { $all }
nameless = Name not known
place-unknown = Place not known
warned = Over the mark
# $percent (number)
warning-note = Warning mark { $percent }%
go-below = Look one level below
lowest = There is no level below.
holders = Most late matters
holders-note = By post
nobody-late = Nothing is late.
departments = Referrals in hand
departments-note = Most late first
department = Organisation
no-referrals = No referral is in hand.
people-title = Persons of { $area }
people-sub = Names are masked; in the order of entry
people-empty = Nobody is on record here yet
people-empty-next = Persons appear here when a feed clerk has uploaded and applied a file.
name = Name
sex = Sex
year = Year of birth
male = Male
female = Female
unknown = Unknown
