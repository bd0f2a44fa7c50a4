# What the journal and the list of jobs call these: events, jobs and listeners by their keys, with - for . and _.
minors-lead-joined = A new ground joined a lead
minors-lead-marked = A lead was marked
minors-indicator-noted = A case was told of a new sign
minors-file-opened = A file was opened
minors-file-closed = A file was closed
minors-file-reopened = A file was opened again
minors-file-regraded = The level of a file changed
minors-category-added = A category was added
minors-category-ended = A category was ended
minors-screen-everybody = Screen all children
minors-screen-persons = Screen children
minors-files-of-merged = Files follow merged persons
minors-visitor-of-file = Files follow their visits
