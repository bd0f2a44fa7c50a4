# What the journal and the list of jobs call these: events, jobs and listeners by their keys, with - for . and _.
matters-opened = A matter was opened
matters-acted = A step of a matter was done
matters-assigned = A matter was given to somebody else
matters-joined = News joined an open matter
matters-late = A report arrived late
matters-regraded = The level of a matter changed
matters-referred = A matter was referred
matters-referral-moved = A referral moved on
matters-paused = The clock was stopped
matters-resumed = The clock runs again
matters-reminded = A deadline was reminded of
matters-climbed = A late matter climbed
matters-still-late = A matter is still late
matters-attached = A photograph or paper was added
matters-draft-saved = A draft was saved
matters-program-version-kept = A version of the rules was kept
matters-tick = Look after deadlines
