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
# $late (number)
tile-late = { $late } late
# $all (number)
tile-all = of { $all } open
nameless = Name not known
place-unknown = Place not known
warned = Over the mark
# $percent (number)
warning-note = Warning mark { $percent }%
go-below = Look one level below
lowest = There is no level below.
reasons = Main reasons
no-reasons = Not screened: reported by a person
points = Points
climbed = Climbed from { $from } to { $to }, { $when }
climbed-to = Climbed to { $to }, { $when }
level-city = city
level-district = district
level-subdistrict = sub-district
level-community = community
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

# Finding somebody in the list of persons.
people-filter = Filter persons
people-within = Area
people-any = All
people-year-hint = e.g. 2015
people-find = Find by name, pinyin, part of an ID or phone
people-find-do = Find
people-find-hint = Name, pinyin, part of an ID or phone
# $count (number)
people-find-short = Write at least { $count } { $count ->
    [one] digit
   *[other] digits
 } of a number
# $count (number)
people-found = { $count } { $count ->
    [one] person
   *[other] persons
  } found; the search is on record
# $count (number)
people-found-cut = Too many fit: the list ends after { $count }. Write more to narrow it down. The search is on record
people-found-none = Nobody was found
people-found-none-next = Try another spelling, or widen sex, year of birth and area.
people-find-clear = Back to all
people-none = Nobody fits these filters
people-none-next = Widen sex, year of birth or area.
