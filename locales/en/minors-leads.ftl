# The list of leads, and the page of one
leads-title = Leads
leads-sub = { $all } open, { $late } late, { $soon } due soon
leads-tabs = How leads stand
leads-open = Open
leads-late = Late
leads-soon = Due soon
leads-paused = Paused
leads-closed = Closed
leads-nothing = No lead is open at present
leads-nothing-detail = Leads that the rules propose from new deliveries are listed here
leads-nothing-closed = See closed ones
leads-none = No lead fits
leads-none-detail = Choose other filters, or see all open leads
leads-all = All open leads
leads-level = Level
leads-level-any = Level: any
leads-stage = Stage
leads-stage-any = Stage: any
leads-area = Area
leads-area-any = Area: any
leads-filter = Filter
leads-order = Due first on top
leads-order-closed = Latest closed on top
leads-order-opened = Latest opened on top
leads-waiting = { $count } to dispatch
leads-proposed = proposed by present address
leads-to = to
leads-more-posts = { $count ->
    [one] { $count } more post
   *[other] { $count } more posts
 }
leads-without = { $count } in places without a post
lead-dispatch = Dispatch { $count }
leads-sent = { $count } dispatched
leads-sent-detail = at { $when }; can be taken back until accepted
leads-undo = Take this dispatch back
leads-back = { $count } taken back, waiting for dispatch again
leads-head-clock = Time left
leads-head-child = Child
leads-head-reasons = Reasons
leads-head-number = Number
leads-head-holder = Holder
leads-head-changed = Changed
leads-withdrawable = Reasons gone
lead-foot-proposal = Rules propose a lead; a person confirms before any visit, case or finding
lead-foot-sample = Points and deadlines
lead-no-community = Community unknown
lead-female = F
lead-male = M
lead-row-place = Delivery of { $day }, row { $place }
lead-sub = Lead { $number }, opened { $day }
lead-child = Child
lead-open-file = Open file
lead-no-card = Who the child is lies outside what your post may see (another area, or not part of the post). The lead and what it stands on are shown; school, class and numbers are not. If your work needs them, ask the supervisor of the present address.
lead-to-row = Source row
lead-masked = { $count ->
    [one] { $count } value
   *[other] { $count } values
 } masked for your post
lead-household = Household
lead-no-household = No source says with whom the child lives
lead-why = Why this lead
lead-why-note = { $count ->
    [one] { $count } reason
   *[other] { $count } reasons
 }, { $points ->
    [one] { $points } point
   *[other] { $points } points
 } in all
lead-head-indicator = Reason
lead-head-source = Source and row
lead-head-rule = Rule
lead-head-points = Points
lead-total = Total
lead-levels-sample = { $levels } (sample)
lead-note-number = number { $number }
lead-note-day = { $day }
lead-note-more = { $count ->
    [one] { $count } more row
   *[other] { $count } more rows
 }
lead-rows = Source rows
lead-rows-note = As departments delivered them; what counts is marked
lead-rows-count = { $count ->
    [one] { $count } row
   *[other] { $count } rows
 }
lead-no-rows = No source rows
lead-row-gone = No longer in the source
lead-row-corrected = Corrected in the source
# $place
lead-row-now = Now: { $place }
lead-why-retired = { $count ->
    [one] { $count } more is no longer given by its source and counts for nothing
   *[other] { $count } more are no longer given by their sources and count for nothing
}
lead-gone-since = source no longer gives it since { $day }
lead-reason-gone = { $reason } ({ $since })
lead-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
}
lead-ended = { $count ->
    [one] { $count } reason was corrected or is
   *[other] { $count } reasons were corrected or are
 } no longer said
lead-ended-detail = The points follow what is still said. The level is never lowered by itself; that is for a person to say.
lead-withdrawable = Too little is left: { $points ->
    [one] { $points } point
   *[other] { $points } points
 }, below the threshold of a lead
lead-withdrawable-detail = Dismissing it is proposed. Nothing is withdrawn by itself; look at the source rows and confirm.
lead-withdraw-reason = The source rows were corrected or are gone; { $points ->
    [one] { $points } point is left
   *[other] { $points } points are left
 }, below the threshold of a lead
lead-proposed = Proposed by present address: { $name }
lead-proposed-after-return = Given back before; now proposed: { $name }
lead-proposed-fallback = The community has no director in post; proposed: { $name }
lead-proposed-nowhere = No source says in which community the child lives; proposed: { $name }
lead-history = History
lead-line-name = Name
lead-line-number = Identity number
lead-line-birth = Born
lead-line-sex = Sex
lead-line-phone = Phone
lead-line-present = Lives at
lead-line-community = Community
lead-placed-own = { $name }, by an older row of the child; the newest address names none
lead-placed-household = { $name }, by the row of somebody of the household; the child's address names none
lead-placed-house = { $name }, by the row of a guardian at the same house; the child's address names none
lead-line-school-place = School's address
lead-line-registration = Registered at
lead-line-school = School
lead-line-class = Class
lead-kin-father = Father
lead-kin-mother = Mother
lead-kin-grandparent = Grandparent
lead-kin-guardian = Guardian
lead-told-screened = Proposed by the rules, { $points ->
    [one] { $points } point
   *[other] { $points } points
 }
lead-told-joined = New indicator joined, { $points ->
    [one] { $points } point
   *[other] { $points } points
 }
lead-told-marked = A reason no longer holds, { $points ->
    [one] { $points } point
   *[other] { $points } points
 }
lead-told-returned = The source gives its reasons again, { $points ->
    [one] { $points } point
   *[other] { $points } points
}
lead-told-new = New reasons: { $reasons }
lead-told-back = Given again by the source: { $reasons }
lead-told-was-gone = { $reason } (not given from { $day })
lead-told-gone = No longer given by the source: { $reasons }
lead-told-now = now { $points ->
    [one] { $points } point
   *[other] { $points } points
}
lead-told-rules = Rules { $version }
lead-ended-as = Ended: { $outcome }
lead-on-phone = Fill in on the phone page
lead-request = The check you are to decide on
lead-request-note = What was seen speaks against “No risk”: read each answer first
