# Inbox and notices.

inbox-title = My inbox
# $count (number)
head-mine = { $count } in hand at this post
# $count (number)
head-listed = { $count } in all
# $group, $view
title-view = { $group } · { $view }
view-filtered = Filtered
# $count (number)
head-late = { $count } late
# $count (number)
head-soon = { $count } due soon
views-label = Views
views-mine = Mine
views-area = My area
views-referred = Referred to us
views-kind = By kind
view-mine = My inbox
view-soon = Due soon
view-late = Late
view-done = Done by my post
view-area = All open
view-area-late = Late in my area
view-area-soon = Due soon in my area
view-area-paused = Clock paused
standing-open = Open
standing-late = Late
standing-soon = Due soon
standing-paused = Paused
standing-closed = Closed
filter-number = Part of a number
filter-standing = Standing
filter-severity = Severity
filter-severity-all = Severity: all
filter-kind = Kind
filter-kind-all = Kind: all
filter-stage = Stage
filter-stage-all = Stage: all
filter-area = Area
filter-area-all = Area: all
filter-apply = Filter
order-due = By deadline, the nearest first
order-due-danger = Dangers first, then by deadline, the nearest first
order-closed = By closing time, the latest first
list-label = List of matters
list-nothing = Nothing is in hand at present
list-nothing-next = What comes is listed here, and the bell tells of it
list-empty = No matter fits
list-empty-mine = Nothing is open at this post; look at your area
list-empty-other = Try other filters
bulk-help = Each goes to the child director of its place
bulk-chosen = { $verb } those ticked
# $count (number)
bulk-all = { $verb } all { $count }
# $count (number)
dispatch-none = Nothing was dispatched
dispatch-none-next = Tick matters on the left first, then dispatch the chosen ones.
dispatch-done = { $count } dispatched
# $count (number)
dispatch-left = { $count ->
    [one] { $count } was moved on by somebody else or has nobody to go to, and was left as it is
   *[other] { $count } were moved on by somebody else or have nobody to go to, and were left as they are
 }
tick = Tick { $number }
supervised = supervised
col-left = Time left
col-severity = Severity
col-person = Child
col-matter = Matter
col-number = Number
col-stage = Stage
col-area = Area
col-holder = Holder
col-changed = Changed
col-when = When
col-what = Notice
sex-female = F
sex-male = M
key-move = up and down
key-tick = tick
key-open = open
key-find = find
notices-title = Notices
# $count (number)
notices-unread = { $count } unread
notices-read = Mark all as read
notices-none = No notices
notice-gone = Withdrawn or out of your sight
notice-assigned = Yours now
notice-reminder = Due soon
notice-late = Late, climbed
notice-climbed = Climbed to you
notice-still-late = Still late
notice-alert = Alert
alerted = Immediate danger
notice-since = reported { $when }
notice-late-report = A report arrived late
notice-joined = News joined
notice-referral-moved = Referral moved
notice-sent-back = Your request was sent back
notice-approved = Your request was approved

## After an act
said-all-read = The notices are marked as read.
find-hint = Name, pinyin, part of an ID, phone or number
find-do = Find
find-found =
    { $persons ->
        [one] One person,
       *[other] { $persons } persons,
    } { $count ->
        [one] one matter
       *[other] { $count } matters
    }
find-cut =
    { $persons ->
        [one] Too many fit; of the first person,
       *[other] Too many fit; of the first { $persons },
    } { $count ->
        [one] one matter. Type more of the name.
       *[other] { $count } matters. Type more of the name.
    }
find-clear = Clear
filter-holder = Held by
filter-holder-all = Held by: all
held-by-me = My post
held-by-office = Posts of my office
held-by = { $holder } ({ $count })
order-opened = By opening, the latest first
standing-any = Open and closed
list-empty-found = Only persons and matters of your sight are searched; to search closed ones too, choose “Open and closed”
